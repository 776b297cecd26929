/**
 * Image references (`node:22-alpine`, `ghcr.io/o/i:v1@sha256:…`): parsed and normalised as github.com/distribution/reference
 * does, with the places of tag and digest in the text as written, so that an edit can keep the rest of the spelling.
 */
import { applyEdits, type Edit, insert, remove, replace, type Span } from "../text/edit.ts";

export interface ImageRef {
  /** As written. */
  readonly text: string;
  /** Registry the image comes from: `docker.io` when none is written. */
  readonly domain: string;
  /** Repository within the registry: `library/node` for `node`. */
  readonly path: string;
  readonly tag?: string;
  readonly digest?: string;
  /** The name without tag and digest, in `text`. */
  readonly nameSpan: Span;
  /** The tag without its colon, in `text`. */
  readonly tagSpan?: Span;
  /** The digest without its at sign, in `text`. */
  readonly digestSpan?: Span;
}

export type ParsedImageRef =
  | { readonly ok: true; readonly ref: ImageRef }
  | {
      readonly ok: false;
      /** In the words of distribution/reference, which is what Docker prints for the same text. */
      readonly error: string;
      /** A reference that parses and is probably what was meant. */
      readonly suggestion?: string;
    };

const LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
const DOMAIN = new RegExp(`^(?:${LABEL}(?:\\.${LABEL})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?$`);
const COMPONENT = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const PATH = new RegExp(`^${COMPONENT}(?:/${COMPONENT})*$`);
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;
const HEX_NAME = /^[a-f0-9]{64}$/;

const HEX_LENGTH: ReadonlyMap<string, number> = new Map([
  ["sha256", 64],
  ["sha384", 96],
  ["sha512", 128],
]);

/** Far above any valid reference (255 for the path, 128 for the tag): longer text is not looked at. */
const MAX_LENGTH = 4096;
const MAX_PATH = 255;

const INVALID = "invalid reference format";

export function parseImageRef(text: string): ParsedImageRef {
  const parsed = parse(text);
  if (typeof parsed !== "string") return { ok: true, ref: parsed };
  const suggestion = suggest(text);
  return suggestion === undefined ? { ok: false, error: parsed } : { ok: false, error: parsed, suggestion };
}

/** `name:tag@digest` for `name:tag`, `name:tag@other` and, without a tag, `name@digest`. */
export const withDigest = (ref: ImageRef, digest: string): string => applyEdits(ref.text, [digestEdit(ref, digest)]);

/** The edit that gives a reference starting at `at` this digest. */
export function digestEdit(ref: ImageRef, digest: string, at = 0): Edit {
  if (ref.digestSpan) return replace(moved(ref.digestSpan, at), digest);
  return insert(at + (ref.tagSpan ?? ref.nameSpan).end, `@${digest}`);
}

/** The edit that takes the digest from a reference starting at `at`; an empty one where it has none. */
export function withoutDigestEdit({ text, digestSpan }: ImageRef, at = 0): Edit {
  const end = digestSpan?.end ?? text.length;
  return remove(moved({ start: digestSpan ? digestSpan.start - 1 : end, end }, at));
}

/** The edit that gives a reference starting at `at` this tag; a digest it has stays. */
export function tagEdit(ref: ImageRef, tag: string, at = 0): Edit {
  if (ref.tagSpan) return replace(moved(ref.tagSpan, at), tag);
  return insert(at + ref.nameSpan.end, `:${tag}`);
}

const moved = (span: Span, by: number): Span => ({ start: span.start + by, end: span.end + by });

