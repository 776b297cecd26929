/** Configuration files and options → the rules that run on a file, and what else holds for it. */
import { dirname, resolve } from "node:path";
import { FAIL_LEVELS, type FailLevel, PROFILES } from "../core/config/keys.ts";
import { type Layer, resolve as resolveLayers, type Resolved } from "../core/config/resolve.ts";
import { enabledRules, type Settings } from "../core/findings/settings.ts";
import type { Rule } from "../core/rule.ts";
import { didYouMean } from "../core/text/nearest.ts";
import { createConfigs, type LoadedConfig, resolveFor } from "../effects/config/load.ts";
import type { Args } from "./args.ts";
import { type Io, UsageError } from "./io.ts";
import { locator } from "./locate.ts";
import { shownPath } from "./paths.ts";

export interface Choice {
  /** Those that run. */
  readonly rules: readonly Rule[];
  /** With them no other rule runs: whoever checks is given all of them, for comments name rules that do not run, too. */
  readonly settings: Settings;
}

/** What holds for one file. */
export interface FileChoice extends Choice {
  readonly failLevel: FailLevel;
  readonly shellcheck: string;
  /** The configuration file that says the file is not to be checked. */
  readonly ignoredBy?: string;
  readonly resolved: Resolved;
  readonly config?: LoadedConfig;
}

/** @throws UsageError when a configuration file has mistakes, and when no rule is left to run */
export type Chooser = (file: string) => Promise<FileChoice>;

/** What the options alone choose. @throws UsageError */
export function rulesChosen(args: Args, rules: readonly Rule[]): readonly Rule[] {
  const { layer, ...chosen } = chosenBy(args, rules);
  return choose(rules, resolveLayers([layer]).settings, chosen).rules;
}

interface Chosen {
  readonly selected: readonly Rule[] | undefined;
  /** Of selected rules that stand for many checks, the checks that were named. */
  readonly codes: Readonly<Record<string, readonly string[]>>;
  readonly unwanted: ReadonlySet<Rule>;
  readonly layer: Layer;
}

function chosenBy(args: Args, rules: readonly Rule[]): Chosen {
  const selected = args.has("select") ? args.list("select").flatMap((name) => rulesNamed(name, rules)) : undefined;
  const checks = args.list("ignore").filter((name) => ofMany(name, rules) !== undefined);
  const unwanted = new Set(
    args.list("ignore").flatMap((name) => (checks.includes(name) ? [] : rulesNamed(name, rules))),
  );
  const off = Object.fromEntries(checks.map((name) => [codeIn(name), "off" as const]));
  const values = { ...valuesOf(args, selected), ...(checks.length > 0 && { rules: off }) };
  return {
    selected,
    unwanted,
    codes: codesOf(args.list("select"), rules),
    layer: { source: "the command line", values },
  };
}

/** @throws UsageError for options that cannot be */
export function createChooser(args: Args, rules: readonly Rule[], { cwd, env }: Pick<Io, "cwd" | "env">): Chooser {
  const { layer, ...chosen } = chosenBy(args, rules);
  const configs = createConfigs(rules, { ...env });
  const named = args.value("config");
  if (named !== undefined && args.has("no-config"))
    throw new UsageError("--config and --no-config exclude each other; leave one of them out");

  const nearest = async (file: string): Promise<LoadedConfig | undefined> => {
    if (args.has("no-config")) return undefined;
    return named === undefined ? configs.near(dirname(file)) : configs.at(resolve(cwd, named));
  };
  /** Many files share one configuration: what follows from it is found out once. */
  const shared = new Map<string, Choice>();

  return async (file) => {
    const config = await nearest(file);
    if (config) refuseMistakes(config, cwd);
    const resolved = resolveFor(file, config, [], [layer]);
    const key = JSON.stringify(resolved.settings);
    const choice = shared.get(key) ?? choose(rules, resolved.settings, chosen);
    shared.set(key, choice);
    return {
      ...choice,
      failLevel: resolved.failLevel,
      shellcheck: resolved.shellcheck,
      resolved,
      ...(config && { config }),
      ...(resolved.ignored && { ignoredBy: shownPath(cwd, resolved.ignored.layer.source) }),
    };
  };
}

