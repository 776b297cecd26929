/** Where a build writes to: `type=oci,dest=image.tar`, as buildx has it, seen from a folder; and the place beside it that is written first. Pure. */
import { isAbsolute, resolve } from "node:path";
import { csv } from "../engines/engine.ts";

/** `type=registry,ref=a,"name=a,b"`: the fields of a line of CSV. */
export const csvFields = (text: string): readonly string[] =>
  [...text.matchAll(/"((?:[^"]|"")*)"|([^,]+)/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "",
  );

/** Keys in lower case. */
export const csvValues = (text: string): ReadonlyMap<string, string> =>
  new Map(
    csvFields(text).flatMap((field): readonly (readonly [string, string])[] => {
      const at = field.indexOf("=");
      return at < 0 ? [] : [[field.slice(0, at).trim().toLowerCase(), field.slice(at + 1)]];
    }),
  );

/** A cache or an output with its paths seen from `folder`: programs are started elsewhere. */
export function pathsFrom(folder: string, text: string): string {
  const values = csvValues(text);
  const given = ["src", "dest"].filter((key) => isRelative(values.get(key)));
  if (given.length === 0) return text;
  return withValues(text, Object.fromEntries(given.map((key) => [key, resolve(folder, values.get(key) ?? "")])));
}

/** The same for an output, which may be a path and nothing else. */
export function outputFrom(folder: string, text: string): string {
  if (text === "-" || csvFields(text).some((field) => field.includes("="))) return pathsFrom(folder, text);
  return csv(["type=local", `dest=${resolve(folder, text)}`]);
}

const isRelative = (path: string | undefined): boolean =>
  path !== undefined && path !== "" && path !== "-" && !isAbsolute(path);

const withValues = (text: string, values: Readonly<Record<string, string>>): string =>
  csv(
    csvFields(text).map((field) => {
      const key = field
        .slice(0, Math.max(0, field.indexOf("=")))
        .trim()
        .toLowerCase();
      return Object.hasOwn(values, key) ? `${key}=${values[key]}` : field;
    }),
  );

/** What is written, where the output is a file or a folder. */
export function destOf(output: string): { readonly dest: string; readonly kind: "file" | "folder" } | undefined {
  const values = csvValues(output);
  const [type, dest] = [values.get("type"), values.get("dest")];
  if (dest === undefined || dest === "" || dest === "-") return undefined;
  if (type === "local" || /^(?:false|0)$/.test(values.get("tar") ?? "")) return { dest, kind: "folder" };
  return type === "tar" || type === "oci" || type === "docker" ? { dest, kind: "file" } : undefined;
}

export const withDest = (output: string, dest: string): string => withValues(output, { dest });
