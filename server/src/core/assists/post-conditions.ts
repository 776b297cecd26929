/** What has to hold of a result before an edit leaves: why it must not, in clauses. A broken condition means no edit. */
import type { Dockerfile } from "../model/dockerfile/model.ts";
import { comments, directives } from "./post-conditions/comments.ts";
import { conservation } from "./post-conditions/conservation.ts";
import { hasWriter } from "./post-conditions/copied-from.ts";
import type { Condition, Declared } from "./post-conditions/declared.ts";
import { sameDistribution } from "./post-conditions/distribution.ts";
import { metadata } from "./post-conditions/metadata.ts";
import { order } from "./post-conditions/order.ts";
import { reparses } from "./post-conditions/reparses.ts";
import { runsThere } from "./post-conditions/runs-there.ts";
import { shellThere } from "./post-conditions/shell-there.ts";
import { variablesSet } from "./post-conditions/variables-set.ts";

export { type Declared, NOTHING_DECLARED } from "./post-conditions/declared.ts";

const CONDITIONS: readonly Condition[] = [
  conservation,
  order,
  metadata,
  hasWriter,
  variablesSet,
  shellThere,
  runsThere,
  sameDistribution,
  comments,
  directives,
];

/** The reasons why a refactoring's result must not leave, clauses without a full stop; none: it may. */
export function brokenBy(before: Dockerfile, after: Dockerfile, declared: Declared): readonly string[] {
  // Of a text that cannot be read, the rest says nothing.
  const unread = reparses(before, after, declared);
  return unread.length > 0 ? unread : CONDITIONS.flatMap((condition) => condition(before, after, declared));
}
