/** What registries say of images: the hover, the notes behind references, the tags to choose from. */
import { mkdir, writeFile } from "node:fs/promises";
import { randomFillSync } from "node:crypto";
import { join } from "node:path";
import { digestOf, pushBlob, pushManifest, type Pushed, TYPES } from "../../test/effects/push-image.ts";
import type { Page } from "../browser.ts";
import { startDockerRegistry } from "../setup/docker-registry.ts";
import { openScene, PATIENCE_MS, runCommand, settle, type Theme, shoot } from "./workbench.ts";

const NAME = "registry.example/runtime";
const MB = 1_000_000;
const TAGS = ["21-slim", "22", "22-slim", "22-alpine", "23-slim", "24", "24-slim", "24-alpine", "24.1-slim", "latest"];

const dockerfile = (digest: string): string => `# syntax=docker/dockerfile:1
FROM ${NAME}:22-slim@${digest} AS build
WORKDIR /app
COPY . .
RUN make

FROM ${NAME}:24-slim
COPY --from=build /app /app
USER 1000
CMD ["/app/serve"]
`;

/** Pictures in one theme. */
type Take = (theme: Theme) => Promise<void>;

/** A registry on this machine stands as the mirror of one that is nowhere. */
export async function registryPictures(work: string, take: (pictures: Take) => Promise<void>): Promise<void> {
  const root = join(work, "registry");
  await using registry = await startDockerRegistry({ folder: join(root, "program"), storage: join(root, "images") });
  const repository = `${registry.host}/runtime`;
  const old = await push(repository, [], "2026-06-02T08:00:00Z", 31.4);
  const now = await push(repository, TAGS, "2026-11-17T08:00:00Z", 29.8);
  await pushSignature(repository, now);
  const folder = join(root, "shop");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "Dockerfile"), dockerfile(old.digest));
  const settings = {
    "dockwright.registry.mirrors": { "registry.example": [`http://${registry.host}`] },
    "dockwright.rules": { "base-digest-unpinned": "off" },
    // Digests are long: a line with one is to be seen to its end.
    "editor.fontSize": 13,
    "editor.parameterHints.enabled": false,
  };
  const env = { XDG_CACHE_HOME: join(root, "cache") };
  await take(async (theme) => {
    await using scene = await openScene({ theme, folder, file: join(folder, "Dockerfile"), settings, env });
    await pictures(scene.page, theme);
  });
}

async function pictures(page: Page, theme: Theme): Promise<void> {
  await page.locator(".view-line", { hasText: "24-slim" }).first().waitFor({ timeout: PATIENCE_MS });
  await runCommand(page, "View: Toggle Primary Side Bar Visibility");
  for (const [tag, place] of [
    ["22-slim", "2:30"],
    ["24-slim", "7:30"],
  ] as const) {
    await goTo(page, place);
    await runCommand(page, "Dockwright: Look Up Image in Its Registry");
    await page.locator(".monaco-hover", { hasText: "Compressed" }).first().waitFor({ timeout: PATIENCE_MS });
    await settle(page);
    if (tag === "24-slim") await shoot(page, `image-hover-${theme}`);
    await page.keyboard.press("Escape");
  }
  await page.locator(".view-line", { hasText: "behind" }).first().waitFor();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  await page.keyboard.type(`COPY --from=${NAME}:`, { delay: 20 });
  await page.keyboard.press("Control+Space");
  await settle(page);
  await page.keyboard.type("2", { delay: 100 });
  await page.locator(".suggest-widget.visible .monaco-list-row", { hasText: "24-slim" }).first().waitFor();
  await settle(page);
  await shoot(page, `image-tags-${theme}`);
  await page.keyboard.press("Escape");
  await runCommand(page, "File: Revert File");
}

async function goTo(page: Page, place: string): Promise<void> {
  await page.keyboard.press("Control+g");
  const input = page.locator(".quick-input-widget input");
  await input.waitFor();
  await page.keyboard.type(place);
  await page.keyboard.press("Enter");
  await input.waitFor({ state: "hidden" });
  await page.locator(".monaco-editor.focused").first().waitFor();
}

/** An index for three platforms, with what BuildKit attests. Sizes in millions of bytes. */
async function push(repository: string, tags: readonly string[], created: string, size: number): Promise<Pushed> {
  const labels = {
    "org.opencontainers.image.source": "https://github.com/team/runtime",
    "org.opencontainers.image.revision": "5f1c2e8a90d7b364c1f0e2d3a4b5968778695a4b",
  };
  const manifests = [];
  for (const [architecture, part] of [
    ["amd64", 1],
    ["arm64", 0.97],
    ["s390x", 0.92],
  ] as const) {
    const config = {
      architecture,
      os: "linux",
      created,
      config: { Labels: labels },
      rootfs: { type: "layers", diff_ids: [] },
    };
    const layer = { type: TYPES.oci.layer, bytes: randomFillSync(Buffer.alloc(Math.round(size * part * MB))) };
    const image = await pushLayers(repository, JSON.stringify(config), [layer]);
    manifests.push({ ...image, platform: { os: "linux", architecture } });
  }
  const [first] = manifests;
  const statement = { type: "application/vnd.in-toto+json", bytes: Buffer.from("{}") };
  const attestation = await pushLayers(repository, "{}", [
    { ...statement, annotations: { "in-toto.io/predicate-type": "https://slsa.dev/provenance/v1" } },
    { ...statement, annotations: { "in-toto.io/predicate-type": "https://spdx.dev/Document" } },
  ]);
  manifests.push({
    ...{ ...attestation, platform: { os: "unknown", architecture: "unknown" } },
    annotations: {
      "vnd.docker.reference.type": "attestation-manifest",
      "vnd.docker.reference.digest": first?.digest,
    },
  });
  const mediaType = TYPES.oci.index;
  return pushManifest(repository, tags, mediaType, { schemaVersion: 2, mediaType, manifests });
}

/** Under the tag that cosign writes. What is in it nobody looks at. */
async function pushSignature(repository: string, { digest }: Pushed): Promise<void> {
  const layer = { type: "application/vnd.dev.cosign.simplesigning.v1+json", bytes: Buffer.from("{}") };
  await pushLayers(repository, "{}", [layer], `${digest.replace(":", "-")}.sig`);
}

interface Layer {
  readonly type: string;
  readonly bytes: Buffer<ArrayBuffer>;
  readonly annotations?: Readonly<Record<string, string | undefined>>;
}

async function pushLayers(repository: string, config: string, layers: readonly Layer[], tag?: string): Promise<Pushed> {
  const bytes = Buffer.from(config);
  for (const blob of [bytes, ...layers.map((layer) => layer.bytes)]) await pushBlob(repository, blob);
  const mediaType = TYPES.oci.manifest;
  return pushManifest(repository, tag === undefined ? [] : [tag], mediaType, {
    ...{ schemaVersion: 2, mediaType },
    config: { mediaType: TYPES.oci.config, digest: digestOf(bytes), size: bytes.length },
    layers: layers.map(({ type, bytes: blob, annotations }) => ({
      ...{ mediaType: type, digest: digestOf(blob), size: blob.length },
      ...(annotations && { annotations }),
    })),
  });
}
