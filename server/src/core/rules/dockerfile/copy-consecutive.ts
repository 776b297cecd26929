import { allNamedEither } from "../../model/dockerfile/named.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { defineRule, type Report, unsafeFix } from "../../rule.ts";
import { insert } from "../../text/edit.ts";
import { removeInstruction } from "../../model/dockerfile/removal.ts";

export default defineRule({
  id: "copy-consecutive",
  summary: "COPY after COPY into the same folder",
  severity: "hint",
  profile: "all",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["kics:Multiple RUN, ADD, COPY, Instructions Listed"],
  why: `
One COPY takes several sources and makes one layer. Apart, a change to the second file leaves the first layer in the cache, which
matters where a RUN stands between them and not where they follow each other. Reported where neighbouring lines copy into the same
folder with the same flags.`,
  fixSafety: `
Unsafe: the layers change, and the content of a folder and a file of the same name overwrite each other in another order. Refused
where the target does not end in a slash, because it may be a file.`,
  examples: [
    {
      bad: "FROM node:24\nCOPY package.json ./\nCOPY package-lock.json ./\n",
      fixed: "FROM node:24\nCOPY package.json package-lock.json ./\n",
    },
    { good: "FROM node:24\nCOPY package.json package-lock.json ./\n" },
  ],
  check({ dockerfile, report }) {
    for (const second of allNamedEither(dockerfile, "COPY", "ADD")) {
      const first = dockerfile.instructions[second.index - 1];
      if (second.triggered || second.name !== first?.name || !areNeighbours(dockerfile, first, second)) continue;
      const target = targetOf(first);
      if (target === undefined || target !== targetOf(second) || flagsOf(first) !== flagsOf(second)) continue;
      report(second.keyword.span, {
        message: `This ${second.name} and the one above copy into ${target}: one would do`,
        ...remedy(dockerfile, first, second, target),
      });
    }
  },
});

const areNeighbours = ({ text }: Dockerfile, first: Instruction, second: Instruction): boolean =>
  /^[ \t]*\r?\n[ \t]*$/.test(text.slice(first.span.end, second.span.start));

const targetOf = ({ words, heredocs }: Instruction): string | undefined =>
  words.length > 1 && heredocs.length === 0 ? words.at(-1)?.text : undefined;

const flagsOf = ({ flags }: Instruction): string =>
  flags
    .map(({ name, value }) => `${name}=${value?.text ?? ""}`)
    .sort()
    .join(" ");

function remedy(
  dockerfile: Dockerfile,
  first: Instruction,
  second: Instruction,
  target: string,
): Pick<Report, "fixes" | "refusal"> {
  if (!/(?:\/|^\.|^\.\.|\/\.)$/.test(target)) return { refusal: `${target} does not end in a slash: it may be a file` };
  if (first.json || second.json) return { refusal: "the JSON form is joined by hand" };
  if (second.comments.length > 0) return { refusal: "a comment stands in its lines" };
  const sources = second.words.slice(0, -1).map(({ text }) => text);
  const last = first.words.at(-2);
  if (!last || sources.some((source) => /\.(?:tar|t?gz|t?bz2|t?xz|zst)$/i.test(source) && second.name === "ADD"))
    return { refusal: "ADD unpacks archives: it is joined by hand" };
  return {
    fixes: [
      unsafeFix(
        "Join it with the one above",
        insert(last.span.end, ` ${sources.join(" ")}`),
        removeInstruction(dockerfile, second),
      ),
    ],
  };
}
