/** What an image says of itself: the platforms there are of it, and the variables its configuration sets. */
import { createHash } from "node:crypto";
import type { Client } from "./client.ts";
import type { Endpoint } from "./endpoint.ts";
import { RegistryError } from "./errors.ts";
import type { HttpResponse } from "./http.ts";
import { asObject, asText, type JsonObject, member, parseObject } from "./json.ts";
import type { Limits } from "./limits.ts";
import { ACCEPT, manifestOfBody } from "./manifest.ts";
import type { ManifestQuery } from "./resolve.ts";
import { statusError } from "./status.ts";

export interface ImageFacts {
  /** `linux/amd64`, `linux/arm64/v8`. */
  readonly platforms: readonly string[];
  /** Names of variables, of the image for linux/amd64 or of the first there is. */
  readonly environment: readonly string[];
}

const DIGEST = /^sha256:[a-f0-9]{64}$/;
const USUAL = "linux/amd64";

export async function imageFacts(
  client: Client,
  endpoint: Endpoint,
  { path, reference, image }: ManifestQuery,
  limits: Limits,
  signal: AbortSignal,
): Promise<ImageFacts> {
  const get = async (route: string, accept?: string): Promise<HttpResponse> => {
    const response = await client(
      endpoint,
      { method: "GET", path, route: `${path}/${route}`, limit: limits.manifestBytes, ...(accept && { accept }) },
      signal,
    );
    if (response.status !== 200) throw statusError(response, image);
    return response;
  };
  const manifestAt = async (
    where: string,
  ): Promise<{ readonly isIndex: boolean; readonly content: JsonObject | undefined }> => {
    const response = await get(`manifests/${where}`, ACCEPT);
    const { digest, isIndex } = manifestOfBody(response);
    if (DIGEST.test(where) && where !== digest) throw wrongDigest(endpoint, where, digest);
    return { isIndex, content: parseObject(response.body.toString("utf8")) };
  };

  const top = await manifestAt(reference);
  const choices = top.isIndex ? imagesIn(top.content) : [];
  const chosen = choices.find(({ platform }) => platform === USUAL) ?? choices[0];
  if (top.isIndex && !chosen) return { platforms: [], environment: [] };
  const { content } = chosen ? await manifestAt(chosen.digest) : top;
  const config = asText(member(asObject(member(content, "config")), "digest")) ?? "";
  if (!DIGEST.test(config))
    throw new RegistryError("protocol", `${endpoint.host} sent an image without a configuration`);
  const { body } = await get(`blobs/${config}`);
  const digest = `sha256:${createHash("sha256").update(body).digest("hex")}`;
  if (digest !== config) throw wrongDigest(endpoint, config, digest);
  const said = parseObject(body.toString("utf8"));
  return {
    platforms: top.isIndex ? choices.map(({ platform }) => platform) : [platformOf(said)],
    environment: environmentOf(said),
  };
}

const wrongDigest = ({ host }: Endpoint, asked: string, got: string): RegistryError =>
  new RegistryError("digest", `${host} was asked for ${asked} and gave ${got}; do not use it, report it`);

interface PlatformImage {
  readonly platform: string;
  readonly digest: string;
}

/** Attestations stand in the index as images for `unknown/unknown`. */
function imagesIn(index: JsonObject | undefined): readonly PlatformImage[] {
  const manifests = member(index, "manifests");
  return (Array.isArray(manifests) ? manifests : []).flatMap((each: unknown) => {
    const digest = asText(member(asObject(each), "digest")) ?? "";
    const platform = platformOf(asObject(member(asObject(each), "platform")));
    return DIGEST.test(digest) && !platform.startsWith("unknown/") ? [{ platform, digest }] : [];
  });
}

const platformOf = (from: JsonObject | undefined): string =>
  [
    asText(member(from, "os")) ?? "unknown",
    asText(member(from, "architecture")) ?? "unknown",
    asText(member(from, "variant")) ?? "",
  ]
    .filter((part) => part !== "")
    .join("/");

function environmentOf(config: JsonObject | undefined): readonly string[] {
  const env = member(asObject(member(config, "config")), "Env");
  return (Array.isArray(env) ? env : []).flatMap((each: unknown) => {
    const name = typeof each === "string" ? /^([A-Za-z_][A-Za-z0-9_]*)=/.exec(each)?.[1] : undefined;
    return name === undefined ? [] : [name];
  });
}
