/**
 * *Extract common part*: what several services say alike goes into `x-common: &common`, and each merges it in. What is extracted is
 * the text itself, with its comments and its quoting.
 */
import { blockEnd, columnOf, contentEnd, layoutOf, lineEnd, lineStart, nextLine } from "../../model/compose/layout.ts";
import type { Change, ComposeFile, Service } from "../../model/compose/model.ts";
import { copyOf, removeKey } from "../../model/compose/patch.ts";
import { insert, remove, type Span } from "../../text/edit.ts";
import type { YamlEntry, YamlMap } from "../../text/yaml.ts";
import {
  draftOf,
  isAt,
  listed,
  type Offering,
  ownServices,
  type Refusal,
  type Rewrite,
  serviceNamed,
  wholeOf,
} from "./assist.ts";

/** Services that have the key, and the keys that are alike in all of them. */
interface Common {
  readonly services: readonly string[];
  readonly keys: readonly string[];
}

export const extractCommonOffers: Offering = (compose, at) => {
  const service = usable(compose).find(({ map }) => map.written.some((entry) => isAt(wholeOf(entry), at)));
  const entry = service?.map.written.find((each) => isAt(each.keySpan, at));
  if (!service || !entry) return [];
  const common = commonWith(compose, service, entry);
  if (!common) return [];
  const name = freeName(compose, common.keys);
  return [
    {
      id: "extract-common",
      title: `Extract ${listed(common.keys)} of ${listed(common.services)} to x-${name}`,
      kind: "refactor.extract",
      safety: "safe",
      span: entry.keySpan,
      rewrite: () => extract(compose, common, name),
    },
  ];
};

type Usable = Service & { readonly map: YamlMap };

/** Services in block form, of which nothing is merged in yet. */
const usable = (compose: ComposeFile): readonly Usable[] =>
  ownServices(compose, undefined).filter(
    (service): service is Usable =>
      service.map !== undefined &&
      !service.via &&
      !service.map.via &&
      !service.map.flow &&
      service.map.tag === undefined &&
      service.map.written.length === service.map.entries.length &&
      service.map.written.every(({ key, via }) => key !== "<<" && !via),
  );

function commonWith(compose: ComposeFile, { map }: Usable, entry: YamlEntry): Common | undefined {
  if (!isFree(compose, entry)) return undefined;
  const same = usable(compose).filter((other) => {
    const theirs = other.map.written.find(({ key }) => key === entry.key);
    return theirs && alike(entry, theirs) && isFree(compose, theirs);
  });
  if (same.length < 2) return undefined;
  const keys = map.written.filter((mine) =>
    same.every((other) => {
      const theirs = other.map.written.find(({ key }) => key === mine.key);
      return theirs !== undefined && alike(mine, theirs) && isFree(compose, mine) && isFree(compose, theirs);
    }),
  );
  // One line alone is not worth two.
  const isWorthIt =
    keys.length > 1 || (entry.value.kind !== "scalar" && entry.value.span.end > lineEnd(compose, entry.keySpan.end));
  return isWorthIt ? { services: same.map(({ name }) => name), keys: keys.map(({ key }) => key) } : undefined;
}

const alike = (a: YamlEntry, b: YamlEntry): boolean =>
  JSON.stringify(copyOf(a.value)) === JSON.stringify(copyOf(b.value));

