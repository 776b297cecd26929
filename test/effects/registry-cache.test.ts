/** What registries said, kept on disk: for ever by digest, for a while by tag; asked again only whether it still is so. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test, type TestContext } from "node:test";
import { createCache } from "../../server/src/effects/registry/cache.ts";
import { known } from "../../server/src/core/rule.ts";
import { RegistryError } from "../../server/src/effects/registry/errors.ts";
import { recallFinders } from "../../server/src/effects/registry/recalled.ts";
import { createRegistry, type RegistryOptions } from "../../server/src/effects/registry/registry.ts";
import { createStore } from "../../server/src/effects/registry/store.ts";
import { type LocalServer, serve } from "./local-server.ts";

const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const INDEX = "application/vnd.oci.image.index.v1+json";
const digestOf = (bytes: string): string => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

const CONFIG = JSON.stringify({ os: "linux", architecture: "amd64", config: { Env: ["A=1"], Labels: { x: "y" } } });
const layer = { mediaType: "application/vnd.oci.image.layer.v1.tar", digest: digestOf("layer"), size: 1234 };
const IMAGE = JSON.stringify({
  ...{ schemaVersion: 2, mediaType: MANIFEST, layers: [layer, layer] },
  config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: digestOf(CONFIG), size: CONFIG.length },
});
const TOP = JSON.stringify({
  ...{ schemaVersion: 2, mediaType: INDEX },
  manifests: [
    {
      mediaType: MANIFEST,
      digest: digestOf(IMAGE),
      size: IMAGE.length,
      platform: { os: "linux", architecture: "amd64" },
    },
  ],
});
const MOVED = JSON.stringify({ ...JSON.parse(TOP), annotations: { moved: "yes" } });

let server: LocalServer;
/** `METHOD what status`, in order. */
let visits: string[] = [];
let top = TOP;
let etags = false;
/** Digests the registry no longer has. */
let gone: readonly string[] = [];

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "dockwright-registry-cache-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe("the cache of registries", () => {
  before(async () => {
    server = await serve((request, response) => {
      const url = new URL(request.url ?? "/", "http://x");
      const [, , kind = "", what = ""] = /^\/v2\/(.+)\/(manifests|blobs|tags)\/(.+)$/.exec(url.pathname) ?? [];
      const answer = (type: string, body: string): void => {
        const etag = `"${digestOf(body)}"`;
        const same = etags && request.headers["if-none-match"] === etag;
        visits.push(`${request.method} ${what.startsWith("sha256:") ? kind : what} ${same ? 304 : 200}`);
        const headers = { ...(etags && { etag }), "docker-content-digest": digestOf(body), "content-type": type };
        response.writeHead(same ? 304 : 200, headers);
        response.end(request.method === "HEAD" || same ? undefined : body);
      };
      const bodies = new Map([TOP, MOVED, IMAGE, CONFIG].map((body) => [digestOf(body), body]));
      if (kind === "tags") return answer("application/json", JSON.stringify({ tags: ["1", "1.2", "1.2.3"] }));
      const body =
        (gone.includes(what) ? undefined : bodies.get(what)) ?? (what === "1" || what === "1.2.3" ? top : undefined);
      if (body !== undefined) return answer(body === IMAGE ? MANIFEST : body === CONFIG ? "" : INDEX, body);
      visits.push(`${request.method} ${what} 404`);
      response.writeHead(404).end();
    });
  });
  after(() => server[Symbol.asyncDispose]());

  /** Another process, as far as memory goes. */
  function registry(folder: string | undefined, options: Partial<RegistryOptions> & { hours?: number } = {}) {
    const logged: string[] = [];
    const { hours, ...others } = options;
    const cache = folder === undefined ? {} : { cache: { folder, ...(hours !== undefined && { hours }) } };
    const log = (message: string) => logged.push(message);
    return { ...createRegistry({ trusted: true, env: {}, home: "/nonexistent", log, ...cache, ...others }), logged };
  }
  async function seen(work: () => Promise<unknown>): Promise<readonly string[]> {
    visits = [];
    await work();
    return visits;
  }
  const image = (tag = "1"): string => `${server.host}/team/app:${tag}`;

  test("200 images: a request each, and none for the next who asks", async (t) => {
    const folder = folderFor(t);
    const images = Array.from({ length: 200 }, (_, at) => `${server.host}/team/app${at}:1`);
    const all = () => {
      const { resolveDigest } = registry(folder);
      // Each is asked for twice at the same time.
      return Promise.all([...images, ...images].map((each) => resolveDigest(each)));
    };
    assert.deepEqual(
      await seen(all),
      images.map(() => "HEAD 1 200"),
    );
    assert.deepEqual(await seen(async () => assert.equal((await all()).length, 400)), []);
    assert.equal(new Set((await all()).map(({ digest }) => digest)).size, 1);
  });

  test("what a digest names is asked for once and for ever; a tag for as long as the cache lasts", async (t) => {
    const folder = folderFor(t);
    const whole = (hours: number) => async () => {
      const { platforms, environment, overview } = registry(folder, { hours });
      assert.deepEqual([await platforms(image()), await environment(image())], ["linux/amd64", "A"]);
      assert.deepEqual((await overview(image())).platforms, [
        { platform: "linux/amd64", digest: digestOf(IMAGE), bytes: 2468, layers: 2 },
      ]);
    };
    assert.deepEqual(await seen(whole(1)), ["HEAD 1 200", "GET manifests 200", "GET manifests 200", "GET blobs 200"]);
    assert.deepEqual(await seen(whole(1)), []);
    assert.deepEqual(new Set(await seen(whole(0))), new Set(["HEAD 1 200"]), "without a lifetime the tag alone");
  });

  test("a tag that has moved is found once its time is over, and is asked for by its ETag", async (t) => {
    const folder = folderFor(t);
    etags = true;
    t.after(() => {
      etags = false;
      top = TOP;
    });
    const digest = async (hours: number) => (await registry(folder, { hours }).resolveDigest(image())).digest;
    assert.equal(await digest(1), digestOf(TOP));
    assert.deepEqual(await seen(async () => assert.equal(await digest(0), digestOf(TOP))), ["HEAD 1 304"]);
    top = MOVED;
    assert.deepEqual(await seen(async () => assert.equal(await digest(1), digestOf(TOP))), []);
    assert.deepEqual(await seen(async () => assert.equal(await digest(0), digestOf(MOVED))), ["HEAD 1 200"]);
    assert.deepEqual(await seen(async () => assert.equal(await digest(1), digestOf(MOVED))), []);
  });

  test("what a tag pointed at when it was looked up may be gone: then it is looked up anew", async (t) => {
    const folder = folderFor(t);
    await registry(folder).resolveDigest(image());
    [top, gone] = [MOVED, [digestOf(TOP)]];
    t.after(() => {
      [top, gone] = [TOP, []];
    });
    const asked = await seen(async () => assert.equal(await registry(folder).platforms(image()), "linux/amd64"));
    assert.deepEqual(asked.slice(0, 3), [`GET ${digestOf(TOP)} 404`, "HEAD 1 200", "GET manifests 200"]);
    assert.deepEqual(await seen(() => registry(folder).resolveDigest(image())), [], "which is known from then on");
  });

  test("who wants to know it anew is told by the registry, once for all who do so now", async (t) => {
    const folder = folderFor(t);
    const { resolveDigest } = registry(folder);
    await resolveDigest(image());
    top = MOVED;
    t.after(() => void (top = TOP));
    const anew = () => Promise.all([1, 2, 3].map(() => resolveDigest(image(), undefined, true)));
    const asked = await seen(async () => assert.ok((await anew()).every(({ digest }) => digest === digestOf(MOVED))));
    assert.deepEqual(asked, ["HEAD 1 200"]);
    assert.deepEqual(await seen(anew), ["HEAD 1 200"]);
    assert.equal((await registry(folder).resolveDigest(image())).digest, digestOf(MOVED));
  });

  test("a list of tags too", async (t) => {
    const folder = folderFor(t);
    etags = true;
    t.after(() => void (etags = false));
    const tags = async (hours: number) =>
      assert.deepEqual(await registry(folder, { hours }).tags(image()), ["1", "1.2", "1.2.3"]);
    assert.deepEqual(await seen(() => tags(1)), ["GET list 200"]);
    assert.deepEqual(await seen(() => tags(1)), []);
    assert.deepEqual(await seen(() => tags(0)), ["GET list 304"]);
  });

  test("offline all that was said is good, with its age in the log; the rest is not asked for", async (t) => {
    const folder = folderFor(t);
    await registry(folder).overview(image());
    const offline = registry(folder, { offline: true, hours: 0 });
    assert.deepEqual(
      await seen(async () => {
        assert.equal(await offline.digest(image()), digestOf(TOP));
        assert.equal(await offline.platforms(image()), "linux/amd64");
      }),
      [],
    );
    assert.match(offline.logged.join("\n"), /offline: 127\.0\.0\.1:\d+\/team\/app:1 is taken as it was a minute ago/);
    const error = await offline.resolveDigest(image("1.2.3")).catch((reason: unknown) => reason);
    assert.ok(error instanceof RegistryError && error.kind === "offline", `${error}`);
    assert.match(error.message, /team\/app was not looked up: offline; allow the network/);
    assert.deepEqual(visits, []);
  });

  test("what is recalled is what was said, by whom and when; nobody is asked, also not for what is missing", async (t) => {
    const folder = folderFor(t);
    const options: RegistryOptions = { trusted: true, env: {}, home: "/nonexistent", cache: { folder, hours: 0 } };
    const recall = recallFinders(options);
    const where = { folder: undefined, signal: new AbortController().signal };
    const recalled = async (of: string): Promise<unknown> =>
      JSON.parse(known(await recall.recalled?.({ ask: "recalled", image: of }, where)) ?? "");
    assert.deepEqual(await seen(async () => assert.deepEqual(await recalled(image()), {})), []);
    assert.deepEqual(await recall["told-by"]?.({ ask: "told-by", image: image() }, where), {
      unknown: `nobody has said anything about ${image()}`,
    });

    const asked = registry(folder);
    await Promise.all([asked.overview(image()), asked.evidence(image()), asked.tags(image())]);
    const overview = {
      digest: digestOf(TOP),
      platforms: [{ platform: "linux/amd64", digest: digestOf(IMAGE), bytes: 2468, layers: 2 }],
      labels: {},
    };
    const evidence = { signed: false, sbom: false, provenance: false };
    const pinned = `${image()}@${digestOf(TOP)}`;
    await seen(async () => {
      assert.deepEqual(await recalled(image()), { overview, evidence, today: digestOf(TOP) });
      assert.deepEqual(await recalled(pinned), { overview, evidence, today: digestOf(TOP) });
      assert.deepEqual(await recalled(`${server.host}/team/app@${digestOf(TOP)}`), { overview, evidence });
      assert.equal(await recall["recalled-tags"]?.({ ask: "recalled-tags", image: image() }, where), "1 1.2 1.2.3");
      const told = JSON.parse(known(await recall["told-by"]?.({ ask: "told-by", image: pinned }, where)) ?? "");
      assert.deepEqual([told.host, told.isMirror], [server.host, false]);
      assert.ok(Math.abs(Date.now() - told.at) < 60_000);
    });
    assert.equal(visits.join(), "");
  });

  test("a mirror that has said something is told from the registry", async (t) => {
    const folder = folderFor(t);
    const mirrored = registry(folder, { mirrors: { "registry.example": [`http://${server.host}`] } });
    await mirrored.resolveDigest("registry.example/team/app:1");
    const told = await mirrored.toldBy("registry.example/team/app:1");
    assert.deepEqual([told?.host, told?.isMirror], [server.host, true]);
    assert.equal(await mirrored.toldBy("registry.example/team/app:2"), undefined);
  });

  test("what is asked anew is asked, and then known to those who do not", async (t) => {
    const folder = folderFor(t);
    t.after(() => {
      top = TOP;
    });
    const { overview, evidence } = registry(folder);
    assert.equal((await overview(image())).digest, digestOf(TOP));
    await evidence(image());
    top = MOVED;
    assert.deepEqual(await seen(() => Promise.all([overview(image()), evidence(image())])), []);
    assert.equal((await overview(image(), undefined, true)).digest, digestOf(MOVED));
    const again = await seen(() => evidence(image(), undefined, true));
    assert.ok(again.length > 1, again.join());
    assert.equal((await registry(folder).overview(image())).digest, digestOf(MOVED));
    assert.deepEqual(await seen(() => registry(folder).evidence(image())), []);
  });

  test("an entry that is damaged, cut off, another's or of another form is asked for again", async (t) => {
    for (const [name, spoil] of Object.entries<(text: string, other: string) => string>({
      damaged: (text) => text.replace("sha256:", "sha256:0"),
      "cut off": (text) => text.slice(0, -5),
      empty: () => "",
      "another's": (_text, other) => other,
      "no text": () => "\u0000".repeat(100),
    })) {
      const folder = folderFor(t);
      const whole = async () => assert.equal(await registry(folder).platforms(image()), "linux/amd64");
      const first = await seen(whole);
      const files = readdirSync(folder).map((file) => join(folder, file));
      const texts = files.map((file) => readFileSync(file, "utf8"));
      for (const [at, file] of files.entries()) writeFileSync(file, spoil(texts[at] ?? "", texts.at(at - 1) ?? ""));
      assert.deepEqual(await seen(whole), first, name);
      assert.deepEqual(await seen(whole), [], `${name}: written anew`);
    }
  });

  test("content in the cache that is not what its digest says is not believed", async (t) => {
    const folder = folderFor(t);
    const cache = createCache({ folder });
    const lie = { mediaType: INDEX, body: Buffer.from(MOVED) };
    await cache.keepContent(`${server.host}/team/app`, digestOf(TOP), lie);
    assert.deepEqual(await seen(async () => assert.equal(await registry(folder).platforms(image()), "linux/amd64")), [
      "HEAD 1 200",
      "GET manifests 200",
      "GET manifests 200",
      "GET blobs 200",
    ]);
  });

  test("a folder that cannot be written is no cache, and no failure", async () => {
    const nowhere = registry("/dev/null/cache");
    assert.equal(await nowhere.digest(image()), digestOf(TOP));
  });

  test("nothing is readable for others, and no login is in it", async (t) => {
    const folder = folderFor(t);
    await registry(folder).platforms(image());
    for (const name of readdirSync(folder)) assert.equal(statSync(join(folder, name)).mode & 0o077, 0);
  });

  test("however many write at once, each file is whole, and a reader sees one of them", async (t) => {
    const folder = folderFor(t);
    const stores = Array.from({ length: 8 }, () => createStore({ folder, bytes: 1 << 20 }));
    const texts = stores.map((_, at) => String(at).repeat(50_000));
    const reads: (string | undefined)[] = [];
    await Promise.all(
      stores.flatMap((store, at) => [
        ...Array.from({ length: 10 }, () => store.write("key", texts[at] ?? "")),
        ...Array.from({ length: 10 }, async () => reads.push(await store.read("key"))),
      ]),
    );
    assert.ok(reads.every((text) => text === undefined || texts.includes(text)));
    assert.ok(texts.includes((await stores[0]?.read("key")) ?? ""));
    assert.deepEqual(readdirSync(folder).length, 1, "nothing half-written is left");
  });

  test("of more than may be kept what was used longest ago goes", async (t) => {
    const folder = folderFor(t);
    const store = createStore({ folder, bytes: 5000, pruneEvery: 1 });
    const old = new Date(Date.now() - 86_400_000);
    await store.write("a", "a".repeat(2000));
    await store.write("b", "b".repeat(2000));
    for (const name of readdirSync(folder)) utimesSync(join(folder, name), old, old);
    assert.ok(await store.read("a"), "reading is using");
    await store.write("c", "c".repeat(2000));
    assert.deepEqual(await Promise.all(["a", "b", "c"].map(async (key) => (await store.read(key))?.[0])), [
      "a",
      undefined,
      "c",
    ]);
  });
});
