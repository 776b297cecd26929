/**
 * The pages of the view *Layers* and of *Convert to Multi-Stage* as they are built, in a real Chromium with hosts that answer as the
 * extension does. Ends in `N passed, N failed`; exits 75 when this machine can have no browser.
 */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { pageOf } from "../../client/src/views/layers/page.ts";
import { openBrowser, type Page } from "../../scripts/browser.ts";
import { buildAll } from "../../scripts/build.ts";
import { freePort } from "../../scripts/process.ts";
import { Unavailable } from "../../scripts/setup/debian.ts";
import { MULTI_STAGE_TESTS } from "./multi-stage.ts";
import type {} from "./multi-stage-host.ts";

const NOT_HERE = 75;
/** From what the extension sends to rows on the screen. */
const FIRST_PAINT_MS = 1_000;
const SCROLLED = 120_000;
const TYPES: Readonly<Record<string, string>> = { html: "text/html", js: "text/javascript", css: "text/css" };

/** Where each page is, and what plays its extension. */
const PAGES: Readonly<Record<string, { readonly title: string; readonly name: string; readonly host: string }>> = {
  "/": { title: "Layers", name: "layers", host: "host" },
  "/multi-stage": { title: "Convert to Multi-Stage", name: "multi-stage", host: "multi-stage-host" },
};

