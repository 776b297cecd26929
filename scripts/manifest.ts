/** The parts of package.json that follow from the rules and from client/contributes.json. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Rule } from "../server/src/core/rule.ts";

const contributions = join(import.meta.dirname, "../client/contributes.json");

export function manifestWith(current: string, rules: readonly Rule[]): string {
  const manifest = JSON.parse(current) as Record<string, unknown>;
  const client = existsSync(contributions)
    ? (JSON.parse(readFileSync(contributions, "utf8")) as Record<string, unknown>)
    : {};
  return `${JSON.stringify({ ...manifest, ...withRules(client, rules) }, null, 2)}\n`;
}

/** `dockwright.rules` takes each rule's id, with its summary where people choose. */
function withRules(client: Record<string, unknown>, rules: readonly Rule[]): Record<string, unknown> {
  const contributes = (client["contributes"] ?? {}) as { configuration?: { properties?: Record<string, unknown> } };
  if (!contributes.configuration) return client;
  const properties = { ...contributes.configuration.properties, "dockwright.rules": rulesSetting(rules) };
  return { ...client, contributes: { ...contributes, configuration: { ...contributes.configuration, properties } } };
}

const rulesSetting = (rules: readonly Rule[]): Record<string, unknown> => ({
  type: "object",
  scope: "resource",
  default: {},
  markdownDescription:
    "Severity of each rule; `off` switches it off. Rules not named here follow `#dockwright.profile#`.",
  properties: Object.fromEntries(
    rules.map(({ id, summary, severity }) => [
      id,
      { enum: ["off", "hint", "info", "warning", "error"], default: severity, description: summary },
    ]),
  ),
  additionalProperties: false,
});
