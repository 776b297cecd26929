/** A limit for a service, written the way the file writes limits. */
import { fieldOf } from "../../model/compose/fields.ts";
import { type Resource, limitStyleFor, SHORT_KEYS } from "../../model/compose/limits.ts";
import type { Change, ComposeFile, Service } from "../../model/compose/model.ts";
import { addKey, setValue } from "../../model/compose/patch.ts";
import type { Plain } from "../../model/compose/written.ts";
import type { YamlMap } from "../../text/yaml.ts";

const SHORT = Object.values(SHORT_KEYS);

/** Sets what is there, or adds what is not. */
export function setLimit(
  compose: ComposeFile,
  service: Service,
  map: YamlMap,
  resource: Resource,
  amount: string | number,
): Change {
  const isDeploy = limitStyleFor(compose, service) === "deploy";
  const path = isDeploy ? ["deploy", "resources", "limits", resource] : [SHORT_KEYS[resource]];
  return setAt(compose, map, path, amount, isDeploy ? ["cpus", "memory"] : SHORT);
}

/** The value of a path of keys; those of them that are missing are added. */
export function setAt(
  compose: ComposeFile,
  map: YamlMap,
  [key = "", ...rest]: readonly string[],
  value: Plain,
  after: readonly string[] = [],
): Change {
  const there = fieldOf(map, key)?.value;
  if (!there) return addKey(compose, map, key, nested(rest, value), { after });
  if (rest.length > 0 && there.kind === "map") return setAt(compose, there, rest, value, after);
  return setValue(compose, there, nested(rest, value));
}

const nested = (path: readonly string[], value: Plain): Plain =>
  path.reduceRight<Plain>((inner, key) => ({ [key]: inner }), value);
