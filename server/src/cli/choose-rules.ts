/** `--select`, `--ignore` and `--profile` → the rules that run. */
import { defaultSettings, enabledRules, type Settings } from "../core/findings/settings.ts";
import type { Rule } from "../core/rule.ts";
import type { Args } from "./args.ts";
import { UsageError } from "./io.ts";
import { didYouMean } from "../core/text/nearest.ts";
import { profileOf } from "./options.ts";

export interface Choice {
  /** Those that run. */
  readonly rules: readonly Rule[];
  readonly settings: Settings;
}

/**
 * A selected rule shows all it finds, whatever the profile.
 *
 * @throws UsageError for a name no rule has, and when nothing is left: a run of no rules would pass for a clean one
 */
export function chooseRules(args: Args, rules: readonly Rule[]): Choice {
  const wanted = args.list("select").flatMap((name) => rulesNamed(name, rules));
  const unwanted = new Set(args.list("ignore").flatMap((name) => rulesNamed(name, rules)));
  const settings = { ...defaultSettings, profile: args.has("select") ? "all" : profileOf(args) } as const;
  const chosen = args.has("select") ? rules.filter((rule) => wanted.includes(rule)) : enabledRules(rules, settings);
  const left = chosen.filter((rule) => !unwanted.has(rule));
  if (left.length === 0) throw new UsageError('no rule is left to run; name one that "dockwright rules" lists');
  return { rules: left, settings };
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
  const names = rules.flatMap(({ id, sameAs }) => [id, ...sameAs, ...sameAs.map(withoutPeer)]);
  throw new UsageError(`unknown rule ${name}${didYouMean(name, names) || `; "dockwright rules" lists them`}`);
}

const isCode = (code: string, name: string): boolean =>
  code.toLowerCase() === name.toLowerCase() || withoutPeer(code).toLowerCase() === name.toLowerCase();

const withoutPeer = (code: string): string => code.slice(code.indexOf(":") + 1);
