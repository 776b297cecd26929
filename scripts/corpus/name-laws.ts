/** What holds for the names of any Dockerfile, as sentences about what does not; for generated texts in tests, for real ones here. */
import { foldsOf } from "../../server/src/core/features/dockerfile/folding.ts";
import { inlayHintsIn } from "../../server/src/core/features/dockerfile/inlay-hints.ts";
import { linkedAt } from "../../server/src/core/features/dockerfile/linked-editing.ts";
import { linksOf } from "../../server/src/core/features/dockerfile/links.ts";
import { nameAt, type NamePlace, namePlaces, placesOf } from "../../server/src/core/features/dockerfile/names.ts";
import { projectSymbolsOf } from "../../server/src/core/features/dockerfile/project-symbols.ts";
import { nameOf, type Refusal, renameAt } from "../../server/src/core/features/dockerfile/rename.ts";
import { selectionsAt } from "../../server/src/core/features/dockerfile/selection.ts";
import { semanticTokensOf } from "../../server/src/core/features/dockerfile/semantic-tokens.ts";
import { type OutlineSymbol, outlineOf } from "../../server/src/core/features/dockerfile/symbols.ts";
import { definitionAt } from "../../server/src/core/features/dockerfile/definition.ts";
import { referencesAt } from "../../server/src/core/features/dockerfile/references.ts";
import type { Dockerfile } from "../../server/src/core/model/dockerfile/model.ts";
import { scriptsOf } from "../../server/src/core/model/dockerfile/shell.ts";
import { shellTokens } from "../../server/src/core/model/dockerfile/shell-tokens.ts";
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";
import { expandIn } from "../../server/src/core/model/dockerfile/scope.ts";
import { applyEdits, contains, type Span } from "../../server/src/core/text/edit.ts";

export interface NameFigures {
  places: number;
  renamed: number;
  /** Reasons, and how often each. */
  readonly refused: Map<string, number>;
}

export const noFigures = (): NameFigures => ({ places: 0, renamed: 0, refused: new Map() });

/** A name nobody has. */
const FRESH = { stage: "dockwright-fresh", variable: "DOCKWRIGHT_FRESH", heredoc: "DOCKWRIGHT_FRESH" } as const;

const PLAIN = { stage: /^[a-z][\w.-]*$/i, variable: /^[A-Za-z_]\w*$/, heredoc: /^[\w.-]+$/ } as const;

export function nameFaults(dockerfile: Dockerfile, figures: NameFigures = noFigures()): readonly string[] {
  const faults: string[] = [];
  const seen = new Set<object>();
  for (const place of namePlaces(dockerfile)) {
    figures.places++;
    faults.push(...definitionFaults(dockerfile, place));
    if (seen.has(place.subject)) continue;
    seen.add(place.subject);
    faults.push(...renameFaults(dockerfile, place, figures));
  }
  return faults;
}

/** Its definition is the declaration whose references contain it. */
function definitionFaults(dockerfile: Dockerfile, place: NamePlace): readonly string[] {
  const { definition, subject, span } = place;
  const shown = dockerfile.text.slice(span.start, span.end);
  // Of places within each other, `--from=$A`, only the inner one is at its offset.
  if (nameAt(dockerfile, span.start)?.span !== span) return [];
  const places = placesOf(dockerfile, subject);
  const found = definitionAt(dockerfile, span.start);
  if (found?.target !== definition) return [`the definition of ${shown} differs from its place's`];
  const references = referencesAt(dockerfile, span.start, { declarations: true });
  if (!references?.some((each) => each.span === span)) return [`${shown} is not among its own references`];
  if (!definition) return [];
  const declared = places.find((each) => each.span.start === definition.start && each.span.end === definition.end);
  const isUnnamed = subject.kind === "stage" && !subject.stage.name;
  if (!declared && !isUnnamed) return [`the definition of ${shown} is none of its places`];
  return [];
}

function renameFaults(dockerfile: Dockerfile, place: NamePlace, figures: NameFigures): readonly string[] {
  const { subject, span } = place;
  if (nameAt(dockerfile, span.start)?.subject !== subject) return [];
  const name = nameOf(subject);
  const fresh = FRESH[subject.kind];
  const renamed = renameAt(dockerfile, span.start, fresh);
  if (!renamed) return [`${name} cannot be renamed, and nothing says why`];
  if ("refusal" in renamed) {
    const reason = renamed.refusal
      .split(/\b/)
      .map((word) => (word === name ? "NAME" : word))
      .join("");
    figures.refused.set(reason, (figures.refused.get(reason) ?? 0) + 1);
    return [];
  }
  figures.renamed++;
  const text = applyEdits(dockerfile.text, renamed.edits);
  const after = parseDockerfile(text, dockerfile.name);
  const faults = modelFaults(dockerfile, after, name, fresh);
  // The way back is closed where several stages have the name: they would become one again.
  // The same holds for what is no name that BuildKit takes.
  if ((subject.kind === "stage" && namesakes(dockerfile, name) > 1) || !PLAIN[subject.kind].test(name)) return faults;
  const at = renamed.edits[0]?.span.start ?? span.start;
  const back = renameAt(after, at, name);
  if (!back || "refusal" in back) return [...faults, `${name} cannot be renamed back: ${wordsOf(back)}`];
  const original = applyEdits(text, back.edits);
  // Uses of a stage may be written in another case than its name.
  const same =
    subject.kind === "stage" ? original.toLowerCase() === dockerfile.text.toLowerCase() : original === dockerfile.text;
  return same ? faults : [...faults, `${name} renamed and back is another text`];
}

