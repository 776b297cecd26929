/** A compose file with what it extends, includes and is overridden by: what compose would run, as far as that is known. */
import type { YamlNode } from "../../text/yaml.ts";
import { sharedGetters } from "../shared-getters.ts";
import { type Effective, effectiveOf } from "./effective.ts";
import { type Environment, environmentOf } from "./environment.ts";
import { fieldOf } from "./fields.ts";
import { interpolate, unescaped } from "./interpolation.ts";
import type { ComposeFile } from "./model.ts";
import { otherFile } from "./other-files.ts";
import { filesTogether, isPerhapsPart } from "./project-files.ts";
import type { Lookup, ProjectService, Resource } from "./project-model.ts";
import type { ResourceKind } from "./uses.ts";

export type { Lookup, ProjectService, Resource } from "./project-model.ts";

/** What a value comes to. */
export interface KnownText {
  readonly text: string;
  /** No variable decides it. Otherwise it is likely: the shell's variables come before those of `.env`. */
  readonly certain: boolean;
}

export interface Project {
  /** With merge keys, `extends`, includes and the override file followed. */
  readonly services: readonly ProjectService[];
  /** Every file that belongs to it was read: what is not declared is declared nowhere. */
  readonly complete: boolean;
  /** No file above has this one as a part: what is missing here is missing. Looks further than `complete`, for who is about to say so. */
  standsAlone(): boolean;
  service(name: string): ProjectService | undefined;
  /** Networks, volumes and so on, by name. */
  resources(kind: ResourceKind): ReadonlyMap<string, Resource>;
  /** The `.env` file beside the document. */
  readonly environment: Environment;
  /** A scalar's text with its variables replaced; undefined where one without value and default decides. */
  textOf(node: YamlNode | undefined): KnownText | undefined;
  /** Another compose file by its path; undefined when it could not be read, so far. */
  fileAt(path: string): ComposeFile | "missing" | undefined;
}

export function projectOf(compose: ComposeFile, lookup: Lookup): Project {
  let known: Environment | undefined;
  const environment = (): Environment => {
    if (known?.read) return known;
    return (known = environmentOf(lookup));
  };
  const read = (path: string): string | null | undefined => {
    const kind = lookup({ ask: "path-kind", path });
    if (kind === "missing") return null;
    const text = kind === "file" ? lookup({ ask: "text", path }) : undefined;
    return typeof text === "string" ? text : undefined;
  };
  const together = filesTogether(compose, environment, lookup);
  const isPlain =
    together.files.length === 1 &&
    !fieldOf(compose.root, "include") &&
    !compose.services.some(({ map }) => fieldOf(map, "extends")) &&
    !/!(?:reset|override)\b/.test(compose.text);
  const effective: Effective = isPlain
    ? { services: plainServices(compose, together.certain), complete: together.certain, resources: undefined }
    : effectiveOf(compose, together, read);
  const { services, complete } = effective;
  const ownNames = (): readonly string[] => compose.services.map(({ name }) => name);
  const byName = new Map(services.map((service) => [service.name, service]));
  const resources = new Map<ResourceKind, ReadonlyMap<string, Resource>>();
  const project: Omit<Project, "environment"> = {
    services,
    complete,
    standsAlone: () => complete && (together.listed || !isPerhapsPart(compose, ownNames(), lookup)),
    service: (name) => byName.get(name),
    resources(kind) {
      const found = effective.resources?.get(kind) ?? resources.get(kind) ?? plainResources(compose, kind);
      resources.set(kind, found);
      return found;
    },
    textOf(node) {
      if (node?.kind !== "scalar" || node.value === null) return undefined;
      const { text } = node;
      if (!text.includes("$")) return { text, certain: true };
      const alone = interpolate(text, () => undefined, { unset: "unknown" });
      if (alone !== undefined && alone === unescaped(text)) return { text: alone, certain: true };
      const { read: isRead, values } = environment();
      const found = isRead ? interpolate(text, (name) => values.get(name), { unset: "unknown" }) : undefined;
      return found === undefined ? undefined : { text: found, certain: false };
    },
    fileAt(path) {
      const text = read(path);
      return typeof text === "string" ? otherFile(text) : text === null ? "missing" : undefined;
    },
  };
  return withEnvironment(project, environment);
}

const withEnvironment = sharedGetters<() => Environment, Pick<Project, "environment">>({
  environment: (read) => read(),
});

const plainServices = ({ services }: ComposeFile, complete: boolean): readonly ProjectService[] =>
  services.map((service) => ({ ...service, isHere: true, complete }));

function plainResources({ root }: ComposeFile, kind: ResourceKind): ReadonlyMap<string, Resource> {
  const value = fieldOf(root, kind)?.value;
  if (value?.kind !== "map") return new Map();
  return new Map(
    value.entries
      .filter(({ key }) => !key.startsWith("x-"))
      .map((entry) => [entry.key, { name: entry.key, entry, isHere: value.via === undefined && !entry.via }]),
  );
}
