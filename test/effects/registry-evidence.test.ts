/** What a registry has beside an image: in the index, among the referrers, under tags; presence and who says so. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { RegistryError } from "../../server/src/effects/registry/errors.ts";
import { createRegistry } from "../../server/src/effects/registry/registry.ts";
import { type LocalServer, serve } from "./local-server.ts";

const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const INDEX = "application/vnd.oci.image.index.v1+json";
const digestOf = (bytes: string): string => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

const layered = (layers: readonly object[], more: object = {}): string =>
  JSON.stringify({
    ...{ schemaVersion: 2, mediaType: MANIFEST, config: { digest: digestOf("{}"), mediaType: "x", size: 2 } },
    ...{ layers: layers.map((layer) => ({ mediaType: "x", digest: digestOf("l"), size: 1, ...layer })), ...more },
  });
const statement = (predicate: string) => ({
  mediaType: "application/vnd.in-toto+json",
  annotations: { "in-toto.io/predicate-type": predicate },
});

const IMAGE = layered([]);
const ATTESTATION = layered([statement("https://spdx.dev/Document"), statement("https://slsa.dev/provenance/v1")]);
const platform = { os: "linux", architecture: { x64: "amd64" }[process.arch as string] ?? process.arch };
const unknown = { os: "unknown", architecture: "unknown" };
const TOP = JSON.stringify({
  ...{ schemaVersion: 2, mediaType: INDEX },
  manifests: [
    { mediaType: MANIFEST, digest: digestOf(IMAGE), size: 1, platform },
    {
      ...{ mediaType: MANIFEST, digest: digestOf(ATTESTATION), size: 1, platform: unknown },
      annotations: {
        "vnd.docker.reference.type": "attestation-manifest",
        "vnd.docker.reference.digest": digestOf(IMAGE),
      },
    },
  ],
});
const PLAIN = JSON.stringify({
  ...{ schemaVersion: 2, mediaType: INDEX },
  manifests: [{ mediaType: MANIFEST, digest: digestOf(IMAGE), size: 1, platform }],
});
const indexOf = (manifests: readonly object[]): string =>
  JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests });

const bundle = (annotations: object) => ({
  artifactType: "application/vnd.dev.sigstore.bundle.v0.3+json",
  annotations,
});
const SIGNED_BUNDLE = bundle({ "dev.sigstore.bundle.predicateType": "https://sigstore.dev/cosign/sign/v1" });
const PROVENANCE_BUNDLE = bundle({ "dev.sigstore.bundle.predicateType": "https://slsa.dev/provenance/v1" });
const OLD_BUNDLE = bundle({ "dev.sigstore.bundle.content": "message-signature" });
const NOTATION = { artifactType: "application/vnd.cncf.notary.signature" };
const CHART = { artifactType: "application/vnd.cncf.helm.config.v1+json" };
const BUNDLE = layered([{ mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json" }], SIGNED_BUNDLE);
const LAYERED = layered([statement("https://cyclonedx.org/bom")], { artifactType: "application/vnd.in-toto+json" });
const TAG = digestOf(PLAIN).replace(":", "-");

interface Row {
  readonly top: string;
  /** By what is behind the repository's name; a status alone for a failure. */
  readonly routes: Readonly<Record<string, { type: string; body: string; link?: string } | number>>;
  readonly items: readonly string[] | RegExp;
}

const referrers = (body: string, link?: string) => ({ type: INDEX, body, ...(link !== undefined && { link }) });
const manifest = (body: string) => ({ type: MANIFEST, body });

