/** *Convert to long syntax* and back: which keys have two forms, and the rewriting of one entry, of a list, of all of a file. */
import { fieldOf, fieldsOf, textOf } from "../../model/compose/fields.ts";
import { scalarKind } from "../../model/compose/go-yaml.ts";
import { hasVariables } from "../../model/compose/interpolation.ts";
import type { Change, ComposeFile } from "../../model/compose/model.ts";
import type { Plain } from "../../model/compose/written.ts";
import { type Edit, type Span, touches } from "../../text/edit.ts";
import type { YamlEntry, YamlList, YamlMap, YamlNode, YamlScalar } from "../../text/yaml.ts";
import {
  type Assist,
  draftOf,
  isAt,
  isRefusal,
  type Offering,
  type Refusal,
  type Request,
  serviceNamed,
  wholeOf,
} from "./assist.ts";
import { dependencies, hosts, names, pairs, type PairForm, textsOf } from "./pair-form.ts";
import { longPort, shortPort } from "./port-form.ts";
import { type Look, listToMap, mapToList, reshapeValue } from "./reshape.ts";
import { joinWords, splitWords } from "./shell-words.ts";
import { longVolume, shortVolume } from "./volume-form.ts";

type Direction = "long" | "short";

/** Each gives undefined for what is in the form asked for already, or has only one. */
type Form =
  /** Each item of a list has two forms. */
  | {
      readonly of: "items";
      readonly long: (item: YamlScalar) => Plain | Refusal;
      readonly short: (item: YamlMap) => Plain | Refusal;
      readonly look?: Look;
    }
  /** A list, and a mapping. */
  | { readonly of: "pairs"; readonly form: PairForm }
  /** One value, and something larger. */
  | {
      readonly of: "value";
      readonly long: (node: YamlNode) => Plain | Refusal | undefined;
      readonly short: (node: YamlNode) => Plain | Refusal | undefined;
      readonly look?: Look;
    };

const sources = (defaultTarget: string | undefined): Form => ({
  of: "items",
  long: ({ text }) => ({ source: text }),
  short: (map) => {
    const source = textOf(fieldOf(map, "source")?.value);
    if (source === undefined || source === "") return { refusal: "it has no source" };
    for (const { key, value } of fieldsOf(map)) {
      if (key === "source") continue;
      if (
        key !== "target" ||
        defaultTarget === undefined ||
        textOf(value) !== defaultTarget + source ||
        hasVariables(source)
      )
        return { refusal: `the short form has no place for ${key}` };
    }
    return source;
  },
});

const isText = (node: YamlNode): node is YamlScalar => node.kind === "scalar" && scalarKind(node) === "string";

/** A mapping with one key that matters, and its value alone. */
const only = (key: string): Form => ({
  of: "value",
  long: (node) => (isText(node) ? { [key]: node.text } : undefined),
  short: (node) => (node.kind === "map" ? onlyValue(node, key) : undefined),
});

function onlyValue(map: YamlMap, key: string, usual: Readonly<Record<string, string>> = {}): Plain | Refusal {
  const extra = fieldsOf(map).find((field) => field.key !== key && !isUsual(usual[field.key], field.value));
  if (extra) return { refusal: `the short form has no place for ${extra.key}` };
  const value = fieldOf(map, key)?.value;
  return value && isText(value) && !value.via ? value.text : { refusal: `it has no ${key}` };
}

/** What is left out says the same. */
const isUsual = (usual: string | undefined, node: YamlNode): boolean => usual !== undefined && usual === textOf(node);

const single: Form = {
  of: "value",
  long: (node) => (isText(node) ? [node.text] : undefined),
  short: (node) => {
    if (node.kind !== "list") return undefined;
    const texts = textsOf(node);
    if ("refusal" in texts) return texts;
    return texts.length === 1 ? texts[0] : undefined;
  },
};