const namesakes = ({ stages }: Dockerfile, name: string): number =>
  stages.filter((stage) => stage.name?.text.toLowerCase() === name.toLowerCase()).length;

const SHELLS: ReadonlySet<string> = new Set(["RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK", "ONBUILD"]);

const wordsOf = (found: Refusal | undefined): string => found?.refusal ?? "nothing is there";

/** The same stages on the same bases, the same instructions, and the same values but for the name itself. */
function modelFaults(before: Dockerfile, after: Dockerfile, name: string, fresh: string): readonly string[] {
  const unnamed = (text: string): string =>
    text
      .replaceAll(fresh, "\u0001")
      .replaceAll(new RegExp(name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), "gi"), "\u0001");
  if (before.all.length !== after.all.length) return [`${name}: there are other instructions`];
  const faults: string[] = [];
  for (const [at, stage] of before.stages.entries()) {
    const other = after.stages[at]?.base;
    if (unnamed(JSON.stringify(stage.base)) !== unnamed(JSON.stringify(other)))
      faults.push(`${name}: the base of a stage differs`);
  }
  for (const [at, instruction] of before.all.entries()) {
    const other = after.all[at];
    if (!other || instruction.name !== other.name) return [...faults, `${name}: an instruction is another one`];
    // Shells put values in there; what an ARG in front of FROM comes to is said by those that use it.
    if (SHELLS.has(instruction.name) || instruction.stage === -1) continue;
    const [was, is] = [expandIn(before, instruction, instruction.args.text), expandIn(after, other, other.args.text)];
    if (was.known !== is.known || unnamed(was.text) !== unnamed(is.text))
      faults.push(`${name}: ${instruction.name} comes to ${is.text} instead of ${was.text}`);
  }
  return faults;
}

/** What the shell's parser takes for the name of a command, the tokens do too. */
export function commandFaults(dockerfile: Dockerfile): readonly string[] {
  return dockerfile.all.flatMap((instruction) =>
    scriptsOf(dockerfile, instruction).flatMap(({ text, commands, spanOf, broken }) => {
      if (broken) return [];
      const begins = new Set(shellTokens(text).map(({ start, end }) => spanOf(start, end).start));
      return commands
        .filter(({ name, nameWord, wrappers }) => name !== undefined && nameWord && wrappers.length === 0)
        .filter(({ nameWord }) => !begins.has(nameWord?.span.start ?? -1))
        .map(({ name }) => `${name} is a command, and no token says so`);
    }),
  );
}

/** Spans are inside the text, tokens do not overlap, selections nest. */
export function spanFaults(dockerfile: Dockerfile, offsets: readonly number[]): readonly string[] {
  const { text } = dockerfile;
  const faults: string[] = [];
  const inside = (what: string, { start, end }: Span): void => {
    if (!(start >= 0 && start <= end && end <= text.length)) faults.push(`${what}: ${start}–${end} of ${text.length}`);
  };
  for (const { span } of namePlaces(dockerfile)) inside("a name", span);
  for (const { span } of foldsOf(dockerfile)) inside("a fold", span);
  for (const { span } of linksOf(dockerfile, () => true)) inside("a link", span);
  for (const { span } of projectSymbolsOf(dockerfile)) inside("a symbol", span);
  for (const { at } of inlayHintsIn(dockerfile, { start: 0, end: text.length }))
    inside("a hint", { start: at, end: at });
  const symbols = (all: readonly OutlineSymbol[]): void => {
    for (const { name, span, nameSpan, children } of all) {
      inside("a symbol", span);
      if (name === "") faults.push("a symbol without a name");
      if (!contains(span, nameSpan)) faults.push(`the name of the symbol ${name} is outside of it`);
      symbols(children);
    }
  };
  symbols(outlineOf(dockerfile));
  let end = 0;
  for (const token of semanticTokensOf(dockerfile)) {
    inside("a token", token);
    if (token.start < end) faults.push(`the token at ${token.start} begins before the one in front ends`);
    if (token.end <= token.start) faults.push(`an empty token at ${token.start}`);
    if (/[\r\n]/.test(text.slice(token.start, token.end).replace(/\r(?!\n)/g, "")))
      faults.push(`the token at ${token.start} is on two lines`);
    end = token.end;
  }
  for (const offset of offsets) {
    const selections = selectionsAt(dockerfile, offset);
    for (const [at, span] of selections.entries()) {
      inside("a selection", span);
      const wider = selections[at + 1];
      if (!(span.start <= offset && offset <= span.end) || (wider && !contains(wider, span)))
        faults.push(`the selections at ${offset} do not hold each other`);
    }
    for (const span of linkedAt(dockerfile, offset) ?? []) inside("a linked name", span);
  }
  return faults;
}
