/** A build as tasks.json has it: paths from the workspace folder on, what is usual left out. Pure. */
import { dirname, isAbsolute, relative, resolve, sep } from "node:path";
import type { BuildOptions, BuildSecret } from "../build/options.ts";
import { outputFrom, pathsFrom } from "../build/output.ts";

export const TASK_TYPE = "dockwright";

/** `taskDefinitions` in client/contributes.json says the same to people and to the editor of tasks.json. */
export interface BuildDefinition {
  readonly type: typeof TASK_TYPE;
  readonly dockerfile: string;
  readonly context?: string;
  readonly tags?: readonly string[];
  readonly target?: string;
  readonly buildArgs?: Readonly<Record<string, string | null>>;
  readonly platforms?: readonly string[];
  readonly secrets?: readonly SecretDefinition[];
  readonly ssh?: readonly string[];
  readonly cacheFrom?: readonly string[];
  readonly cacheTo?: readonly string[];
  readonly provenance?: "off" | "min" | "max";
  readonly sbom?: boolean;
  readonly noCache?: boolean;
  readonly pull?: boolean;
  readonly network?: string;
  readonly output?: string;
  /** `commit`: the time of the last commit. */
  readonly sourceDateEpoch?: "commit" | number;
}

export interface SecretDefinition {
  readonly id: string;
  readonly file?: string;
  readonly variable?: string;
}

/** What is asked of git, of the settings and of the disk when the task runs. */
interface Surroundings {
  /** The workspace folder; the Dockerfile's own where there is none. */
  readonly folder: string;
  readonly defaultTag: string;
  readonly commitTime: number | undefined;
  readonly metadataFile: string;
  readonly builder: string | undefined;
  readonly dockerContext: string | undefined;
  /** Puts in the values that are written nowhere. */
  readonly withSecrets: (args: Readonly<Record<string, string | null>>) => Readonly<Record<string, string | null>>;
}

export const dockerfileOf = ({ dockerfile }: BuildDefinition, folder: string): string => resolve(folder, dockerfile);

/** Tasks are written by people: what is of the wrong kind is left out. */
export function optionsOf(definition: BuildDefinition, at: Surroundings): BuildOptions {
  const dockerfile = dockerfileOf(definition, at.folder);
  const tags = texts(definition.tags);
  const epoch = definition.sourceDateEpoch === "commit" ? at.commitTime : definition.sourceDateEpoch;
  const { output } = text("output", definition.output);
  const fromHere = (cache: string): string => pathsFrom(at.folder, cache);
  const secrets = list(definition.secrets).flatMap((secret) => secretOf(secret, at.folder));
  return {
    dockerfile,
    context: definition.context === undefined ? dirname(dockerfile) : resolve(at.folder, definition.context),
    tags: tags.length === 0 ? [at.defaultTag] : tags,
    metadataFile: at.metadataFile,
    ...some("platforms", texts(definition.platforms)),
    ...some("ssh", texts(definition.ssh)),
    ...some("cacheFrom", texts(definition.cacheFrom).map(fromHere)),
    ...some("cacheTo", texts(definition.cacheTo).map(fromHere)),
    ...some("secrets", secrets),
    ...text("target", definition.target),
    ...text("network", definition.network),
    ...(output && { output: outputFrom(at.folder, output) }),
    ...text("builder", at.builder),
    ...text("dockerContext", at.dockerContext),
    ...(definition.buildArgs && { buildArgs: at.withSecrets(argsOf(definition.buildArgs)) }),
    ...(definition.provenance && { provenance: definition.provenance }),
    ...(definition.sbom === true && { sbom: true }),
    ...(definition.noCache === true && { noCache: true }),
    ...(definition.pull === true && { pull: true }),
    ...(typeof epoch === "number" && { sourceDateEpoch: epoch }),
  };
}

const list = <T>(value: readonly T[] | undefined): readonly T[] => (Array.isArray(value) ? value : []);
const texts = (value: readonly string[] | undefined): readonly string[] =>
  list(value).filter((each) => typeof each === "string" && each !== "");

const some = <K extends string, T>(key: K, values: readonly T[]): { readonly [key in K]?: readonly T[] } =>
  // oxlint-disable-next-line typescript/consistent-type-assertions -- a computed key widens to string
  values.length === 0 ? {} : ({ [key]: values } as { readonly [key in K]: readonly T[] });

const text = <K extends string>(key: K, value: string | undefined): { readonly [key in K]?: string } =>
  // oxlint-disable-next-line typescript/consistent-type-assertions -- as above
  typeof value !== "string" || value === "" ? {} : ({ [key]: value } as { readonly [key in K]: string });

const argsOf = (args: Readonly<Record<string, string | null>>): Readonly<Record<string, string | null>> =>
  Object.fromEntries(Object.entries(args).map(([name, value]) => [name, value === null ? null : String(value)]));

function secretOf({ id, file, variable }: SecretDefinition, folder: string): readonly BuildSecret[] {
  if (typeof id !== "string" || id === "") return [];
  if (typeof file === "string") return [{ id, from: { file: resolve(folder, file) } }];
  return [{ id, from: { variable: variable ?? id } }];
}

/** As it is written into tasks.json: below the workspace folder with paths that hold on other machines too. */
export function pathFor(path: string, folder: string | undefined): string {
  if (folder === undefined) return path;
  const from = relative(folder, path);
  const isOutside = from === ".." || from.startsWith(`..${sep}`) || isAbsolute(from);
  return isOutside ? path : from.replaceAll(sep, "/") || ".";
}

/** What the task is called in lists: `build api/Dockerfile`, with its stage. */
export const nameOf = ({ dockerfile, target }: BuildDefinition): string =>
  target === undefined ? `build ${dockerfile}` : `build ${dockerfile} (${target})`;