const command: Form = {
  of: "value",
  look: { inline: true },
  long: (node) => {
    if (!isText(node)) return undefined;
    if (hasVariables(node.text)) return { refusal: "a variable in it may bring several words" };
    return splitWords(node.text);
  },
  short: (node) => {
    if (node.kind !== "list") return undefined;
    const words = textsOf(node);
    if ("refusal" in words) return words;
    if (words.length === 0) return { refusal: "there is nothing in it" };
    if (words.some(hasVariables)) return { refusal: "a variable in it may bring several words" };
    const text = joinWords(words);
    const again = splitWords(text);
    return !isRefusal(again) && again.join("\0") === words.join("\0")
      ? text
      : { refusal: "as one text it would be split in another way" };
  },
};

const healthTest: Form = {
  of: "value",
  look: { inline: true },
  long: (node) => (isText(node) ? ["CMD-SHELL", node.text] : undefined),
  short: (node) => {
    if (node.kind !== "list") return undefined;
    const texts = textsOf(node);
    if ("refusal" in texts) return texts;
    const [kind, text, second] = texts;
    return kind === "CMD-SHELL" && second === undefined ? text : undefined;
  },
};

const file: Form = {
  of: "items",
  long: ({ text }) => ({ path: text, required: true }),
  short: (map) => onlyValue(map, "path", { required: "true" }),
};

/** By the path of keys, `*` for any. A key that has several goes through them in this order, and back the other way round. */
const FORMS: readonly (readonly [path: string, ...forms: readonly Form[]])[] = [
  ["services.*.ports", { of: "items", long: longPort, short: shortPort, look: { quoted: true } }],
  ["services.*.volumes", { of: "items", long: longVolume, short: shortVolume }],
  ["services.*.secrets", sources("/run/secrets/")],
  ["services.*.configs", sources(undefined)],
  ["services.*.build", only("context")],
  ["services.*.build.secrets", sources(undefined)],
  ["services.*.build.args", { of: "pairs", form: pairs("environment") }],
  ["services.*.build.labels", { of: "pairs", form: pairs("empty") }],
  ["services.*.build.additional_contexts", { of: "pairs", form: pairs("refused") }],
  ["services.*.build.extra_hosts", { of: "pairs", form: hosts }],
  ["services.*.environment", { of: "pairs", form: pairs("environment") }],
  ["services.*.labels", { of: "pairs", form: pairs("empty") }],
  ["services.*.annotations", { of: "pairs", form: pairs("empty") }],
  ["services.*.deploy.labels", { of: "pairs", form: pairs("empty") }],
  ["services.*.sysctls", { of: "pairs", form: pairs("refused") }],
  ["services.*.extra_hosts", { of: "pairs", form: hosts }],
  ["services.*.depends_on", { of: "pairs", form: dependencies }],
  ["services.*.networks", { of: "pairs", form: names }],
  ["services.*.env_file", single, file],
  ["services.*.command", command],
  ["services.*.entrypoint", command],
  ["services.*.healthcheck.test", healthTest],
  ["services.*.extends", only("service")],
  ["services.*.dns", single],
  ["services.*.dns_search", single],
  ["services.*.tmpfs", single],
  ["networks.*.labels", { of: "pairs", form: pairs("empty") }],
  ["volumes.*.labels", { of: "pairs", form: pairs("empty") }],
  ["secrets.*.labels", { of: "pairs", form: pairs("empty") }],
  ["configs.*.labels", { of: "pairs", form: pairs("empty") }],
];

/** A key that has two forms. */
interface Place {
  readonly path: readonly string[];
  readonly entry: YamlEntry;
  readonly forms: readonly Form[];
}

function placesIn({ root }: ComposeFile): readonly Place[] {
  if (!root) return [];
  return FORMS.flatMap(([pattern, ...forms]) => {
    const walk = (map: YamlMap, keys: readonly string[], path: readonly string[]): readonly Place[] => {
      const [key = "", ...rest] = keys;
      return map.written
        .filter((entry) => (key === "*" ? !entry.key.startsWith("x-") : entry.key === key))
        .flatMap((entry): readonly Place[] => {
          const below = [...path, entry.key];
          if (rest.length === 0) return [{ path: below, entry, forms }];
          return entry.value.kind === "map" && !entry.value.via ? walk(entry.value, rest, below) : [];
        });
    };
    return walk(root, pattern.split("."), []);
  });
}

