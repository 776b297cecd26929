/** A compose file with what it extends, includes and is overridden by: what compose would run, as far as that is known. */
import type { ComposeFile, Service } from "./model.ts";
import { fieldOf } from "./fields.ts";

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

export interface Project {
  /** With merge keys, `extends`, includes and the override file followed. */
  readonly services: readonly ProjectService[];
  /** Every file that belongs to it was read: what is not declared is declared nowhere. */
  readonly complete: boolean;
}

export function projectOf(compose: ComposeFile, _lookup: Lookup): Project {
  const complete = fieldOf(compose.root, "include") === undefined;
  return {
    complete,
    services: compose.services.map((service) => ({
      ...service,
      isHere: true,
      complete: complete && fieldOf(service.map, "extends") === undefined,
    })),
  };
}
