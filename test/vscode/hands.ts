/** What a person does in the workbench and a suite inside it cannot: keys, menus, looking. */
import type { Page } from "../../scripts/browser.ts";

export type Hands = Readonly<Record<string, (word: string) => Promise<unknown>>>;

const PATIENCE_MS = 15_000;
const TRIES = 5;
const MENU = ".action-widget .monaco-list";
const BULB = ".editor-instance .lightBulbWidget, .editor-instance [class*='codicon-gutter-lightbulb']";

export const hands = (page: Page): Hands => {
  const rows = page.locator(`${MENU} .monaco-list-row.action`);
  // As a person does who sees no menu: the editor may not have had the focus yet.
  const openMenu = async (): Promise<void> => {
    for (let tries = 1; ; tries += 1) {
      await page.keyboard.press("ControlOrMeta+.");
      try {
        return await rows.first().waitFor({ timeout: PATIENCE_MS / TRIES });
      } catch (error) {
        if (tries === TRIES) throw error;
        await page.keyboard.press("Escape");
      }
    }
  };
  return {
    /** True as soon as the lightbulb shows. */
    async lightbulb() {
      await page.locator(BULB).first().waitFor({ timeout: PATIENCE_MS });
      return true;
    },

    /** Presses Ctrl+. and gives the rows of the menu. */
    async quickFixMenu() {
      await openMenu();
      const texts = await rows.allInnerTexts();
      await page.keyboard.press("Escape");
      return texts.map((text) => text.trim());
    },

    /** Presses Ctrl+. and clicks the row. */
    async choose(title) {
      await openMenu();
      await rows.filter({ hasText: title }).first().click({ timeout: PATIENCE_MS });
    },

    /** Presses Trust on the page of VS Code that is open for it. */
    async trust() {
      const trust = page.locator(".workspace-trust-editor");
      await trust.getByRole("button", { name: "Trust", exact: true }).click({ timeout: PATIENCE_MS });
    },
  };
};
