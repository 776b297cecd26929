/** Whole commands over many real files, ours and other linters' by turns: files per second, start-up included. */
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildAll } from "../../scripts/build.ts";
import { run } from "../../scripts/process.ts";
import { tally, trivy } from "../../scripts/setup/peers.ts";

export interface Timed {
  readonly name: string;
  /** Median of the runs, milliseconds. */
  readonly ms: number;
}

export interface PeerTimes {
  readonly files: number;
  readonly ours: Timed;
  readonly oursWithShellCheck: Timed;
  readonly trivy: Timed;
  readonly tally: Timed;
  readonly tallyWithShellCheck: Timed;
}

const FILES = 300;
const ROUNDS = 5;
const MINUTES = 60_000;
const root = join(import.meta.dirname, "../..");

/** `folder` has the Dockerfiles; every n-th is taken, so that all kinds are there. */
export async function peerTimes(folder: string): Promise<PeerTimes> {
  await buildAll();
  const work = mkdtempSync(join(tmpdir(), "dockwright-bench-"));
  try {
    const all = readdirSync(folder).sort();
    const step = Math.max(1, all.length / FILES);
    const names = Array.from({ length: Math.min(FILES, all.length) }, (_, at) => all[Math.floor(at * step)] ?? "");
    const files = join(work, "files");
    mkdirSync(files);
    for (const name of names) copyFileSync(join(folder, name), join(files, name));
    const paths = names.map((name) => join(files, name));
    // A cache of its own: what was found out in another run is no speed of this one.
    const env = { ...process.env, XDG_CACHE_HOME: join(work, "cache") };
    const cli = join(root, "dist/cli.js");
    const check = [cli, "check", "--profile", "all", "--format", "json", "--no-config", "--offline"];
    const commands: readonly (readonly [name: string, program: string, args: readonly string[], fresh: boolean])[] = [
      ["dockwright check, all rules", process.execPath, [...check, "--shellcheck", "off", files], false],
      [
        "dockwright check, all rules, with ShellCheck",
        process.execPath,
        [...check, "--shellcheck", "wasm", files],
        true,
      ],
      ["trivy config", await trivy(), ["config", "--format", "json", "--skip-check-update", files], false],
      [
        "tally lint --slow-checks off --ignore shellcheck/*",
        await tally(),
        ["lint", "--slow-checks", "off", "--ignore", "shellcheck/*", "--format", "json", ...paths],
        false,
      ],
      [
        "tally lint --slow-checks off",
        await tally(),
        ["lint", "--slow-checks", "off", "--format", "json", ...paths],
        false,
      ],
    ];
    const times = commands.map((): number[] => []);
    for (let round = 0; round <= ROUNDS; round++)
      for (const [at, [name, program, args, fresh]] of commands.entries()) {
        // What ShellCheck said is forgotten; the program stays compiled, as it does for everybody after the first runs.
        if (fresh) rmSync(join(work, "cache/dockwright/shellcheck"), { recursive: true, force: true });
        const start = performance.now();
        const { stdout } = await run(program, args, { cwd: work, env, timeoutMs: 5 * MINUTES });
        if (stdout.length < 1000) throw new Error(`${name} printed too little to have looked at ${names.length} files`);
        // The first round fills the file system's cache.
        if (round > 0) times[at]?.push(performance.now() - start);
      }
    const [ours, oursWithShellCheck, trivyTime, tallyTime, tallyWithShellCheck] = commands.map(
      ([name], at): Timed => ({ name, ms: median(times[at] ?? []) }),
    );
    if (!ours || !oursWithShellCheck || !trivyTime || !tallyTime || !tallyWithShellCheck)
      throw new Error("nothing ran");
    return { files: names.length, ours, oursWithShellCheck, trivy: trivyTime, tally: tallyTime, tallyWithShellCheck };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
