/** Values that could be written at a place: those the schema knows, and names from this file, other files and folders. */
import { docOf } from "../../model/compose/keys.ts";
import { namesOf, SECTIONS } from "../../model/compose/name-index.ts";
import type { Grammar, Shape } from "../../model/compose/schema-shapes.ts";
import { isPlain, quoted } from "../../model/compose/written.ts";
import { anchorsIn, isMappingAt, nameAsKey } from "./completion-keys.ts";
import type { Candidate, Completion, Setting } from "./completion-model.ts";
import { SOURCES } from "./completion-sources.ts";

export function scalarCompletions(setting: Setting): readonly Completion[] {
  const { cursor, shape, at } = setting;
  if (cursor.at === "key") return belowKey(setting);
  const offered = [
    ...anchors(setting),
    ...(SOURCES[at.join(".")]?.(setting) ?? []),
    ...(shape ? knownValues(shape, at) : []),
  ];
  const asList =
    cursor.at === "value" && cursor.typed === "" && cursor.quote === "" && shape?.items ? listsOf(setting) : [];
  const isThere = cursor.at === "item" ? cursor.items : new Set<string>();
  return [...offered, ...asList]
    .filter(({ value }) => !isThere.has(value))
    .map((candidate) => ({
      ...common(candidate),
      label: candidate.label ?? candidate.value,
      ...written(setting, candidate),
    }));
}

/** A list of one name, behind a colon. */
const listsOf = (setting: Setting): readonly Candidate[] =>
  (SOURCES[[...setting.at, "*"].join(".")]?.(setting) ?? [])
    .filter(({ kind, part, raw }) => kind === "name" && !part && raw !== true)
    .map(({ value, ...rest }) => ({
      ...rest,
      value: `[${isPlain(value, true) ? value : quoted(value, "double")}]`,
      raw: true,
    }));

const common = ({ kind, detail, about }: Candidate): Pick<Completion, "kind" | "detail" | "about"> => ({
  kind,
  detail,
  about,
});

/** Where a mapping or a list may begin, or goes on: names as keys, or items with their dashes. */
function belowKey(setting: Setting): readonly Completion[] {
  const { cursor, shape, at } = setting;
  const below = [...at, "*"];
  const offered = [...(SOURCES[below.join(".")]?.(setting) ?? []), ...undeclared(setting)];
  const asKeys = shape?.named && isMappingAt(cursor) ? offered.filter(({ part }) => !part) : [];
  const asItems = shape?.items && cursor.keys.size === 0 && !cursor.flow && !cursor.hasColon;
  const values = asItems && shape.items ? [...offered, ...knownValues(shape.items, below)] : [];
  return [
    ...values
      .filter(({ value }) => !cursor.items.has(value))
      .map((candidate) => {
        const { text, snippet, ...rest } = written(setting, candidate);
        const dashed = snippet === undefined ? {} : { snippet: `- ${snippet}` };
        return {
          ...common(candidate),
          label: `- ${candidate.label ?? candidate.value}`,
          ...rest,
          text: `- ${text}`,
          ...dashed,
          filter: candidate.value,
        };
      }),
    ...asKeys
      .map((candidate) => ({ ...candidate, value: candidate.value.replace(/=$/, "") }))
      .filter(({ value }) => !cursor.keys.has(value))
      .map((candidate) => ({ ...common(candidate), label: candidate.value, ...nameAsKey(setting, candidate.value) })),
  ];
}

/** The scalar as it is written here. */
function written({ cursor, offset }: Setting, candidate: Candidate): Pick<Completion, "span" | "text" | "snippet"> {
  const { value, raw = false, quoted: always = false, part, snippet } = candidate;
  const span = part ?? { start: cursor.span.start, end: Math.max(cursor.span.end, offset) };
  const blank = cursor.glued && span.start === offset ? " " : "";
  const asIs = raw || cursor.quote !== "" || span.start > cursor.span.start || (!always && isPlain(value, cursor.flow));
  const text = `${blank}${asIs ? value : quoted(value, "double")}`;
  return snippet !== undefined && cursor.quote === "" ? { span, text, snippet: `${blank}${snippet}` } : { span, text };
}

const USUAL: Readonly<Record<Grammar, readonly string[]>> = {
  duration: ["5s", "10s", "30s", "1m", "5m"],
  bytes: ["64m", "128m", "256m", "512m", "1g"],
  int: [],
  float: [],
  bool: [],
  octal: ["0440", "0444", "0644"],
  count: ["all"],
};

function knownValues({ is, enum: values, examples = [], grammar }: Shape, at: readonly string[]): readonly Candidate[] {
  const words = docOf(at)?.values ?? docOf(at.slice(0, -1))?.values ?? {};
  const known = (values ?? examples).map((value): Candidate => ({ value, kind: "value", detail: words[value] }));
  const usual = grammar
    ? USUAL[grammar].map((value): Candidate => ({ value, kind: "value", raw: !value.startsWith("0") }))
    : [];
  const booleans = is.includes("boolean")
    ? ["true", "false"].map((value): Candidate => ({ value, kind: "value", raw: true }))
    : [];
  return [...booleans, ...known, ...usual];
}

/** Behind `<<:`, and where an asterisk is typed. */
function anchors({ cursor, text }: Setting): readonly Candidate[] {
  if (cursor.quote !== "" || (cursor.path.at(-1) !== "<<" && !cursor.typed.startsWith("*"))) return [];
  return anchorsIn(text).map((name) => ({ value: `*${name}`, kind: "name", detail: "anchor", raw: true }));
}

/** At the top level: what services use and nobody declares. */
function undeclared({ cursor, glance, compose, project }: Setting): readonly Candidate[] {
  const [section] = cursor.path;
  const kind = cursor.path.length === 1 && typeof section === "string" ? SECTIONS.get(section) : undefined;
  if (kind === undefined || typeof section !== "string") return [];
  const declared = new Set([
    ...(glance.names.get(section) ?? []),
    ...(kind === "service" ? project().services.map(({ name }) => name) : []),
    ...(kind === "network" ? ["default"] : []),
  ]);
  const used = namesOf(compose).places.filter(
    (place) => place.kind === kind && place.role === "use" && place.file === undefined,
  );
  return [...new Set(used.map(({ name }) => name))]
    .filter((name) => !declared.has(name))
    .map((name) => ({ value: name, kind: "name", detail: "used by a service" }));
}
