/** Whether a fix may be applied: its result is checked when a person looks at it or asks for it, never while somebody types. */
import { brokenByFixes, type FixOfRule } from "../assists/post-conditions/of-fixes.ts";
import type { Document } from "../model/document.ts";
import type { Fix } from "../rule.ts";

/** Why the fix must not be applied, a clause without a full stop; undefined: it may. */
export const whyUnsound = (document: Document, rule: string, fix: Fix): string | undefined =>
  brokenByFixes(document, [{ rule, fix }])[0];

/**
 * Those that may be applied together, in their order. Each rule's are looked at by themselves first, for a rule's fixes may change what
 * another's may not.
 */
export function soundTogether<F extends FixOfRule>(document: Document, fixes: readonly F[]): readonly F[] {
  const rules = new Set(fixes.map(({ rule }) => rule));
  if (rules.size < 2) return soundOf(document, fixes);
  const sound = new Set(
    [...rules].flatMap((rule) =>
      soundOf(
        document,
        fixes.filter((each) => each.rule === rule),
      ),
    ),
  );
  return soundOf(
    document,
    fixes.filter((each) => sound.has(each)),
  );
}

/** One that spoils what those before it make is left out. */
function soundOf<F extends FixOfRule>(document: Document, fixes: readonly F[]): readonly F[] {
  if (brokenByFixes(document, fixes).length === 0) return fixes;
  const sound: F[] = [];
  for (const each of fixes) if (brokenByFixes(document, [...sound, each]).length === 0) sound.push(each);
  return sound;
}
