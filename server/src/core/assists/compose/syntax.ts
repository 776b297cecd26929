/** *Convert to long syntax* and back: which keys have two forms, and the rewriting of one entry, of a list, of all of a file. */
import { fieldOf, fieldsOf, textOf } from "../../model/compose/fields.ts";
import { scalarKind } from "../../model/compose/go-yaml.ts";
import { hasVariables } from "../../model/compose/interpolation.ts";
import type { Change, ComposeFile } from "../../model/compose/model.ts";
import type { Plain } from "../../model/compose/written.ts";
import type { Span } from "../../text/edit.ts";
import type { YamlEntry, YamlList, YamlMap, YamlNode, YamlScalar } from "../../text/yaml.ts";
import { type Assist, draftOf, isAt, isRefusal, type Offering, type Refusal, type Request, serviceNamed, wholeOf } from "./assist.ts";
import { dependencies, hosts, names, pairs, type PairForm, textsOf } from "./pair-form.ts";
import { longPort, shortPort } from "./port-form.ts";
import { listToMap, mapToList, reshapeValue } from "./reshape.ts";
import { joinWords, splitWords } from "./shell-words.ts";
import { longVolume, shortVolume } from "./volume-form.ts";

type Direction = "long" | "short";

/** Each gives undefined for what is in the form asked for already, or has only one. */
type Form =
  /** Each item of a list has two forms. */
  | { readonly of: "items"; readonly long: (item: YamlScalar) => Plain | Refusal; readonly short: (item: YamlMap) => Plain | Refusal }
  /** A list, and a mapping. */
  | { readonly of: "pairs"; readonly form: PairForm }
  /** One value, and something larger. */
  | {
      readonly of: "value";
      readonly long: (node: YamlNode) => Plain | Refusal | undefined;
      readonly short: (node: YamlNode) => Plain | Refusal | undefined;
    };

const sources = (defaultTarget: string | undefined): Form => ({
  of: "items",
  long: ({ text }) => ({ source: text }),
  short: (map) => {
    const source = textOf(fieldOf(map, "source")?.value);
    if (source === undefined || source === "") return { refusal: "it has no source" };
    for (const { key, value } of fieldsOf(map)) {
      if (key === "source") continue;
      if (key !== "target" || defaultTarget === undefined || textOf(value) !== defaultTarget + source || hasVariables(source))
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
  const extra = fieldsOf(map).find((field) => field.key !== key && usual[field.key] !== textOf(field.value));
  if (extra) return { refusal: `the short form has no place for ${extra.key}` };
  const value = fieldOf(map, key)?.value;
  return value && isText(value) && !value.via ? value.text : { refusal: `it has no ${key}` };
}

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
  ["services.*.ports", { of: "items", long: longPort, short: shortPort }],
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
    return node.items.flatMap((item): readonly Step[] => {
      const kind = direction === "long" ? "scalar" : "map";
      if (item.kind !== kind || item.via || (item.kind === "scalar" && item.value === null)) return [];
      return [{ node: item, change: () => changeTo(compose, item, itemForm(form, item)) }];
    });
  }
  if (form.of === "value") {
    const value = direction === "long" ? form.long(node) : form.short(node);
    return value === undefined ? [] : [{ node, change: () => changeTo(compose, node, value) }];
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

const changeTo = (compose: ComposeFile, node: YamlNode, value: Plain | Refusal): Change =>
  isRefused(value) ? value : reshapeValue(compose, node, value);

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
        const all = steps.length > 0 ? [assistFor(direction, place, compose, steps.length > 1 ? `all of ${name}` : name)] : [];
        const [step] = here;
        if (!step || steps.length < 2) return all;
        return [stepAssist(direction, compose, name, step), ...all];
      });

/** With its line: a cursor in front of an item is at it. */
function spanOf({ text }: ComposeFile, { span }: YamlNode): Span {
  return { start: text.lastIndexOf("\n", span.start - 1) + 1, end: span.end };
}

const TITLES: Readonly<Record<Direction, string>> = { long: "long", short: "short" };

function stepAssist(direction: Direction, compose: ComposeFile, name: string, { node, change }: Step): Assist {
  const result = change();
  return {
    id: `${direction}-syntax`,
    title: `Convert this entry of ${name} to ${TITLES[direction]} syntax`,
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
function compactEdits(compose: ComposeFile, edits: Extract<Change, { edits: unknown }>["edits"]) {
  const draft = draftOf(compose);
  draft.take(() => ({ edits }));
  return draft.edits();
}

function assistFor(direction: Direction, { path, entry }: Place, compose: ComposeFile, what: string): Assist {
  const result = convert(compose, direction, (place) => samePath(place.path, path));
  return {
    id: `${direction}-syntax`,
    title: `Convert ${what} to ${TITLES[direction]} syntax`,
    kind: "refactor.rewrite",
    safety: "safe",
    span: entry.keySpan,
    ...(isRefusal(result) && { refusal: result.refusal }),
    rewrite: () => result,
  };
}

const samePath = (a: readonly string[], b: readonly string[]): boolean => a.join("\0") === b.join("\0");

/** Everything that can be, at the places that are meant. What cannot be is named. */
function convert(compose: ComposeFile, direction: Direction, meant: (place: Place) => boolean): ReturnType<Request> {
  const draft = draftOf(compose);
  const left: string[] = [];
  for (const { path } of placesIn(compose).filter(meant)) {
    const find = (): Place | undefined => placesIn(draft.compose).find((place) => samePath(place.path, path));
    const refusedHere = new Set<string>();
    // Each step changes the text: the next one is looked for in what it left.
    for (let place = find(), skip = 0; place; place = find()) {
      const step = stepsAt(draft.compose, place, direction)[skip];
      if (!step) break;
      const before = draft.compose;
      const wasText = before.text.slice(step.node.span.start, step.node.span.end).trim();
      const reason = draft.take(step.change);
      if (reason !== undefined || draft.compose === before) {
        refusedHere.add(`${path.slice(1).join(".")}${/^[^\n]{1,60}$/.test(wasText) ? ` ${wasText}` : ""}: ${reason ?? "nothing would change"}`);
        skip++;
      }
    }
    left.push(...refusedHere);
  }
  const edits = draft.edits();
  if (edits.length > 0) return { edits, left };
  return { refusal: left.length > 0 ? left.join("; ") : `nothing in it has a ${TITLES[direction]} form to go to` };
}

export const longSyntax: Offering = converting("long");
export const shortSyntax: Offering = converting("short");

const requested =
  (direction: Direction): Request =>
  (compose, service) => {
    if (service !== undefined && !serviceNamed(compose, service)) return { refusal: `there is no service ${service}` };
    return convert(compose, direction, ({ path }) => service === undefined || (path[0] === "services" && path[1] === service));
  };

export const allLongSyntax: Request = requested("long");
export const allShortSyntax: Request = requested("short");
