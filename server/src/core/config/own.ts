/** `.dockwright.yaml` and `.dockwright.json` → what they say. */
import type { Rule } from "../rule.ts";
import type { Span } from "../text/edit.ts";
import { parseYaml } from "../text/yaml.ts";
import type { ConfigText, FileValues } from "./config.ts";
import { configShape } from "./keys.ts";
import { namesOf } from "./peer-names.ts";
import { readShape } from "./read.ts";

export function readOwn(text: string, rules: readonly Rule[]): ConfigText {
  const { root, problems } = parseYaml(text);
  const places = new Map<string, Span>();
  const found = [...problems];
  const alias = (name: string): string | undefined => namesOf(name, rules).join(", ") || undefined;
  const shape = configShape(rules);
  // An editor's pointer to the schema is no setting.
  const own = root?.kind === "map" ? { ...root, entries: root.entries.filter(({ key }) => key !== "$schema") } : root;
  const isEmpty = own === undefined || (own.kind === "scalar" && own.value === null);
  // The shape is the type: what is not of it was left out.
  const values = isEmpty
    ? {}
    : (readShape(own, shape, "", { problems: found, places, alias }) as FileValues | undefined);
  return { values: values ?? {}, places, problems: found, notes: [] };
}
