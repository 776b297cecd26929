/** Whether people develop in the image: what is beside the Dockerfile says so, and a smaller image would take their tools away. */
import { buildOf } from "../../model/compose/build.ts";
import { mountsOf } from "../../model/compose/mounts.ts";
import type { Service } from "../../model/compose/model.ts";
import { parseCompose } from "../../model/compose/parse.ts";
import { fieldOf } from "../../model/compose/fields.ts";
import { readJsonc } from "../../model/project/json.ts";
import { textAt } from "../../model/project/values.ts";
import type { BuildContext } from "./recipe.ts";

const COMPOSE = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];
const OVERRIDES = [
  "compose.override.yaml",
  "compose.override.yml",
  "docker-compose.override.yaml",
  "docker-compose.override.yml",
];
const DEVCONTAINERS = [".devcontainer/devcontainer.json", ".devcontainer.json"];

/** A clause that says who; undefined where nobody is seen to. `folder` is where the image's working folder is. */
export function developedIn(context: BuildContext, folder: string | undefined): string | undefined {
  const own = context.dockerfile ?? "Dockerfile";
  for (const name of DEVCONTAINERS) {
    const text = context.beside(name);
    const parsed = text === undefined ? undefined : readJsonc(text);
    const used = textAt(parsed, "dockerFile") ?? textAt(parsed, "build", "dockerfile");
    // Relative to the file's own folder: `../Dockerfile` is the one beside the folder.
    if (used !== undefined && isSame(used, name.includes("/") ? `../${own}` : own))
      return `${name} makes a place to develop in of it`;
  }
  const services = COMPOSE.flatMap((name) => servicesIn(context, name)).filter(({ service }) => builds(service, own));
  const names = new Set(services.map(({ service }) => service.name));
  const overriding = OVERRIDES.flatMap((name) => servicesIn(context, name)).filter(({ service }) =>
    names.has(service.name),
  );
  for (const { name, service } of [...services, ...overriding]) {
    if (fieldOf(service.map, "develop", "watch"))
      return `${name} watches its sources (develop.watch of ${service.name})`;
    const over = mountsOf(service).find(
      ({ type, source, target }) => type === "bind" && /^\.\/?$/.test(source ?? "") && target === folder,
    );
    if (over) return `${name} mounts the sources over ${folder}: what the image has there is never seen`;
  }
  return undefined;
}

const isSame = (written: string, path: string): boolean => written.replace(/^\.\//, "") === path;

interface Used {
  /** Of the compose file. */
  readonly name: string;
  readonly service: Service;
}

function servicesIn(context: BuildContext, name: string): readonly Used[] {
  const text = context.beside(name);
  return text === undefined ? [] : parseCompose(text, name).services.map((service) => ({ name, service }));
}

function builds(service: Service, own: string): boolean {
  const build = buildOf(service);
  if (!build || build.inline) return false;
  const folder = build.context?.text ?? ".";
  return /^\.\/?$/.test(folder) && isSame(build.dockerfile?.text ?? "Dockerfile", own);
}
