/** What a build would send to a registry: nothing of that happens before somebody has agreed. */
import type { BuildOptions } from "./options.ts";
import { csvValues } from "./output.ts";

/** One line each: what goes where. */
export function pushesOf({ output, cacheTo = [], tags }: BuildOptions): readonly string[] {
  const fields = csvValues(output ?? "");
  const pushes = fields.get("type") === "registry" || /^(?:true|1)$/.test(fields.get("push") ?? "");
  const names = fields.get("name")?.split(",") ?? tags;
  return [
    ...(pushes ? names.map((name) => `the image, to ${name} (its digest is known when it is built)`) : []),
    ...cacheTo.flatMap((cache) => {
      const written = csvValues(cache);
      const type = written.get("type") ?? "registry";
      if (type === "local" || type === "inline") return [];
      return [`the build's cache, to ${type === "registry" ? (written.get("ref") ?? cache) : type}`];
    }),
  ];
}
