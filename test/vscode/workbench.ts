/**
 * Stands in for the desktop VS Code under @vscode/test-electron: takes its arguments, runs the suite in the extension host of a
 * real workbench, and exits with the suite's outcome. What only a person can do, the suite asks for over `drive`.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";
import { openBrowser } from "../../scripts/browser.ts";
import { startWorkbench } from "../../scripts/editor.ts";
import { hands } from "./hands.ts";

const DEADLINE_MS = 10 * 60_000;

const { values, positionals } = parseArgs({ strict: false, allowPositionals: true });
const extension = String(values["extensionDevelopmentPath"]);
const suite = String(values["extensionTestsPath"]);
const [folder = process.cwd()] = positionals;

await using browser = await openBrowser();
const { page } = browser;

const served = hands(page);
const server = createServer((request, response) => {
  const action = served[(request.url ?? "/").slice(1)];
  if (!action) return void response.writeHead(404).end();
  action().then(
    (value) => response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value ?? null)),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const { port } = server.address() as AddressInfo;

await using workbench = await startWorkbench({
  extension,
  folder,
  suite,
  trusted: false,
  env: { DOCKWRIGHT_TEST_HANDS: `http://127.0.0.1:${port}` },
});

const ended = Promise.withResolvers<number>();
await page.exposeFunction("codeAutomationExit", (code: number) => ended.resolve(code));
await page.exposeFunction("codeAutomationLog", (type: string, args: readonly unknown[]) => {
  const text = args.map(String).join(" ");
  if (type === "error") console.error(text);
  else console.log(text);
});
page.on("crash", () => ended.reject(new Error("the page of the workbench crashed")));
const timer = setTimeout(() => ended.reject(new Error(`the suite did not end within ${DEADLINE_MS} ms`)), DEADLINE_MS);
void workbench.exited.then((code) => ended.reject(new Error(`the workbench ended with ${code}\n${workbench.output()}`)));

try {
  await page.goto(workbench.url);
  process.exitCode = await ended.promise;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  clearTimeout(timer);
  server.close();
}
