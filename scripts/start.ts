/** `npm start`: builds, prints the findings on examples/, and opens an editor with the extension on them. */
import { join } from "node:path";
import { buildAll } from "./build.ts";
import { openEditor } from "./editor.ts";
import { runInTerminal } from "./process.ts";

const root = join(import.meta.dirname, "..");
const examples = join(root, "examples");

await buildAll();
console.log("Findings on examples/ (dockwright check examples):\n");
const code = await runInTerminal(process.execPath, [join(root, "dist/cli.js"), "check", "examples"], { cwd: root });
// Findings are what the examples are there for: 1 is right, anything else is trouble.
if (code !== 1) {
  console.error(`dockwright check examples ended with ${code}; 1, findings, was expected`);
  process.exit(1);
}
if (!process.argv.includes("--no-editor"))
  await openEditor({ extension: root, folder: examples, file: join(examples, "node/Dockerfile") });
