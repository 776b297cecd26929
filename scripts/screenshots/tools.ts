/** What building, scanning, SBOMs, the check of reproducibility and CI files look like, with the real tools. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "../browser.ts";
import type { Tools } from "./tools-here.ts";
import { openScene, PATIENCE_MS, runCommand, settle, type Shoot, shoot } from "./workbench.ts";

type Locator = ReturnType<Page["locator"]>;

/** Builds, pulls and scans take longer than keys. */
const RUN_MS = 60_000;
const SIDE_BAR = 620;
const VIEWS = ["Layers", "Findings", "SBOMs", "Signatures"];

/** @param folder the projects of writeProjects @param examples a copy of the examples */
export const toolPictures =
  (tools: Tools, folder: string, examples: string): Shoot =>
  async (theme) => {
    const { env, image, hasDocker, key } = tools;
    const open = (project: string, settings = {}): ReturnType<typeof openScene> =>
      openScene({ theme, env, settings, folder: join(folder, project), file: join(folder, project, "Dockerfile") });
    if (hasDocker) {
      await inScene(open("orders"), async (page) => {
        await take(page, `build-failure-${theme}`, build);
        await take(page, `build-terminal-${theme}`, showTerminal);
      });
      await inScene(open("clock"), (page) => take(page, `reproducibility-${theme}`, check));
    }
    if (image !== undefined)
      await inScene(open("notes"), async (page) => {
        await take(page, `scan-${theme}`, () => scan(page, image));
        await take(page, `sbom-${theme}`, () => listPackages(page, image));
      });
    if (image !== undefined && key !== undefined) {
      const settings = {
        "dockwright.signing.key": `${key.prefix}.key`,
        "dockwright.signing.publicKey": `${key.prefix}.pub`,
        "dockwright.signing.transparencyLog": false,
      };
      await inScene(open("notes", settings), (page) =>
        take(page, `signatures-${theme}`, () => sign(page, image, key.password)),
      );
    }
    const go = openScene({ theme, env, folder: examples, file: join(examples, "go", "Dockerfile") });
    await inScene(go, (page) => take(page, `generate-ci-${theme}`, generateCi));
  };

async function inScene(opening: ReturnType<typeof openScene>, act: (page: Page) => Promise<void>): Promise<void> {
  await using scene = await opening;
  await act(scene.page);
}

/** Takes the picture when the page is as wanted; else one of what there is instead. */
async function take(page: Page, name: string, prepare: (page: Page) => Promise<void>): Promise<void> {
  try {
    await isReady(page);
    await prepare(page);
    // Nothing is pointed at, so that no explanation covers what is shown.
    await page.mouse.move(0, 0);
    await settle(page);
  } catch (error) {
    const path = join(tmpdir(), `${name}-failed.png`);
    await page.screenshot({ path });
    throw new Error(`${name} could not be taken, ${path} shows why`, { cause: error });
  }
  await shoot(page, name);
  console.log(name);
}

const isReady = (page: Page): Promise<void> =>
  page.locator("#status\\.languageStatus").waitFor({ timeout: PATIENCE_MS });

async function build(page: Page): Promise<void> {
  await runCommand(page, "Dockwright: Build Image");
  await page.locator(".notification-toast", { hasText: "was not built" }).first().waitFor({ timeout: RUN_MS });
  await runCommand(page, "Problems: Focus on Problems View");
  await page.locator(".markers-panel .monaco-list-row", { hasText: "failed here" }).first().waitFor();
}

async function showTerminal(page: Page): Promise<void> {
  await clearNotifications(page);
  await runCommand(page, "Terminal: Focus Terminal");
  await page.locator(".terminal-wrapper.active .xterm").waitFor({ timeout: PATIENCE_MS });
}

async function check(page: Page): Promise<void> {
  await runCommand(page, "Dockwright: Check Reproducibility");
  const report = page.frameLocator("iframe.webview").frameLocator("iframe").locator("main");
  await report.filter({ hasText: "What helps" }).waitFor({ timeout: RUN_MS });
  await clearNotifications(page);
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
  // Which leads to the line that brought it.
  await rows.filter({ hasText: "CVE-2021-23337" }).first().click();
  await page.locator("#status\\.editor\\.selection", { hasText: "Ln 2" }).waitFor({ timeout: PATIENCE_MS });
}

async function listPackages(page: Page, image: string): Promise<void> {
  await runCommand(page, "Dockwright: Generate SBOM…");
  await answer(page, image);
  await paneOf(page, "SBOMs").locator(".monaco-list-row").first().waitFor({ timeout: RUN_MS });
  await alone(page, "SBOMs");
  await expand(page, "SBOMs");
  await clearNotifications(page);
}

/** Signed, verified, and one more image that nobody signed. */
async function sign(page: Page, image: string, password: string): Promise<void> {
  await runCommand(page, "Dockwright: Sign Image…");
  await answer(page, image);
  await answer(page, password);
  await page.locator(".monaco-dialog-box").getByRole("button", { name: "Sign", exact: true }).click();
  await page.locator(".notification-toast", { hasText: "Signed" }).first().waitFor({ timeout: RUN_MS });
  await clearNotifications(page);
  for (const [each, state] of [
    [image.replace(/team\/.*$/, "team/base:1.0.0"), "No signature"],
    [image, "Signature verified"],
  ] as const) {
    await runCommand(page, "Dockwright: Verify Image…");
    await answer(page, each);
    await page.locator(".notification-toast", { hasText: state }).first().waitFor({ timeout: RUN_MS });
    await clearNotifications(page);
  }
  await runCommand(page, "Dockwright: Focus on Signatures View");
  await alone(page, "Signatures");
  await expand(page, "Signatures");
}

async function generateCi(page: Page): Promise<void> {
  await runCommand(page, "Dockwright: Generate CI Files…");
  await pick(page, "GitHub Actions");
  await rowsToPick(page).first().waitFor({ timeout: PATIENCE_MS });
  await page.keyboard.press("Enter"); // all Dockerfiles
  await answer(page, "ghcr.io/team/app");
  await pick(page, "high");
  await pick(page, "Leave placeholders");
  await page.locator(".notification-toast", { hasText: "is not written yet" }).waitFor({ timeout: PATIENCE_MS });
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
  const rows = rowsToPick(page);
  // Lists of images come a while after their box, and what is typed is offered above them.
  if ((await rows.count()) > 0) await rows.filter({ hasText: text }).first().waitFor({ timeout: PATIENCE_MS });
  await page.keyboard.press("Enter");
  await rows.filter({ hasText: text }).first().waitFor({ state: "hidden", timeout: PATIENCE_MS });
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
