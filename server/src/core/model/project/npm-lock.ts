/** package-lock.json and npm-shrinkwrap.json → what they lock. */
import { readJson } from "./json.ts";
import { type NodeLock, wantedOf } from "./node-lock.ts";
import { at, fieldsOf, flagAt, isFields } from "./values.ts";

const FOLDER = "node_modules/";

/** Undefined where the text is no lock file of npm. */
export function readNpmLock(text: string): NodeLock | undefined {
  const data = readJson(text);
  const version = at(data, "lockfileVersion");
  if (!isFields(data) || typeof version !== "number") return undefined;
  const locked = at(data, "packages");
  const paths = Object.entries(fieldsOf(locked));
  const nameOf = (path: string): readonly string[] =>
    path.includes(FOLDER) ? [path.slice(path.lastIndexOf(FOLDER) + FOLDER.length)] : [];
  const packages = new Set(
    isFields(locked) ? paths.flatMap(([path]) => nameOf(path)) : Object.keys(fieldsOf(at(data, "dependencies"))),
  );
  return {
    kind: "npm",
    version: String(version),
    // What is in no such folder is a project: the root, or one of a workspace.
    wanted: isFields(locked)
      ? new Map(paths.flatMap(([path, entry]) => (path.includes(FOLDER) ? [] : [[path, wantedOf(entry)] as const])))
      : undefined,
    // Version 1 has versions without what was asked for.
    locks: (name) => (packages.has(name) ? undefined : false),
    packages,
    ...(isFields(locked) && {
      scripted: new Set(paths.flatMap(([path, entry]) => (flagAt(entry, "hasInstallScript") ? nameOf(path) : []))),
    }),
  };
}