/** Nothing in it stands elsewhere or is needed elsewhere, and it has a line of its own. */
function isFree(compose: ComposeFile, entry: YamlEntry): boolean {
  const { start, end } = wholeOf(entry);
  const text = compose.text.slice(start, end);
  if (entry.value.via || entry.value.tag !== undefined || /(?:^|[\s[{,])(?:[&*!]\w|<<:)/.test(text)) return false;
  return compose.text.slice(lineStart(compose, start), start).trim() === "";
}

function freeName({ root, anchors }: ComposeFile, [key = "common", second]: readonly string[]): string {
  const plain = second === undefined ? key.replaceAll("_", "-") : "common";
  const isTaken = (name: string): boolean =>
    anchors.some((anchor) => anchor.name === name) || (root?.written.some((each) => each.key === `x-${name}`) ?? false);
  const names = [plain, ...Array.from({ length: 20 }, (_, index) => `${plain}-${index + 2}`)];
  return names.find((name) => !isTaken(name)) ?? `${plain}-new`;
}

function extract(compose: ComposeFile, { services, keys }: Common, name: string): Rewrite | Refusal {
  const [first = ""] = services;
  const text = textOf(compose, first, keys);
  if (text === undefined) return { refusal: "it is not written in a way that can be moved" };
  const draft = draftOf(compose);
  const steps: ((now: ComposeFile) => Change)[] = [
    ...services.map((service) => (now: ComposeFile) => mergeIn(now, service, name)),
    ...services.flatMap((service) =>
      keys.map((key) => (now: ComposeFile): Change => {
        const map = serviceNamed(now, service)?.map;
        if (!map) return { refusal: `${service} is gone` };
        return service === first ? moveOut(now, map, key) : removeKey(now, map, key);
      }),
    ),
    (now) => atTop(now, name, text),
  ];
  // The anchor has to be there before it is used: the last step first.
  for (const step of [steps.at(-1), ...steps.slice(0, -1)]) {
    const reason = step && draft.take(step);
    if (reason !== undefined) return { refusal: reason };
  }
  return { edits: draft.edits() };
}

/** Without the lines of a key, comments and all: they stand at the top then. */
function moveOut(compose: ComposeFile, map: YamlMap, key: string): Change {
  const entry = map.written.find((each) => each.key === key);
  if (!entry) return { refusal: `${key} is gone` };
  const { start, end } = linesOf(compose, entry);
  if (end === compose.text.length && start > 0) return { edits: [remove({ start: lineEnd(compose, start - 1), end })] };
  return { edits: [remove({ start, end: nextLine(compose, end) })] };
}

/** From the start of the first line to the end of the last one. */
function linesOf(compose: ComposeFile, { keySpan, value }: YamlEntry): Span {
  const column = columnOf(compose, keySpan.start);
  const last = blockEnd(compose, Math.max(keySpan.end, contentEnd(compose, value)), column);
  return { start: lineStart(compose, keySpan.start), end: last };
}

/** The lines of the keys as they stand, indented for the top of the file. */
function textOf(compose: ComposeFile, service: string, keys: readonly string[]): string | undefined {
  const entries = serviceNamed(compose, service)?.map?.written.filter(({ key }) => keys.includes(key)) ?? [];
  const { width } = layoutOf(compose);
  const blocks = entries.map((entry) => {
    const column = columnOf(compose, entry.keySpan.start);
    const { start, end } = linesOf(compose, entry);
    const lines = compose.text.slice(start, end).split(/\r?\n/);
    return lines.map((line) => {
      if (line.trim() === "") return line.trim();
      const blanks = /^ */.exec(line)?.[0].length ?? 0;
      return " ".repeat(Math.max(width, blanks - column + width)) + line.slice(blanks);
    });
  });
  return blocks.length === keys.length ? blocks.flat().join(compose.eol) : undefined;
}

/** Above `services`: an anchor has to stand before its aliases. */
function atTop(compose: ComposeFile, name: string, text: string): Change {
  const services = compose.root?.written.find(({ key }) => key === "services");
  if (!services || columnOf(compose, services.keySpan.start) !== 0)
    return { refusal: "services is not at the left margin" };
  const at = headOf(compose, lineStart(compose, services.keySpan.start));
  const { eol } = compose;
  return { edits: [insert(at, `x-${name}: &${name}${eol}${text}${eol}${eol}`)] };
}

/** Above the comments that stand right above a line, but for those at the head of the file, which are about all of it. */
function headOf(compose: ComposeFile, line: number): number {
  let head = line;
  while (head > 0) {
    const above = lineStart(compose, head - 1);
    if (above >= head || !compose.text.startsWith("#", above)) break;
    head = above;
  }
  return compose.text.slice(0, head).replace("\uFEFF", "") === "" ? line : head;
}

function mergeIn(compose: ComposeFile, service: string, name: string): Change {
  const [first] = serviceNamed(compose, service)?.map?.written ?? [];
  if (!first) return { refusal: `${service} is gone` };
  const { start } = first.keySpan;
  const indentation = compose.text.slice(lineStart(compose, start), start);
  if (indentation.trim() !== "") return { refusal: `${service} is not written with a line for each key` };
  return { edits: [insert(start, `<<: *${name}${compose.eol}${indentation}`)] };
}
