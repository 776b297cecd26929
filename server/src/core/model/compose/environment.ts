/** Values of variables from the `.env` file beside a compose file. What the shell sets comes before them, and nobody knows that here. */
import { parseEnvFile } from "./env-file.ts";
import type { Lookup } from "./project-model.ts";

export interface Environment {
  /** The file was read, or there is none. */
  readonly read: boolean;
  readonly values: ReadonlyMap<string, string>;
}

const NOTHING: ReadonlyMap<string, string> = new Map();

export function environmentOf(lookup: Lookup): Environment {
  const kind = lookup({ ask: "path-kind", path: ".env" });
  if (kind === "missing") return { read: true, values: NOTHING };
  const text = kind === "file" ? lookup({ ask: "text", path: ".env" }) : undefined;
  if (typeof text !== "string") return { read: false, values: NOTHING };
  const { entries, problems } = parseEnvFile(text);
  const values = new Map<string, string>();
  for (const { key, value } of entries) if (value !== undefined) values.set(key, value);
  return { read: !problems.some(({ refused }) => refused), values };
}
