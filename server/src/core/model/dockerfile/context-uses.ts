/** Everything a Dockerfile names in its build context: sources of COPY and ADD, and of bind mounts; and what keeps it out. */
import type { Span } from "../../text/edit.ts";
import {
  cleanPath,
  ignoredBy,
  ignoresEverything,
  type IgnoreFile,
  type IgnorePattern,
  mayComeBackBelow,
} from "../ignore.ts";
import { type ContextSource, contextSources } from "./copies.ts";
import { perDocument } from "./memo.ts";
import { mountsOf } from "./mounts.ts";
import type { Dockerfile } from "./model.ts";
import { allNamed } from "./named.ts";

export interface ContextUse extends Pick<ContextSource, "instruction" | "path" | "pattern"> {
  readonly span: Span;
}

/** Triggers left out: they are about another build. */
export const contextUses = perDocument((dockerfile): readonly ContextUse[] =>
  [...contextSources(dockerfile).map((source) => ({ ...source, span: source.word.span })), ...bound(dockerfile)].filter(
    ({ instruction }) => !instruction.triggered,
  ),
);

/** `RUN --mount=type=bind,source=x` without `from` takes files of the build context too. */
function bound(dockerfile: Dockerfile): readonly ContextUse[] {
  const uses: ContextUse[] = [];
  for (const instruction of allNamed(dockerfile, "RUN")) {
    for (const { type, source, flag } of mountsOf(dockerfile, instruction)) {
      const field = flag.fields.find(({ key }) => key === "source" || key === "src");
      if (type !== "bind" || source === undefined || source.includes("$") || !field?.valueSpan) continue;
      const path = cleanPath(source).replace(/^\/+/, "");
      if (path === "" || path === "." || flag.fields.some(({ key }) => key === "from")) continue;
      uses.push({ instruction, path, pattern: false, span: field.valueSpan });
    }
  }
  return uses;
}

/** The pattern that keeps what is named out of the build; undefined when it is in, or when nobody can say without the files. */
export function hiddenBy(
  file: IgnoreFile,
  { path, pattern }: Pick<ContextUse, "path" | "pattern">,
): IgnorePattern | undefined {
  if (path === ".") return file.hasExclusions ? undefined : ignoresEverything(file);
  // What a pattern would match may come back by a `!` line in ways nobody can say without the files.
  if ((pattern && file.hasExclusions) || path.startsWith("../") || mayComeBackBelow(file, path)) return undefined;
  return ignoredBy(file, path);
}
