/** The matrix: each project of projects.ts built and run as its Dockerfile is, and as Dockwright makes stages of it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mustRun, which } from "../../scripts/process.ts";
import { Unavailable } from "../../scripts/setup/debian.ts";
import { type Bases, nodeFiles } from "./bases.ts";
import type { Task } from "./inside.ts";
import type { Outcome } from "./measure.ts";
import { startMirror } from "./mirror.ts";
import { PROJECTS } from "./projects.ts";
import { rootFileSystems } from "./rootfs.ts";

const MINUTES = 60_000;

/**
 * The projects with these names; all of them where none is named.
 * @param workers how many are measured side by side: one where the times count
 * @throws Unavailable
 */
export async function runMatrix(projects: readonly string[], workers: number): Promise<readonly Outcome[]> {
  if (process.platform !== "linux" || process.getuid?.() !== 0)
    throw new Unavailable("the matrix needs Linux and root");
  const missing = ["unshare", "ip", "tar"].filter((name) => which(name) === undefined);
  if (missing.length > 0) throw new Unavailable(`the matrix needs ${missing.join(", ")} on PATH`);
  const from = { rootfs: await rootFileSystems(), node: await nodeFiles(), projects, workers };
  const folder = await mkdtemp(join(tmpdir(), "dockwright-mirror-"));
  try {
    // The base images are made with a mirror that has no packages of languages yet: they come out of it.
    const [bases] = await inNamespace<Bases>(folder, "", { ...from, basesOnly: true });
    const outcomes = await inNamespace<Outcome>(folder, bases?.packages ?? "", { ...from, basesOnly: false });
    const order = PROJECTS.map(({ name }) => name);
    return outcomes.toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The lines that inside.ts prints. */
async function inNamespace<Line>(
  folder: string,
  packages: string,
  task: Omit<Task, "socket">,
): Promise<readonly Line[]> {
  const socket = join(folder, "mirror.sock");
  await using _mirror = await startMirror(socket, packages);
  const script = join(import.meta.dirname, "inside.ts");
  const { stdout } = await mustRun(
    "unshare",
    ["--net", process.execPath, script, JSON.stringify({ ...task, socket } satisfies Task)],
    { timeoutMs: 60 * MINUTES },
  );
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
}
