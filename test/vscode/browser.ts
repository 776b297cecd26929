/**
 * The worker build in a real workbench: client and server run in the browser, as in an editor that has no machine behind it. Ends in
 * `N passed, N failed`; exits 75 when this machine cannot have it.
 */
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { openBrowser, type Page } from "../../scripts/browser.ts";
import { buildAll } from "../../scripts/build.ts";
import { startWorkbench } from "../../scripts/editor.ts";
import { freePort } from "../../scripts/process.ts";
import { Unavailable } from "../../scripts/setup/debian.ts";
import { runSuiteIn } from "./suite-in-page.ts";

const NOT_HERE = 75;
const root = join(import.meta.dirname, "..", "..");
const SUITE = "dist/test/browser/index.cjs";
/** What of the project an editor loads over the network. */
const SERVED =
  /^(?:package\.json$|README\.md$|dist\/|docs\/rules\/|media\/|syntaxes\/|snippets\/|language-configuration\/)/;

/** Where the page finds the extension: it may ask its own origin only, and a browser's extension host makes workers of what comes over http. */
const AT = "/dockwright";

async function serve(page: Page): Promise<void> {
  await page.context().route(`**${AT}/**`, async (route) => {
    const path = new URL(route.request().url()).pathname.slice(AT.length + 1);
    const body = SERVED.test(path) ? await readFile(join(root, path)).catch(() => undefined) : undefined;
    if (body === undefined) await route.fulfill({ status: 404 });
    else
      await route.fulfill({ body, contentType: /\.c?js$/.test(path) ? "text/javascript" : "application/octet-stream" });
  });
}

/** The page says which extensions an editor without a machine has: ours is put in as soon as that is there, before it is read. */
async function addTo(page: Page, extension: string): Promise<void> {
  const { protocol, host, pathname } = new URL(extension);
  const place = JSON.stringify({ scheme: protocol.slice(0, -1), authority: host, path: pathname });
  await page.addInitScript(`
    new MutationObserver((_, observer) => {
      const configuration = document.getElementById("vscode-workbench-web-configuration");
      if (!configuration) return;
      observer.disconnect();
      const settings = JSON.parse(configuration.getAttribute("data-settings"));
      const developmentOptions = { ...settings.developmentOptions, extensions: [${place}] };
      configuration.setAttribute("data-settings", JSON.stringify({ ...settings, developmentOptions }));
    }).observe(document, { childList: true, subtree: true });
  `);
}

async function runTests(folder: string): Promise<number> {
  const workspace = join(folder, "workspace");
  await cp(join(root, "examples"), workspace, { recursive: true });
  const port = await freePort();
  const extension = `http://127.0.0.1:${port}${AT}`;
  await using workbench = await startWorkbench({ extension, suite: `${extension}/${SUITE}`, folder: workspace, port });
  await using browser = await openBrowser();
  await serve(browser.page);
  await addTo(browser.page, extension);
  return await runSuiteIn(browser.page, workbench);
}

await buildAll();
await build({
  absWorkingDir: root,
  entryPoints: ["test/vscode/browser-suite/index.ts"],
  outfile: SUITE,
  bundle: true,
  platform: "browser",
  format: "cjs",
  external: ["vscode"],
  sourcemap: "inline",
  logLevel: "warning",
});
const folder = await mkdtemp(join(tmpdir(), "dockwright-browser-"));
try {
  process.exitCode = await runTests(folder);
} catch (error) {
  console.error(error instanceof Unavailable ? `not run: ${error.message}` : error);
  process.exitCode = error instanceof Unavailable ? NOT_HERE : 1;
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