/** One thing to convert. */
interface Step {
  readonly node: YamlNode;
  readonly change: () => Change;
}

/** What can be converted at a key, one step for each item where each has a form of its own; none when all is done. */
function stepsAt(compose: ComposeFile, { entry, forms }: Place, direction: Direction): readonly Step[] {
  for (const form of direction === "long" ? forms : forms.toReversed()) {
    const steps = stepsOf(compose, entry.value, form, direction);
    if (steps.length > 0) return steps;
  }
  return [];
}

function stepsOf(compose: ComposeFile, node: YamlNode, form: Form, direction: Direction): readonly Step[] {
  if (form.of === "items") {
    if (node.kind !== "list" || node.via) return [];
    const items = node.items.map((item) => (isFor(direction, item) ? itemForm(form, item) : undefined));
    // What stands on one line would get long: all of it in one step, a line for each.
    if (node.flow && items.every((item) => item !== undefined && !isRefused(item)))
      return items.length === 0
        ? []
        : [{ node, change: () => changeTo(compose, node, items as Plain, lookOf(form, direction)) }];
    return node.items.flatMap((item, index): readonly Step[] => {
      const value = items[index];
      if (value === undefined) return [];
      return [{ node: item, change: () => changeTo(compose, item, value, lookOf(form, direction)) }];
    });
  }
  if (form.of === "value") {
    const value = direction === "long" ? form.long(node) : form.short(node);
    return value === undefined ? [] : [{ node, change: () => changeTo(compose, node, value, lookOf(form, direction)) }];
  }
  if (node.kind !== (direction === "long" ? "list" : "map") || sizeOf(node) === 0) return [];
  return [{ node, change: () => pairChange(compose, node, form.form) }];
}

const sizeOf = (node: YamlList | YamlMap): number => (node.kind === "list" ? node.items : node.written).length;

function itemForm(form: Extract<Form, { of: "items" }>, item: YamlNode): Plain | Refusal {
  if (item.tag !== undefined) return { refusal: `it is tagged ${item.tag}` };
  if (item.kind === "scalar") return form.long(item);
  if (item.kind !== "map") return { refusal: "it is neither a text nor a mapping" };
  if (item.entries.some(({ via, value }) => via !== undefined || value.via !== undefined))
    return { refusal: "a part of it stands elsewhere" };
  return form.short(item);
}

const isFor = (direction: Direction, item: YamlNode): boolean =>
  direction === "long" ? item.kind === "scalar" && item.value !== null && !item.via : item.kind === "map" && !item.via;

/** Ports have quotes as texts, commands are lists on one line. */
const lookOf = ({ of, look }: Extract<Form, { of: "items" | "value" }>, direction: Direction): Look | undefined =>
  (of === "items") === (direction === "short") ? look : undefined;

const changeTo = (compose: ComposeFile, node: YamlNode, value: Plain | Refusal, look: Look | undefined): Change =>
  isRefused(value) ? value : reshapeValue(compose, node, value, look);

const isRefused = (value: unknown): value is Refusal =>
  typeof value === "object" && value !== null && Object.keys(value).length === 1 && "refusal" in value;

function pairChange(compose: ComposeFile, node: YamlNode, form: PairForm): Change {
  if (node.via) return { refusal: "it stands elsewhere and is only used here" };
  if (node.kind === "list") {
    const entries = form.toMap(node);
    return "refusal" in entries ? entries : listToMap(compose, node, entries);
  }
  if (node.kind !== "map") return { refusal: "it is neither a list nor a mapping" };
  const items = form.toList(node);
  return "refusal" in items ? items : mapToList(compose, node, items);
}

const converting =
  (direction: Direction): Offering =>
  (compose, at) =>
    placesIn(compose)
      .filter(({ entry }) => isAt(wholeOf(entry), at))
      .flatMap((place) => {
        const steps = stepsAt(compose, place, direction);
        const here = steps.filter(({ node }) => isAt(spanOf(compose, node), at));
        const name = place.entry.key;
        const all =
          steps.length > 0 ? [assistFor(direction, place, compose, steps.length > 1 ? `all of ${name}` : name)] : [];
        const [step] = here;
        if (!step || steps.length < 2) return all;
        return [stepAssist(direction, compose, name, step), ...all];
      });

