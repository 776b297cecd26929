/** What helps while a Dockerfile is written: completion, hover, signature help. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { linesOf } from "../../server/src/core/text/lines.ts";
import type { Page } from "../browser.ts";
import { openScene, PATIENCE_MS, runCommand, settle, type Shoot, shoot } from "./workbench.ts";

const TEXT = `# syntax=docker/dockerfile:1
ARG NODE=22
FROM node:\${NODE}-alpine AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY src ./src
RUN npm run build

FROM node:\${NODE}-alpine
ENV NODE_ENV=production PORT=3000
WORKDIR /app
USER node
CMD ["node", "dist/server.js"]
`;

const FILES: Readonly<Record<string, string>> = {
  "package.json": '{"name":"shop","scripts":{"build":"tsc"}}\n',
  "package-lock.json": '{"name":"shop","lockfileVersion":3,"packages":{}}\n',
  ".dockerignore": "node_modules\ndist\n.git\n",
  "src/server.ts": "export {};\n",
  "src/routes.ts": "export {};\n",
};

/** The project whose Dockerfile is written. @param work an empty folder of ours */
export async function writingProject(work: string): Promise<string> {
  const folder = join(work, "shop");
  await mkdir(join(folder, "src"), { recursive: true });
  await writeFile(join(folder, "Dockerfile"), TEXT);
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder, name), text);
  return folder;
}

async function goBehind(page: Page, words: string): Promise<void> {
  const { line, column } = linesOf(TEXT).position(TEXT.indexOf(words) + words.length);
  await page.keyboard.press("Control+g");
  const input = page.locator(".quick-input-widget input");
  await input.waitFor();
  await page.keyboard.type(`${line + 1}:${column + 1}`);
  await page.keyboard.press("Enter");
  await input.waitFor({ state: "hidden" });
  await page.locator(".monaco-editor.focused").first().waitFor();
}

const TRIES = 8;
const TRY_MS = 3_000;

/** Completion with what it means beside it, as soon as an item is there: the server may be starting still. */
async function completed(page: Page, item: string): Promise<void> {
  const row = page.locator(".suggest-widget.visible .monaco-list-row", { hasText: item }).first();
  for (let tries = 1; ; tries++) {
    await page.keyboard.press("Control+Space");
    try {
      await row.waitFor({ timeout: TRY_MS });
      break;
    } catch (error) {
      if (tries === TRIES) throw error;
      await page.keyboard.press("Escape");
    }
  }
  if (!(await page.locator(".suggest-details").first().isVisible())) await page.keyboard.press("Control+Space");
  await settle(page);
}

async function undone(page: Page): Promise<void> {
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await runCommand(page, "File: Revert File");
}

export const writingPictures =
  (folder: string): Shoot =>
  async (theme) => {
    await using scene = await openScene({ theme, folder, file: join(folder, "Dockerfile") });
    const { page } = scene;
    await page.locator(".monaco-editor .view-line").first().waitFor({ timeout: PATIENCE_MS });

    await goBehind(page, "USER node");
    await page.keyboard.press("Enter");
    await page.keyboard.type("COPY --", { delay: 80 });
    await completed(page, "--parents");
    await shoot(page, `writing-flags-${theme}`);
    await undone(page);

    await goBehind(page, "WORKDIR /app\nCOPY package.json package-lock.json ./\nRUN");
    await page.keyboard.type(" --mount=", { delay: 80 });
    await completed(page, "/root/.npm");
    await shoot(page, `writing-mount-${theme}`);
    await undone(page);

    await goBehind(page, "FROM node:${NO");
    await runCommand(page, "Show or Focus Hover");
    await page.locator(".monaco-hover", { hasText: "NODE" }).first().waitFor();
    await settle(page);
    await shoot(page, `writing-hover-${theme}`);
    await page.keyboard.press("Escape");

    await goBehind(page, "COPY src");
    await runCommand(page, "Trigger Parameter Hints");
    await page.locator(".parameter-hints-widget.visible", { hasText: "COPY" }).first().waitFor();
    await settle(page);
    await shoot(page, `writing-signature-${theme}`);
    await page.keyboard.press("Escape");
  };