const TESTS: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  async "rows are there soon after the image is, and few of them are elements"(page) {
    const ms = await page.evaluate(async () => {
      const message = { kind: "content", content: played.content() } as const;
      const began = performance.now();
      played.tell(message);
      while (!document.querySelector(".row")) await new Promise((resolve) => setTimeout(resolve));
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      return performance.now() - began;
    });
    console.log(`first paint ${Math.round(ms)} ms after an image of 2,000 layers arrived`);
    assert.ok(ms < FIRST_PAINT_MS, `${ms} ms`);
    const rows = await page.locator(".row").count();
    assert.ok(rows > 10 && rows < 200, `${rows} rows`);
    assert.equal(await page.locator(".title").innerText(), "shop:main");
    const segments = await page.locator(".segment").count();
    assert.ok(segments > 5 && segments < 250, `${segments} segments`);
  },

  async "the base image's layers are folded, texts are no markup, and rows say all of it to screen readers"(page) {
    await show(page);
    const rows = page.locator(".row");
    assert.match((await rows.nth(1).getAttribute("aria-label")) ?? "", /^node:22, 5 layers of the base image, 100 MB$/);
    assert.equal(await rows.nth(1).getAttribute("aria-expanded"), "false");
    assert.match(
      (await rows.nth(2).getAttribute("aria-label")) ?? "",
      /^Layer 6, RUN step-5 --with <b>markup<\/b> && echo 5, line 2, 39\.6 kB, /,
    );
    assert.equal(await page.locator(".list b", { hasText: "markup" }).count(), 0);
    assert.equal(await page.locator(".list").getAttribute("role"), "treegrid");
  },

  async "a million files are scrolled by wheel without a blank row, and without one that is still being read"(page) {
    await openMany(page);
    await page.mouse.move(150, 600);
    await settled(page);
    await watched(page);
    for (let turns = 0; turns < 60; turns += 1) {
      await page.mouse.wheel(0, 600);
      await page.waitForTimeout(16);
    }
    const { frames, blank, waiting } = await watched(page);
    assert.ok(frames > 30, `${frames} frames`);
    assert.equal(blank, 0);
    // On a busy machine an answer may come a frame late.
    assert.ok(waiting < frames, `${waiting} rows were still being read in ${frames} frames`);
  },

  async "a leap over a million files shows rows at once, and what is in them as soon as the answer is there"(page) {
    await openMany(page);
    for (const share of [0.5, 0.93, 0.11, 1]) {
      await page.evaluate((to) => {
        const list = document.querySelector(".list");
        if (list) list.scrollTop = to * list.scrollHeight;
      }, share);
      await settled(page);
    }
    assert.equal((await watched(page)).blank, 0);
    const tops = await page.locator(".row").evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().top));
    assert.deepEqual(
      tops,
      tops.toSorted((a, b) => a - b),
    );
    await page.locator(".list").focus();
    await page.keyboard.press("End");
    await settled(page);
    assert.equal(await page.locator(".row.active").getAttribute("class"), "row group active");
  },

  async "answers that are late leave rows to wait in, not holes"(page) {
    await openMany(page);
    await page.evaluate(() => (played.answerMs = 700));
    await watched(page);
    await page.evaluate(() => document.querySelector(".list")?.scrollBy(0, 9_000_000));
    await page.waitForTimeout(300);
    const { blank, waiting } = await watched(page);
    assert.equal(blank, 0);
    assert.ok(waiting > 0);
    await page.locator(".row.file").first().waitFor();
  },

  async "keys: down, right, left, end, home, star, letters, enter"(page) {
    await show(page);
    const list = page.locator(".list");
    const active = page.locator(".row.active");
    const label = async (): Promise<string> => (await active.getAttribute("aria-label")) ?? "";
    await list.focus();
    assert.match(await label(), /^All files/);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    assert.equal(await active.getAttribute("aria-expanded"), "true");
    await page.keyboard.press("ArrowRight");
    assert.match(await label(), /^Layer 1, /);
    assert.equal(await active.getAttribute("aria-level"), "2");
    assert.equal(await list.getAttribute("aria-activedescendant"), await active.getAttribute("id"));
    await page.keyboard.press("ArrowLeft");
    assert.match(await label(), /^node:22/);
    await page.keyboard.press("ArrowLeft");
    assert.equal(await active.getAttribute("aria-expanded"), "false");
    await page.keyboard.press("End");
    assert.match(await label(), /^Wasted files/);
    assert.ok(await active.isVisible());
    await page.keyboard.press("ArrowUp");
    assert.match(await label(), /^Layer 2000, /);
    await page.keyboard.press("Enter");
    assert.deepEqual(await lastSent(page), { kind: "line", layer: 1999 });
    await page.keyboard.press("ArrowRight");
    await page.locator(".row.file").first().waitFor();
    await page.keyboard.press("ArrowDown");
    assert.match(await label(), /^folder srv, modified, 9\.0 MB/);
    await page.keyboard.press("u");
    assert.match(await label(), /^folder usr/);
    await page.keyboard.press("*");
    await page.locator(".row.file", { hasText: "many" }).waitFor();
    assert.equal(await page.locator(".row.file[aria-expanded='true']").count(), 2);
    await page.keyboard.press("Home");
    assert.match(await label(), /^All files/);
  },

  async "what is searched for is found over all files; leaving the search brings the layers back"(page) {
    await show(page);
    await page.locator(".search input").fill("file-0000042");
    const found = page.locator(".row.file");
    await found.first().waitFor();
    assert.match((await found.first().getAttribute("aria-label")) ?? "", /^srv\/many\/file-0000042, added, /);
    await page.locator(".search input").fill("no such");
    await page.locator(".row.note", { hasText: "No path has “no such” in it" }).waitFor();
    await page.locator(".search input").fill("");
    await page.locator(".row.note").waitFor({ state: "detached" });
    assert.match((await page.locator(".row").nth(1).getAttribute("aria-label")) ?? "", /^node:22/);
  },

  async "only what is wasted: the layers that store it"(page) {
    await show(page);
    await page.locator(".toggle").click();
    assert.equal(await page.locator(".toggle").getAttribute("aria-pressed"), "true");
    const labels = await page
      .locator(".row.layer")
      .evaluateAll((rows) => rows.map((row) => row.getAttribute("aria-label") ?? ""));
    assert.equal(labels.length, 4);
    for (const each of labels) assert.match(each, /wasted/);
  },

  async "the bar: segments have names, arrows move, a click shows the layer and its line"(page) {
    await show(page);
    const first = page.locator(".segment").first();
    assert.equal(await first.getAttribute("aria-label"), "Base image node:22, 5 layers, 100 MB, 27.1 %");
    await first.focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    const name = await page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
    assert.match(String(name), /^Layer 251, /);
    await page.keyboard.press("Enter");
    assert.deepEqual(await lastSent(page), { kind: "line", layer: 250 });
    assert.match((await page.locator(".row.active").getAttribute("aria-label")) ?? "", /^Layer 251, /);
    assert.equal(await page.locator(".segment.marked").count(), 1);
  },

  async "the cursor's layer is selected and in sight, and the focus stays where it is"(page) {
    await show(page);
    await page.locator(".search input").focus();
    await page.evaluate(() => played.tell({ kind: "select", layer: 1500 }));
    await page.locator(".row.active").waitFor();
    assert.match((await page.locator(".row.active").getAttribute("aria-label")) ?? "", /^Layer 1501, /);
    assert.ok(await page.locator(".row.active").isVisible());
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), "INPUT");
    await page.evaluate(() => played.tell({ kind: "select", layer: 2 }));
    await page.locator(".row.active", { hasText: "step-2 " }).waitFor();
  },

  async "a fix is asked for, and why there is none is said beside it"(page) {
    await show(page);
    await page.getByRole("button", { name: "Fix: apt package lists" }).click();
    assert.deepEqual(await lastSent(page), { kind: "fix", suggestion: 0 });
    await page.evaluate(() => played.tell({ kind: "said", suggestion: 0, text: "The line is another now" }));
    await page.locator(".said", { hasText: "The line is another now" }).waitFor();
  },

  async "progress, its cancel, a failure, and the question before a download"(page) {
    await show(page, { deep: false });
    const status = (own: object): Promise<void> =>
      page.evaluate((now) => played.tell({ kind: "status", status: { restricted: false, ...now } }), own);
    await status({ busy: { what: "Reading the files", bytes: 30, total: 120 } });
    assert.equal(await page.getByRole("progressbar").getAttribute("aria-valuenow"), "25");
    await page.getByRole("button", { name: "Cancel" }).click();
    assert.deepEqual(await lastSent(page), { kind: "cancel" });
    await status({ failure: "The daemon does not answer" });
    assert.equal(await page.getByRole("alert").innerText(), "The daemon does not answer");
    await status({ offer: { text: "Reading the files downloads 84 MB", button: "Download and Read" } });
    assert.match(await page.locator(".offer").innerText(), /downloads 84 MB/);
    await page.getByRole("button", { name: "Download and Read" }).click();
    assert.deepEqual(await lastSent(page), { kind: "read" });
  },

  async "without an image: what the view is for, the image that was shown before, and the reason in Restricted Mode"(
    page,
  ) {
    const status = (own: object): Promise<void> =>
      page.evaluate((now) => played.tell({ kind: "status", status: { restricted: false, ...now } }), own);
    await status({ again: "shop:main" });
    await page.getByRole("button", { name: "Show shop:main Again" }).click();
    assert.deepEqual(await lastSent(page), { kind: "command", command: "again" });
    await page.getByRole("button", { name: "Show Layers of…" }).click();
    assert.deepEqual(await lastSent(page), { kind: "command", command: "show" });
    await status({ restricted: true, again: "shop:main" });
    await page.getByText("No image is read in Restricted Mode").waitFor();
    assert.deepEqual(await page.getByRole("button").allInnerTexts(), ["Manage Workspace Trust"]);
    assert.equal(await page.locator(".list").isVisible(), false);
  },

  async "lines that move are shown, and what is open and selected stays"(page) {
    await show(page);
    await page.evaluate(() => played.tell({ kind: "select", layer: 7 }));
    await page.locator(".row.active", { hasText: "step-7 " }).waitFor();
    await page.keyboard.press("ArrowRight");
    await page.locator(".list").press("ArrowRight");
    await page.locator(".row.file").first().waitFor();
    const asked = await page.evaluate(() => played.sent.filter(({ kind }) => kind === "page").length);
    await page.evaluate(() =>
      played.tell({
        kind: "lines",
        lines: [
          { layer: 6, line: 10, endLine: 12, stale: false },
          { layer: 7, line: 13, endLine: 13, stale: true },
        ],
      }),
    );
    await page.locator(".row.active", { hasText: "line 14 · changed" }).waitFor();
    assert.equal(await page.locator(".row.layer", { hasText: "step-8 " }).locator(".where").innerText(), "layer 9");
    assert.ok(await page.locator(".row.file").first().isVisible());
    assert.equal(await page.evaluate(() => played.sent.filter(({ kind }) => kind === "page").length), asked);
  },

  async "what is open, sorted and scrolled is told, and is as it was when the page comes again"(page) {
    await openMany(page);
    await page.locator("select").selectOption("name");
    await page.locator(".row.file", { hasText: "file-0000000" }).waitFor();
    await page.evaluate((by) => document.querySelector(".list")?.scrollBy(0, by), SCROLLED);
    await settled(page);
    const kept = await page.waitForFunction(() => {
      const last = played.sent.findLast(({ kind }) => kind === "view");
      return last?.kind === "view" && last.view.scroll > 100_000 ? last.view : undefined;
    });
    const view = await kept.jsonValue();
    assert.equal(view?.sort, "name");
    await page.reload();
    await page.evaluate((own) => own && played.tell({ kind: "content", content: played.content(), view: own }), view);
    await page.locator(".row.file").first().waitFor();
    await page.waitForFunction((to) => document.querySelector(".list")?.scrollTop === to, SCROLLED);
    assert.equal(await page.locator("select").inputValue(), "name");
  },

  async "what comes from nowhere it may come from is refused"(page) {
    await show(page);
    await page.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "document.title = 'changed'";
      document.body.append(script);
      document.body.setAttribute("style", "display: none");
      const image = document.createElement("img");
      image.src = `${location.origin}/layers.css`;
      document.body.append(image);
    });
    await page.waitForFunction(() => played.violations.length === 3);
    assert.equal(await page.title(), "Layers");
    assert.ok(await page.locator(".row").first().isVisible());
    await page.evaluate(() => played.violations.splice(0));
  },

  async "a low view: the list keeps some lines, and all of the page can be reached"(page) {
    await page.setViewportSize({ width: 300, height: 220 });
    await show(page);
    const box = await page.locator(".list").boundingBox();
    assert.ok(box && box.height >= 132, JSON.stringify(box));
    await page.locator(".list").press("End");
    const active = page.locator(".row.active", { hasText: "Wasted files" });
    await active.scrollIntoViewIfNeeded();
    const end = await active.boundingBox();
    assert.ok(end && end.y + end.height <= 220, JSON.stringify(end));
  },

  async "170 pixels are enough to read instruction and size, and nothing is wider than the page"(page) {
    await page.setViewportSize({ width: 170, height: 800 });
    await show(page);
    const widths = await page.evaluate(() =>
      [...document.querySelectorAll("body > *")].map(({ scrollWidth }) => scrollWidth),
    );
    for (const width of widths) assert.ok(width <= 170, widths.join(" "));
    const row = page.locator(".row.layer").first();
    for (const part of [".what", ".size", ".where"]) {
      const box = await row.locator(part).first().boundingBox();
      assert.ok(box && box.width > 30 && box.x + box.width <= 170, `${part} ${JSON.stringify(box)}`);
    }
  },
};