/** With its line: a cursor in front of an item is at it. */
function spanOf({ text }: ComposeFile, { span }: YamlNode): Span {
  return { start: text.lastIndexOf("\n", span.start - 1) + 1, end: span.end };
}

function stepAssist(direction: Direction, compose: ComposeFile, name: string, { node, change }: Step): Assist {
  const result = change();
  return {
    id: `${direction}-syntax`,
    title: `Convert this entry of ${name} to ${direction} syntax`,
    kind: "refactor.rewrite",
    safety: "safe",
    span: node.span,
    ...(isRefusal(result) && { refusal: result.refusal }),
    rewrite: () => {
      const made = change();
      return isRefusal(made) ? made : { edits: compactEdits(compose, made.edits) };
    },
  };
}

/** In one go, so that two edits at a place keep their order. */
function compactEdits(compose: ComposeFile, edits: readonly Edit[]): readonly Edit[] {
  const draft = draftOf(compose);
  draft.take(() => ({ edits }));
  return draft.edits();
}

function assistFor(direction: Direction, { path, entry }: Place, compose: ComposeFile, what: string): Assist {
  const result = convert(compose, direction, (place) => samePath(place.path, path));
  return {
    id: `${direction}-syntax`,
    title: `Convert ${what} to ${direction} syntax`,
    kind: "refactor.rewrite",
    safety: "safe",
    span: entry.keySpan,
    ...(isRefusal(result) && { refusal: result.refusal }),
    rewrite: () => result,
  };
}

const samePath = (a: readonly string[], b: readonly string[]): boolean => a.join("\0") === b.join("\0");

/** A key with two forms has one to go on to, so that all is done soon. */
const MAX_PASSES = 5;

/** Everything that can be, at the places that are meant. What cannot be is named. */
function convert(compose: ComposeFile, direction: Direction, meant: (place: Place) => boolean): ReturnType<Request> {
  const draft = draftOf(compose);
  let left: readonly string[] = [];
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const before = draft.compose;
    const { edits, refused } = passOver(before, direction, meant);
    left = refused;
    draft.take(() => ({ edits }));
    if (draft.compose === before) break;
  }
  const edits = draft.edits();
  if (edits.length > 0) return { edits, left };
  return { refusal: left.length > 0 ? left.join("; ") : `nothing in it has a ${direction} form to go to` };
}

/** All that can be done at once; what meets something that is done waits for the next pass. */
function passOver(
  compose: ComposeFile,
  direction: Direction,
  meant: (place: Place) => boolean,
): { readonly edits: readonly Edit[]; readonly refused: readonly string[] } {
  const edits: Edit[] = [];
  const refused: string[] = [];
  for (const place of placesIn(compose).filter(meant)) {
    for (const { node, change } of stepsAt(compose, place, direction)) {
      const made = change();
      if (isRefusal(made)) refused.push(`${nameOf(compose, place, node)}: ${made.refusal}`);
      else if (!made.edits.some(({ span }) => edits.some((edit) => touches(edit.span, span))))
        edits.push(...made.edits);
    }
  }
  return { edits, refused };
}

/** The key, and the entry where that is short enough to tell. */
function nameOf({ text }: ComposeFile, { path }: Place, node: YamlNode): string {
  const [section, name, ...rest] = path;
  const where = [...(section === "services" ? [] : [section]), name, ...rest].join(".");
  if (node.kind !== "scalar" && !node.flow) return where;
  const words = text.slice(node.span.start, node.span.end).trim();
  return /^[^\n]{1,60}$/.test(words) ? `${where} ${words}` : where;
}

export const longSyntax: Offering = converting("long");
export const shortSyntax: Offering = converting("short");

const requested =
  (direction: Direction): Request =>
  (compose, service) => {
    if (service !== undefined && !serviceNamed(compose, service)) return { refusal: `there is no service ${service}` };
    return convert(
      compose,
      direction,
      ({ path }) => service === undefined || (path[0] === "services" && path[1] === service),
    );
  };

export const allLongSyntax: Request = requested("long");
export const allShortSyntax: Request = requested("short");
