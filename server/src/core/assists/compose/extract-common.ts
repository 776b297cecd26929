/**
 * *Extract common part*: what several services say alike goes into `x-common: &common`, and each merges it in. What is extracted is
 * the text itself, with its comments and its quoting.
 */
import { blockEnd, columnOf, commentsIn, contentEnd, layoutOf, lineEnd, lineStart } from "../../model/compose/layout.ts";
import type { Change, ComposeFile, Service } from "../../model/compose/model.ts";
import { copyOf, removeKey } from "../../model/compose/patch.ts";
import { insert } from "../../text/edit.ts";
import type { YamlEntry, YamlMap } from "../../text/yaml.ts";
import { draftOf, isAt, listed, type Offering, ownServices, type Refusal, type Rewrite, serviceNamed, wholeOf } from "./assist.ts";

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
  const isWorthIt = keys.length > 1 || (entry.value.kind !== "scalar" && entry.value.span.end > lineEnd(compose, entry.keySpan.end));
  return isWorthIt ? { services: same.map(({ name }) => name), keys: keys.map(({ key }) => key) } : undefined;
}

const alike = (a: YamlEntry, b: YamlEntry): boolean => JSON.stringify(copyOf(a.value)) === JSON.stringify(copyOf(b.value));

/** Nothing in it stands elsewhere or is needed elsewhere, and it has a line of its own. */
function isFree(compose: ComposeFile, entry: YamlEntry): boolean {
  const { start, end } = wholeOf(entry);
  const text = compose.text.slice(start, end);
  if (entry.value.via || entry.value.tag !== undefined || /(?:^|[\s[{,])(?:[&*!]\w|<<:)/.test(text)) return false;
  return compose.text.slice(lineStart(compose, start), start).trim() === "";
}

/** Comments that would go with a key: behind it, or between its lines. */
function hasComments(compose: ComposeFile, entry: YamlEntry): boolean {
  const { start } = entry.keySpan;
  const end = blockEnd(compose, Math.max(entry.keySpan.end, contentEnd(compose, entry.value)), columnOf(compose, start));
  return commentsIn(compose, start, end).length > 0;
}

function freeName({ root, anchors }: ComposeFile, [key = "common", second]: readonly string[]): string {
  const plain = second === undefined ? key.replaceAll("_", "-") : "common";
  const isTaken = (name: string): boolean =>
    anchors.some((anchor) => anchor.name === name) || (root?.written.some((each) => each.key === `x-${name}`) ?? false);
  const names = [plain, ...Array.from({ length: 20 }, (_, index) => `${plain}-${index + 2}`)];
  return names.find((name) => !isTaken(name)) ?? `${plain}-new`;
}

function extract(compose: ComposeFile, { services, keys }: Common, name: string): Rewrite | Refusal {
  const [first = "", ...others] = services;
  const commented = others.find((other) =>
    serviceNamed(compose, other)?.map?.written.some((entry) => keys.includes(entry.key) && hasComments(compose, entry)),
  );
  if (commented !== undefined) return { refusal: `comments in ${commented} would be lost` };
  const text = textOf(compose, first, keys);
  if (text === undefined) return { refusal: "it is not written in a way that can be moved" };
  const draft = draftOf(compose);
  const steps: ((now: ComposeFile) => Change)[] = [
    ...services.map((service) => (now: ComposeFile) => mergeIn(now, service, name)),
    ...services.flatMap((service) =>
      keys.map((key) => (now: ComposeFile): Change => {
        const map = serviceNamed(now, service)?.map;
        return map ? removeKey(now, map, key) : { refusal: `${service} is gone` };
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

/** The lines of the keys as they stand, indented for the top of the file. */
function textOf(compose: ComposeFile, service: string, keys: readonly string[]): string | undefined {
  const entries = serviceNamed(compose, service)?.map?.written.filter(({ key }) => keys.includes(key)) ?? [];
  const { width } = layoutOf(compose);
  const blocks = entries.map((entry) => {
    const { start, end } = entry.keySpan;
    const column = columnOf(compose, start);
    const last = blockEnd(compose, Math.max(end, contentEnd(compose, entry.value)), column);
    const lines = compose.text.slice(lineStart(compose, start), last).split(/\r?\n/);
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
  if (!services || columnOf(compose, services.keySpan.start) !== 0) return { refusal: "services is not at the left margin" };
  const at = headOf(compose, lineStart(compose, services.keySpan.start));
  const { eol } = compose;
  return { edits: [insert(at, `x-${name}: &${name}${eol}${text}${eol}${eol}`)] };
}

/** Above the comments that stand right above a line, but for those at the head of the file, which are about all of it. */
function headOf(compose: ComposeFile, line: number): number {
  let head = line;
  while (head > 0) {
    const above = lineStart(compose, head - 1);
    if (above >= head || !/^#/.test(compose.text.slice(above, head))) break;
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