const show = async (page: Page, own: { deep?: boolean } = {}): Promise<void> => {
  await page.evaluate((image) => played.tell({ kind: "content", content: played.content(image) }), own);
  await page.locator(".row").first().waitFor();
};

/** The folder of a million files, open. */
async function openMany(page: Page): Promise<void> {
  await show(page);
  await page.locator(".row.group", { hasText: "All files" }).click();
  await page.locator(".row.file", { hasText: "srv" }).click();
  await page.locator(".row.file", { hasText: "many" }).click();
  await page.locator(".row.file", { hasText: "file-0000000" }).waitFor();
  await watched(page);
}

const watched = (page: Page): Promise<{ readonly frames: number; readonly blank: number; readonly waiting: number }> =>
  page.evaluate(() => played.watch());

/** Nothing is being read any more. */
const settled = (page: Page): Promise<unknown> =>
  page.waitForFunction(() => document.querySelectorAll(".row").length > 0 && !document.querySelector(".row.waiting"));

const lastSent = (page: Page): Promise<unknown> =>
  page.evaluate(() => played.sent.findLast(({ kind }) => kind !== "view" && kind !== "page"));

async function serve(folder: string): Promise<{ readonly url: string; readonly stop: () => void }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const nonce = randomUUID();
  const documentOf = ({ title, name, host }: (typeof PAGES)[string]): string =>
    // The host is there before the page's own script.
    pageOf({ title, script: `/${name}.js`, style: `/${name}.css`, source: url, nonce }).replace(
      "<body>",
      `<body><script nonce="${nonce}" src="/${host}.js"></script>`,
    );
  const server = createServer(async (request, response) => {
    const shown = PAGES[request.url ?? ""];
    const name = shown ? "index.html" : (request.url ?? "").slice(1);
    const type = TYPES[name.split(".").at(-1) ?? ""];
    if (type === undefined || !/^[a-z.-]+$/.test(name)) return void response.writeHead(404).end();
    const text = shown ? documentOf(shown) : await readFile(join(folder, name)).catch(() => "");
    response.writeHead(200, { "content-type": `${type}; charset=utf-8` }).end(text);
  }).listen(port, "127.0.0.1");
  return { url, stop: () => server.close() };
}

