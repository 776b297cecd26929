/** Runs a program that builds images in a network namespace of its own, with base images and a mirror for what builds download. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mustRun, which } from "../../scripts/process.ts";
import { Unavailable } from "../../scripts/setup/debian.ts";
import { type Bases, nodeFiles } from "./bases.ts";
import { startMirror } from "./mirror.ts";
import { rootFileSystems } from "./rootfs.ts";

/** What such a program is given as its argument, as JSON, beside its own task; see engine.ts. */
export interface Given {
  /** Of the mirror. */
  readonly socket: string;
  readonly rootfs: string;
  readonly node: string;
  /** Only the base images, and where they are. */
  readonly basesOnly: boolean;
}

const MINUTES = 60_000;

/**
 * The lines of JSON that it prints.
 * @param what for messages: `the matrix`
 * @throws Unavailable
 */
export async function inNamespace<Line>(script: string, what: string, task: object): Promise<readonly Line[]> {
  if (process.platform !== "linux" || process.getuid?.() !== 0) throw new Unavailable(`${what} needs Linux and root`);
  const missing = ["unshare", "ip", "tar"].filter((name) => which(name) === undefined);
  if (missing.length > 0) throw new Unavailable(`${what} needs ${missing.join(", ")} on PATH`);
  const from = { rootfs: await rootFileSystems(), node: await nodeFiles() };
  const folder = await mkdtemp(join(tmpdir(), "dockwright-mirror-"));
  const socket = join(folder, "mirror.sock");
  const printed = async (packages: string, basesOnly: boolean): Promise<readonly unknown[]> => {
    await using _mirror = await startMirror(socket, packages);
    const given = JSON.stringify({ ...task, ...from, socket, basesOnly } satisfies Given);
    const { stdout } = await mustRun("unshare", ["--net", process.execPath, script, given], {
      timeoutMs: 60 * MINUTES,
    });
    return stdout
      .split("\n")
      .filter((line) => line !== "")
      .map((line): unknown => JSON.parse(line));
  };
  try {
    // The base images are made with a mirror that has no packages of languages yet: they come out of it.
    const [bases] = (await printed("", true)) as readonly Bases[];
    return (await printed(bases?.packages ?? "", false)) as readonly Line[];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
