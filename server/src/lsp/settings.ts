/** The `dockwright` section of a person's settings. What is not understood is left out and named. */
import type { FileValues } from "../core/config/config.ts";
import { configShape, PROFILES, WISHES } from "../core/config/keys.ts";
import { nodeOf } from "../core/config/plain.ts";
import { readShape } from "../core/config/read.ts";
import type { BudgetWish } from "../core/image/budget.ts";
import type { FormatWish } from "../core/model/format-wish.ts";
import type { Settings } from "../core/findings/settings.ts";
import type { Rule, Severity } from "../core/rule.ts";
import type { YamlProblem } from "../core/text/yaml.ts";
import type { Claim, ComposeFeature, DockerfileFeature, Lookups } from "./messages.ts";
import { type Fields, fieldsOf, stringsOf } from "./read.ts";

/** What holds for one document: a person's settings, and over them the project's configuration file. */
export interface Config {
  readonly settings: Settings;
  /** What the image of the document may weigh. */
  readonly budget: BudgetWish;
  /** How it is laid out. */
  readonly format: FormatWish;
  readonly registry: RegistrySettings;
  /** What is done for compose files. */
  readonly compose: Readonly<Record<ComposeFeature, boolean>>;
  /** What is done for Dockerfiles. */
  readonly dockerfile: Readonly<Record<DockerfileFeature, boolean>>;
  /** How the sizes of layers are shown in a Dockerfile. */
  readonly layerSizes: LayerSizes;
  readonly registryHints: RegistryHints;
  /** `wasm`, `off` or a program. */
  readonly shellcheck: string;
  /** The project's configuration says that the file is not to be checked. */
  readonly ignored: boolean;
}

/** Why nothing is asked then. */
export const LOOKUPS_OFF = "the setting dockwright.registry.lookups is off";

/** When and how registries are asked. */
export interface RegistrySettings {
  readonly lookups: Lookups;
  /** Registries that may be spoken to without TLS: `host` or `host:port`. */
  readonly insecureRegistries: readonly string[];
  /** Domain of a registry, to what is asked before it, in this order. */
  readonly mirrors: Readonly<Record<string, readonly string[]>>;
  /** How long what a tag points at is not asked for again. */
  readonly cacheHours: number;
}

export type LayerSizes = "inlay" | "lens" | "off";

/** Which notes stand behind image references: that a digest is behind its tag, and compressed sizes. */
export type RegistryHints = "all" | "behind" | "sizes" | "off";

interface ReadConfig extends Pick<Config, "registry" | "compose" | "dockerfile" | "layerSizes" | "registryHints"> {
  /** What a configuration file could say too. */
  readonly values: FileValues;
  /** One phrase for each value that was left out. */
  readonly left: readonly string[];
}

/** What holds for a document at a path, by a person's settings and the project's file. */
export type ProjectConfig = (path: string | undefined, own: ReadConfig) => Promise<Config>;

/** Settings of the same name and shape as in a configuration file. */
const SHARED = ["options", "trustedRegistries", "labels", "inlineIgnores", "budget", "format", "shellcheck"] as const;

const DOCKERFILE_FEATURES: readonly DockerfileFeature[] = [
  "validation",
  "completion",
  "hover",
  "signatureHelp",
  "navigation",
  "symbols",
  "links",
  "folding",
  "formatting",
  "semanticTokens",
  "inlayHints",
  "linkedEditing",
  "stageSeparators",
];
const COMPOSE_FEATURES: readonly ComposeFeature[] = [
  "validation",
  "completion",
  "hover",
  "navigation",
  "symbols",
  "links",
  "formatting",
  "inlayHints",
  "codeLens",
];
const LAYER_SIZES: readonly LayerSizes[] = ["inlay", "lens", "off"];
const REGISTRY_HINTS: readonly RegistryHints[] = ["all", "behind", "sizes", "off"];
/** `auto`: on, unless another extension does it. */
const FEATURE_WISHES = ["auto", "on", "off"] as const;

/** Rules that another extension's validation would say again in other words. */
const VALIDATION_RULES = ["compose-yaml", "compose-schema"];

/**
 * The same for Dockerfiles: what others say again. Those with a fix stay on, because a fix is shown with its finding.
 */
const saidByOthers = (rules: readonly Rule[]): readonly string[] =>
  rules.flatMap(({ id, severity, fixable, sameAs }) =>
    severity === "error" && fixable === "never" && sameAs.some((code) => code.startsWith("dockerfile-utils:"))
      ? [id]
      : [],
  );

