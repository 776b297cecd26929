/** What a peer's code is called here. */
import type { Rule } from "../rule.ts";

/** The ids of the rules for a code such as `DL3014` or `hadolint:DL3014`; a code may be several rules, or none. */
export function namesOf(name: string, rules: readonly Rule[]): readonly string[] {
  const lower = name.toLowerCase();
  return rules
    .filter(({ sameAs }) =>
      sameAs.some((code) => code.toLowerCase() === lower || code.slice(code.indexOf(":") + 1).toLowerCase() === lower),
    )
    .map(({ id }) => id);
}
