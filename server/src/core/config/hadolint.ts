/**
 * `.hadolint.yaml` as hadolint reads it (its Configuration.hs): lists of codes by severity, trusted registries, the label schema, the
 * failure threshold. What concerns hadolint alone is noted.
 */
import type { LabelKind, Rule, Severity } from "../rule.ts";
import type { Span } from "../text/edit.ts";
import { parseYaml, type YamlNode, type YamlProblem } from "../text/yaml.ts";
import type { ConfigText, FileValues } from "./config.ts";
import type { FailLevel } from "./keys.ts";
import { namesOf } from "./peer-names.ts";
import { readShape, type Reading } from "./read.ts";
import type { Fields, Shape } from "./shape.ts";

/** hadolint's severities → ours. `ignore` and `none` are its lowest threshold: every finding is at or above it. */
const SEVERITY: Readonly<Record<string, Severity>> = {
  error: "error",
  warning: "warning",
  info: "info",
  style: "hint",
};
const THRESHOLDS = [...Object.keys(SEVERITY), "ignore", "none"];
const KINDS = ["text", "url", "semver", "hash", "rfc3339", "spdx", "email", ""];
const FORMATS = [
  "tty",
  "json",
  "checkstyle",
  "codeclimate",
  "gitlab_codeclimate",
  "gnu",
  "codacy",
  "sonarqube",
  "sarif",
];

const codes: Shape = { is: "texts" };
const flag: Shape = { is: "boolean" };
const field = (name: string, shape: Shape): Fields["fields"][number] => ({ name, about: "", shape });

const SHAPE: Fields = {
  is: "fields",
  of: "setting of hadolint",
  fields: [
    field("ignored", codes),
    field("override", {
      is: "fields",
      of: "severity to override with",
      fields: Object.keys(SEVERITY).map((name) => field(name, codes)),
    }),
    field("failure-threshold", { is: "choice", of: THRESHOLDS }),
    field("trustedRegistries", codes),
    field("label-schema", { is: "each", value: { is: "choice", of: KINDS } }),
    field("strict-labels", flag),
    field("disable-ignore-pragma", flag),
    field("no-fail", flag),
    field("no-color", flag),
    field("verbose", flag),
    field("format", { is: "choice", of: FORMATS }),
  ],
};

interface Hadolint {
  readonly "failure-threshold"?: string;
  readonly trustedRegistries?: readonly string[];
  readonly "label-schema"?: Readonly<Record<string, LabelKind | "">>;
  readonly "strict-labels"?: boolean;
  readonly "disable-ignore-pragma"?: boolean;
  readonly "no-fail"?: boolean;
  readonly "no-color"?: boolean;
  readonly verbose?: boolean;
  readonly format?: string;
}

/** What is for hadolint's own output: the option here that does it. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  format: "is an option of the command line: --format",
  "no-color": "is an option of the command line: --color never",
  verbose: "has no counterpart",
};

export function readHadolint(text: string, rules: readonly Rule[]): ConfigText {
  const { root, problems: broken } = parseYaml(text);
  const problems: YamlProblem[] = [...broken];
  const notes: YamlProblem[] = [];
  const places = new Map<string, Span>();
  if (!root) return { values: {}, places, problems, notes };

  const theirs = new Map<string, Span>();
  const reading: Reading = { problems, places: theirs };
  const read = (readShape(root, SHAPE, "", reading) ?? {}) as Hadolint;
  for (const [name, what] of Object.entries(ELSEWHERE)) {
    const span = theirs.get(name);
    if (span) notes.push({ span, message: `${name} ${what}` });
  }

  const wishes = new Map<string, "off" | Severity>();
  for (const { code, wish, span } of wishesIn(root)) {
    const ids = /^SC[0-9]+$/.test(code) ? [code] : namesOf(`hadolint:${code}`, rules);
    if (ids.length === 0) notes.push({ span, message: `${code} has no rule here` });
    for (const id of ids) {
      wishes.set(id, wish);
      places.set(`rules.${id}`, span);
    }
  }
  const values: FileValues = {
    ...(wishes.size > 0 && { rules: Object.fromEntries(wishes) }),
    ...(read.trustedRegistries && { trustedRegistries: read.trustedRegistries }),
    ...labelsOf(read),
    ...(read["disable-ignore-pragma"] === true && { inlineIgnores: false }),
    ...failLevelOf(read),
  };
  for (const [ours, key] of OURS) {
    const span = theirs.get(key);
    if (span && !places.has(ours)) places.set(ours, span);
  }
  return { values, places, problems, notes };
}

const OURS: readonly (readonly [ours: string, theirs: string])[] = [
  ["trustedRegistries", "trustedRegistries"],
  ["labels.schema", "label-schema"],
  ["labels.strict", "strict-labels"],
  ["inlineIgnores", "disable-ignore-pragma"],
  ["failLevel", "no-fail"],
  ["failLevel", "failure-threshold"],
];

interface Wish {
  readonly code: string;
  readonly wish: "off" | Severity;
  readonly span: Span;
}

/** Each code with where it stands. An ignored code stays ignored whatever severity it is given. */
function wishesIn(root: YamlNode): readonly Wish[] {
  const override = valueOf(root, "override");
  return [
    ...Object.entries(SEVERITY).flatMap(([name, wish]) => codesIn(valueOf(override, name), wish)),
    ...codesIn(valueOf(root, "ignored"), "off"),
  ];
}

const valueOf = (node: YamlNode | undefined, key: string): YamlNode | undefined =>
  node?.kind === "map" ? node.entries.find((entry) => entry.key === key)?.value : undefined;

function codesIn(node: YamlNode | undefined, wish: Wish["wish"]): readonly Wish[] {
  const items = node?.kind === "list" ? node.items : node ? [node] : [];
  return items.flatMap((item) =>
    item.kind === "scalar" && typeof item.value === "string" ? [{ code: item.value, wish, span: item.span }] : [],
  );
}

function labelsOf(read: Hadolint): Pick<FileValues, "labels"> {
  const schema = read["label-schema"];
  const strict = read["strict-labels"];
  if (schema === undefined && strict === undefined) return {};
  const kinds = schema && Object.fromEntries(Object.entries(schema).map(([label, kind]) => [label, kind || "text"]));
  return { labels: { ...(kinds && { schema: kinds }), ...(strict !== undefined && { strict }) } } as Pick<
    FileValues,
    "labels"
  >;
}

function failLevelOf(read: Hadolint): Pick<FileValues, "failLevel"> {
  if (read["no-fail"] === true) return { failLevel: "none" };
  const threshold = read["failure-threshold"];
  if (threshold === undefined) return {};
  const level: FailLevel = SEVERITY[threshold] ?? "hint";
  return { failLevel: level };
}