function valuesOf(args: Args, selected: readonly Rule[] | undefined): Layer["values"] {
  const profile = selected ? "all" : PROFILES.find((one) => one === args.value("profile"));
  const failLevel = FAIL_LEVELS.find((one) => one === args.value("fail-level"));
  const shellcheck = args.value("shellcheck");
  return { ...(profile && { profile }), ...(failLevel && { failLevel }), ...(shellcheck && { shellcheck }) };
}

/** A selected rule shows all it finds, whatever the profile and whatever file switches it off. */
function choose(
  rules: readonly Rule[],
  configured: Settings,
  { selected, unwanted, codes }: Omit<Chosen, "layer">,
): Choice {
  const settings = selected ? { ...switchedOn(configured, selected), codes } : configured;
  const chosen = selected ? rules.filter((rule) => selected.includes(rule)) : enabledRules(rules, settings);
  const left = chosen.filter((rule) => !unwanted.has(rule));
  // A run of no rules would pass for a clean one. A file may be left to itself by configuration.
  if (left.length === 0 && (selected || unwanted.size > 0)) {
    throw new UsageError('no rule is left to run; name one that "dockwright rules" lists');
  }
  const others = rules.filter((rule) => !left.includes(rule)).map(({ id }) => [id, "off"] as const);
  return { rules: left, settings: { ...settings, rules: { ...settings.rules, ...Object.fromEntries(others) } } };
}

function switchedOn(settings: Settings, selected: readonly Rule[]): Settings {
  const wishes = Object.entries(settings.rules).filter(
    ([id, wish]) => wish !== "off" || !selected.some((rule) => rule.id === id),
  );
  return { ...settings, rules: Object.fromEntries(wishes) };
}

function refuseMistakes(config: LoadedConfig, cwd: string): void {
  const name = shownPath(cwd, config.path);
  if (config.failure !== undefined) throw new UsageError(`${name} ${config.failure}`);
  const mistakes = placed(config.read.problems, config.text, name);
  if (mistakes.length > 0) throw new UsageError(mistakes.join("\n"));
}

/** `FILE:LINE:COLUMN: message`, as compilers have it. */
export function placed(problems: LoadedConfig["read"]["problems"], text: string, name: string): readonly string[] {
  const locate = locator(text);
  return problems.map(({ span, message }) => {
    const { line, column } = locate(span);
    return `${name}:${line}:${column}: ${message}`;
  });
}

/**
 * By our id, by a peer's code with the peer (`hadolint:DL3006`) or without (`DL3006`). A peer's code may be several of
 * our rules.
 *
 * @throws UsageError when there is none
 */
export function rulesNamed(name: string, rules: readonly Rule[]): readonly Rule[] {
  const found = rules.filter(({ id, sameAs }) => id === name || sameAs.some((code) => isCode(code, name)));
  if (found.length > 0) return found;
  const many = ofMany(name, rules);
  if (many) return [many];
  const names = rules.flatMap(({ id, sameAs }) => [id, ...sameAs, ...sameAs.map(withoutPeer)]);
  throw new UsageError(`unknown rule ${name}${didYouMean(name, names) || `; "dockwright rules" lists them`}`);
}

const isCode = (code: string, name: string): boolean =>
  code.toLowerCase() === name.toLowerCase() || withoutPeer(code).toLowerCase() === name.toLowerCase();

/** The rule that stands for all codes that begin so, as `hadolint:SC*`, where the name is one of them. */
const ofMany = (name: string, rules: readonly Rule[]): Rule | undefined =>
  /^(?:[a-z-]+:)?[A-Za-z]+\d+$/.test(name)
    ? rules.find(({ sameAs }) =>
        sameAs.some((code) => code.endsWith("*") && codeIn(name).startsWith(withoutPeer(code).slice(0, -1))),
      )
    : undefined;

const codeIn = (name: string): string => withoutPeer(name).toUpperCase();

/** A rule that was also selected as a whole shows all it finds. */
function codesOf(names: readonly string[], rules: readonly Rule[]): Chosen["codes"] {
  const found: Record<string, string[]> = {};
  for (const name of names) {
    const rule = ofMany(name, rules);
    if (rule && !names.includes(rule.id)) (found[rule.id] ??= []).push(codeIn(name));
  }
  return found;
}

const withoutPeer = (code: string): string => code.slice(code.indexOf(":") + 1);