const rows: Readonly<Record<string, Row>> = {
  nothing: { top: PLAIN, routes: {}, items: [] },
  "buildkit-in-the-index": {
    top: TOP,
    routes: {},
    items: ["sbom https://spdx.dev/Document in index", "provenance https://slsa.dev/provenance/v1 in index"],
  },
  "referrers-over-pages": {
    top: PLAIN,
    routes: {
      [`referrers/${digestOf(PLAIN)}`]: referrers(indexOf([SIGNED_BUNDLE, CHART]), "?page=2"),
      [`referrers/${digestOf(PLAIN)}?page=2`]: referrers(indexOf([PROVENANCE_BUNDLE, NOTATION, OLD_BUNDLE])),
    },
    items: [
      "signature https://sigstore.dev/cosign/sign/v1 in referrers",
      "provenance https://slsa.dev/provenance/v1 in referrers",
      "signature application/vnd.cncf.notary.signature in referrers",
      "signature message-signature in referrers",
    ],
  },
  "referrers-of-the-platform": {
    top: PLAIN,
    routes: { [`referrers/${digestOf(IMAGE)}`]: referrers(indexOf([{ artifactType: "application/spdx+json" }])) },
    items: ["sbom application/spdx+json in referrers"],
  },
  "fallback-tag": {
    top: PLAIN,
    routes: { [`manifests/${TAG}`]: referrers(indexOf([{ artifactType: "application/vnd.cyclonedx+json" }])) },
    items: [`sbom application/vnd.cyclonedx+json in tag ${TAG}`],
  },
  "a-descriptor-that-does-not-tell": {
    top: PLAIN,
    routes: {
      [`manifests/${TAG}`]: referrers(
        indexOf([
          { mediaType: MANIFEST, digest: digestOf(BUNDLE), artifactType: "application/vnd.oci.empty.v1+json" },
          { mediaType: MANIFEST, digest: digestOf(LAYERED), artifactType: "application/vnd.in-toto+json" },
          { mediaType: MANIFEST, digest: digestOf(IMAGE), artifactType: "application/vnd.in-toto+json" },
        ]),
      ),
      [`manifests/${digestOf(BUNDLE)}`]: manifest(BUNDLE),
      [`manifests/${digestOf(LAYERED)}`]: manifest(LAYERED),
    },
    items: [
      `signature https://sigstore.dev/cosign/sign/v1 in tag ${TAG}`,
      `sbom https://cyclonedx.org/bom in tag ${TAG}`,
      `attestation application/vnd.in-toto+json in tag ${TAG}`,
    ],
  },
  "a-page-that-is-no-index": {
    top: PLAIN,
    routes: {
      [`referrers/${digestOf(PLAIN)}`]: { type: "text/html", body: "<html>" },
      [`manifests/${TAG}`]: referrers(indexOf([NOTATION])),
    },
    items: [`signature application/vnd.cncf.notary.signature in tag ${TAG}`],
  },
  "cosign-tags": {
    top: PLAIN,
    routes: {
      [`manifests/${TAG}.sig`]: manifest(layered([{ mediaType: "application/vnd.dev.cosign.simplesigning.v1+json" }])),
      [`manifests/${TAG}.att`]: manifest(
        layered([
          {
            mediaType: "application/vnd.dsse.envelope.v1+json",
            annotations: { predicateType: "https://slsa.dev/provenance/v0.2" },
          },
          {
            mediaType: "application/vnd.dsse.envelope.v1+json",
            annotations: { predicateType: "https://cosign.sigstore.dev/attestation/vuln/v1" },
          },
        ]),
      ),
      [`manifests/${TAG}.sbom`]: manifest(layered([{ mediaType: "text/spdx+json" }])),
    },
    items: [
      `signature application/vnd.dev.cosign.simplesigning.v1+json in tag ${TAG}.sig`,
      `provenance https://slsa.dev/provenance/v0.2 in tag ${TAG}.att`,
      `attestation https://cosign.sigstore.dev/attestation/vuln/v1 in tag ${TAG}.att`,
      `sbom text/spdx+json in tag ${TAG}.sbom`,
    ],
  },
  "shapes-that-are-none": {
    top: PLAIN,
    routes: {
      [`referrers/${digestOf(PLAIN)}`]: referrers('{"manifests":[null,7,{"artifactType":["x"]},{"annotations":"no"}]}'),
      [`manifests/${TAG}.sig`]: manifest("[]"),
    },
    items: [],
  },
  "thousands-of-referrers": {
    top: PLAIN,
    routes: {
      [`referrers/${digestOf(PLAIN)}`]: referrers(indexOf(Array.from({ length: 5000 }, () => NOTATION))),
    },
    items: Array.from({ length: 100 }, () => "signature application/vnd.cncf.notary.signature in referrers"),
  },
  refused: {
    top: PLAIN,
    routes: { [`referrers/${digestOf(PLAIN)}`]: 403 },
    items: /refuses access to the referrers of .*HTTP 403/,
  },
};

