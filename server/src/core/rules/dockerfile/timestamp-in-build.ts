import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { type Program, programsCalled, programsWithin } from "../../model/dockerfile/programs.ts";
import { insertAbove, keywordLike } from "../../model/dockerfile/layout.ts";
import { unquote } from "../../model/dockerfile/words.ts";
import { defineRule, type Report, unsafeFix } from "../../rule.ts";
import { contains, insert } from "../../text/edit.ts";

const EPOCH = "SOURCE_DATE_EPOCH";

export default defineRule({
  id: "timestamp-in-build",
  summary: "the time of the build in the image",
  severity: "info",
  profile: "strict",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: [],
  why: `
A date that \`date\` writes into a file or hands to a compiler makes every build another image, though nothing else changed: digests
cannot be compared, and layers above are sent again. With a cached layer the date is wrong besides. BuildKit hands the time of
the last commit on as \`SOURCE_DATE_EPOCH\` when it is given as a build argument; \`date -d @$SOURCE_DATE_EPOCH\` is the same in every build of that
commit. Only a date that ends up in something is reported: one that is printed, or that measures how long something takes, is not.`,
  fixSafety: `
Unsafe: a build without \`--build-arg SOURCE_DATE_EPOCH=…\` still writes the time of day, and one with it writes that of the commit,
which is another text than before.`,
  examples: [
    {
      bad: "FROM debian:13\nRUN date > /etc/build-date\n",
      fixed:
        "FROM debian:13\nARG SOURCE_DATE_EPOCH\nRUN date -d @${SOURCE_DATE_EPOCH:-$(date +%s)} > /etc/build-date\n",
    },
    { good: "FROM debian:13\nRUN date && make && date\n" },
    { good: "FROM debian:13\nARG SOURCE_DATE_EPOCH\nRUN date -d @$SOURCE_DATE_EPOCH > /etc/build-date\n" },
  ],
  check({ dockerfile, report }) {
    // One ARG serves every RUN of the stage, so all of them offer the same edit: above the first one.
    const first = new Map<number, Instruction>();
    for (const program of programsCalled(dockerfile, "date")) {
      const { command, instruction } = program;
      if (command.args.some(({ value }) => /^-[dsrf]|^--(?:date|set|reference|file)|^@/.test(value))) continue;
      if (dockerfile.text.slice(instruction.span.start, instruction.span.end).includes(EPOCH)) continue;
      const where = keptIn(dockerfile, program);
      if (where === undefined) continue;
      report((command.nameWord ?? command).span, {
        message: `The time of the build goes into ${where}, so that no two builds make the same image`,
        ...remedy(dockerfile, program, first),
      });
    }
  },
});

/** Programs that write their arguments somewhere, or build them in. */
const COMPILERS =
  /^(?:go|gcc|g\+\+|cc|c\+\+|clang|cmake|make|cargo|dotnet|mvn|gradle|meson|configure|npm|yarn|pnpm|xcaddy)$/;

/** Where the date stays: a file, or what is built; undefined when it is only printed, or nobody can say. */
function keptIn(dockerfile: Dockerfile, { command, instruction }: Program): string | undefined {
  const own = fileBehind(
    dockerfile.text.slice(command.nameWord?.span.end ?? command.span.start, command.span.end + 200),
    dockerfile.escape,
  );
  if (own !== undefined && !isInSubstitution(dockerfile, command.span.start)) return own;
  const outer = programsWithin(
    dockerfile,
    dockerfile.instructions[instruction.index]?.trigger ?? dockerfile.instructions[instruction.index] ?? instruction,
  )
    .map((each) => each.command)
    .findLast(
      ({ span, args, nameWord }) =>
        nameWord && args.some((word) => contains(word.span, command.span)) && span.start < command.span.start,
    );
  if (!outer) return undefined;
  if (outer.name === "echo" || outer.name === "printf" || outer.name === "sed" || outer.name === "jq") {
    if (outer.name === "sed" && outer.args.some(({ value }) => /^-[a-zA-Z]*i|^--in-place/.test(value))) return "a file";
    return fileBehind(
      dockerfile.text.slice(outer.args.at(-1)?.span.end ?? outer.span.end, outer.span.end + 200),
      dockerfile.escape,
    );
  }
  return outer.name !== undefined && COMPILERS.test(outer.name) ? `what ${outer.name} builds` : undefined;
}

const isInSubstitution = ({ text }: Dockerfile, at: number): boolean =>
  /(?:\$\(|`)\s*$/.test(text.slice(Math.max(0, at - 20), at));

/** The file that the output is redirected, or handed by tee, to. */
function fileBehind(behind: string, escape: string): string | undefined {
  const text = behind.split(/\r?\n/).reduce((all, line) => (all.endsWith(escape) ? all.slice(0, -1) + line : all));
  const file =
    /^[^|&;\n]*?(?<![0-9&])>{1,2}\s*["']?([^\s"'|&;)]+)/.exec(text)?.[1] ??
    /^[^|&;\n]*\|\s*(?:sudo\s+)?tee\s+(?:-a\s+)?([^\s|&;]+)/.exec(text)?.[1];
  return file === undefined || /^\/dev\/|^\/proc\//.test(file) || file.startsWith("&") ? undefined : file;
}

function remedy(
  dockerfile: Dockerfile,
  { command, instruction }: Program,
  first: Map<number, Instruction>,
): Pick<Report, "fixes" | "refusal"> {
  const outer = dockerfile.instructions[instruction.index];
  if (!command.nameWord || !outer || instruction.json)
    return { refusal: "the JSON form has no shell that could put a variable in" };
  if (outer.trigger) return { refusal: "an ONBUILD would need a second one for its ARG" };
  const stage = dockerfile.stages[instruction.stage];
  const declared = stage?.instructions.some(
    ({ name, index, pairs }) =>
      name === "ARG" && index < instruction.index && pairs.some(({ key }) => unquote(key.text) === EPOCH),
  );
  const above = first.get(instruction.stage) ?? outer;
  first.set(instruction.stage, above);
  const declares = declared ? [] : [insertAbove(dockerfile, above, [`${keywordLike(dockerfile, "ARG")} ${EPOCH}`])];
  return {
    fixes: [
      unsafeFix(
        `Take the date from ${EPOCH}`,
        ...declares,
        insert(command.nameWord.span.end, ` -d @\${${EPOCH}:-$(date +%s)}`),
      ),
    ],
  };
}
