/** Services with a root file system that is only read: which folders they still have to write to. */
import { fieldOf, textOf } from "../model/compose/fields.ts";
import { knownImageOf } from "../model/compose/known-images.ts";
import type { Change, ComposeFile } from "../model/compose/model.ts";
import { mountsOf, tmpfsOf } from "../model/compose/mounts.ts";
import { addItem, addKey, setValue } from "../model/compose/patch.ts";
import type { ProjectService } from "../model/compose/project.ts";
import type { YamlMap } from "../text/yaml.ts";

/** The folders the image has to write to and cannot; undefined when that is not known. */
export function unwritableOf(service: ProjectService): readonly string[] | undefined {
  const writes = knownImageOf(service)?.writes;
  const mounts = mountsOf(service);
  if (writes === undefined || mounts.some(({ target }) => target.includes("$"))) return undefined;
  const writable = [
    ...mounts.filter(({ readOnly }) => !readOnly).map(({ target }) => target),
    ...tmpfsOf(service).map(({ target }) => target),
  ].map(real);
  return writes.filter((path) => !writable.some((target) => isWithin(real(path), target)));
}

/** Debian and Alpine have a link there. */
const real = (path: string): string => path.replace(/^\/var\/run(?=\/|$)/, "/run");

const isWithin = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** With these folders in memory. */
export function addTmpfs(compose: ComposeFile, map: YamlMap, paths: readonly string[]): Change {
  const there = fieldOf(map, "tmpfs")?.value;
  if (!there) return addKey(compose, map, "tmpfs", paths, { after: ["read_only"] });
  if (there.kind === "scalar") return setValue(compose, there, [textOf(there) ?? "", ...paths].filter(Boolean));
  const changes = paths.map((path) => addItem(compose, there, path));
  const refused = changes.find((change) => "refusal" in change);
  return refused ?? { edits: changes.flatMap((change) => ("edits" in change ? change.edits : [])) };
}
