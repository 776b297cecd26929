/** `network_mode`, `pid`, `ipc`, `uts`, `userns_mode` and `cgroup`: a word, or another service or container whose namespace is shared. */
import type { Span } from "../../text/edit.ts";

export type NamespaceMode =
  | { readonly kind: "service" | "container"; readonly name: string; readonly nameSpan: Span }
  | { readonly kind: "word"; readonly name: string };

const PREFIX = /^(service|container):/;

export function parseNamespaceMode(text: string): NamespaceMode {
  const [prefix, kind] = PREFIX.exec(text) ?? [];
  if (prefix === undefined) return { kind: "word", name: text };
  return {
    kind: kind === "service" ? "service" : "container",
    name: text.slice(prefix.length),
    nameSpan: { start: prefix.length, end: text.length },
  };
}

/** The words of each key. Any other word in `network_mode` names a network of the engine. */
const WORDS: ReadonlyMap<string, readonly string[]> = new Map([
  ["network_mode", ["bridge", "host", "none", "default"]],
  ["pid", ["host"]],
  ["ipc", ["none", "private", "shareable", "host"]],
  ["uts", ["host"]],
  ["userns_mode", ["host"]],
  ["cgroup", ["host", "private"]],
]);

/** The keys that can share with a service or a container. */
const SHARING: ReadonlySet<string> = new Set(["network_mode", "pid", "ipc"]);

/** Whether the engine knows what to do with it; a network of another name counts as known. */
export function isKnownMode(key: string, text: string): boolean {
  const mode = parseNamespaceMode(text);
  if (mode.kind !== "word") return SHARING.has(key) && mode.name !== "";
  return text === "" || key === "network_mode" || (WORDS.get(key)?.includes(text) ?? false);
}

export const wordsOfMode = (key: string): readonly string[] => WORDS.get(key) ?? [];