let server: LocalServer;
let busy = 0;
let most = 0;

describe("what belongs to an image", () => {
  before(async () => {
    server = await serve((request, response) => {
      most = Math.max(most, ++busy);
      response.on("close", () => busy--);
      const [, name = "", what = ""] = /^\/v2\/([^/]+)\/(.+)$/.exec(request.url ?? "") ?? [];
      const row = rows[name];
      const stored = [row?.top ?? "", IMAGE, ATTESTATION].find((body) => what === `manifests/${digestOf(body)}`);
      const content = stored ?? (what === "manifests/1" ? row?.top : undefined);
      const found =
        content === undefined
          ? row?.routes[what]
          : { type: content.includes("manifests") ? INDEX : MANIFEST, body: content };
      if (found === undefined || typeof found === "number") return response.writeHead(found ?? 404).end();
      const link = "link" in found ? { link: `<${found.link}>; rel="next"` } : {};
      response.writeHead(200, { "content-type": found.type, "docker-content-digest": digestOf(found.body), ...link });
      return response.end(request.method === "HEAD" ? undefined : found.body);
    });
  });
  after(() => server[Symbol.asyncDispose]());

  const registry = () => createRegistry({ trusted: true, env: {}, home: "/nonexistent" });

  for (const [name, { items }] of Object.entries(rows))
    test(name.replaceAll("-", " "), async () => {
      const outcome = await registry()
        .evidence(`${server.host}/${name}:1`)
        .catch((error: unknown) => error);
      if (items instanceof RegExp) {
        assert.ok(outcome instanceof RegistryError, `${outcome}`);
        assert.match(outcome.message, items);
        return;
      }
      assert.ok(typeof outcome === "object" && outcome !== null && "items" in outcome, `${outcome}`);
      const found = outcome as Awaited<ReturnType<ReturnType<typeof registry>["evidence"]>>;
      assert.deepEqual(
        found.items.map(({ kind, type, in: where }) => `${kind} ${type} in ${where}`),
        items,
      );
      const says = (kind: string) => items.some((item) => item.startsWith(kind));
      const { signed, sbom, provenance } = found;
      assert.deepEqual(
        { signed, sbom, provenance },
        { signed: says("signature"), sbom: says("sbom"), provenance: says("provenance") },
      );
    });

  test("the digest it is about is named", async () => {
    const { items } = await registry().evidence(`${server.host}/buildkit-in-the-index:1`);
    assert.deepEqual(new Set(items.map(({ of }) => of)), new Set([digestOf(IMAGE)]));
  });

  test("of mirrors none is asked while the registry answers, for it may not have what belongs to an image", async () => {
    let asked = 0;
    await using mirror = await serve((_request, response) => {
      asked++;
      response.writeHead(404).end();
    });
    const mirrors = { [server.host]: [`http://${mirror.host}`] };
    const digest = digestOf(PLAIN);
    const { evidence } = createRegistry({ trusted: true, env: {}, home: "/nonexistent", mirrors });
    assert.equal((await evidence(`${server.host}/cosign-tags@${digest}`)).signed, true);
    assert.equal(asked, 0);
  });
});
