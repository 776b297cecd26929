import { allReferences, environmentAt } from "../../model/dockerfile/environment.ts";
import { insertAbove, keywordLike } from "../../model/dockerfile/layout.ts";
import { perDocument } from "../../model/dockerfile/memo.ts";
import type { Dockerfile, Instruction, Stage } from "../../model/dockerfile/model.ts";
import { PLATFORM_ARGS, PREDEFINED_ARGS } from "../../model/dockerfile/scope.ts";
import { scriptsOf } from "../../model/dockerfile/shell.ts";
import { lineage } from "../../model/dockerfile/stages.ts";
import { namesIn } from "../../model/dockerfile/environment.ts";
import { type Context, defineRule, unsafeFix } from "../../rule.ts";
import type { Span } from "../../text/edit.ts";
import { baseEnvironment, globalArgs, isGlobal, unsetUses } from "../variable-uses.ts";

export default defineRule({
  id: "arg-not-redeclared",
  summary: "global ARG used in a stage that does not declare it",
  severity: "warning",
  profile: "recommended",
  fixable: "always",
  since: "0.2.0",
  sameAs: ["buildkit:UndefinedVar"],
  why: `
An \`ARG\` above the first \`FROM\` only counts in \`FROM\` lines, and so do \`TARGETARCH\` and its like. In a stage the name is empty, without an
error, until a plain \`ARG NAME\` in that stage takes the value over. Looked at are instructions and what a \`RUN\`
gives to a shell; a script that sets the name itself, or reads a file of variables, is let off, and so is a name the base image
sets. Where the base image's variables are not known, names that stand in its own \`FROM\` line are let off as well: images like to
carry the version they were chosen by.`,
  fixSafety: `
Unsafe: the variable gets the value it seems to have, which changes what is built.`,
  examples: [
    {
      bad: 'ARG VERSION=1.4\nFROM alpine:3.22\nLABEL version="$VERSION"\n',
      fixed: 'ARG VERSION=1.4\nFROM alpine:3.22\nARG VERSION\nLABEL version="$VERSION"\n',
    },
    {
      bad: "FROM --platform=$BUILDPLATFORM golang:1.25 AS build\nRUN GOARCH=$TARGETARCH go build -o /app .\n",
      fixed:
        "FROM --platform=$BUILDPLATFORM golang:1.25 AS build\nARG TARGETARCH\nRUN GOARCH=$TARGETARCH go build -o /app .\n",
    },
    { good: 'ARG VERSION=1.4\nFROM alpine:3.22\nARG VERSION\nLABEL version="$VERSION"\n' },
  ],
  check(context) {
    const { dockerfile, report } = context;
    const first = new Map<string, Instruction>();
    for (const { name, span, instruction } of usesOf(dockerfile)) {
      const stage = dockerfile.stages[instruction.stage];
      if (!stage || isOfBase(context, stage, name)) continue;
      const key = `${stage.index} ${name}`;
      const above = first.get(key) ?? instruction;
      first.set(key, above);
      const declared = globalArgs(dockerfile).get(name);
      report(span, {
        message: declared
          ? `${name} is empty here: the ARG above FROM only counts in FROM lines until the stage has an ARG ${name}`
          : `${name} is empty here: BuildKit only hands it to a stage that has an ARG ${name}`,
        fixes: [
          unsafeFix(
            `Add ARG ${name} to the stage`,
            insertAbove(dockerfile, above, [`${keywordLike(dockerfile, "ARG")} ${name}`]),
          ),
        ],
        related: declared ? [{ span: declared.head, message: "the ARG" }] : [],
      });
    }
  },
});

interface Use {
  readonly name: string;
  readonly span: Span;
  readonly instruction: Instruction;
}

/** Each name once an instruction, in source order. */
const usesOf = perDocument((dockerfile): readonly Use[] => {
  const inWords = unsetUses(dockerfile).filter(({ name }) => isGlobal(dockerfile, name));
  const names = namesUsed(dockerfile, [...globalArgs(dockerfile).keys(), ...PLATFORM_ARGS]);
  const inScripts =
    names.length === 0
      ? []
      : dockerfile.stages.flatMap(({ instructions }) =>
          instructions.flatMap((run) => scriptUses(dockerfile, run, names)),
        );
  const seen = new Map<Instruction, Set<string>>();
  return [...inWords, ...inScripts]
    .sort((a, b) => a.span.start - b.span.start)
    .filter(({ name, instruction }) => {
      const names = seen.get(instruction) ?? new Set();
      seen.set(instruction, names);
      return !names.has(name) && names.add(name);
    });
});

/** Reading scripts is dear: only those are read that have one of these names behind a dollar sign. */
const namesUsed = ({ text }: Dockerfile, all: Iterable<string>): readonly string[] =>
  [...all].filter((name) => text.includes(name) && (text.includes(`$${name}`) || text.includes(`\${${name}`)));

/** What a RUN's shell reads from its environment. */
function scriptUses(dockerfile: Dockerfile, run: Instruction, names: readonly string[]): readonly Use[] {
  if (
    run.name !== "RUN" ||
    run.json ||
    !names.some((name) => dockerfile.text.slice(run.span.start, run.span.end).includes(name))
  )
    return [];
  const { set } = environmentAt(dockerfile, run);
  return scriptsOf(dockerfile, run).flatMap((script) => {
    if (script.broken || script.commands.some(({ name }) => name === "." || name === "source")) return [];
    return allReferences(script.text, "\\").flatMap(({ name, start, end }): readonly Use[] => {
      if (!/^\w+$/.test(name) || !isGlobal(dockerfile, name) || PREDEFINED_ARGS.has(name) || set.has(name)) return [];
      if (setsItself(script.text, name) || givenByMount(run, name)) return [];
      return [{ name, span: script.spanOf(start, end), instruction: run }];
    });
  });
}

/** An assignment, a loop's variable, or what `read` and `getopts` fill. */
const setsItself = (script: string, name: string): boolean =>
  new RegExp(
    `(?<![\\w$])${name}\\+?=|\\bfor\\s+${name}\\b|\\b(?:read|getopts|mapfile|readarray)\\b[^\\n;|&]*\\b${name}\\b`,
  ).test(script);

const givenByMount = ({ flags }: Instruction, name: string): boolean =>
  flags.some(({ fields }) => fields.some(({ key, value }) => key === "env" && value === name));

function isOfBase(context: Context, stage: Stage, name: string): boolean {
  const names = baseEnvironment(context, stage);
  if (names) return names.has(name);
  // Nobody sets these but for passing them on.
  if (PLATFORM_ARGS.has(name)) return false;
  const root = lineage(context.dockerfile, stage)[0] ?? stage;
  return namesIn(root.image?.text ?? "", context.dockerfile.escape).includes(name);
}
