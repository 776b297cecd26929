/** What a project is made of, and how its files are read. */
import type { YamlEntry } from "../../text/yaml.ts";
import type { Service } from "./model.ts";

/** How files beside the document are read: the part of a rule's `lookup` that this needs. */
export type Lookup = (question: {
  readonly ask: "path-kind" | "text";
  readonly path: string;
}) => string | { readonly unknown: string } | undefined;

export interface ProjectService extends Service {
  /** All it says is known: neither it nor the file has parts that could not be read. What it does not say, it lacks. */
  readonly complete: boolean;
  /** It is declared in this file: a finding can stand at its name. */
  readonly isHere: boolean;
}

/** A network, volume, secret, config or model at the top level. */
export interface Resource {
  readonly name: string;
  readonly entry: YamlEntry;
  /** It is written in this file, without an alias or a merge key. */
  readonly isHere: boolean;
}
