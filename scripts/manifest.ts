/** The parts of package.json that follow from the rules and from client/contributes.json. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { withBrowserMenus } from "./browser-menus.ts";
import { GRAMMARS } from "./grammars/index.ts";
import { SNIPPETS } from "./snippets/index.ts";
import { configShape } from "../server/src/core/config/keys.ts";
import { SCHEMA_PATH, schemaOf } from "../server/src/core/config/schema.ts";
import type { Field } from "../server/src/core/config/shape.ts";
import { OWN_NAMES } from "../server/src/core/config/names.ts";
import type { Rule } from "../server/src/core/rule.ts";

const contributions = join(import.meta.dirname, "../client/contributes.json");

export function manifestWith(current: string, rules: readonly Rule[]): string {
  const manifest = JSON.parse(current) as Record<string, unknown>;
  const client = existsSync(contributions)
    ? (JSON.parse(readFileSync(contributions, "utf8")) as Record<string, unknown>)
    : {};
  return `${JSON.stringify({ ...manifest, ...withRules(client, rules) }, null, 2)}\n`;
}

/** Settings whose keys and values follow from the rules, and the schema of configuration files. */
function withRules(client: Record<string, unknown>, rules: readonly Rule[]): Record<string, unknown> {
  const contributes = (client["contributes"] ?? {}) as { configuration?: { properties?: Record<string, unknown> } };
  if (!contributes.configuration) return client;
  const properties = { ...contributes.configuration.properties, ...settingsOf(rules) };
  const configuration = { ...contributes.configuration, properties };
  return {
    ...client,
    contributes: withBrowserMenus({
      ...contributes,
      configuration,
      ...VALIDATION,
      grammars: GRAMMARS,
      snippets: SNIPPETS,
    }),
  };
}

const url = `./${SCHEMA_PATH}`;
const VALIDATION = {
  jsonValidation: [{ fileMatch: OWN_NAMES.filter((name) => name.endsWith(".json")), url }],
  // As the extension redhat.vscode-yaml reads it.
  yamlValidation: [{ fileMatch: OWN_NAMES.filter((name) => !name.endsWith(".json")), url }],
};

/** What a person can set for all projects, of what a configuration file can say for one. */
const SHARED: readonly string[] = [
  "rules",
  "options",
  "trustedRegistries",
  "labels",
  "inlineIgnores",
  "budget",
  "format",
];

const settingsOf = (rules: readonly Rule[]): Record<string, unknown> =>
  Object.fromEntries(
    configShape(rules)
      .fields.filter(({ name }) => SHARED.includes(name))
      .map((field) => [`dockwright.${field.name}`, setting(field)]),
  );

function setting({ shape, about, default: usual }: Field): Record<string, unknown> {
  // VS Code shows a plain list as rows to fill in.
  const schema = shape.is === "texts" ? { type: "array", items: { type: "string" } } : schemaOf(shape);
  const fallback = usual ?? (shape.is === "fields" ? {} : undefined);
  return {
    ...schema,
    scope: "resource",
    ...(fallback !== undefined && { default: fallback }),
    markdownDescription: `${about} A project's \`.dockwright.yaml\` wins.`,
  };
}
