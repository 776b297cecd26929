/** The Dockerfiles that services are built with, as far as they are beside the compose file. */
import type { Dockerfile, Stage } from "../dockerfile/model.ts";
import { parseDockerfile } from "../dockerfile/parse.ts";
import { finalStage, stageNamed } from "../dockerfile/stages.ts";
import { type BuildValue, buildOf } from "./build.ts";
import { hasVariables, unescaped } from "./interpolation.ts";
import type { Service } from "./model.ts";
import { joined, localPath } from "./paths.ts";
import type { Lookup } from "./project-model.ts";

/** So many texts are kept, so that they are not parsed again with each keystroke in the compose file. */
const MOST = 30;
const kept = new Map<string, Dockerfile>();

function parsed(text: string): Dockerfile {
  const found = kept.get(text) ?? parseDockerfile(text);
  // The ones used last are at the end.
  kept.delete(text);
  kept.set(text, found);
  const [oldest] = kept.keys();
  if (kept.size > MOST && oldest !== undefined) kept.delete(oldest);
  return found;
}

/** Without variables; undefined where one decides. */
const plain = (value: BuildValue | undefined): string | undefined =>
  value === undefined || hasVariables(value.text) ? undefined : unescaped(value.text);

/** The folder a service is built from; undefined where it has no build, or one from elsewhere, or a variable decides. */
export function contextOf(service: Service): string | undefined {
  const build = buildOf(service);
  if (!build) return undefined;
  const written = build.context ? plain(build.context) : ".";
  return written === undefined ? undefined : localPath(written === "" ? "." : written);
}

/** Its Dockerfile's path; undefined where that is not known, and where it stands in the compose file. */
export function dockerfilePathOf(service: Service): string | undefined {
  const build = buildOf(service);
  const context = contextOf(service);
  if (!build || build.inline || context === undefined) return undefined;
  const name = build.dockerfile ? plain(build.dockerfile) : "Dockerfile";
  return name === undefined || name === "" ? undefined : joined(context, name);
}

/** BuildKit takes `dockerfile` where there is no `Dockerfile`. */
export const spellingsOf = (path: string): readonly string[] =>
  /(?:^|\/)Dockerfile$/.test(path) ? [path, path.replace(/Dockerfile$/, "dockerfile")] : [path];

/** What a service is built with; undefined while it is not known. */
export function dockerfileOf(service: Service, lookup: Lookup): Dockerfile | undefined {
  const inline = buildOf(service)?.inline;
  if (inline) return hasVariables(inline.text) ? undefined : parsed(unescaped(inline.text));
  for (const path of spellingsOf(dockerfilePathOf(service) ?? "")) {
    const kind = path === "" ? undefined : lookup({ ask: "path-kind", path });
    const text = kind === "file" ? lookup({ ask: "text", path }) : undefined;
    if (kind !== "missing") return typeof text === "string" ? parsed(text) : undefined;
  }
  return undefined;
}

/** A Dockerfile that another program than BuildKit's own frontend reads says something else. */
export const isOrdinary = ({ directives }: Dockerfile): boolean =>
  directives.every(
    ({ name, value }) =>
      name.toLowerCase() !== "syntax" || /^(?:docker\.io\/)?docker\/dockerfile(?:[:@]|$)/.test(value.text),
  );

/** The stage that is built; undefined where a variable decides, or where there is none of that name. */
export function builtStage(service: Service, dockerfile: Dockerfile): Stage | undefined {
  const target = buildOf(service)?.target;
  if (!target || target.text === "") return finalStage(dockerfile);
  return hasVariables(target.text) ? undefined : stageByTarget(dockerfile, target.text);
}

/** By name, or by number. */
export const stageByTarget = (dockerfile: Dockerfile, target: string): Stage | undefined =>
  stageNamed(dockerfile, target) ?? (/^\d+$/.test(target) ? dockerfile.stages[Number(target)] : undefined);
