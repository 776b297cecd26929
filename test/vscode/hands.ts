/** What a person does in the workbench and a suite inside it cannot: keys, menus, looking. */
import type { Frame, Page } from "../../scripts/browser.ts";

export type Hands = Readonly<Record<string, (word: string) => Promise<unknown>>>;

const PATIENCE_MS = 15_000;
const TRIES = 5;
const MENU = ".action-widget .monaco-list";
const BULB = ".editor-instance .lightBulbWidget, .editor-instance [class*='codicon-gutter-lightbulb']";

export const hands = (page: Page): Hands => {
  const rows = page.locator(`${MENU} .monaco-list-row.action`);
  const quickRows = page.locator(".quick-input-widget:visible .quick-input-list .monaco-list-row");
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
  /** A page of an extension is in a frame of its own; those that are hidden have none. */
  const frameWith = async (words: string): Promise<Frame> => {
    for (const deadline = Date.now() + PATIENCE_MS; ; ) {
      for (const frame of page.frames().slice(1)) {
        const text = await frame.innerText("body", { timeout: PATIENCE_MS / TRIES }).catch(() => "");
        if (text.includes(words)) return frame;
      }
      if (Date.now() > deadline) throw new Error(`no page says ${words}`);
      await page.waitForTimeout(200);
    }
  };
  const pick = async (words: string): Promise<void> => {
    const row = quickRows.filter({ hasText: words }).first();
    await row.click({ timeout: PATIENCE_MS });
    await row.waitFor({ state: "hidden", timeout: PATIENCE_MS });
  };
  return {
    /** True as soon as the lightbulb shows. A person who sees none moves the cursor; here it comes back to where it was. */
    async lightbulb() {
      const bulb = page.locator(BULB).filter({ visible: true }).first();
      for (let tries = 1; ; tries += 1) {
        try {
          await bulb.waitFor({ timeout: PATIENCE_MS / TRIES });
          return true;
        } catch (error) {
          if (tries === TRIES) throw error;
          await page.keyboard.press("ArrowRight");
          await page.keyboard.press("ArrowLeft");
        }
      }
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

    /** The rows of the list that is asked to choose from. */
    async pickRows() {
      await quickRows.first().waitFor({ timeout: PATIENCE_MS });
      return quickRows.allInnerTexts();
    },

    /** Chooses the row with these words. */
    pick,

    /** The same in a list that is longer than what shows of it: types the words first. */
    async search(words) {
      await page.locator(".quick-input-widget:visible .quick-input-box input").fill(words, { timeout: PATIENCE_MS });
      await pick(words);
    },

    /** Presses Enter on the list as it is. */
    async accept() {
      await quickRows.first().waitFor({ timeout: PATIENCE_MS });
      const [first = ""] = await quickRows.allInnerTexts();
      await page.keyboard.press("Enter");
      await quickRows.filter({ hasText: first }).first().waitFor({ state: "hidden", timeout: PATIENCE_MS });
    },

    /** Writes into the box that asks for a text; what is asked next comes into the same box. */
    async answer(word) {
      const input = page.locator(".quick-input-widget:visible .quick-input-box input");
      await input.waitFor({ timeout: PATIENCE_MS });
      await input.fill(word);
      await page.keyboard.press("Enter");
      const deadline = Date.now() + PATIENCE_MS;
      // Briefly: a box that has gone meanwhile has no value, and what it led to may be a message that goes, too.
      const isTaken = async (): Promise<boolean> =>
        !(await input.isVisible()) || (await input.inputValue({ timeout: 500 }).catch(() => "")) !== word;
      while (!(await isTaken())) {
        if (Date.now() > deadline) throw new Error(`${word} was not taken`);
        await page.waitForTimeout(50);
      }
    },

    /** What is shown of the tokens and scopes at the cursor; nothing while that is not there yet. */
    async inspected() {
      const widget = page.locator(".token-inspect-widget");
      await widget.waitFor({ timeout: 2_000 }).catch(() => {});
      return (await widget.isVisible()) ? widget.innerText() : "";
    },

    /** Reads the modal and presses the button. */
    async dialog(button) {
      const box = page.locator(".monaco-dialog-box");
      await box.waitFor({ timeout: PATIENCE_MS });
      const text = await box.innerText();
      await box.getByRole("button", { name: button, exact: true }).click({ timeout: PATIENCE_MS });
      return text;
    },

    /** The labels the palette has for these words, one of ours among them. */
    async palette(words) {
      await page.keyboard.press("F1");
      const input = page.locator(".quick-input-widget:visible input[placeholder^='Type the name of a command']");
      await input.fill(`>${words}`, { timeout: PATIENCE_MS });
      await quickRows.filter({ hasText: "Dockwright:" }).first().waitFor({ timeout: PATIENCE_MS });
      const labels = await quickRows.locator(".label-name").allInnerTexts();
      await page.keyboard.press("Escape");
      return labels;
    },

    /** What stands in the title of the editor, of what matches. */
    async titleActions(pattern) {
      const actions = page.locator(".editor-actions .action-label");
      await actions.first().waitFor({ timeout: PATIENCE_MS });
      const labels = await actions.evaluateAll((all) => all.map((each) => each.getAttribute("aria-label") ?? ""));
      return labels.filter((label) => new RegExp(pattern).test(label));
    },

    /** The text of the page that an extension shows and that has these words. */
    async pageText(words) {
      return (await frameWith(words)).innerText("body");
    },

    /** Follows the link with these words in a page that an extension shows. */
    async follow(words) {
      await (await frameWith(words)).locator("a", { hasText: words }).first().click({ timeout: PATIENCE_MS });
    },

    /** Presses the button that screen readers know by this name, in a page that an extension shows. */
    async pageButton(name) {
      for (const deadline = Date.now() + PATIENCE_MS; ; ) {
        for (const frame of page.frames().slice(1)) {
          const button = frame.getByRole("button", { name, exact: true }).first();
          if (await button.isVisible().catch(() => false)) return button.click({ timeout: PATIENCE_MS });
        }
        if (Date.now() > deadline) throw new Error(`no page has a button ${name}`);
        await page.waitForTimeout(100);
      }
    },

    /** What the notifications say that show. */
    async notifications() {
      return page.locator(".notification-list-item-message:visible").allInnerTexts();
    },

    /** Presses the button with this name in a notification that shows. */
    async notificationButton(name) {
      const button = page.locator(".notification-list-item:visible").getByRole("button", { name, exact: true });
      await button.first().click({ timeout: PATIENCE_MS });
    },

    /** The rows of the view with this title. */
    async treeRows(title) {
      const pane = page.locator(".pane", { has: page.locator(".pane-header", { hasText: title }) });
      const lines = pane.locator(".monaco-list-row");
      await lines.first().waitFor({ timeout: PATIENCE_MS });
      return (await lines.allInnerTexts()).map((text) => text.replaceAll("\n", " "));
    },

    /** What the rows of the view Layers say to screen readers, as far as they are drawn. */
    async layerRows() {
      const rows = (await layersPage(page)).locator(".row");
      await rows.first().waitFor({ timeout: PATIENCE_MS });
      return rows.evaluateAll((all) => all.map((row) => row.getAttribute("aria-label")));
    },

    /** Clicks the row that begins with these words, or its twistie where they begin with `+`. */
    async layerClick(words) {
      const row = (await layersPage(page)).locator(`.row[aria-label^="${words.replace(/^\+/, "")}"]`).first();
      await (words.startsWith("+") ? row.locator(".twistie") : row).click({ timeout: PATIENCE_MS });
    },

    /** The row that is selected, once it begins with these words. */
    async layerSelected(words) {
      const row = (await layersPage(page)).locator(`.row.active[aria-label^="${words}"]`);
      await row.waitFor({ timeout: PATIENCE_MS });
      return row.getAttribute("aria-label");
    },

    /** The element of the view Layers with this text, once it is there. */
    async layerText(text) {
      const frame = await layersPage(page);
      const found = frame.getByText(text).filter({ visible: true }).first();
      try {
        await found.waitFor({ timeout: PATIENCE_MS });
      } catch {
        throw new Error(`${text} is not there: ${await frame.locator("body").innerText()}`);
      }
      return found.innerText();
    },

    async layerButton(name) {
      await (await layersPage(page)).getByRole("button", { name }).first().click({ timeout: PATIENCE_MS });
    },

    /** Turns the wheel over the rows; gives what was seen meanwhile: frames, places without a row, rows that were still being read. */
    async layerWheel(turns) {
      const list = (await layersPage(page)).locator(".list");
      await list.scrollIntoViewIfNeeded();
      const box = await list.boundingBox();
      if (!box) throw new Error("the rows are not to be seen");
      await page.mouse.move(box.x + box.width / 2, box.y + Math.min(60, box.height / 2));
      const seen = list.evaluate(watchRows, Number(turns) * WHEEL_MS);
      for (let turn = 0; turn < Number(turns); turn += 1) {
        await page.mouse.wheel(0, 500);
        await page.waitForTimeout(WHEEL_MS);
      }
      return seen;
    },

    /** Presses a key on the rows. */
    async layerKey(key) {
      await (await layersPage(page)).locator(".list").press(key, { timeout: PATIENCE_MS });
    },

    async layerSearch(words) {
      await (await layersPage(page)).locator("input[type='search']").fill(words, { timeout: PATIENCE_MS });
    },

    /** Clicks the row of a view of ours that has these words. */
    async clickRow(words) {
      await page.locator(".sidebar .pane .monaco-list-row", { hasText: words }).first().click({ timeout: PATIENCE_MS });
    },

    /** Presses Trust on the page of VS Code that is open for it. */
    async trust() {
      const trust = page.locator(".workspace-trust-editor");
      await trust.getByRole("button", { name: "Trust", exact: true }).click({ timeout: PATIENCE_MS });
    },
  };
};

const WHEEL_MS = 20;

interface Seen {
  readonly frames: number;
  readonly blank: number;
  readonly waiting: number;
}

/** In the page: looks at each frame, every half line. What is handed over is an element, whose types are the page's. */
// oxlint-disable-next-line typescript/no-explicit-any -- there are no types of a page here
const watchRows = (list: any, ms: number): Promise<Seen> =>
  new Promise((resolve) => {
    const { document: page, innerHeight: height, requestAnimationFrame: next } = list.ownerDocument.defaultView;
    const began = performance.now();
    const seen = { frames: 0, blank: 0, waiting: 0 };
    const look = (): void => {
      if (performance.now() - began > ms) return resolve(seen);
      seen.frames += 1;
      const { top, bottom, left, width } = list.getBoundingClientRect();
      for (let y = top + 3; y < Math.min(bottom, height) - 3; y += 11) {
        const row = page.elementFromPoint(left + width / 2, y)?.closest(".row");
        if (!row) seen.blank += 1;
        else if (row.classList.contains("waiting")) seen.waiting += 1;
      }
      next(look);
    };
    next(look);
  });

/** There may be other webviews. */
async function layersPage(page: Page): Promise<ReturnType<Page["frames"]>[number]> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    for (const frame of page.frames())
      if (
        (await frame
          .locator(".list[role='treegrid']")
          .count()
          .catch(() => 0)) > 0
      )
        return frame;
    if (Date.now() > deadline) throw new Error("the view Layers is not there");
    await page.waitForTimeout(100);
  }
}
