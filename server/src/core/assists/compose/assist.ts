/** What a rewriting of a compose file is: offered at a place, worked out when somebody chooses it. */
import type { Change, ComposeFile, Service } from "../../model/compose/model.ts";
import { parseCompose } from "../../model/compose/parse.ts";
import { sharedGetters } from "../../model/shared-getters.ts";
import { minimalEdits } from "../../text/diff.ts";
import { applyEdits, type Edit, type Span } from "../../text/edit.ts";
import type { YamlEntry, YamlMap, YamlNode, YamlScalar } from "../../text/yaml.ts";
import { type Assist, isRefusal, type Refusal, type Rewrite } from "../rewrite.ts";

export type { Assist, AssistKind, Companion, Refusal, Rewrite } from "../rewrite.ts";
export { isRefusal } from "../rewrite.ts";

/** Assists for a place: a cursor or a selection. */
export type Offering = (compose: ComposeFile, at: Span) => readonly Assist[];

/** What the command line asks for: all of a file, or one service of it. */
export type Request = (compose: ComposeFile, service: string | undefined) => Rewrite | Refusal;

/** A compose file that is changed step by step: each step sees what the ones before it wrote. */
export interface Draft {
  readonly compose: ComposeFile;
  /** Gives the reason when the step cannot be taken; the text is as before then. */
  take(step: (compose: ComposeFile) => Change): string | undefined;
  /** From the text it began with, as small as can be. */
  edits(): readonly Edit[];
}

export function draftOf(original: ComposeFile): Draft {
  let compose = original;
  const draft: Omit<Draft, "compose"> = {
    take(step) {
      const change = step(compose);
      if (isRefusal(change)) return change.refusal;
      if (change.edits.length > 0) compose = parseCompose(applyEdits(compose.text, change.edits), compose.name);
      return undefined;
    },
    edits: () => minimalEdits(original.text, compose.text),
  };
  return withCompose(draft, () => compose);
}

const withCompose = sharedGetters<() => ComposeFile, Pick<Draft, "compose">>({ compose: (now) => now() });

export const serviceNamed = ({ services }: ComposeFile, name: string): Service | undefined =>
  services.find((service) => service.name === name);

/** Meeting at an offset counts: a cursor behind a word is at it. */
export const isAt = (span: Span, at: Span): boolean => span.start <= at.end && at.start <= span.end;

/** From a key to the end of what it says. */
export const wholeOf = ({ keySpan, value }: Pick<YamlEntry, "keySpan" | "value">): Span => ({
  start: keySpan.start,
  end: Math.max(keySpan.end, value.via ? value.span.end : endOf(value)),
});

/** Behind the last thing a node says: the span of a block runs up to what comes behind it. */
export function endOf(node: YamlNode): number {
  if (node.via || node.kind === "scalar" || node.flow) return node.span.end;
  const last = node.kind === "map" ? node.written.at(-1)?.value : node.items.at(-1);
  return last ? endOf(last) : node.span.end;
}

/** The services a place is in. */
export const servicesAt = ({ services }: ComposeFile, at: Span): readonly Service[] =>
  services.filter(({ entry, via }) => !via && isAt(wholeOf(entry), at));

/** Services that are written in this file and say something. */
export const ownServices = (compose: ComposeFile, name: string | undefined): readonly Service[] =>
  compose.services.filter((service) => service.map && (name === undefined || service.name === name));

/** `a`, `a and b`, `a, b and c`. */
export const listed = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;

/** What is around a place, from the outside in: the mapping, and the entry of it the place is in. */
export interface Step {
  readonly map: YamlMap;
  readonly entry: YamlEntry;
  /** The keys down to the entry; items of lists have none. */
  readonly path: readonly string[];
}

export function stepsTo({ root }: ComposeFile, at: Span): readonly Step[] {
  const steps: Step[] = [];
  const visit = (node: YamlNode, path: readonly string[]): void => {
    if (node.via || node.kind === "scalar") return;
    if (node.kind === "list") {
      const item = node.items.find((each) =>
        isAt({ start: each.span.start, end: each.via ? each.span.end : endOf(each) }, at),
      );
      if (item) visit(item, path);
      return;
    }
    const entry = node.written.find((each) => isAt(wholeOf(each), at));
    if (!entry) return;
    const below = [...path, entry.key];
    steps.push({ map: node, entry, path: below });
    visit(entry.value, below);
  };
  if (root) visit(root, []);
  return steps;
}

/** The scalar at a place, where it is written: a value or an item. */
export function scalarAt(compose: ComposeFile, at: Span): YamlScalar | undefined {
  const value = stepsTo(compose, at).at(-1)?.entry.value;
  const find = (node: YamlNode | undefined): YamlScalar | undefined => {
    if (!node || node.via) return undefined;
    if (node.kind === "scalar") return isAt(node.span, at) ? node : undefined;
    return node.kind === "list" ? node.items.map(find).find((each) => each !== undefined) : undefined;
  };
  return find(value);
}