/** The reference, or the error in the library's words. Checks run in the library's order, which decides the error given. */
function parse(text: string): ImageRef | string {
  if (text.length > MAX_LENGTH) return INVALID;
  if (HEX_NAME.test(text)) return `invalid repository name (${text}), cannot specify 64-byte hexadecimal strings`;

  const { domain, start } = splitDomain(text);
  const rest = text.slice(start);
  const prefix = domain === "docker.io" && !rest.includes("/") ? "library/" : "";

  const colon = rest.indexOf(":");
  const remote = prefix + (colon < 0 ? rest : rest.slice(0, colon));
  if (remote.toLowerCase() !== remote) return `${INVALID}: repository name (${remote}) must be lowercase`;

  const at = rest.indexOf("@");
  const nameAndTag = at < 0 ? rest : rest.slice(0, at);
  const digest = at < 0 ? undefined : rest.slice(at + 1);
  const tagColon = nameAndTag.indexOf(":");
  const tag = tagColon < 0 ? undefined : nameAndTag.slice(tagColon + 1);
  const path = prefix + (tagColon < 0 ? nameAndTag : nameAndTag.slice(0, tagColon));

  // The library takes `a_b.example/c`, whose first element is no domain by its grammar, for a path of two elements without a
  // domain; BuildKit then pulls it from the first element. It is kept as the domain here, where it is asked for.
  const hostAsPath = !DOMAIN.test(domain);
  if (hostAsPath && !PATH.test(domain)) return INVALID;
  if (!PATH.test(path)) return INVALID;
  if (tag !== undefined && !TAG.test(tag)) return INVALID;
  if (digest !== undefined && !DIGEST.test(digest)) return INVALID;
  const pathLength = path.length + (hostAsPath ? domain.length + 1 : 0);
  if (pathLength > MAX_PATH) return `repository name must not be more than ${MAX_PATH} characters`;
  const wrongDigest = digest === undefined ? undefined : digestError(digest);
  if (wrongDigest !== undefined) return wrongDigest;

  const nameEnd = start + (tagColon < 0 ? nameAndTag.length : tagColon);
  const tagEnd = start + nameAndTag.length;
  return {
    text,
    domain,
    path,
    nameSpan: { start: 0, end: nameEnd },
    ...(tag === undefined ? {} : { tag, tagSpan: { start: nameEnd + 1, end: tagEnd } }),
    ...(digest === undefined ? {} : { digest, digestSpan: { start: tagEnd + 1, end: text.length } }),
  };
}

/** The first element is a registry when it cannot be the start of a Docker Hub name, else the image is Docker Hub's. */
function splitDomain(text: string): { domain: string; start: number } {
  const slash = text.indexOf("/");
  if (slash < 0) return { domain: "docker.io", start: 0 };
  const first = text.slice(0, slash);
  if (first === "index.docker.io") return { domain: "docker.io", start: slash + 1 };
  const isDomain = first === "localhost" || first.includes(".") || first.includes(":") || first.toLowerCase() !== first;
  return isDomain ? { domain: first, start: slash + 1 } : { domain: "docker.io", start: 0 };
}

function digestError(digest: string): string | undefined {
  const colon = digest.indexOf(":");
  const algorithm = digest.slice(0, colon);
  const hex = digest.slice(colon + 1);
  const length = HEX_LENGTH.get(algorithm);
  if (length === undefined) {
    return algorithm.toLowerCase() === algorithm ? "unsupported digest algorithm" : "invalid checksum digest format";
  }
  if (hex.length !== length) return "invalid checksum digest length";
  return hex.toLowerCase() === hex ? undefined : "invalid checksum digest format";
}

/** Undoes the usual mistakes: blanks around, a scheme in front, capitals in the name. */
function suggest(text: string): string | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const bare = text.trim().replace(/^(?:https?|docker|oci):\/\//i, "");
  return [bare, lowerCaseName(bare)].find((candidate) => candidate !== text && typeof parse(candidate) !== "string");
}

function lowerCaseName(text: string): string {
  const { start } = splitDomain(text);
  const end = text.slice(start).search(/[:@]|$/) + start;
  return text.slice(0, start) + text.slice(start, end).toLowerCase() + text.slice(end);
}
