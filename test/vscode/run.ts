/** The suite inside a real VS Code, through @vscode/test-electron: the desktop one where it can be had, else a workbench in a browser. */
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTests } from "@vscode/test-electron";
import { build } from "esbuild";
import { buildAll } from "../../scripts/build.ts";
import { codeServer } from "../../scripts/setup/code-server.ts";
import { chromium } from "../../scripts/setup/chromium.ts";

const root = join(import.meta.dirname, "..", "..");
await buildAll();
const suite = join(root, "dist", "test", "vscode", "index.js");
await build({
  entryPoints: [join(root, "test/vscode/suite/index.ts")],
  bundle: true, platform: "node", format: "cjs", external: ["vscode", "mocha"], outfile: suite, sourcemap: "inline", logLevel: "warning",
});
await chromium(); await codeServer();
const folder = await mkdtemp(join(tmpdir(), "dockwright-vscode-"));
await cp(join(root, "examples"), folder, { recursive: true });
await runTests({
  vscodeExecutablePath: process.execPath,
  extensionDevelopmentPath: root,
  extensionTestsPath: suite,
  launchArgs: [join(import.meta.dirname, "workbench.ts"), folder],
}).catch((e) => { console.error(String(e)); process.exitCode = 1; });
await rm(folder, { recursive: true, force: true });
