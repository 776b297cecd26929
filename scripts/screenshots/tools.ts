/** What building, scanning, SBOMs, the check of reproducibility and CI files look like, with the real tools. */
import { join } from "node:path";
import type { Page } from "../browser.ts";
import type { Tools } from "./tools-here.ts";
import { openScene, PATIENCE_MS, runCommand, settle, type Shoot, shoot } from "./workbench.ts";

type Locator = ReturnType<Page["locator"]>;

/** Builds, pulls and scans take longer than keys. */
const RUN_MS = 120_000;
const SIDE_BAR = 620;
const VIEWS = ["Findings", "SBOMs", "Signatures"];

/** @param folder the projects that toolsHere wrote @param examples a copy of the examples */
export const toolPictures =
  (tools: Tools, folder: string, examples: string): Shoot =>
  async (theme) => {
    const { env, image, hasDocker } = tools;
    const open = (project: string): ReturnType<typeof openScene> =>
      openScene({ theme, env, folder: join(folder, project), file: join(folder, project, "Dockerfile") });
    if (hasDocker) {
      await using failing = await open("failing");
      await isReady(failing.page);
      await build(failing.page);
      await shoot(failing.page, `build-failure-${theme}`);
      await using clock = await open("clock");
      await isReady(clock.page);
      await check(clock.page);
      await shoot(clock.page, `reproducibility-${theme}`);
    }
    if (image !== undefined) {
      await using notes = await open("notes");
      const { page } = notes;
      await isReady(page);
      await scan(page, image);
      await shoot(page, `scan-${theme}`);
      await listPackages(page, image);
      await shoot(page, `sbom-${theme}`);
    }
    await using project = await openScene({ theme, env, folder: examples, file: join(examples, "go", "Dockerfile") });
    await isReady(project.page);
    await generateCi(project.page);
    await shoot(project.page, `generate-ci-${theme}`);
  };

const isReady = (page: Page): Promise<void> =>
  page.locator("#status\\.languageStatus").waitFor({ timeout: PATIENCE_MS });

async function build(page: Page): Promise<void> {
  await runCommand(page, "Dockwright: Build Image");
  await page.locator(".notification-toast", { hasText: "failed" }).first().waitFor({ timeout: RUN_MS });
  await runCommand(page, "Problems: Focus on Problems View");
  await page.locator(".markers-panel .monaco-list-row", { hasText: "failed here" }).first().waitFor();
  await settle(page);
}

async function check(page: Page): Promise<void> {
  await runCommand(page, "Dockwright: Check Reproducibility");
  await page.locator(".view-line", { hasText: "What helps" }).first().waitFor({ timeout: RUN_MS });
  await settle(page);
}

async function scan(page: Page, image: string): Promise<void> {
  await runCommand(page, "Dockwright: Scan Image");
  await answer(page, image);
  const rows = paneOf(page, "Findings").locator(".monaco-list-row");
  await rows.first().waitFor({ timeout: RUN_MS });
  await widen(page);
  await alone(page, "Findings");
  await expand(page, "Findings");
  await clearNotifications(page);
  await rows.first().click();
  await settle(page);
}

async function listPackages(page: Page, image: string): Promise<void> {
  await runCommand(page, "Dockwright: Generate SBOM");
  await answer(page, image);
  await paneOf(page, "SBOMs").locator(".monaco-list-row").first().waitFor({ timeout: RUN_MS });
  await alone(page, "SBOMs");
  await expand(page, "SBOMs");
  await clearNotifications(page);
  await paneOf(page, "SBOMs").locator(".monaco-list-row").first().hover();
  await settle(page);
}

async function generateCi(page: Page): Promise<void> {
  await runCommand(page, "Dockwright: Generate CI Files");
  await pick(page, "GitHub Actions");
  await rowsToPick(page).first().waitFor({ timeout: PATIENCE_MS });
  await page.keyboard.press("Enter"); // all Dockerfiles
  await answer(page, "ghcr.io/team/app");
  await pick(page, "high");
  await rowsToPick(page).filter({ hasText: "Write the file" }).first().waitFor({ timeout: PATIENCE_MS });
  await settle(page);
}

const rowsToPick = (page: Page): Locator =>
  page.locator(".quick-input-widget:visible .quick-input-list .monaco-list-row");

async function pick(page: Page, words: string): Promise<void> {
  const row = rowsToPick(page).filter({ hasText: words }).first();
  await row.click({ timeout: PATIENCE_MS });
  await row.waitFor({ state: "hidden" });
}

/** Into the box that asks for a text; the list below it follows what is typed. */
async function answer(page: Page, text: string): Promise<void> {
  const box = page.locator(".quick-input-widget:visible .quick-input-box input:not([placeholder^='Type the name'])");
  await box.waitFor({ timeout: PATIENCE_MS });
  await box.fill(text);
  await page.waitForTimeout(500);
  await page.keyboard.press("Enter");
}

const paneOf = (page: Page, title: string): Locator =>
  page.locator(".sidebar .pane", { has: page.locator(".pane-header", { hasText: title }) });

/** Opens one view and closes the others, as far as they are. */
async function alone(page: Page, title: string): Promise<void> {
  for (const each of VIEWS) {
    const header = paneOf(page, each).locator(".pane-header").first();
    const isOpen = (await header.getAttribute("aria-expanded")) === "true";
    if (isOpen !== (each === title)) await header.click();
  }
  await settle(page);
}

/** Opens what is closed in the tree, from above to below. */
async function expand(page: Page, title: string): Promise<void> {
  const closed = paneOf(page, title).locator(".monaco-list-row[aria-expanded='false'] .monaco-tl-twistie");
  for (let most = 50; most > 0 && (await closed.count()) > 0; most -= 1) {
    await closed.first().click();
    await page.waitForTimeout(200);
  }
}

/** Draws the edge of the side bar, as trees are read in a wide one. */
async function widen(page: Page): Promise<void> {
  const box = await page.locator(".part.sidebar").boundingBox();
  if (!box) throw new Error("the side bar is closed");
  const [edge, middle] = [box.x + box.width, box.y + box.height / 2];
  await page.mouse.move(edge, middle);
  await page.mouse.down();
  await page.mouse.move(edge + 10, middle);
  await page.mouse.move(box.x + SIDE_BAR, middle, { steps: 5 });
  await page.mouse.up();
}

const clearNotifications = (page: Page): Promise<void> => runCommand(page, "Notifications: Clear All Notifications");
