/** How compose services build the Dockerfile a rule looks at. */
import { type ComposeBuild, readBuilds } from "../model/compose/uses-of-dockerfile.ts";
import { type Context, known } from "../rule.ts";

/** None for a text without a name, and where nobody could look; undefined while nobody has looked yet: then a rule keeps silent. */
export function composeBuilds({
  dockerfile,
  lookup,
}: Pick<Context, "dockerfile" | "lookup">): readonly ComposeBuild[] | undefined {
  if (dockerfile.name === undefined) return [];
  const answer = lookup({ ask: "builds", path: dockerfile.name });
  return answer === undefined ? undefined : readBuilds(known(answer) ?? "[]");
}
