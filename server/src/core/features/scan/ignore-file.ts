/**
 * Accepting a scanner's finding: the entry with its reason in the file the scanner reads, everything that is there kept. Trivy's YAML and
 * its list of ids, Grype's YAML.
 */
import { applyEdits, type Edit, insert, replace } from "../../text/edit.ts";
import { parseYaml, type YamlList, type YamlMap, type YamlNode } from "../../text/yaml.ts";

export type IgnoreFile = "trivy-yaml" | "trivy-list" | "grype-yaml";

export interface Accepted {
  readonly kind: "vulnerability" | "secret" | "misconfiguration";
  readonly id: string;
  readonly reason: string;
  /** Only there; absent: everywhere. */
  readonly path?: string;
  readonly package?: string;
  /** Until the end of this day: `2027-06-30`. */
  readonly until?: string;
}

export type Ignored = { readonly text: string } | { readonly refusal: string };

export function acceptFinding(file: IgnoreFile, text: string, accepted: Accepted): Ignored {
  if (file === "trivy-list") return inList(text, accepted);
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const { key, fields } = FORMATS[file](accepted);
  const { root, problems } = parseYaml(text);
  const [problem] = problems;
  if (problem) return { refusal: `the file cannot be read as YAML: ${problem.message}` };
  if (root === undefined || isNull(root)) return { text: withEnd(text, eol) + block(key, fields, eol) };
  if (root.kind !== "map" || root.flow) return { refusal: "the file is no YAML mapping over several lines" };
  if (isThere(root, key, fields)) return { refusal: `${accepted.id} is in the file already` };
  const edit = editFor(root, key, fields, text, eol);
  return "refusal" in edit ? edit : { text: applyEdits(text, [edit]) };
}

/** Values in the order they are written; a list stands for itself. */
type Fields = readonly (readonly [key: string, value: string | readonly string[] | Fields])[];

const KEYS = { vulnerability: "vulnerabilities", secret: "secrets", misconfiguration: "misconfigurations" } as const;

const FORMATS: Readonly<
  Record<"trivy-yaml" | "grype-yaml", (of: Accepted) => { readonly key: string; readonly fields: Fields }>
> = {
  "trivy-yaml": ({ kind, id, reason, path, until }) => ({
    key: KEYS[kind],
    fields: [
      ["id", id],
      ...(path === undefined ? [] : [["paths", [path]] as const]),
      ["statement", reason],
      ...(until === undefined ? [] : [["expired_at", until] as const]),
    ],
  }),
  // It knows no end of an exception: that is part of the reason.
  "grype-yaml": ({ id, reason, path, package: name, until }) => {
    const conditions = [
      ...(name === undefined ? [] : [["name", name] as const]),
      ...(path === undefined ? [] : [["location", path.startsWith("/") ? path : `/${path}`] as const]),
    ];
    return {
      key: "ignore",
      fields: [
        ["vulnerability", id],
        ["reason", until === undefined ? reason : `${reason} (until ${until})`],
        ...(conditions.length === 0 ? [] : [["package", conditions] as const]),
      ],
    };
  },
};

/** A comment with the reason, and the id below. */
function inList(text: string, { id, reason, until }: Accepted): Ignored {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const ids = text.split(/\r?\n/).map((line) => line.trim().split(/\s+/)[0]);
  if (ids.includes(id)) return { refusal: `${id} is in the file already` };
  const comment = `# ${reason.replaceAll(/\s+/g, " ")}`;
  return { text: `${withEnd(text, eol)}${comment}${eol}${id}${until === undefined ? "" : ` exp:${until}`}${eol}` };
}

const withEnd = (text: string, eol: string): string => (text === "" || text.endsWith("\n") ? text : text + eol);

const isNull = (node: YamlNode): boolean => node.kind === "scalar" && node.value === null;

/** The same id under the same conditions, whatever the reason. */
function isThere(root: YamlMap, key: string, fields: Fields): boolean {
  const list = root.entries.find((entry) => entry.key === key)?.value;
  if (list?.kind !== "list") return false;
  const conditions = (of: readonly (readonly [string, unknown])[]): string =>
    JSON.stringify(of.filter(([name]) => !REASONS.has(name)).map(([name, value]) => [name, value]));
  const wanted = conditions(fields.map(([name, value]) => [name, plain(value)]));
  return list.items.some(
    (item) =>
      item.kind === "map" &&
      conditions(item.entries.map(({ key: name, value }) => [name, plainNode(value)])) === wanted,
  );
}

const REASONS: ReadonlySet<string> = new Set(["statement", "reason", "expired_at"]);

