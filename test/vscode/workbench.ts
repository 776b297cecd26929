/**
 * Stands in for the desktop VS Code under @vscode/test-electron: takes its arguments, runs the suite in the extension host of a
 * real workbench, and exits with the suite's outcome. What only a person can do the suite asks for over a loopback address.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { openBrowser } from "../../scripts/browser.ts";
import { startWorkbench } from "../../scripts/editor.ts";
import { freePort } from "../../scripts/process.ts";
import { type Hands, hands } from "./hands.ts";
import { runSuiteIn } from "./suite-in-page.ts";

const { values, positionals } = parseArgs({ strict: false, allowPositionals: true });
const { extensionDevelopmentPath: extension, extensionTestsPath: suite } = values;
const [folder] = positionals;
if (typeof extension !== "string" || typeof suite !== "string" || folder === undefined) {
  console.error("usage: workbench.ts FOLDER --extensionDevelopmentPath=FOLDER --extensionTestsPath=FILE");
  process.exit(2);
}

async function serve(served: Hands, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const action = served[(request.url ?? "/").slice(1)];
  if (!action) return void response.writeHead(404).end("no such action");
  try {
    const value = await action(await text(request));
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value ?? null));
  } catch (error) {
    response.writeHead(500).end(String(error));
  }
}

const handsPort = await freePort();
await using workbench = await startWorkbench({
  extension,
  folder,
  suite,
  trusted: false,
  env: { DOCKWRIGHT_TEST_HANDS: `http://127.0.0.1:${handsPort}` },
});
await using browser = await openBrowser();
const { page } = browser;
const served = hands(page);
const server = createServer((request, response) => void serve(served, request, response)).listen(
  handsPort,
  "127.0.0.1",
);

try {
  process.exitCode = await runSuiteIn(page, workbench);
} finally {
  server.close();
}
