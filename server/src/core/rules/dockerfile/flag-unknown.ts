import { certaintyOf } from "../../model/dockerfile/frontend.ts";
import { type FlagSpec, INSTRUCTIONS, type InstructionSpec } from "../../model/dockerfile/instructions.ts";
import type { Dockerfile, Flag, Instruction, Word } from "../../model/dockerfile/model.ts";
import { expandIn } from "../../model/dockerfile/scope.ts";
import { stageNamed } from "../../model/dockerfile/stages.ts";
import { hasVariable } from "../../model/dockerfile/variables.ts";
import { parseImageRef } from "../../model/image-ref.ts";
import { defineRule, unsafeFix } from "../../rule.ts";
import { replace } from "../../text/edit.ts";
import { nearest } from "../../text/nearest.ts";
import { type Fault, mountOptionFaults, wrongChoice } from "../mount-faults.ts";

export default defineRule({
  id: "flag-unknown",
  summary: "flag that the instruction does not have, or with a value it cannot have",
  severity: "error",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.1.0",
  sameAs: [
    "dockerfile-utils:UNKNOWN_ADD_FLAG",
    "dockerfile-utils:UNKNOWN_COPY_FLAG",
    "dockerfile-utils:UNKNOWN_FROM_FLAG",
    "dockerfile-utils:UNKNOWN_HEALTHCHECK_FLAG",
    "dockerfile-utils:FLAG_DUPLICATE",
    "dockerfile-utils:FLAG_MISSING_VALUE",
    "dockerfile-utils:FLAG_INVALID_FROM_VALUE",
    "dockerfile-utils:FLAG_INVALID_LINK_VALUE",
    "dockerfile-utils:FLAG_EXPECTED_BOOLEAN_VALUE",
    "dockerfile-utils:INVALID_SYNTAX",
    "dockerfilelint:invalid_format",
  ],
  why: `
The build stops at a flag it does not know, at a single flag given twice, and at a value a flag cannot have; the same holds for
the options of \`RUN --mount\`. Flags and options are those of today's Docker frontend; which of them the declared one is too old
for is the business of \`syntax-directive-missing-for-feature\`, and the values of HEALTHCHECK's flags that of
\`healthcheck-options\`. BuildKit drops a flag of \`ARG\`, \`STOPSIGNAL\` and \`HEALTHCHECK NONE\` without reading it: a warning. Where
\`# syntax=\` names somebody else's frontend, which may have flags of its own, all of this is a hint.`,
  fixSafety: "Unsafe: the nearest spelling is a guess.",
  examples: [
    {
      bad: "FROM alpine:3.22\nCOPY --chwon=app . /app/\n",
      fixed: "FROM alpine:3.22\nCOPY --chown=app . /app/\n",
    },
    {
      bad: "FROM alpine:3.22\nRUN --mount=type=cache,tarket=/root/.cache make\n",
      fixed: "FROM alpine:3.22\nRUN --mount=type=cache,target=/root/.cache make\n",
    },
    { bad: "FROM alpine:3.22\nCOPY --chmod=888 start.sh /usr/bin/\n" },
    { good: "FROM alpine:3.22\nADD --unpack=true --chown=1000:1000 https://example.org/a.tgz /a/\n" },
  ],
  check({ dockerfile, report }) {
    const certainty = certaintyOf(dockerfile);
    if (!certainty) return;
    for (const instruction of dockerfile.all) {
      const spec = INSTRUCTIONS.get(instruction.name);
      if (!spec || instruction.flags.length === 0) continue;
      const dropped = dropsFlags(instruction) ? ({ severity: "warning" } as const) : {};
      const seen = new Map<string, Flag>();
      for (const flag of instruction.flags) {
        for (const { span, ...fault } of faultsOf(dockerfile, instruction, spec, flag, seen))
          report(span, { ...fault, ...dropped, ...certainty });
        if (!seen.has(flag.name)) seen.set(flag.name, flag);
      }
    }
  },
});

/** Where BuildKit never looks at the flags. */
const dropsFlags = ({ name, words }: Instruction): boolean =>
  name === "ARG" || name === "STOPSIGNAL" || (name === "HEALTHCHECK" && words[0]?.text.toUpperCase() === "NONE");

function faultsOf(
  dockerfile: Dockerfile,
  instruction: Instruction,
  spec: InstructionSpec,
  flag: Flag,
  seen: ReadonlyMap<string, Flag>,
): readonly Fault[] {
  const known = spec.flags.find((each) => each.name === flag.name);
  if (!known) return [unknownFlag(spec, flag)];
  const earlier = seen.get(flag.name);
  if (earlier && !known.repeatable)
    return [
      {
        span: flag.nameSpan,
        message: `${spec.name} may have ${flag.name} only once`,
        related: [{ span: earlier.nameSpan, message: "the first one" }],
      },
    ];
  // What they hold is healthcheck-options'.
  if (spec.name === "HEALTHCHECK") return [];
  return known.value === "mount" && flag.value
    ? mountOptionFaults(dockerfile, flag)
    : valueFaults(dockerfile, instruction, known, flag);
}

function unknownFlag({ name, flags }: InstructionSpec, flag: Flag): Fault {
  if (flags.length === 0) {
    const advice =
      name === "CMD" || name === "ENTRYPOINT"
        ? ": write the command as a JSON array, so that it is not read as one"
        : "";
    return { span: flag.nameSpan, message: `${name} has no flags, and ${flag.name} is read as one${advice}` };
  }
  const near = nearest(
    flag.name,
    flags.map((each) => each.name),
  );
  if (near === undefined) return { span: flag.nameSpan, message: `${name} has no flag ${flag.name}` };
  return {
    span: flag.nameSpan,
    message: `${name} has no flag ${flag.name}; did you mean ${near}?`,
    fixes: [unsafeFix(`Replace with ${near}`, replace(flag.nameSpan, near))],
  };
}

function valueFaults(
  dockerfile: Dockerfile,
  instruction: Instruction,
  { value: kind, choices }: FlagSpec,
  { name, nameSpan, value }: Flag,
): readonly Fault[] {
  if (!value) return kind === "boolean" ? [] : [{ span: nameSpan, message: `${name} needs a value` }];
  const { text, span } = value;
  if (choices && !choices.includes(text)) return [wrongChoice(name, choices, text, span)];
  if (kind === "boolean") {
    if (text === "") return [{ span: nameSpan, message: `${name}= has no value` }];
    return /^(?:true|false)$/i.test(text) ? [] : [{ span, message: `${name} is true or false, not ${text}` }];
  }
  // Any other flag may be empty, and is then as if it were not there.
  if (text === "") return [];
  if (kind === "source") return sourceFaults(dockerfile, value);
  if (kind !== "permissions") return [];
  const { text: mode, known } = expandIn(dockerfile, instruction, text);
  if (!known || mode === "" || isMode(mode)) return [];
  return [{ span, message: `${name} is octal up to 7777 or as chmod takes it (u+x), not ${mode}` }];
}

function sourceFaults(dockerfile: Dockerfile, { text, span }: Word): readonly Fault[] {
  // A variable there is copy-from-unknown-stage's.
  if (hasVariable(text) || stageNamed(dockerfile, text) || parseImageRef(text).ok) return [];
  return [{ span, message: `${text} can be neither a stage nor an image` }];
}

/** Octal from 0 to 07777, or clauses of chmod(1) separated by commas. */
const isMode = (text: string): boolean =>
  /^0*[0-7]{1,4}$/.test(text) || text.split(",").every((clause) => /^[ugoa]*(?:[-+=]+[rwxXstugo]*)+$/.test(clause));
