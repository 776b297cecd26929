/** Bind mounts that put the source code of a service into its container. */
import { buildOf } from "../model/compose/build.ts";
import { withDefaults } from "../model/compose/interpolation.ts";
import { type Mount, mountsOf } from "../model/compose/mounts.ts";
import { localPath } from "../model/compose/paths.ts";
import type { ProjectService } from "../model/compose/project.ts";

/** Names of folders with code, in the folder an image is built from. */
const CODE =
  /^(?:src|app|lib|source|sources|code|server|client|frontend|backend|api|web|pages|components|packages|cmd|internal|pkg)$/;

/** Mounts of the folder the service is built from, of a folder with code in it, or of the project's folder. */
export function sourceMounts(service: ProjectService): readonly Mount[] {
  const build = buildOf(service);
  const context = build && pathOf(build.context?.text ?? ".");
  return mountsOf(service).filter(({ type, source, target }) => {
    if (type !== "bind" || source === undefined || /\.\w+$/.test(target)) return false;
    const path = pathOf(source);
    if (path === undefined) return false;
    if (path === "." || path === context) return true;
    const inside = context === undefined ? undefined : context === "." ? path : below(path, context);
    return inside !== undefined && CODE.test(inside);
  });
}

const pathOf = (text: string): string | undefined => localPath(withDefaults(text) ?? "$");

const below = (path: string, folder: string): string | undefined =>
  path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : undefined;
