/** The images a project publishes, from its Dockerfiles and the compose services that build them. */
import type { CiImage } from "./project.ts";

/** Paths are from the project's folder, with slashes. */
export interface Buildable {
  readonly dockerfile: string;
  readonly services: readonly { readonly service: string; readonly context?: string; readonly target?: string }[];
}

/** One for each way a compose service builds a file; one for a file no service builds. A project with one image has it under its own name. */
export function imagesOf(files: readonly Buildable[], repository: string, project: string): readonly CiImage[] {
  const builds = files.flatMap(buildsOf);
  const taken = new Set<string>();
  return builds.map(({ wish, ...build }) => {
    const base = slug(wish) || slug(project) || "image";
    let name = base;
    for (let number = 2; taken.has(name); number += 1) name = `${base}-${number}`;
    taken.add(name);
    return { name, repository: builds.length === 1 ? repository : `${repository}/${name}`, ...build };
  });
}

type Build = Omit<CiImage, "name" | "repository"> & { readonly wish: string };

function buildsOf({ dockerfile, services }: Buildable): readonly Build[] {
  const slash = dockerfile.lastIndexOf("/");
  const folder = slash < 0 ? "." : dockerfile.slice(0, slash);
  const ways = new Map<string, Build>();
  for (const { service, context = folder, target } of services) {
    const key = JSON.stringify([context, target]);
    if (!ways.has(key)) ways.set(key, { wish: service, dockerfile, context, ...(target !== undefined && { target }) });
  }
  if (ways.size > 0) return [...ways.values()];
  const file = dockerfile.slice(slash + 1);
  const variant = /^(?:Dockerfile|Containerfile)\.(.+)$/.exec(file)?.[1] ?? /^(.+)\.dockerfile$/i.exec(file)?.[1] ?? "";
  return [
    {
      wish: [folder === "." ? "" : folder, variant].filter((part) => part !== "").join("-"),
      dockerfile,
      context: folder,
    },
  ];
}

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
