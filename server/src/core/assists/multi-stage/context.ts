/** The build context that recipes read, from answers to questions: those that nobody has given yet are asked, and it is made again. */
import { buildContextOf } from "../build-context.ts";
import type { Dockerfile } from "../../model/dockerfile/model.ts";
import { ignoredBy } from "../../model/ignore.ts";
import { known, type RuleContext } from "../../rule.ts";
import type { BuildContext } from "./recipe.ts";

/** What an ignore file keeps out is not there: a build does not get it. */
export function contextFor(dockerfile: Dockerfile, lookup: RuleContext["lookup"]): BuildContext {
  const sent = buildContextOf({ dockerfile, lookup });
  const isSent = (path: string): boolean => sent === undefined || ignoredBy(sent.ignore, path) === undefined;
  return {
    dockerfile: dockerfile.name,
    paths: sent?.paths.filter((path) => !path.endsWith("/") && isSent(path)),
    read(path) {
      const plain = path.replace(/^(?:\.?\/)+/, "");
      return isSent(plain) ? known(lookup({ ask: "read", path: plain })) : undefined;
    },
    beside: (path) => known(lookup({ ask: "text", path })),
    digest: (image) => known(lookup({ ask: "digest", image })),
  };
}
