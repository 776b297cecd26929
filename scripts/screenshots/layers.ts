/** What the view *Layers* looks like: of an image beside its Dockerfile, compared with the build before, in a narrow side bar. */
import { join } from "node:path";
import type { Page } from "../browser.ts";
import type { LayersProject } from "./layers-project.ts";
import { openScene, PATIENCE_MS, runCommand, settle, type Theme, shoot } from "./workbench.ts";

/** The page of the panel is in two frames, one in the other. */
type Panel = ReturnType<ReturnType<Page["frameLocator"]>["frameLocator"]>;

const READ_MS = 60_000;
const SIDE_BAR = 380;
/** As narrow as VS Code makes it. */
const NARROW = 170;
const OTHERS = ["Findings", "SBOMs", "Signatures"];

export async function layerPictures(project: LayersProject, theme: Theme): Promise<void> {
  const { env, folder, image } = project;
  await using scene = await openScene({ theme, env, folder, file: join(folder, "Dockerfile") });
  const { page } = scene;
  await page.locator("#status\\.languageStatus").waitFor({ timeout: PATIENCE_MS });
  await project.build();
  await runCommand(page, "Dockwright: Show Layers of…");
  const row = page
    .locator(".quick-input-widget:visible .quick-input-list .monaco-list-row", { hasText: image })
    .first();
  await row.click({ timeout: PATIENCE_MS });
  const panel = page.frameLocator("iframe.webview").frameLocator("#active-frame");
  await panel.locator(".facts.wasted").waitFor({ timeout: READ_MS });
  await alone(page);
  await drawTo(page, SIDE_BAR);
  await expand(panel, "RUN apt-get");
  await panel.locator(".row.layer", { hasText: "COPY" }).first().click();
  await take(page, `layers-${theme}`);

  await expand(panel, "RUN apt-get");
  await project.buildChanged();
  await runCommand(page, "Dockwright: Refresh Layers");
  await panel.locator(".facts.wasted").waitFor({ timeout: READ_MS });
  await runCommand(page, "Dockwright: Compare Layers with Last Build");
  await panel.locator(".since", { hasText: "against the last build" }).waitFor({ timeout: READ_MS });
  await panel.locator(".suggestions summary").click();
  await expand(panel, "Files that came");
  await panel.locator(".list").press("End");
  await take(page, `layers-compared-${theme}`);
  await drawTo(page, NARROW);
  await panel.locator(".list").press("Home");
  await take(page, `layers-narrow-${theme}`);
}

async function take(page: Page, name: string): Promise<void> {
  await runCommand(page, "Notifications: Clear All Notifications");
  await page.mouse.move(900, 10);
  await settle(page);
  await shoot(page, name);
  console.log(name);
}

async function expand(panel: Panel, ...rows: readonly string[]): Promise<void> {
  for (const words of rows) {
    const row = panel.locator(".row", { hasText: words }).first();
    await row.locator(".twistie").click({ timeout: PATIENCE_MS });
    await panel.locator(".row.waiting").first().waitFor({ state: "detached" });
  }
}

/** Closes the views below. */
async function alone(page: Page): Promise<void> {
  for (const title of OTHERS) {
    const header = page.locator(".sidebar .pane-header", { hasText: title }).first();
    if ((await header.getAttribute("aria-expanded")) === "true") await header.click();
  }
}

/** Draws the edge of the side bar. */
async function drawTo(page: Page, width: number): Promise<void> {
  const box = await page.locator(".part.sidebar").boundingBox();
  if (!box) throw new Error("the side bar is closed");
  const [edge, middle] = [box.x + box.width, box.y + box.height / 2];
  await page.mouse.move(edge, middle);
  await page.mouse.down();
  await page.mouse.move(edge + 5, middle);
  await page.mouse.move(box.x + width, middle, { steps: 5 });
  await page.mouse.up();
}
