/** The one dockerd and the one registry that the tests of this folder share. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunResult, which } from "../../scripts/process.ts";
import { type RunningDocker, startDocker } from "../../scripts/setup/docker.ts";
import { type RunningRegistry, startDockerRegistry } from "../../scripts/setup/docker-registry.ts";
import { pushIndex } from "../effects/push-image.ts";

export interface Machine extends AsyncDisposable {
  readonly docker: RunningDocker;
  readonly registry: RunningRegistry;
  /** A new empty folder below the machine's own. */
  readonly folder: (name: string) => Promise<string>;
  /** An image without files for two platforms, for texts of which only the reading matters. */
  readonly emptyImage: string;
}

/** @param bridge only in a network namespace that is not the machine's */
export async function startMachine({ bridge = false } = {}): Promise<Machine> {
  const root = await mkdtemp(join(tmpdir(), "dockwright-machine-"));
  const started: AsyncDisposable[] = [];
  const dispose = async (): Promise<void> => {
    for (const part of started.toReversed()) await part[Symbol.asyncDispose]();
    await rm(root, { recursive: true, force: true });
  };
  try {
    const registry = await startDockerRegistry({ folder: join(root, "registry"), storage: join(root, "storage") });
    started.push(registry);
    const docker = await startDocker({ mirror: registry.host, bridge });
    started.push(docker);
    const emptyImage = `${registry.host}/library/empty:1`;
    await pushIndex(`${registry.host}/library/empty`, ["1"], { label: "empty" });
    const folder = async (name: string): Promise<string> => {
      await mkdir(join(root, name), { recursive: true });
      return mkdtemp(join(root, name, "of-"));
    };
    return { docker, registry, folder, emptyImage, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Runs docker and takes any exit code but 0 for an error that carries what it printed. */
export async function mustDocker(machine: Pick<Machine, "docker">, ...args: readonly string[]): Promise<RunResult> {
  const result = await machine.docker.docker(args);
  if (result.code === 0) return result;
  throw new Error(`docker ${args.join(" ")} ended with ${result.code}\n${result.stdout}${result.stderr}`);
}

/** The programs that make a network namespace. */
export function namespaceMissing(): string | false {
  const missing = ["unshare", "ip"].filter((name) => which(name) === undefined);
  if (missing.length > 0 && process.env["CI"]) throw new Error(`${missing.join(", ")} must be there under CI`);
  return missing.length > 0 && `${missing.join(", ")} not on PATH`;
}
