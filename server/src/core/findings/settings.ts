import type { Wishes } from "../lint.ts";
import type { Document } from "../model/document.ts";
import { sharedGetters } from "../model/shared-getters.ts";
import { type Finding, noPolicy, type Profile, type Rule, type Severity } from "../rule.ts";

/** What a person configured. */
export interface Settings extends Wishes {
  readonly profile: Profile;
  /**
   * Rule id → severity; `off` switches the rule off, a severity also switches it on. The code of one check of a rule that stands for
   * many, as `SC2086`, is about that check alone.
   */
  readonly rules: Readonly<Record<string, "off" | Severity>>;
  /** Rule id → the only codes of its findings that are wanted, for a rule that stands for many checks. */
  readonly codes?: Readonly<Record<string, readonly string[]>>;
  /** False where comments of ours and of hadolint switch nothing off. */
  readonly inlineIgnores: boolean;
}

export const defaultSettings: Settings = {
  profile: "recommended",
  rules: {},
  policy: noPolicy,
  options: {},
  inlineIgnores: true,
};

const RANK: Readonly<Record<Profile, number>> = { recommended: 0, strict: 1, all: 2 };

/** The last rules that were asked about with these settings, and which of them run. */
const lastEnabled = new WeakMap<Settings, { readonly of: readonly Rule[]; readonly enabled: readonly Rule[] }>();

/** The rules that run. */
export function enabledRules(rules: readonly Rule[], settings: Settings): readonly Rule[] {
  const last = lastEnabled.get(settings);
  if (last?.of === rules) return last.enabled;
  const enabled = rules.filter((rule) => {
    const wish = settings.rules[rule.id];
    return wish === undefined ? RANK[rule.profile] <= RANK[settings.profile] : wish !== "off";
  });
  lastEnabled.set(settings, { of: rules, enabled });
  return enabled;
}

/**
 * The findings a person asked for, with their severities: of a rule named in the settings all, of others the profile's. Where
 * `# check=error=true` makes BuildKit's checks stop the build, those are errors.
 */
export function asConfigured(
  document: Document,
  findings: readonly Finding[],
  rules: readonly Rule[],
  settings: Settings,
): readonly Finding[] {
  const stopping = checksStopTheBuild(document)
    ? new Set(rules.filter(({ sameAs }) => sameAs.some((code) => code.startsWith("buildkit:"))).map(({ id }) => id))
    : undefined;
  return findings.flatMap((finding) => {
    const wish = (finding.code && settings.rules[finding.code]) || settings.rules[finding.rule];
    if (wish === "off") return [];
    if (finding.code !== undefined && settings.codes?.[finding.rule]?.includes(finding.code) === false) return [];
    if (wish === undefined && RANK[finding.profile] > RANK[settings.profile]) return [];
    const severity = wish ?? (stopping?.has(finding.rule) ? "error" : finding.severity);
    return severity === finding.severity ? [finding] : [withSeverity(finding, severity)];
  });
}

/** Not a copy, which would work out what can be done about it. */
const withSeverity = (finding: Finding, severity: Severity): Finding => {
  const { rule, code, profile, span, message, related } = finding;
  const said = { rule, ...(code !== undefined && { code }), severity, profile, span, message, related };
  return withRemedyOf(said, finding);
};

const withRemedyOf = sharedGetters<Finding, Pick<Finding, "fixes" | "offers" | "refusal">>({
  fixes: ({ fixes }) => fixes,
  offers: ({ offers }) => offers,
  refusal: ({ refusal }) => refusal,
});

/** BuildKit reads the value as Go's strconv.ParseBool does. */
const checksStopTheBuild = (document: Document): boolean =>
  document.language === "dockerfile" &&
  document.directives.some(
    ({ name, value }) =>
      name === "check" && /(?:^|;)\s*error\s*=\s*(?:1|t|T|TRUE|true|True)\s*(?:;|$)/.test(value.text),
  );
