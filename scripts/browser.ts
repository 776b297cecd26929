/** Headless Chromium on a workbench; the only importer of playwright-core. */
import { type Browser, chromium as playwright, type Page } from "playwright-core";
import { chromium } from "./setup/chromium.ts";

export type { Frame, Locator, Page } from "playwright-core";

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface OpenBrowser extends AsyncDisposable {
  readonly page: Page;
}

/** A browser with one empty page. `scale` 2 gives pictures for dense screens. */
export async function openBrowser({
  size = { width: 1280, height: 800 },
  scale = 1,
}: {
  size?: Size;
  scale?: number;
} = {}): Promise<OpenBrowser> {
  const { executable, env } = await chromium();
  const browser: Browser = await playwright.launch({
    executablePath: executable,
    env: { ...definedOf(process.env), ...env },
    // Root has no sandbox to give; what is opened is our own page on a loopback port.
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  });
  const page = await browser.newPage({ viewport: size, deviceScaleFactor: scale });
  return { page, [Symbol.asyncDispose]: () => browser.close() };
}

const definedOf = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
