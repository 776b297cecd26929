/** What a person does in the workbench and a suite inside it cannot: keys, menus, looking. */
import type { Page } from "../../scripts/browser.ts";

export type Hands = Readonly<Record<string, () => Promise<unknown>>>;

const MENU_ROWS = ".action-widget .monaco-list-row.action";
const PATIENCE_MS = 15_000;

export const hands = (page: Page): Hands => ({
  /** Presses Ctrl+. and gives the rows of the menu. */
  async quickFixMenu() {
    await page.keyboard.press("ControlOrMeta+.");
    await page.locator(MENU_ROWS).first().waitFor({ timeout: PATIENCE_MS });
    const rows = await page.locator(MENU_ROWS).allInnerTexts();
    await page.keyboard.press("Escape");
    return rows.map((row) => row.trim());
  },
  /** True when the lightbulb shows. */
  async lightbulb() {
    const bulb = page.locator("[class*=codicon-light-bulb], [class*=codicon-lightbulb], [class*=codicon-gutter-lightbulb]").first();
    await bulb.waitFor({ timeout: PATIENCE_MS });
    return bulb.isVisible();
  },
});
