/** Which registries a project trusts (`policy.trustedRegistries`), and where an image comes from. */
import { parseImageRef } from "../model/image-ref.ts";

export interface Place {
  readonly domain: string;
  /** Undefined where a variable hides a part of it. */
  readonly path: string | undefined;
}

/** Names under which Docker Hub goes. */
const HUB: ReadonlySet<string> = new Set(["docker.io", "index.docker.io", "registry-1.docker.io", "hub.docker.com"]);

/** A text in which `*` is any text. */
export const globOf = (text: string): RegExp =>
  new RegExp(`^${text.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*+/g, ".*")}$`);

/** Whether an image from there may be used, as one entry of the list has it. */
export function trustOf(entry: string): (place: Place) => boolean {
  const plain = entry.trim().toLowerCase().replace(/\/$/, "");
  const name = HUB.has(plain) ? "docker.io" : plain;
  const expression = globOf(name);
  const withPath = name.includes("/");
  return ({ domain, path }) => {
    if (!withPath) return expression.test(domain);
    // What a variable hides may be on the list.
    return path === undefined ? domain === name.split("/")[0] : expression.test(`${domain}/${path}`);
  };
}

/** Where an image comes from, also when a variable stands in its later parts; undefined when one hides the registry. */
export function placeOfImage(text: string): Place | undefined {
  const hidden = text.indexOf("$");
  if (hidden === -1) {
    const parsed = parseImageRef(text);
    return parsed.ok ? { domain: parsed.ref.domain.toLowerCase(), path: parsed.ref.path } : undefined;
  }
  const start = text.slice(0, hidden);
  const slash = start.lastIndexOf("/");
  // Before the first slash or tag it is not known whether a registry follows.
  if (slash === -1) return /^[a-z0-9._-]+[:@]$/.test(start) ? hub : undefined;
  const parsed = parseImageRef(`${start.slice(0, slash)}/x`);
  return parsed.ok ? { domain: parsed.ref.domain.toLowerCase(), path: undefined } : undefined;
}

const hub: Place = { domain: "docker.io", path: undefined };
