/** A Dockerfile and a compose file in our colours, beside the same in the editor's own. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openBrowser } from "../browser.ts";
import { openScene, PATIENCE_MS, PICTURES, settle, type Theme, THEMES } from "./workbench.ts";

const DOCKERFILE = `# syntax=docker/dockerfile:1
ARG NODE=22-alpine
FROM --platform=$BUILDPLATFORM docker.io/library/node:\${NODE:-22} AS build
WORKDIR /app
COPY --link package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm,sharing=locked \\
    # nothing of it is in a layer
    --mount=type=secret,id=npmrc,required \\
    npm ci && echo "packages: $(ls node_modules | wc -l)"
RUN <<EOF
#!/usr/bin/env python3
import json, pathlib
facts = json.loads(pathlib.Path("package.json").read_text())
print(f"building {facts['name']}")
EOF
COPY <<config.json /etc/app/
{ "port": 3000, "debug": false }
config.json
RUN echo "a quote that is not closed

FROM gcr.io/distroless/nodejs22@sha256:0a1b2c3d4e5f
ENV NODE_ENV=production \\
    PORT="\${PORT:-3000}"
LABEL org.opencontainers.image.licenses="MIT"
COPY --from=build --chown=1000:1000 /app /app
USER 1000:1000
EXPOSE 3000/tcp
HEALTHCHECK --interval=30s --retries=3 CMD ["node", "health.js"]
CMD ["node", "server.js"]
`;

const COMPOSE = `name: shop
services:
  web:
    image: ghcr.io/acme/web:\${TAG:-1.2}@sha256:0a1b2c3d4e5f
    restart: unless-stopped
    ports:
      - "127.0.0.1:\${PORT:-8080}:80"
      - 8443:443/tcp
    volumes:
      - ./static:/srv/static:ro
    environment:
      - MODE=production
      - DATABASE_URL=postgres://app:\${PASSWORD:?set it in .env}@db/shop
    depends_on:
      db:
        condition: service_healthy
    healthcheck:
      test: ["CMD", "curl", "-f", "http://127.0.0.1/"]
      interval: 30s
      timeout: 5s
    deploy:
      resources:
        limits:
          memory: 512m
  db:
    image: postgres:17
    volumes:
      - data:/var/lib/postgresql/data
volumes:
  data: {}
`;

const FILES = { Dockerfile: DOCKERFILE, "compose.yaml": COMPOSE } as const;
type Name = keyof typeof FILES;
/** The grammar alone: nothing that a language server adds. */
const SETTINGS = {
  "editor.semanticHighlighting.enabled": false,
  "editor.codeLens": false,
  "editor.links": false,
  "editor.inlayHints.enabled": "off",
  "problems.visibility": false,
  "editor.stickyScroll.enabled": false,
  "editor.wordWrap": "off",
  "editor.lightbulb.enabled": "off",
  "workbench.activityBar.location": "hidden",
  "workbench.statusBar.visible": false,
  "editor.fontSize": 12,
};

/** In the page. */
const COLOURED = `new Set([...document.querySelectorAll(".view-line span span")].map(({ className }) => className)).size > 3`;

/** The editor as it shows the file; with no extension where none is named. */
async function editorWith(theme: Theme, folder: string, name: Name, extension?: string): Promise<Buffer> {
  await using scene = await openScene({
    ...{ theme, folder, file: join(folder, name), settings: SETTINGS },
    ...(extension !== undefined && { extension }),
  });
  const { page } = scene;
  await page.setViewportSize({ width: 980, height: 640 });
  await page
    .locator(".view-line", { hasText: name === "Dockerfile" ? "syntax" : "services" })
    .first()
    .waitFor({ timeout: PATIENCE_MS });
  await page.keyboard.press("ControlOrMeta+b");
  // Until the grammar is read every word has one colour.
  await page.waitForFunction(COLOURED, undefined, { timeout: PATIENCE_MS });
  await settle(page);
  return await page.locator(".editor-instance .monaco-editor").first().screenshot({ animations: "disabled" });
}

const captioned = (pictures: Readonly<Record<string, Buffer>>): string =>
  `<body style="margin:0;font:13px sans-serif"><div style="display:flex;gap:2px;background:#888">${Object.entries(
    pictures,
  )
    .map(
      ([caption, picture]) =>
        `<figure style="margin:0;width:50%;background:#888"><figcaption style="padding:4px 8px;background:#444;color:#fff">${caption}</figcaption><img style="width:100%;display:block" src="data:image/png;base64,${picture.toString("base64")}"></figure>`,
    )
    .join("")}</div></body>`;

/** @param work an empty folder */
export async function grammarPictures(work: string, theme: Theme): Promise<void> {
  const folder = join(work, "grammar");
  const nothing = join(work, "no-extension");
  await mkdir(folder, { recursive: true });
  await mkdir(nothing, { recursive: true });
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder, name), text);
  await writeFile(
    join(nothing, "package.json"),
    JSON.stringify({ name: "nothing", publisher: "nobody", version: "1.0.0", engines: { vscode: "*" } }),
  );
  for (const name of Object.keys(FILES) as Name[]) {
    const builtIn = await editorWith(theme, folder, name, nothing);
    const ours = await editorWith(theme, folder, name);
    await using browser = await openBrowser({ size: { width: 1600, height: 560 }, scale: 2 });
    await browser.page.setContent(captioned({ [`VS Code's own, ${THEMES[theme]}`]: builtIn, Dockwright: ours }));
    const kind = name === "Dockerfile" ? "dockerfile" : "compose";
    await browser.page.locator("div").screenshot({ path: join(PICTURES, `grammar-${kind}-${theme}.png`) });
  }
}
