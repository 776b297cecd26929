/** The structure of a Dockerfile: its outline, lines between stages, and what each word is; and a stage renamed. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openScene, PATIENCE_MS, runCommand, settle, shoot, type Theme } from "./workbench.ts";

const DOCKERFILE = `# syntax=docker/dockerfile:1
ARG NODE_VERSION=24
FROM node:\${NODE_VERSION}-alpine AS deps
WORKDIR /app
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm \\
    npm ci --no-audit

FROM deps AS build
ARG API_URL=https://api.example.com
COPY . .
RUN <<EOF
set -eu
# What the pages ask
echo "API_URL=$API_URL" > .env
for page in home shop; do
  npm run build -- --page "$page"
done
EOF

FROM nginx:1.29-alpine@sha256:42a516af16b852e33b7682d5ef8acbd5d13fe08fecadc7ed98605ba5e3b26ab8
ENV PORT=8080
COPY --from=build /app/dist /usr/share/nginx/html
COPY --from=deps /app/node_modules/.version /VERSION
USER nginx
EXPOSE 8080
HEALTHCHECK --interval=30s CMD wget -qO- "http://localhost:$PORT/" || exit 1
`;

/** @param work a folder to write the project into */
export async function navigationPictures(work: string, theme: Theme): Promise<void> {
  const folder = join(work, "shop");
  await mkdir(folder, { recursive: true });
  const file = join(folder, "Dockerfile");
  await writeFile(file, DOCKERFILE);
  for (const name of ["package.json", "package-lock.json"]) await writeFile(join(folder, name), "{}\n");
  await using scene = await openScene({ theme, folder, file });
  const { page } = scene;
  await page.locator("#status\\.languageStatus").waitFor({ timeout: PATIENCE_MS });
  await runCommand(page, "Explorer: Focus on Outline View");
  const outline = page.locator(".outline-pane .monaco-list-row");
  await outline.filter({ hasText: "build" }).first().waitFor({ timeout: PATIENCE_MS });
  // The files make room for it.
  await page.locator(".pane-header", { hasText: "shop" }).first().click();
  await outline.filter({ hasText: "HEALTHCHECK" }).first().waitFor({ timeout: PATIENCE_MS });
  await settle(page);
  await shoot(page, `outline-${theme}`);

  // On the stage's name behind AS.
  await page.locator(".view-line", { hasText: "AS build" }).locator("span > span", { hasText: "build" }).last().click();
  await page.keyboard.press("F2");
  const rename = page.locator(".rename-box input");
  await rename.waitFor({ timeout: PATIENCE_MS });
  await rename.fill("pages");
  await page.keyboard.press("Enter");
  await page.locator(".view-line", { hasText: "--from=pages" }).first().waitFor({ timeout: PATIENCE_MS });
  await settle(page);
  await shoot(page, `renamed-stage-${theme}`);
}
