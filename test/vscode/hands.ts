/** What a person does in the workbench and a suite inside it cannot: keys, menus, looking. */
import type { Page } from "../../scripts/browser.ts";

export type Hands = Readonly<Record<string, (word: string) => Promise<unknown>>>;

const PATIENCE_MS = 15_000;
const MENU = ".action-widget .monaco-list";
const BULB = ".editor-instance .lightBulbWidget, .editor-instance [class*='codicon-gutter-lightbulb']";

export const hands = (page: Page): Hands => {
  const rows = page.locator(`${MENU} .monaco-list-row.action`);
  const openMenu = async (): Promise<void> => {
    await page.keyboard.press("ControlOrMeta+.");
    await rows.first().waitFor({ timeout: PATIENCE_MS });
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

    /** Trusts the workspace on the page that VS Code has for it. */
    async trust() {
      await page.keyboard.press("F1");
      await page.keyboard.type("Workspaces: Manage Workspace Trust");
      await page.keyboard.press("Enter");
      await page
        .locator(".workspace-trust-editor")
        .getByRole("button", { name: "Trust", exact: true })
        .click({ timeout: PATIENCE_MS });
      await page.keyboard.press("ControlOrMeta+F4");
    },
  };
};
