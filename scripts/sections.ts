/** Documents written by hand with generated sections, and what those hold. */
import { configShape } from "../server/src/core/config/keys.ts";
import type { Field } from "../server/src/core/config/shape.ts";
import type { Rule } from "../server/src/core/rule.ts";

/** Document → its sections by name. */
export const SECTIONS: Readonly<Record<string, Readonly<Record<string, (rules: readonly Rule[]) => string>>>> = {
  "docs/configuration.md": { keys: keysTable, options: optionsTable },
  "docs/migrating-from-hadolint.md": { codes: (rules) => codesTable("hadolint", rules) },
  "docs/migrating-from-dclint.md": { codes: (rules) => codesTable("dclint", rules) },
};

/** The document with what stands between `<!-- generated: NAME -->` and `<!-- end -->` written anew. */
export function withSections(text: string, sections: (typeof SECTIONS)[string], rules: readonly Rule[]): string {
  return Object.entries(sections).reduce((current, [name, render]) => {
    const start = `<!-- generated: ${name} -->\n`;
    const from = current.indexOf(start);
    const to = current.indexOf("<!-- end -->", from);
    if (from === -1 || to === -1) throw new Error(`there is no section ${name}`);
    return `${current.slice(0, from + start.length)}\n${render(rules)}\n${current.slice(to)}`;
  }, text);
}

const row = (...cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  `${[row(...head), `|${"---|".repeat(head.length)}`, ...rows.map((cells) => row(...cells))].join("\n")}\n`;

function keysTable(rules: readonly Rule[]): string {
  const rows = configShape(rules).fields.flatMap((field) => [keyRow(field.name, field), ...innerRows(field)]);
  return table(["key", "value", "default", "what it does"], rows);
}

/** Keys in keys, but those that stand for each rule. */
const innerRows = ({ name, shape }: Field): readonly (readonly string[])[] =>
  (name === "labels" || name === "budget" || name === "format") && shape.is === "fields"
    ? shape.fields.map((inner) => keyRow(`${name}.${inner.name}`, inner))
    : [];

const keyRow = (name: string, field: Field): readonly string[] => [
  `\`${name}\``,
  valueOf(field),
  field.default === undefined ? "" : `\`${JSON.stringify(field.default).replace(/^"(.*)"$/, "$1")}\``,
  field.about,
];

function valueOf({ name, shape }: Field): string {
  if (name === "rules") return "rule, or code as `SC2086` → `off`, `hint`, `info`, `warning`, `error`";
  if (name === "options") return "rule → option → value, see below";
  if (name === "overrides") return "list of `files` and any of the keys from `profile` to `failLevel`";
  if (shape.is === "choice") return shape.of.map((one) => `\`${one}\``).join(", ");
  if (shape.is === "boolean") return "`true`, `false`";
  if (shape.is === "texts") return "list of texts";
  if (shape.is === "each") return shape.value.is === "choice" ? `label → ${shape.value.of.join(", ")}` : "map";
  if (shape.is === "written") return shape.like;
  return shape.is === "text" ? "text" : "map";
}

function optionsTable(rules: readonly Rule[]): string {
  const rows = rules.flatMap(({ id, options = [] }) =>
    options.map(({ name, about, default: usual }) => [
      `[${id}](rules/${id}.md)`,
      `\`${name}\``,
      `\`${JSON.stringify(usual)}\``,
      about,
    ]),
  );
  return rows.length === 0 ? "No rule has any.\n" : table(["rule", "option", "default", "what it does"], rows);
}

function codesTable(peer: string, rules: readonly Rule[]): string {
  const rows = rules
    .flatMap((rule) =>
      rule.sameAs
        .filter((code) => code.startsWith(`${peer}:`))
        .map((code) => ({ code: code.slice(peer.length + 1), rule })),
    )
    .toSorted((a, b) => (a.code === b.code ? (a.rule.id < b.rule.id ? -1 : 1) : a.code < b.code ? -1 : 1))
    .map(({ code, rule }) => [
      code,
      `[${rule.id}](rules/${rule.id}.md)`,
      rule.summary,
      rule.severity,
      rule.profile,
      rule.fixable,
    ]);
  return table([peer, "rule here", "finds", "severity", "profile", "fix"], rows);
}
