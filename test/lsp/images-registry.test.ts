/** `dockwright/openImage` of a registry: three small requests for sizes and history, and one the next time, layers only where files are asked for; its layers are then known as a base. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { ImageFolder, OpenedAnswer, OpenedImage } from "../../server/src/lsp/messages.ts";
import { type LocalServer, serve } from "../effects/local-server.ts";
import { type Made, ociArchive, ociFiles, sha256, tar } from "../image/archives.ts";
import { type Editor, startEditor } from "./editor.ts";

const BASE: Made = {
  layers: [tar([{ name: "etc/os", content: Buffer.alloc(30_000, "o") }]), tar([{ name: "bin/sh", content: "shell" }])],
  history: [{ created_by: "/bin/sh -c #(nop) ADD file:00 in / " }, { created_by: "RUN /bin/sh -c make sh # buildkit" }],
};

let folder = "";
let server: LocalServer;
const asked: string[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "dockwright-registry-"));
  process.env["XDG_CACHE_HOME"] = join(folder, "cache");
  const files = ociFiles(BASE);
  const index = JSON.parse(Buffer.from(files.get("index.json") ?? "").toString()) as {
    readonly manifests: readonly { readonly digest: string; readonly mediaType: string }[];
  };
  const manifest = index.manifests[0] ?? assert.fail();
  server = await serve(({ url = "" }, response) => {
    // A mirror is told which registry it stands for.
    const [, , , kind = "", name = ""] = url.replace(/\?ns=.*$/, "").split("/");
    if (kind !== "") asked.push(kind);
    const digest = kind === "manifests" && !name.includes(":") ? manifest.digest : name;
    const bytes = files.get(`blobs/${digest.replace(":", "/")}`);
    if (url !== "/v2/" && !bytes) response.writeHead(404).end();
    else
      response
        .writeHead(200, {
          "content-type": kind === "manifests" ? manifest.mediaType : "application/octet-stream",
          "content-length": bytes?.length ?? 0,
          ...(bytes && { "docker-content-digest": `sha256:${sha256(bytes)}` }),
        })
        .end(bytes);
  });
});
after(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const start = (): Promise<Editor> => startEditor({ settings: { insecureRegistries: [server.host] } });

const open = async (editor: Editor, source: object, more: object = {}): Promise<OpenedImage> => {
  const answer = await editor.request<OpenedAnswer>("dockwright/openImage", { source, deep: false, ...more });
  assert.ok(answer.image, answer.failure);
  return answer.image;
};

test("sizes and history of a base image come without a layer", async () => {
  const editor = await start();
  asked.length = 0;
  const image = await open(editor, { kind: "registry", image: `${server.host}/os:1` });
  // What the tag points at (a HEAD), its manifest, its configuration.
  assert.deepEqual(asked.toSorted(), ["blobs", "manifests", "manifests"]);
  assert.deepEqual([image.deep, image.sizeMeaning, image.title], [false, "compressed", `${server.host}/os:1`]);
  assert.deepEqual(
    image.layers.map(({ text, bytes, compressedBytes }) => [text, bytes === compressedBytes && bytes > 0]),
    [
      ["ADD file:00 in /", true],
      ["RUN make sh", true],
    ],
  );
  const page = await editor.request<ImageFolder>("dockwright/imageFolder", {
    ...{ id: image.id, layer: 0, path: "", sort: "size", onlyWasted: false, from: 0, count: 10 },
  });
  assert.match(page.failure ?? "", /Only the sizes of its layers are known/);
});

test("with its files it is read from the registry", async () => {
  const editor = await start();
  const image = await open(editor, { kind: "registry", image: `${server.host}/os:1` }, { deep: true });
  assert.deepEqual(
    [image.sizeMeaning, image.layers.map(({ bytes }) => bytes), image.totals.files],
    ["content", [30_000, 5], 2],
  );
});

test("the layers of a base image that was looked at are base in what is built on it, whatever the history says", async () => {
  const editor = await start();
  editor.open(`FROM ${server.host}/os:1\nRUN make sh\nCMD ["sh"]\n`);
  await open(editor, { kind: "registry", image: `${server.host}/os:1` });
  const path = join(folder, "built.tar");
  const built = {
    layers: [...BASE.layers, tar([{ name: "app", content: "a" }])],
    history: [...(BASE.history ?? []), { created_by: "RUN /bin/sh -c make sh # buildkit" }],
  };
  await writeFile(path, ociArchive(built));
  const image = await open(editor, { kind: "path", path }, { uri: editor.uri });
  assert.deepEqual(image.base, { image: `${server.host}/os:1`, layers: 2, bytes: 30_005 });
  assert.deepEqual(
    image.layers.map(({ ofBase, line }) => [ofBase, line]),
    [
      [true, undefined],
      [true, undefined],
      [false, 1],
    ],
  );
});

test("an image that is not there is a failure with its name", async () => {
  const editor = await start();
  const source = { kind: "registry", image: `${server.host}/os@sha256:${"0".repeat(64)}` };
  const { failure } = await editor.request<OpenedAnswer>("dockwright/openImage", { source, deep: false });
  assert.match(failure ?? "", /os@sha256:0+/);
});

test("a mirror of the settings is asked before the registry it stands for, and what it said is not asked for again", async () => {
  const registry = { mirrors: { "registry.invalid": [`http://${server.host}`] } };
  const settings = { insecureRegistries: [server.host], registry };
  asked.length = 0;
  for (const _window of ["one", "another"]) {
    const editor = await startEditor({ settings });
    const image = await open(editor, { kind: "registry", image: "registry.invalid/os:1" });
    assert.equal(image.layers.length, 2);
    assert.deepEqual(asked.toSorted(), ["blobs", "manifests", "manifests"]);
  }
  const editor = await startEditor({ settings: { ...settings, registry: { ...registry, cacheHours: 0 } } });
  await open(editor, { kind: "registry", image: "registry.invalid/os:1" });
  assert.deepEqual(asked.toSorted(), ["blobs", "manifests", "manifests", "manifests"], "what the tag points at");
});
