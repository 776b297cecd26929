/** The page of *Convert to Multi-Stage* for those who look, those who listen and those who have a keyboard only. */
import assert from "node:assert/strict";
import type { Shown } from "../../client/src/views/multi-stage/messages.ts";
import type { Page } from "../../scripts/browser.ts";
import type { Staged } from "./multi-stage-host.ts";

declare const staged: Staged;

const SHOWN: Shown = {
  ...{ name: "Dockerfile", ecosystem: "Go", stages: 2, restricted: false, chosen: [] },
  decisions: [
    {
      ...{ id: "base", what: "the last stage is built on debian:trixie-slim", why: "it is the same" },
      ...{ doubtful: false, alternatives: [] },
    },
    {
      ...{ id: "user", what: "the image runs as <b>10001</b>", why: "nothing needs root", doubtful: true },
      alternatives: [
        { id: "root", label: "keep running as root" },
        { id: "other", label: "another account" },
      ],
    },
  ],
  dropped: [{ text: "RUN rm -rf /tmp/<i>x</i>", why: "what it removes is not copied" }],
};

async function show(page: Page, own: Partial<Shown> = {}): Promise<void> {
  // The page listens longer than this does: when it is told here, the page has drawn.
  await page.evaluate(
    (shown) =>
      new Promise<void>((drawn) => {
        addEventListener("message", () => drawn(), { once: true });
        staged.tell({ kind: "shown", shown });
      }),
    { ...SHOWN, ...own },
  );
}

const lastSent = (page: Page): Promise<unknown> => page.evaluate(() => staged.sent.at(-1));
const violations = (page: Page): Promise<readonly string[]> => page.evaluate(() => staged.violations.splice(0));
const focused = (page: Page): Promise<string | undefined> =>
  page.evaluate(
    () => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent ?? undefined,
  );

export const MULTI_STAGE_TESTS: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  async "multi-stage: it asks for what to show, and texts are no markup"(page) {
    assert.deepEqual(await lastSent(page), { kind: "ready" });
    await show(page);
    assert.equal(await page.locator("main b, main i").count(), 0);
    assert.equal(await page.locator("h1").innerText(), "Dockerfile in 2 stages");
    assert.equal(await page.locator("pre").innerText(), "RUN rm -rf /tmp/<i>x</i>");
    assert.deepEqual(await page.locator("h2").allInnerTexts(), ["To look over (1)", "Decided (1)", "Left out (1)"]);
  },

  async "multi-stage: what is doubtful is said in words, to those who listen as well"(page) {
    await show(page);
    const group = page.getByRole("group", { name: "Doubtful The image runs as <b>10001</b>." });
    assert.match(await group.innerText(), /Why: nothing needs root\./);
    assert.equal(await page.getByRole("group").count(), 2);
    await page.evaluate(() => staged.tell({ kind: "said", text: "The preview is up to date" }));
    await page.getByRole("status").filter({ hasText: "up to date" }).waitFor();
  },

  async "multi-stage: all of it can be done with a keyboard, and what was chosen keeps its place"(page) {
    await show(page);
    assert.equal(await focused(page), "Dockerfile in 2 stages");
    const order: (string | undefined)[] = [];
    for (let presses = 0; presses < 6; presses += 1) {
      await page.keyboard.press("Tab");
      order.push(await focused(page));
    }
    assert.deepEqual(order, [
      "Apply",
      "Verify: build and run both",
      "Show Difference",
      "Cancel",
      "Instead: keep running as root",
      "Instead: another account",
    ]);
    await page.keyboard.press("Enter");
    assert.deepEqual(await lastSent(page), { kind: "choose", decision: "user", alternative: "other" });
    await show(page, {
      decisions: SHOWN.decisions.slice(0, 1),
      chosen: [{ decision: "user", label: "another account" }],
    });
    assert.equal(await focused(page), "Another account.");
    await page.keyboard.press("Tab");
    assert.equal(await focused(page), "Undo My Choice");
    await page.keyboard.press("Space");
    assert.deepEqual(await lastSent(page), { kind: "reset", decision: "user" });
    for (const [button, kind] of [
      ["Apply", "apply"],
      ["Verify: build and run both", "verify"],
      ["Show Difference", "difference"],
      ["Cancel", "cancel"],
    ] as const) {
      await page.getByRole("button", { name: button, exact: true }).press("Enter");
      assert.deepEqual(await lastSent(page), { kind });
    }
  },

  async "multi-stage: nothing is built in Restricted Mode, and it says what that costs"(page) {
    await show(page, { restricted: true });
    assert.equal(await page.getByRole("button", { name: /^Verify/ }).count(), 0);
    assert.match(await page.locator("header").innerText(), /not read in Restricted Mode/);
    await page.getByRole("button", { name: "Manage Workspace Trust" }).click();
    assert.deepEqual(await lastSent(page), { kind: "trust" });
  },

  async "multi-stage: what comes from nowhere it may come from is refused, and nothing is wider than the page"(page) {
    await show(page, { dropped: [{ text: `RUN ${"x".repeat(400)}`, why: "it is long" }] });
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 300, `${width} pixels`);
    await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "document.title = 'changed'";
      document.body.append(script);
      document.body.setAttribute("style", "display: none");
    });
    await page.waitForFunction(() => staged.violations.length === 2);
    assert.equal(await page.title(), "Convert to Multi-Stage");
    assert.ok(await page.locator("h1").isVisible());
    await violations(page);
  },
};
