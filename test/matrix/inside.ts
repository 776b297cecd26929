/**
 * Builds and runs the projects. A program of its own, in a network namespace of its own (run.ts starts it so): Docker's bridge is made
 * there, and ports of containers are nobody else's. Prints a line of JSON for each project.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { RunningDocker } from "../../scripts/setup/docker.ts";
import { startDockerRegistry } from "../../scripts/setup/docker-registry.ts";
import { pushIndex } from "../effects/push-image.ts";
import { proxyArgs } from "./bases.ts";
import { checkAll } from "./check.ts";
import { type Engine, withEngine } from "./engine.ts";
import { measure, type Outcome } from "./measure.ts";
import type { Given } from "./namespace.ts";
import { PROJECTS } from "./projects.ts";

/** What is to be measured. */
interface Task extends Given {
  readonly projects: readonly string[];
  /** How many are measured side by side. */
  readonly workers: number;
}

const task = JSON.parse(process.argv[2] ?? "{}") as Task;
await withEngine(task, measureAll);

async function measureAll({ docker, root, port }: Engine): Promise<void> {
  const { projects, workers } = task;
  if (projects.length === 0) console.log(JSON.stringify(await checked(docker, root)));
  const waiting = PROJECTS.filter(({ name }) => projects.length === 0 || projects.includes(name));
  const work = async (): Promise<void> => {
    for (let project = waiting.shift(); project; project = waiting.shift()) {
      const { name, label } = project;
      const outcome = await measure({ docker, root, buildArgs: proxyArgs(port) }, project).catch(
        (error: unknown): Outcome => {
          const wrong = error instanceof Error ? (error.stack ?? error.message) : String(error);
          return { name, label, checks: [{ what: `${name}: is measured`, wrong }] };
        },
      );
      console.log(JSON.stringify(outcome));
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
}

/** Its images come from a registry of its own: the other one's folder stays as it is. */
async function checked(docker: RunningDocker, root: string): Promise<Outcome> {
  await using registry = await startDockerRegistry({
    folder: join(root, "empty"),
    storage: join(root, "empty-images"),
  });
  const emptyImage = `${registry.host}/library/empty:1`;
  await pushIndex(`${registry.host}/library/empty`, ["1"], { label: "empty" });
  const folder = async (name: string): Promise<string> => {
    await mkdir(join(root, name));
    return join(root, name);
  };
  return await checkAll({ docker, folder, emptyImage });
}