/** `claimed`: what other extensions do. */
export function readConfig(
  section: unknown,
  rules: readonly Rule[],
  claimed: ReadonlySet<Claim> = new Set(),
): ReadConfig {
  const left: string[] = [];
  const fields = fieldsOf(section) ?? {};
  if (section !== undefined && section !== null && fieldsOf(section) === undefined)
    left.push(`dockwright = ${shown(section)}`);

  /** The value of one setting; the fallback when it is not set or not understood. */
  const read = <T>(name: string, fallback: T, understand: (value: unknown) => T | undefined): T => {
    const value = fields[name];
    if (value === undefined || value === null) return fallback;
    const understood = understand(value);
    if (understood === undefined) left.push(`dockwright.${name} = ${shown(value)}`);
    return understood ?? fallback;
  };

  const codes = configShape(rules).fields.find(({ name }) => name === "rules")?.shape;
  const patterns = codes?.is === "fields" ? (codes.patterns ?? []) : [];
  const wishes: Record<string, "off" | Severity> = {};
  for (const [id, value] of Object.entries(read("rules", {}, fieldsOf))) {
    if (value === undefined || value === null) continue;
    const wish = WISHES.find((known) => known === value);
    const isKnown = rules.some((rule) => rule.id === id) || patterns.some(({ name }) => new RegExp(name).test(id));
    if (wish !== undefined && isKnown) wishes[id] = wish;
    else left.push(`dockwright.rules.${id} = ${shown(value)}`);
  }
  const profile = read("profile", undefined, (value) => PROFILES.find((known) => known === value));
  const yesOrNo = (value: unknown): boolean | undefined => (typeof value === "boolean" ? value : undefined);
  /** What the two settings that were there before say. */
  const before: Lookups = read("offline", false, yesOrNo)
    ? "off"
    : read("online", false, yesOrNo)
      ? "onOpen"
      : "onCommand";
  const insecureRegistries = read("insecureRegistries", [], stringsOf);
  const registry = { insecureRegistries, ...readRegistry(read("registry", {}, fieldsOf), before, left) };
  const wishedSizes = read("layers", {}, fieldsOf)["sizes"] ?? "inlay";
  const layerSizes = LAYER_SIZES.find((known) => known === wishedSizes);
  if (layerSizes === undefined) left.push(`dockwright.layers.sizes = ${shown(wishedSizes)}`);
  const wishedHints = read("registry", {}, fieldsOf)["hints"] ?? "all";
  const registryHints = REGISTRY_HINTS.find((known) => known === wishedHints);
  if (registryHints === undefined) left.push(`dockwright.registry.hints = ${shown(wishedHints)}`);
  const compose = readFeatures("compose", COMPOSE_FEATURES, read("compose", {}, fieldsOf), claimed, left);
  const dockerfile = readFeatures("dockerfile", DOCKERFILE_FEATURES, read("dockerfile", {}, fieldsOf), claimed, left);
  if (!compose.validation) for (const id of VALIDATION_RULES) wishes[id] ??= "off";
  if (!dockerfile.validation) for (const id of saidByOthers(rules)) wishes[id] ??= "off";
  const shared = readShared(fields, rules, left);
  return {
    values: { ...(profile && { profile }), rules: wishes, ...shared },
    registry,
    compose,
    dockerfile,
    layerSizes: layerSizes ?? "inlay",
    registryHints: registryHints ?? "all",
    left,
  };
}

/** Which of a language's features are on. */
function readFeatures<Feature extends string>(
  language: "compose" | "dockerfile",
  all: readonly Feature[],
  fields: Fields,
  claimed: ReadonlySet<string>,
  left: string[],
): Readonly<Record<Feature, boolean>> {
  const entries = all.map((name) => {
    const value = fields[name] ?? "auto";
    const wish = FEATURE_WISHES.find((known) => known === value);
    if (wish === undefined) left.push(`dockwright.${language}.${name} = ${shown(value)}`);
    return [name, wish === "on" || (wish !== "off" && !claimed.has(`${language}.${name}`))] as const;
  });
  return Object.fromEntries(entries) as Readonly<Record<Feature, boolean>>;
}

const DEFAULT_CACHE_HOURS = 1;
const MAX_CACHE_HOURS = 24 * 365;

const LOOKUPS: readonly Lookups[] = ["onCommand", "onOpen", "off"];

function readRegistry(fields: Fields, before: Lookups, left: string[]): Omit<RegistrySettings, "insecureRegistries"> {
  const wished = fields["lookups"] ?? before;
  const lookups = LOOKUPS.find((known) => known === wished);
  if (lookups === undefined) left.push(`dockwright.registry.lookups = ${shown(wished)}`);
  const hours = fields["cacheHours"] ?? DEFAULT_CACHE_HOURS;
  const isHours = typeof hours === "number" && hours >= 0 && hours <= MAX_CACHE_HOURS;
  if (!isHours) left.push(`dockwright.registry.cacheHours = ${shown(hours)}`);
  const given = fields["mirrors"] ?? {};
  const mirrors = Object.entries(fieldsOf(given) ?? {}).flatMap(([domain, value]) => {
    const list = stringsOf(value);
    if (!list) left.push(`dockwright.registry.mirrors.${domain} = ${shown(value)}`);
    return list ? [[domain, list] as const] : [];
  });
  if (!fieldsOf(given)) left.push(`dockwright.registry.mirrors = ${shown(given)}`);
  return {
    lookups: lookups ?? before,
    mirrors: Object.fromEntries(mirrors),
    cacheHours: isHours ? hours : DEFAULT_CACHE_HOURS,
  };
}

function readShared(
  fields: Readonly<Record<string, unknown>>,
  rules: readonly Rule[],
  left: string[],
): Partial<FileValues> {
  const problems: YamlProblem[] = [];
  const all = configShape(rules).fields;
  const values = SHARED.flatMap((name) => {
    const shape = all.find((field) => field.name === name)?.shape;
    const value = fields[name];
    if (!shape || value === undefined || value === null) return [];
    const read = readShape(nodeOf(value), shape, name, { problems, places: new Map() });
    return read === undefined ? [] : [[name, read] as const];
  });
  left.push(...problems.map(({ message }) => `dockwright.${message}`));
  return Object.fromEntries(values);
}

const shown = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, 60);
