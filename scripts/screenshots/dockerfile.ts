/** What is found in examples/node/Dockerfile, what helps, and what the status says. */
import { join } from "node:path";
import type { Page } from "../browser.ts";
import { openScene, PATIENCE_MS, runCommand, settle, type Shoot, shoot } from "./workbench.ts";

/** Puts the cursor on the image of the first FROM; by force, for the cursor may be there already and take the click. */
async function toImage(page: Page): Promise<void> {
  await page.locator(".view-line", { hasText: "node:latest" }).locator("span > span").last().click({ force: true });
}

/** @param examples a copy of the examples */
export const dockerfilePictures =
  (examples: string): Shoot =>
  async (theme) => {
    await using scene = await openScene({ theme, folder: examples, file: join(examples, "node", "Dockerfile") });
    const { page } = scene;
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
  };
