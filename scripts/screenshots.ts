/** `npm run screenshots`: what a person sees on examples/node/Dockerfile, as pictures in media/screenshots. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { openBrowser, type Page } from "./browser.ts";
import { buildAll } from "./build.ts";
import { startWorkbench } from "./editor.ts";

type Theme = "dark" | "light";

const THEMES: Readonly<Record<Theme, string>> = { dark: "Default Dark Modern", light: "Default Light Modern" };
const SETTINGS = {
  "editor.fontFamily": "'JetBrains Mono', monospace",
  "editor.fontSize": 14,
  "editor.minimap.enabled": false,
  "editor.cursorBlinking": "solid",
  "workbench.statusBar.visible": true,
  "workbench.enableExperiments": false,
  "window.commandCenter": false,
  "breadcrumbs.enabled": false,
  "editor.occurrencesHighlight": "off",
  "window.title": "${activeEditorShort}${separator}${rootName}",
};
const PATIENCE_MS = 30_000;
const root = join(import.meta.dirname, "..");
const folder = join(root, "media", "screenshots");

async function runCommand(page: Page, name: string): Promise<void> {
  await page.keyboard.press("F1");
  const input = page.locator(".quick-input-widget input");
  await input.waitFor();
  await page.keyboard.type(name);
  await page.locator(".quick-input-list .monaco-list-row", { hasText: name }).first().waitFor();
  await page.keyboard.press("Enter");
  await input.waitFor({ state: "hidden" });
}

/** Puts the cursor on the image of the first FROM; by force, for the cursor may be there already and take the click. */
async function toImage(page: Page): Promise<void> {
  await page.locator(".view-line", { hasText: "node:latest" }).locator("span > span").last().click({ force: true });
}

/** Lets colours, squiggles and menus come to rest: nothing in the page says when they have. */
const settle = (page: Page): Promise<void> => page.waitForTimeout(1_500);

const shoot = (page: Page, name: string): Promise<Buffer> =>
  page.screenshot({ path: join(folder, `${name}.png`), animations: "disabled" });

async function shootAll(theme: Theme): Promise<void> {
  await using workbench = await startWorkbench({
    extension: root,
    folder: join(root, "examples"),
    file: join(root, "examples", "node", "Dockerfile"),
    settings: { ...SETTINGS, "workbench.colorTheme": THEMES[theme] },
  });
  await using browser = await openBrowser({ scale: 2 });
  const { page } = browser;
  await page.goto(workbench.url);
  await page.locator(".squiggly-warning").first().waitFor({ timeout: PATIENCE_MS });
  await runCommand(page, "Problems: Focus on Problems View");
  await page.locator(".markers-panel .monaco-list-row", { hasText: "exec-form" }).waitFor();
  await toImage(page);
  await settle(page);
  await shoot(page, `findings-${theme}`);

  await page.keyboard.press("ControlOrMeta+j");
  await toImage(page);
  await page.keyboard.press("ControlOrMeta+.");
  await page.locator(".action-widget .monaco-list-row", { hasText: "digest" }).first().waitFor();
  await settle(page);
  await shoot(page, `lightbulb-${theme}`);
  await page.keyboard.press("Escape");

  if (theme !== "dark") return;
  await page.locator("#status\\.languageStatus").hover();
  await page.locator(".hover-language-status", { hasText: "warnings" }).waitFor();
  await settle(page);
  await shoot(page, `status-${theme}`);
}

await buildAll();
await mkdir(folder, { recursive: true });
for (const theme of ["dark", "light"] as const) await shootAll(theme);
