/** What is found in examples/stack/compose.yaml, what is known of it, and what is done with it. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { linesOf } from "../../server/src/core/text/lines.ts";
import type { Page } from "../browser.ts";
import { openScene, PATIENCE_MS, runCommand, settle, type Shoot, shoot } from "./workbench.ts";

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

/** @param examples a copy of the examples */
export const composePictures =
  (examples: string): Shoot =>
  async (theme) => {
    const file = join(examples, "stack", "compose.yaml");
    const text = await readFile(file, "utf8");
    await using scene = await openScene({ theme, folder: examples, file });
    const { page } = scene;
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
  };
