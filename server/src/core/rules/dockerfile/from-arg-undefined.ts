import { allReferences } from "../../model/dockerfile/environment.ts";
import { insertAbove, insertBelow, keywordLike } from "../../model/dockerfile/layout.ts";
import type { Dockerfile, Instruction, Pair, Stage } from "../../model/dockerfile/model.ts";
import { PLATFORM_ARGS } from "../../model/dockerfile/scope.ts";
import { unquote } from "../../model/dockerfile/words.ts";
import { defineRule, type Fix, type Related, unsafeFix } from "../../rule.ts";
import { type Edit, replace, type Span } from "../../text/edit.ts";
import { globalArgs, meantBy } from "../variable-uses.ts";

export default defineRule({
  id: "from-arg-undefined",
  summary: "FROM uses a variable that no global ARG declares",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["buildkit:UndefinedArgInFrom", "dockerfile-utils:BASE_NAME_EMPTY"],
  why: `
\`FROM\` only sees what an \`ARG\` above the first \`FROM\` declares, and the platform arguments BuildKit has (\`TARGETARCH\`, \`BUILDPLATFORM\`, …). Every other
variable is empty: the build stops at an incomplete name, or quietly uses another image than the one meant. \`--build-arg\`
does not help, as it only sets what is declared; so the default in \`\${NAME:-default}\` always holds, which is reported as well.`,
  fixSafety: `
Unsafe: which name was meant is a guess, and a new \`ARG\` lets the command line choose the image.`,
  examples: [
    {
      bad: "ARG NODE_VERSION=22\nFROM node:${NODE_VERISON}\n",
      fixed: "ARG NODE_VERSION=22\nFROM node:${NODE_VERSION}\n",
    },
    { bad: "FROM node:${TAG:-22}\n", fixed: "ARG TAG\nFROM node:${TAG:-22}\n" },
    { good: "ARG NODE_VERSION=22\nFROM --platform=$BUILDPLATFORM node:$NODE_VERSION\n" },
  ],
  check({ dockerfile, report }) {
    const declared = globalArgs(dockerfile);
    for (const stage of dockerfile.stages) {
      const seen = new Set<string>();
      for (const { name, span, guarded } of variablesOf(dockerfile, stage)) {
        if (declared.has(name) || PLATFORM_ARGS.has(name) || seen.has(name)) continue;
        seen.add(name);
        const local = localArg(dockerfile, name);
        const meant = local ? undefined : meantBy(name, [...declared.keys(), ...PLATFORM_ARGS]);
        report(span, {
          message: messageFor(name, local !== undefined, meant),
          ...remedy(dockerfile, { name, span, guarded }, local, meant),
        });
      }
    }
  },
});

interface Use {
  readonly name: string;
  readonly span: Span;
  readonly guarded: boolean;
}

function messageFor(name: string, local: boolean, meant: string | undefined): string {
  if (local) return `${name} is empty in FROM, which does not see the ARG of a stage`;
  return `${name} is empty in FROM: no ARG above the first FROM declares it${meant === undefined ? "" : `; did you mean ${meant}?`}`;
}

/** Those of the image and of the platform, with their places. */
function variablesOf({ text, escape }: Dockerfile, { from, image, platform }: Stage): readonly Use[] {
  const inImage = image
    ? allReferences(image.text, escape).map((reference) => ({
        ...reference,
        span: from.body.span(reference.start, reference.end),
      }))
    : [];
  const value = platform?.value;
  const inPlatform = value
    ? allReferences(text.slice(value.span.start, value.span.end), escape).map((reference) => ({
        ...reference,
        span: { start: value.span.start + reference.start, end: value.span.start + reference.end },
      }))
    : [];
  return [...inPlatform, ...inImage].map(({ name, modifier, span }) => ({
    name,
    span,
    guarded: modifier !== undefined && /^:?[-+]$/.test(modifier),
  }));
}

/** The first ARG of that name in any stage. */
function localArg({ instructions, escape }: Dockerfile, name: string): { arg: Instruction; pair: Pair } | undefined {
  for (const arg of instructions) {
    if (arg.name !== "ARG" || arg.stage < 0) continue;
    const pair = arg.pairs.find(({ key }) => unquote(key.text, escape) === name);
    if (pair) return { arg, pair };
  }
  return undefined;
}

function remedy(
  dockerfile: Dockerfile,
  { name, span, guarded }: Use,
  local: { arg: Instruction; pair: Pair } | undefined,
  meant: string | undefined,
): { fixes?: readonly Fix[]; refusal?: string; related?: readonly Related[] } {
  const written = dockerfile.text.slice(span.start, span.end);
  const at = written.indexOf(name);
  if (meant !== undefined && at !== -1) {
    const start = span.start + at;
    return { fixes: [unsafeFix(`Replace ${name} with ${meant}`, replace({ start, end: start + name.length }, meant))] };
  }
  const related = local ? [{ span: local.arg.head, message: "the ARG of a stage" }] : [];
  const value = local?.pair.value?.text;
  const simple = value === undefined || !/[$\n]/.test(value);
  if (/^[A-Za-z_]\w*$/.test(name) && simple && (guarded || value !== undefined)) {
    const line = `${keywordLike(dockerfile, "ARG")} ${name}${value === undefined || value === "" ? "" : `=${value}`}`;
    return { related, fixes: [unsafeFix(`Declare it above the first FROM: ${line}`, declare(dockerfile, line))] };
  }
  return { related, refusal: `its default has to be chosen: write ARG ${name}=… above the first FROM` };
}

/** Below the last global ARG, or above the first FROM. */
function declare(dockerfile: Dockerfile, line: string): Edit {
  const last = dockerfile.instructions.findLast(({ name, stage }) => name === "ARG" && stage === -1);
  const [first] = dockerfile.stages;
  if (last || !first) return insertBelow(dockerfile, last ?? (dockerfile.instructions[0] as Instruction), [line]);
  return insertAbove(dockerfile, first.from, [line]);
}