async function play(folder: string): Promise<{ readonly passed: number; readonly failed: number }> {
  await buildAll(folder);
  await build({
    entryPoints: Object.values(PAGES).map(({ host }) => join(import.meta.dirname, `${host}.ts`)),
    ...{ outdir: folder, bundle: true, logLevel: "warning" },
  });
  const { url, stop } = await serve(folder);
  await using browser = await openBrowser({ size: { width: 300, height: 900 } });
  const { page } = browser;
  let passed = 0;
  let failed = 0;
  const run = async (path: string, name: string, test: (page: Page) => Promise<void>): Promise<void> => {
    try {
      await page.setViewportSize({ width: 300, height: 900 });
      await page.goto(`${url}${path}`);
      page.setDefaultTimeout(8_000);
      await test(page);
      assert.deepEqual(await page.evaluate(() => (globalThis.played ?? globalThis.staged).violations), []);
      passed += 1;
      console.log(`ok ${name}`);
    } catch (error) {
      failed += 1;
      console.log(`not ok ${name}\n${error instanceof Error ? error.stack : error}`);
    }
  };
  for (const [name, test] of Object.entries(TESTS)) await run("/", name, test);
  for (const [name, test] of Object.entries(MULTI_STAGE_TESTS)) await run("/multi-stage", name, test);
  stop();
  return { passed, failed };
}

const folder = await mkdtemp(join(tmpdir(), "dockwright-panel-"));
try {
  const { passed, failed } = await play(folder);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
} catch (error) {
  console.error(error instanceof Unavailable ? `not run: ${error.message}` : error);
  process.exitCode = error instanceof Unavailable ? NOT_HERE : 1;
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
