/** Starts inside.ts in a network namespace of its own, with a mirror for what builds download. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mustRun, which } from "../../../scripts/process.ts";
import { Unavailable } from "../../../scripts/setup/debian.ts";
import { type Bases, nodeFiles } from "../../matrix/bases.ts";
import { startMirror } from "../../matrix/mirror.ts";
import { rootFileSystems } from "../../matrix/rootfs.ts";
import type { Outcome, Task } from "./inside.ts";

const MINUTES = 60_000;

/** @throws Unavailable */
export async function buildProjects(): Promise<readonly Outcome[]> {
  if (process.platform !== "linux" || process.getuid?.() !== 0)
    throw new Unavailable("building generated files needs Linux and root");
  const missing = ["unshare", "ip", "tar"].filter((name) => which(name) === undefined);
  if (missing.length > 0) throw new Unavailable(`building generated files needs ${missing.join(", ")} on PATH`);
  const from = { rootfs: await rootFileSystems(), node: await nodeFiles() };
  const folder = await mkdtemp(join(tmpdir(), "dockwright-mirror-"));
  try {
    // The base images are made with a mirror that has no packages of languages yet: they come out of it.
    const [bases] = await inNamespace<Bases>(folder, "", { ...from, basesOnly: true });
    return await inNamespace<Outcome>(folder, bases?.packages ?? "", { ...from, basesOnly: false });
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
