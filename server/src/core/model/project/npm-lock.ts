/** package-lock.json and npm-shrinkwrap.json → what they lock. */
import { readJson } from "./json.ts";
import type { NodeLock } from "./node-lock.ts";
import { at, fieldsOf, isFields, namedTexts } from "./values.ts";

/** Undefined where the text is no lock file of npm. */
export function readNpmLock(text: string): NodeLock | undefined {
  const data = readJson(text);
  const version = at(data, "lockfileVersion");
  if (!isFields(data) || typeof version !== "number") return undefined;
  const root = at(data, "packages", "");
  const locked = at(data, "packages");
  const packages = new Set(
    isFields(locked)
      ? Object.keys(locked).flatMap((path) => (path === "" ? [] : [path.slice(path.lastIndexOf("node_modules/") + (path.includes("node_modules/") ? 13 : 0))]))
      : Object.keys(fieldsOf(at(data, "dependencies"))),
  );
  return {
    kind: "npm",
    version: String(version),
    wanted: isFields(root)
      ? new Map([
          ...namedTexts(root["devDependencies"]),
          ...namedTexts(root["dependencies"]),
          ...namedTexts(root["optionalDependencies"]),
        ])
      : undefined,
    // Version 1 has versions without what was asked for.
    locks: (name) => (packages.has(name) ? undefined : false),
    packages,
  };
}
