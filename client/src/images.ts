/** The images an engine has, by name. */
import { docker } from "./engines/docker.ts";
import type { EngineName, Where } from "./engines/engine.ts";
import type { Invocation } from "./process.ts";

const DOCKER = ["image", "ls", "--format={{.Repository}}:{{.Tag}}"];

const LISTS: Readonly<Record<EngineName, (where: Where) => Invocation>> = {
  "docker-buildx": (where) => docker(DOCKER, where),
  "docker-classic": (where) => docker(DOCKER, where),
  podman: () => ({ command: "podman", args: DOCKER }),
  nerdctl: () => ({ command: "nerdctl", args: DOCKER }),
  buildah: () => ({ command: "buildah", args: ["images", "--format={{.Name}}:{{.Tag}}"] }),
};

export const listImages = (engine: EngineName, where: Where): Invocation => LISTS[engine](where);

/** Without those that have no name; `localhost/` is how Podman and Buildah call what comes from no registry. */
export const readImages = (stdout: string): readonly string[] => [
  ...new Set(
    stdout
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "" && !line.includes("<none>")),
  ),
];
