/** A whole VS Code workbench and its server, out of npm's code-server: for machines that cannot download the desktop one. */
import { existsSync } from "node:fs";
import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { mustRun, which } from "../process.ts";
import { cached } from "./cache.ts";
import { Unavailable } from "./debian.ts";

const VERSION = "4.139.1";
const MINUTES = 60_000;
const WORKBENCH = join("node_modules", "code-server", "lib", "vscode");
/** The compiled modules that the extension host cannot start without; ours need no compiler. */
const STAND_INS = ["spdlog", "native-watchdog"];

/** The folder of `out/server-main.js`; run that with a Node of at least version 22. */
export async function codeServer(): Promise<string> {
  const folder = await cached(`code-server-${VERSION}-plain`, async (target) => {
    const npm = which("npm") ?? which("npm.cmd");
    if (npm === undefined) throw new Unavailable("npm is not on PATH, and the VS Code workbench is installed with it");
    console.log(`Installing the VS Code workbench into the cache, once (code-server ${VERSION}, 600 MB)…`);
    try {
      await install(npm, target);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Unavailable(`the VS Code workbench could not be installed: ${why}`);
    }
  });
  const workbench = join(folder, WORKBENCH);
  if (!existsSync(join(workbench, "out", "server-main.js"))) {
    throw new Unavailable(`${folder} is no complete workbench: delete that folder and run this again`);
  }
  return workbench;
}

async function install(npm: string, target: string): Promise<void> {
  const workbench = join(target, WORKBENCH);
  const options = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  await writeFile(join(target, "package.json"), '{ "private": true }\n');
  await mustRun(npm, [...options, `code-server@${VERSION}`], { cwd: target, timeoutMs: 15 * MINUTES });
  await mustRun(npm, [...options, "--omit=dev"], { cwd: workbench, timeoutMs: 15 * MINUTES });
  for (const name of STAND_INS) {
    const own = join(import.meta.dirname, "stand-ins", `${name}.cjs`);
    await copyFile(own, join(workbench, "node_modules", "@vscode", name, "index.js"));
  }
}
