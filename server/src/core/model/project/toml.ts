/** TOML → data; undefined where it cannot be read. The only importer of smol-toml. */
import { parse } from "smol-toml";

export function readToml(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
