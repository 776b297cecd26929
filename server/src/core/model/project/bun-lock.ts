/** bun.lock → what it locks. bun.lockb is binary, and nobody reads it here. */
import { readJsonc } from "./json.ts";
import { type NodeLock, wantedOf } from "./node-lock.ts";
import { at, fieldsOf, isFields } from "./values.ts";

/** Undefined where the text is no lock file of bun. */
export function readBunLock(text: string): NodeLock | undefined {
  const data = readJsonc(text);
  const version = at(data, "lockfileVersion");
  if (typeof version !== "number" || !isFields(at(data, "workspaces"))) return undefined;
  return {
    kind: "bun",
    version: String(version),
    wanted: new Map(Object.entries(fieldsOf(at(data, "workspaces"))).map(([path, entry]) => [path, wantedOf(entry)])),
    locks: () => undefined,
    // The key of a package below another one is a path: `express/debug`.
    packages: new Set(Object.keys(fieldsOf(at(data, "packages"))).map(nameOf)),
  };
}

function nameOf(path: string): string {
  const parts = path.split("/");
  const scope = parts.at(-2);
  return scope?.startsWith("@") ? parts.slice(-2).join("/") : (parts.at(-1) ?? path);
}
