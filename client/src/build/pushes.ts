/** What a build would send to a registry: nothing of that happens before somebody has agreed. */
import type { BuildOptions } from "./options.ts";

/** One line each: what goes where. */
export function pushesOf({ output, cacheTo = [], tags }: BuildOptions): readonly string[] {
  const fields = fieldsOf(output ?? "");
  const pushes = fields.get("type") === "registry" || /^(?:true|1)$/.test(fields.get("push") ?? "");
  const names = fields.get("name")?.split(",") ?? tags;
  return [
    ...(pushes ? names.map((name) => `the image, to ${name} (its digest is known when it is built)`) : []),
    ...cacheTo.flatMap((cache) => {
      const written = fieldsOf(cache);
      const type = written.get("type") ?? "registry";
      if (type === "local" || type === "inline") return [];
      return [`the build's cache, to ${type === "registry" ? (written.get("ref") ?? cache) : type}`];
    }),
  ];
}

/** `type=registry,ref=a,"name=a,b"`: the fields of a line of CSV. */
function fieldsOf(text: string): ReadonlyMap<string, string> {
  const fields = [...text.matchAll(/"((?:[^"]|"")*)"|([^,]+)/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "",
  );
  return new Map(
    fields.flatMap((field): readonly (readonly [string, string])[] => {
      const at = field.indexOf("=");
      return at < 0 ? [] : [[field.slice(0, at).trim().toLowerCase(), field.slice(at + 1)]];
    }),
  );
}
