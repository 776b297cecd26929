/** A real workbench to take pictures of: how it is set up, and what a person does in it. */
import { join } from "node:path";
import { openBrowser, type OpenBrowser, type Page } from "../browser.ts";
import { startWorkbench, type Workbench, type WorkbenchOptions } from "../editor.ts";

export type Theme = "dark" | "light" | "high-contrast" | "high-contrast-light";

export const THEMES: Readonly<Record<Theme, string>> = {
  dark: "Default Dark Modern",
  light: "Default Light Modern",
  "high-contrast": "Default High Contrast",
  "high-contrast-light": "Default High Contrast Light",
};
const SETTINGS = {
  "editor.fontFamily": "'JetBrains Mono', monospace",
  "editor.fontSize": 14,
  "editor.minimap.enabled": false,
  "editor.cursorBlinking": "solid",
  "workbench.statusBar.visible": true,
  // A browser without a graphics card draws terminals too large otherwise.
  "terminal.integrated.gpuAcceleration": "off",
  "terminal.integrated.fontSize": 12,
  "workbench.enableExperiments": false,
  "window.commandCenter": false,
  "breadcrumbs.enabled": false,
  "editor.occurrencesHighlight": "off",
  "files.autoSave": "off",
  "window.title": "${activeEditorShort}${separator}${rootName}",
};
export const PATIENCE_MS = 30_000;
const root = join(import.meta.dirname, "..", "..");
/** Where the pictures are kept. */
export const PICTURES = join(root, "media", "screenshots");

/** How one group of pictures is taken. */
export type Shoot = (theme: Theme) => Promise<void>;

export interface Scene extends AsyncDisposable {
  readonly page: Page;
}

interface SceneOptions extends Pick<WorkbenchOptions, "folder" | "file" | "env" | "settings"> {
  readonly theme: Theme;
  /** Another one in place of ours. */
  readonly extension?: string;
}

export async function openScene({ theme, settings, ...options }: SceneOptions): Promise<Scene> {
  const workbench: Workbench = await startWorkbench({
    extension: root,
    ...options,
    settings: { ...SETTINGS, ...settings, "workbench.colorTheme": THEMES[theme] },
  });
  let browser: OpenBrowser | undefined;
  try {
    browser = await openBrowser({ scale: 2 });
    const { page } = browser;
    await page.goto(workbench.url);
    return {
      page,
      async [Symbol.asyncDispose]() {
        await browser?.[Symbol.asyncDispose]();
        await workbench.stop();
      },
    };
  } catch (error) {
    await browser?.[Symbol.asyncDispose]();
    await workbench.stop();
    throw error;
  }
}

const TRIES = 4;

/** The command with exactly this label in the palette. What it asks for may come into the box that the label was typed into. */
export async function runCommand(page: Page, name: string): Promise<void> {
  const palette = page.locator(".quick-input-widget:visible input[placeholder^='Type the name of a command']");
  // Another command may stand first that has all of the letters too, or the whole label and more.
  const label = page.locator(".label-name").getByText(name, { exact: true });
  const row = page.locator(".quick-input-list .monaco-list-row", { has: label }).first();
  // As a person does who finds no such command: one that the palette did not have when it opened does not come into it later.
  for (let tries = 1; ; tries += 1) {
    try {
      await page.keyboard.press("F1");
      await palette.fill(`>${name}`, { timeout: PATIENCE_MS / TRIES });
      await row.click({ timeout: PATIENCE_MS / TRIES });
      break;
    } catch (error) {
      if (tries === TRIES) throw error;
      await page.keyboard.press("Escape");
    }
  }
  await palette.waitFor({ state: "hidden" });
}

/** Lets colours, squiggles and menus come to rest: nothing in the page says when they have. */
export const settle = (page: Page): Promise<void> => page.waitForTimeout(1_500);

export const shoot = (page: Page, name: string): Promise<Buffer> =>
  page.screenshot({ path: join(PICTURES, `${name}.png`), animations: "disabled" });
