import type { Dockerfile, Instruction, Pair } from "../../model/dockerfile/model.ts";
import { environmentAt, namesIn } from "../../model/dockerfile/environment.ts";
import { unquote } from "../../model/dockerfile/words.ts";
import { defineRule, type Fix, safeFix } from "../../rule.ts";
import { type Edit, replace } from "../../text/edit.ts";
import { allNamed } from "../../model/dockerfile/named.ts";

export default defineRule({
  id: "env-self-reference",
  summary: "ENV uses a variable it sets itself",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["hadolint:DL3044", "buildkit:UndefinedVar"],
  why: `
All values of one \`ENV\` are worked out with the variables as they were before it: in \`ENV HOME=/srv BIN=$HOME/bin\` the second one
does not see the first, and becomes \`/bin\`, or what the base image had. A variable that an earlier \`ARG\` or \`ENV\` sets has a value to
be meant, and so is not reported.`,
  fixSafety: `
Safe: the instruction is cut in two where the second part begins to use the first; names and their order stay, and the value that was
worked out from nothing is what it says.`,
  examples: [
    {
      bad: "FROM alpine:3.22\nENV APP=/srv/app BIN=$APP/bin\n",
      fixed: "FROM alpine:3.22\nENV APP=/srv/app\nENV BIN=$APP/bin\n",
    },
    { good: "FROM alpine:3.22\nENV APP=/srv/app\nENV BIN=$APP/bin PATH=/srv/bin:$PATH\n" },
  ],
  check({ dockerfile, report }) {
    for (const env of allNamed(dockerfile, "ENV")) {
      if (env.pairs.length < 2) continue;
      const uses = usesOfOwn(dockerfile, env);
      if (uses.length === 0) continue;
      const fix = splitFix(dockerfile, env);
      for (const { name, pair, definition } of uses)
        report(pair.span, {
          message: `${unquote(pair.key.text)} gets the ${name} from before this ENV, not the one set here`,
          ...remedy(env, pair, definition, fix),
          related: [{ span: definition.key.span, message: "set here" }],
        });
    }
  },
});

interface Use {
  readonly name: string;
  readonly pair: Pair;
  readonly definition: Pair;
}

const nameOf = (dockerfile: Dockerfile, { key }: Pair): string => unquote(key.text, dockerfile.escape);

/** Each pair that uses another pair's name, unless something above has set it. */
function usesOfOwn(dockerfile: Dockerfile, env: Instruction): readonly Use[] {
  const { set } = environmentAt(dockerfile, env);
  return env.pairs.flatMap((pair): readonly Use[] => {
    const used = pair.value ? namesIn(pair.value.text, dockerfile.escape) : [];
    const own = nameOf(dockerfile, pair);
    const definition = env.pairs.find((other, at) => {
      const name = nameOf(dockerfile, other);
      // Its own earlier value is what a value means; only one that is set in front of it may be meant instead.
      if (other === pair || (name === own && at > env.pairs.indexOf(pair))) return false;
      return used.includes(name) && !set.has(name);
    });
    return definition ? [{ name: nameOf(dockerfile, definition), pair, definition }] : [];
  });
}

const remedy = (
  env: Instruction,
  pair: Pair,
  definition: Pair,
  fix: Fix | string,
): { fixes?: readonly Fix[]; refusal?: string } => {
  if (env.pairs.indexOf(definition) > env.pairs.indexOf(pair))
    return { refusal: "it is set behind its use: write it in an ENV above" };
  return typeof fix === "string" ? { refusal: fix } : { fixes: [fix] };
};

/** One ENV for each group of pairs that do not use each other. */
function splitFix(dockerfile: Dockerfile, env: Instruction): Fix | string {
  const { text, eol, escape } = dockerfile;
  const { set } = environmentAt(dockerfile, env);
  const onbuild = env.triggered ? dockerfile.instructions[env.index]?.keyword.text : undefined;
  const keyword = onbuild === undefined ? env.keyword.text : `${onbuild} ${env.keyword.text}`;
  const edits: Edit[] = [];
  /** Names of the group, and those of the groups before it. */
  let group = new Set<string>();
  const earlier = new Set<string>();
  for (const [at, pair] of env.pairs.entries()) {
    const before = env.pairs[at - 1];
    const used = pair.value ? namesIn(pair.value.text, escape) : [];
    if (before && used.some((name) => group.has(name) && !set.has(name))) {
      const gap = { start: before.span.end, end: pair.span.start };
      const comments = env.comments.filter(({ span }) => span.start >= gap.start && span.end <= gap.end);
      const kept = comments.map(({ span }) => text.slice(span.start, span.end) + eol).join("");
      edits.push(replace(gap, `${eol}${kept}${keyword} `));
      for (const name of group) earlier.add(name);
      group = new Set();
    }
    if (used.some((name) => earlier.has(name) && set.has(name)))
      return "another of its values uses what stood before it, and would change";
    group.add(nameOf(dockerfile, pair));
  }
  return edits.length > 0 ? safeFix("Split into several ENV", ...edits) : "it is set behind its use";
}
