/** A whole VS Code workbench and its server, out of npm's code-server: for machines that cannot download the desktop one. */
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { mustRun, which } from "../process.ts";
import { cached } from "./cache.ts";
import { Unavailable } from "./debian.ts";

const VERSION = "4.139.1";
/** The only compiled modules the extension host and the terminal-less server load; the others need a compiler and a network. */
const NATIVE = ["@vscode/native-watchdog", "@vscode/spdlog"];
const MINUTES = 60_000;

/** The folder of `out/server-main.js`; run it with a Node of at least version 22. */
export async function codeServer(): Promise<string> {
  const npm = which("npm");
  if (!npm) throw new Unavailable("npm is not on PATH, and the VS Code workbench is installed with it");
  const folder = await cached(`code-server-${VERSION}`, async (target) => {
    console.log(`Installing the VS Code workbench into the cache, once (code-server ${VERSION}, 600 MB)…`);
    await writeFile(join(target, "package.json"), '{ "private": true }\n');
    const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
    const inside = join(target, "node_modules", "code-server", "lib", "vscode");
    try {
      await mustRun(npm, ["install", "--ignore-scripts", ...quiet, `code-server@${VERSION}`], {
        cwd: target,
        timeoutMs: 15 * MINUTES,
      });
      await mustRun(npm, ["install", "--omit=dev", "--ignore-scripts", ...quiet], {
        cwd: inside,
        timeoutMs: 15 * MINUTES,
      });
      await mustRun(npm, ["rebuild", ...quiet, ...NATIVE], { cwd: inside, timeoutMs: 10 * MINUTES });
    } catch (error) {
      throw new Unavailable(
        `the VS Code workbench could not be installed: ${error instanceof Error ? error.message : error}`,
      );
    }
  });
  const workbench = join(folder, "node_modules", "code-server", "lib", "vscode");
  if (!existsSync(join(workbench, "out", "server-main.js"))) {
    throw new Unavailable(`${folder} is no complete workbench: delete that folder and run this again`);
  }
  return workbench;
}
