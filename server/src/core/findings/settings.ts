import type { Wishes } from "../lint.ts";
import { type Finding, noPolicy, type Profile, type Rule, type Severity } from "../rule.ts";

/** What a person configured. */
export interface Settings extends Wishes {
  readonly profile: Profile;
  /** Rule id → severity; `off` switches the rule off, a severity also switches it on. */
  readonly rules: Readonly<Record<string, "off" | Severity>>;
}

export const defaultSettings: Settings = { profile: "recommended", rules: {}, policy: noPolicy, options: {} };

const RANK: Readonly<Record<Profile, number>> = { recommended: 0, strict: 1, all: 2 };

/** The rules that run. */
export const enabledRules = (rules: readonly Rule[], settings: Settings): readonly Rule[] =>
  rules.filter((rule) => {
    const wish = settings.rules[rule.id];
    return wish === undefined ? RANK[rule.profile] <= RANK[settings.profile] : wish !== "off";
  });

/** The findings a person asked for, with their severities: of a rule named in the settings all, of others the profile's. */
export const asConfigured = (findings: readonly Finding[], settings: Settings): readonly Finding[] =>
  findings.flatMap((finding) => {
    const wish = settings.rules[finding.rule];
    if (wish === "off") return [];
    if (wish === undefined) return RANK[finding.profile] <= RANK[settings.profile] ? [finding] : [];
    return wish === finding.severity ? [finding] : [{ ...finding, severity: wish }];
  });