const isFields = (value: Fields[number][1]): value is Fields => typeof value !== "string" && Array.isArray(value[0]);

const plain = (value: Fields[number][1]): unknown =>
  isFields(value) ? value.map(([name, inner]) => [name, plain(inner)]) : value;

const plainNode = (node: YamlNode): unknown => {
  if (node.kind === "scalar") return node.text;
  if (node.kind === "list") return node.items.map(plainNode);
  return node.entries.map(({ key, value }) => [key, plainNode(value)]);
};

function editFor(
  root: YamlMap,
  key: string,
  fields: Fields,
  text: string,
  eol: string,
): Edit | { readonly refusal: string } {
  const entry = root.entries.find((each) => each.key === key);
  if (!entry) {
    const end = lineEnd(text, root.span.end);
    const before = end === text.length && !text.endsWith("\n") ? eol : "";
    return insert(end, before + block(key, fields, eol, columnOf(text, root.entries[0]?.keySpan.start ?? 0)));
  }
  const { value } = entry;
  if (entry.via ?? value.via)
    return { refusal: `${key} stands for a value from elsewhere in the file; write the entry there` };
  const indent = columnOf(text, entry.keySpan.start);
  if (value.kind === "list" && value.items.length > 0 && !value.flow) return behindLast(value, fields, text, eol);
  if (value.kind === "list" && value.items.length > 0) return insert(value.span.end - 1, `, ${flow(fields)}`);
  if ((value.kind === "list" || isNull(value)) && (value.kind === "list" || value.span.start === value.span.end)) {
    const colon = text.indexOf(":", entry.keySpan.end) + 1;
    const end = value.kind === "list" ? value.span.end : colon;
    return replace({ start: colon, end }, eol + item(fields, `${" ".repeat(indent)}  `, eol).trimEnd());
  }
  return { refusal: `${key} is no list in the file` };
}

function behindLast(list: YamlList, fields: Fields, text: string, eol: string): Edit {
  const [first] = list.items;
  const last = list.items.at(-1);
  const dash = text.lastIndexOf("-", first?.span.start ?? 0);
  const end = lineEnd(text, contentEnd(text, last?.span.end ?? list.span.end));
  const before = end === text.length && !text.endsWith("\n") ? eol : "";
  return insert(end, before + item(fields, " ".repeat(columnOf(text, dash)), eol));
}

/** A node over several lines may end with the line break behind it. */
function contentEnd(text: string, end: number): number {
  let at = end;
  while (at > 0 && /\s/.test(text[at - 1] ?? "")) at--;
  return at;
}

/** Behind the line break of the line with this offset. */
function lineEnd(text: string, offset: number): number {
  const at = text.indexOf("\n", contentEnd(text, offset));
  return at < 0 ? text.length : at + 1;
}

const columnOf = (text: string, offset: number): number => offset - (text.lastIndexOf("\n", offset - 1) + 1);

const block = (key: string, fields: Fields, eol: string, indent = 0): string =>
  `${" ".repeat(indent)}${key}:${eol}${item(fields, `${" ".repeat(indent)}  `, eol)}`;

function item(fields: Fields, indent: string, eol: string): string {
  const lines = fields.flatMap((field) => linesOf(field));
  return lines.map((line, at) => `${indent}${at === 0 ? "- " : "  "}${line}${eol}`).join("");
}

function linesOf([key, value]: Fields[number]): readonly string[] {
  if (typeof value === "string") return [`${key}: ${scalar(value)}`];
  if (isFields(value)) return [`${key}:`, ...value.flatMap(linesOf).map((line) => `  ${line}`)];
  return [`${key}:`, ...value.map((each) => `  - ${scalar(each)}`)];
}

const flow = (fields: Fields): string =>
  `{ ${fields
    .map(([key, value]) => {
      if (typeof value === "string") return `${key}: ${scalar(value, true)}`;
      return `${key}: ${isFields(value) ? flow(value) : `[${value.map((each) => scalar(each, true)).join(", ")}]`}`;
    })
    .join(", ")} }`;

/** Dates stay dates; what YAML could take for something else is quoted, in JSON's way, which is YAML's too. */
function scalar(text: string, inFlow = false): string {
  const isPlain =
    /^[\p{L}\d(][\p{L}\d ._/()+'@-]*$/u.test(text) && !/^(?:true|false|null|yes|no|on|off|[\d.e+_]+)$/i.test(text);
  return isPlain && text.trim() === text && !(inFlow && /[(),]/.test(text)) ? text : JSON.stringify(text);
}
