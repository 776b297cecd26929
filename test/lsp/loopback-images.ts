/** A registry on a loopback port with images for two platforms, which counts who asks and can be made to wait. */
import { createHash } from "node:crypto";
import { type LocalServer, serve } from "../effects/local-server.ts";

const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const INDEX = "application/vnd.oci.image.index.v1+json";
const CONFIG = "application/vnd.oci.image.config.v1+json";

export const digestOf = (body: string): string => `sha256:${createHash("sha256").update(body).digest("hex")}`;

export interface LoopbackImages extends AsyncDisposable {
  readonly host: string;
  /** `GET manifests/1`, in order; what is asked for by digest without it. */
  readonly visits: string[];
  /** Makes a tag lead to an image of that day; its digest. `bytes` compressed for amd64, one more for arm64. */
  put(tag: string, day: string, bytes?: number): string;
  /** Whether what stands beside images is there. */
  signed: boolean;
  /** Answers wait until it is called. */
  hold(): () => void;
}

export async function serveImages(): Promise<LoopbackImages> {
  const bodies = new Map<string, readonly [type: string, body: string]>();
  const tags = new Map<string, string>();
  const visits: string[] = [];
  let gate: Promise<unknown> = Promise.resolve();
  const state = { signed: false };

  const keep = (type: string, body: string) => {
    bodies.set(digestOf(body), [type, body]);
    return { mediaType: type, digest: digestOf(body), size: body.length };
  };
  const imageFor = (architecture: string, day: string, bytes: number) => {
    const labels = {
      "org.opencontainers.image.source": "https://github.com/team/app",
      "org.opencontainers.image.revision": "0123456789abcdef",
    };
    const config = keep(
      CONFIG,
      JSON.stringify({ os: "linux", architecture, created: `${day}T10:00:00Z`, config: { Labels: labels } }),
    );
    const layers = [{ mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest: digestOf("l"), size: bytes }];
    const manifest = keep(MANIFEST, JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, config, layers }));
    return { ...manifest, platform: { os: "linux", architecture } };
  };

  const server: LocalServer = await serve(async (request, response) => {
    const [, kind = "", what = ""] =
      /^\/v2\/.+?\/(manifests|blobs|tags|referrers)\/([^?]+)/.exec(request.url ?? "") ?? [];
    visits.push(`${request.method} ${kind}${what.startsWith("sha256:") ? "" : `/${what}`}`);
    await gate;
    const send = (status: number, type: string, body: string): void => {
      response.writeHead(status, {
        "content-type": type,
        "docker-content-digest": digestOf(body),
        "content-length": Buffer.byteLength(body),
      });
      response.end(request.method === "HEAD" ? undefined : body);
    };
    if (kind === "tags") return send(200, "application/json", JSON.stringify({ tags: [...tags.keys()] }));
    const signature = {
      ...{ mediaType: MANIFEST, digest: digestOf("s"), size: 1 },
      artifactType: "application/vnd.cncf.notary.signature",
    };
    if (kind === "referrers" && state.signed)
      return send(200, INDEX, JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: [signature] }));
    const found = bodies.get(tags.get(what) ?? what);
    if (found) return send(200, ...found);
    response.writeHead(404).end();
  });

  return {
    host: server.host,
    visits,
    put(tag, day, bytes = 52_100_000) {
      const manifests = [imageFor("amd64", day, bytes), imageFor("arm64", day, bytes + 1_000_000)];
      const { digest } = keep(INDEX, JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests }));
      tags.set(tag, digest);
      return digest;
    },
    get signed() {
      return state.signed;
    },
    set signed(now) {
      state.signed = now;
    },
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      gate = promise;
      return resolve;
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
