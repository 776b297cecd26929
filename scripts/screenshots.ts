/** `npm run screenshots`: what a person sees on examples/node/Dockerfile and examples/stack/compose.yaml, as pictures in media/screenshots. */
import { cp, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openBrowser, type Page } from "./browser.ts";
import { buildAll } from "./build.ts";
import { startWorkbench } from "./editor.ts";
import { linesOf } from "../server/src/core/text/lines.ts";

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
  "files.autoSave": "off",
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

/** The examples, where what is typed is nobody's loss; called as they are, since pictures show the name. */
const work = await mkdtemp(join(tmpdir(), "dockwright-screenshots-"));
const examples = join(work, "examples");

const openExample = (theme: Theme, ...path: readonly string[]): ReturnType<typeof startWorkbench> =>
  startWorkbench({
    extension: root,
    folder: examples,
    file: join(examples, ...path),
    settings: { ...SETTINGS, "workbench.colorTheme": THEMES[theme] },
  });

async function shootDockerfile(theme: Theme): Promise<void> {
  await using workbench = await openExample(theme, "node", "Dockerfile");
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

/** Puts the cursor behind the first occurrence of some words of a file, by Go to Line. */
async function goBehind(page: Page, text: string, words: string): Promise<void> {
  const { line, column } = linesOf(text).position(text.indexOf(words) + words.length);
  await page.keyboard.press("Control+g");
  const input = page.locator(".quick-input-widget input");
  await input.waitFor();
  await page.keyboard.type(`${line + 1}:${column + 1}`);
  await page.keyboard.press("Enter");
  await input.waitFor({ state: "hidden" });
  await page.locator(".monaco-editor.focused").first().waitFor();
}

async function shootCompose(theme: Theme): Promise<void> {
  const text = await readFile(join(examples, "stack", "compose.yaml"), "utf8");
  await using workbench = await openExample(theme, "stack", "compose.yaml");
  await using browser = await openBrowser({ scale: 2 });
  const { page } = browser;
  await page.goto(workbench.url);
  await page.locator(".squiggly-error").first().waitFor({ timeout: PATIENCE_MS });
  await goBehind(page, text, "    privileged");
  await page.keyboard.press("ControlOrMeta+.");
  await page.locator(".action-widget .monaco-list-row", { hasText: "privileged" }).first().waitFor();
  await settle(page);
  await shoot(page, `compose-fix-${theme}`);
  await page.keyboard.press("Escape");

  await goBehind(page, text, "LOG_LEVEL:-");
  await runCommand(page, "Show or Focus Hover");
  await page.locator(".monaco-hover", { hasText: "LOG_LEVEL" }).first().waitFor();
  await settle(page);
  await shoot(page, `compose-hover-${theme}`);
  await page.keyboard.press("Escape");

  await goBehind(page, text, "image: redis");
  await page.keyboard.press("Enter");
  await page.keyboard.type("hea", { delay: 100 });
  await page.keyboard.press("Control+Space");
  await page.locator(".suggest-widget.visible .monaco-list-row", { hasText: "healthcheck" }).first().waitFor();
  // Once more: what it means beside it.
  await page.keyboard.press("Control+Space");
  await settle(page);
  await shoot(page, `compose-completion-${theme}`);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await runCommand(page, "File: Revert File");

  await goBehind(page, text, "      - data");
  await page.keyboard.press("F2");
  const rename = page.locator(".rename-box input");
  await rename.waitFor();
  await rename.fill("records-database");
  await settle(page);
  await page.keyboard.press("ControlOrMeta+Enter");
  await page.locator(".bulk-edit-panel .monaco-list-row").first().waitFor();
  await settle(page);
  await shoot(page, `compose-rename-${theme}`);
}

await buildAll();
await mkdir(folder, { recursive: true });
try {
  await cp(join(root, "examples"), examples, { recursive: true });
  for (const theme of ["dark", "light"] as const) {
    await shootDockerfile(theme);
    await shootCompose(theme);
  }
} finally {
  await rm(work, { recursive: true, force: true });
}
