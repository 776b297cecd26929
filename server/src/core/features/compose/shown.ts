/** Values as people are shown them: variables replaced, secrets left out. */
import { fieldsOf } from "../../model/compose/fields.ts";
import { interpolationsIn, withNested } from "../../model/compose/interpolation.ts";
import type { Layout } from "../../model/compose/layout.ts";
import type { Service } from "../../model/compose/model.ts";
import type { Project } from "../../model/compose/project.ts";
import { collectionLines, inlineScalar, isCollection, isEmpty, type Plain } from "../../model/compose/written.ts";
import type { Via, YamlNode, YamlScalar } from "../../text/yaml.ts";
import { isSecret } from "./secret.ts";

/** What a scalar comes to; undefined where that is not known, or is nobody's business who looks over a shoulder. */
export function effectiveText(scalar: YamlScalar, project: Project): string | undefined {
  const { values } = project.environment;
  const hides = withNested(interpolationsIn(scalar.text).variables).some(
    ({ name }) => values.has(name) && isSecret(name),
  );
  return hides ? undefined : project.textOf(scalar)?.text;
}

/** A value as a text or whole; with a project its variables are replaced as far as they are known. */
export function plainOf(node: YamlNode, project?: Project): Plain {
  if (node.kind === "list") return node.items.map((item) => plainOf(item, project));
  if (node.kind === "map")
    return Object.fromEntries(node.entries.map(({ key, value }) => [key, plainOf(value, project)]));
  const { value, text, style } = node;
  if (value === null) return null;
  if (typeof value !== "string" && style === "plain" && String(value) === text) return value;
  return (project && effectiveText(node, project)) ?? text;
}

const LAYOUT: Layout = { width: 2, list: 2, quote: "double", mapPad: " ", listPad: "" };
const MAX_LINES = 24;

/** YAML, cut where it gets long. */
export function yamlOf(value: Plain): string {
  if (!isCollection(value)) return inlineScalar(value, false, { quote: "double" });
  if (isEmpty(value)) return Array.isArray(value) ? "[]" : "{}";
  const lines = collectionLines(value, 0, LAYOUT, { quote: "double" });
  return [...lines.slice(0, MAX_LINES), ...(lines.length > MAX_LINES ? ["…"] : [])].join("\n");
}

export interface Origin {
  /** `service base in common.yaml`, `&defaults`, `compose.override.yaml`. */
  readonly from: string;
  readonly keys: readonly string[];
}

/** What a service says without its being written there: by merge keys, `extends`, or another file. */
export function originsOf({ map, via: own }: Service): readonly Origin[] {
  const keys = new Map<string, string[]>();
  for (const { key, value, via = own } of fieldsOf(map)) {
    const from = via ? originOf(via) : insideOf(value);
    if (from !== undefined) keys.set(from, [...(keys.get(from) ?? []), key]);
  }
  return [...keys].map(([from, all]) => ({ from, keys: all }));
}

/** A value written here that parts were added to from elsewhere. */
function insideOf(node: YamlNode): string | undefined {
  const parts =
    node.kind === "map"
      ? node.entries.map(({ via, value }) => via ?? value.via)
      : node.kind === "list"
        ? node.items.map(({ via }) => via)
        : [];
  const via = parts.find((each) => each !== undefined && each.kind !== "alias");
  return via && originOf(via);
}

function originOf({ kind, name, file }: Via): string {
  if (kind === "alias") return `*${name ?? ""}`;
  if (kind === "merge") return name === undefined ? "a merged mapping" : `&${name}`;
  if (kind === "extends") return `service ${name ?? ""}${file === undefined ? "" : ` in ${file}`}`;
  return file ?? "another file";
}
