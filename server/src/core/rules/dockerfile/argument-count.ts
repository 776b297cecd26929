import { certaintyOf } from "../../model/dockerfile/frontend.ts";
import { INSTRUCTIONS, type InstructionSpec } from "../../model/dockerfile/instructions.ts";
import type { Instruction, Word } from "../../model/dockerfile/model.ts";
import { defineRule, type Fix, type Report, unsafeFix } from "../../rule.ts";
import { insert, remove, type Span } from "../../text/edit.ts";

export default defineRule({
  id: "argument-count",
  summary: "instruction with too few or too many arguments",
  severity: "error",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.1.0",
  sameAs: [
    "dockerfilelint:required_params",
    "dockerfilelint:missing_args",
    "dockerfilelint:extra_args",
    "dockerfilelint:label_invalid",
    "dockerfile-utils:ARGUMENT_MISSING",
    "dockerfile-utils:ARGUMENT_EXTRA",
    "dockerfile-utils:ARGUMENT_REQUIRES_ONE",
    "dockerfile-utils:ARGUMENT_REQUIRES_AT_LEAST_ONE",
    "dockerfile-utils:ARGUMENT_REQUIRES_TWO",
    "dockerfile-utils:ARGUMENT_REQUIRES_AT_LEAST_TWO",
    "dockerfile-utils:ARGUMENT_REQUIRES_ONE_OR_THREE",
    "dockerfile-utils:ARGUMENT_UNNECESSARY",
    "dockerfile-utils:HEALTHCHECK_CMD_ARGUMENT_MISSING",
    "dockerfile-utils:SHELL_REQUIRES_ONE",
  ],
  why: `
The build stops at an instruction that has not got what it needs. \`ENTRYPOINT\` with nothing behind it is read, but starts
nothing; \`USER\` and \`STOPSIGNAL\` take everything behind them for one name, which nobody has.`,
  fixSafety: "Unsafe: what is too much may have been meant for something.",
  examples: [
    { bad: "FROM alpine:3.22\nCOPY app\n" },
    { bad: "FROM alpine:3.22\nUSER app wheel\n", fixed: "FROM alpine:3.22\nUSER app\n" },
    { bad: "FROM alpine:3.22 build\n", fixed: "FROM alpine:3.22 AS build\n" },
    { good: "FROM alpine:3.22\nHEALTHCHECK NONE\nCOPY app /app\nENTRYPOINT []\n" },
  ],
  check({ dockerfile, report }) {
    const certainty = certaintyOf(dockerfile);
    if (!certainty) return;
    for (const instruction of dockerfile.all) {
      const spec = INSTRUCTIONS.get(withoutEscape(instruction.name, dockerfile.escape));
      // What cannot stand behind ONBUILD is onbuild-chain's.
      if (!spec || (instruction.triggered && !spec.trigger)) continue;
      const fault = faultOf(instruction, spec, dockerfile.escape);
      if (fault) report(fault.span, { ...fault, ...certainty });
    }
  },
});

/** `CMD\` in front of a lone carriage return: the line goes on nowhere, and the escape character is left over. */
const withoutEscape = (name: string, escape: string): string => (name.endsWith(escape) ? name.slice(0, -1) : name);

interface Fault extends Report {
  readonly span: Span;
}

function faultOf(instruction: Instruction, spec: InstructionSpec, escape: string): Fault | undefined {
  const { keyword, words, json } = instruction;
  const { name } = spec;
  const missing: Fault = { span: keyword.span, message: `${name} needs ${spec.needs}` };
  // It takes back what the base image has.
  if (json && json.elements.length === 0 && name === "ENTRYPOINT") return undefined;
  if (spec.least === 0) return undefined;
  if (words.every(({ text }) => text === escape)) return missing;
  if (name !== instruction.name) return undefined;
  switch (name) {
    case "FROM":
      return fromFault(instruction, words);
    case "HEALTHCHECK":
      return healthcheckFault(instruction, words);
    case "ENV":
    case "LABEL":
      return valueFault(instruction);
  }
  if (words.length < spec.least)
    return { ...missing, message: `${name} needs ${spec.needs}, and has only ${words[0]?.text ?? ""}` };
  if (spec.most === undefined || words.length <= spec.most || /["'$]/.test(instruction.args.text)) return undefined;
  return surplus(instruction, spec.most, `${name} takes ${spec.needs} and nothing else`);
}

function fromFault(instruction: Instruction, words: readonly Word[]): Fault | undefined {
  const [image, second, third] = words;
  if (!image || !second) return undefined;
  const isAs = second.text.toUpperCase() === "AS";
  if (isAs && third)
    return words.length === 3 ? undefined : surplus(instruction, 3, "FROM ends with the name of the stage");
  const message = isAs ? "AS needs the name of the stage" : "FROM takes an image, or an image AS a name";
  const fault = surplus(instruction, 1, message);
  if (isAs || third || !/^[A-Za-z][\w.-]*$/.test(second.text)) return fault;
  const name = unsafeFix(`Name the stage ${second.text}`, insert(second.span.start, "AS "));
  return { ...fault, fixes: [name, ...(fault.fixes ?? [])] };
}

function healthcheckFault(instruction: Instruction, words: readonly Word[]): Fault | undefined {
  const kind = words[0]?.text.toUpperCase();
  if (kind === "NONE" && words.length > 1) return surplus(instruction, 1, "HEALTHCHECK NONE takes nothing else");
  if (kind !== "CMD" || words.length > 1 || !words[0]) return undefined;
  return { span: words[0].span, message: "HEALTHCHECK CMD needs a command" };
}

function valueFault({ name, pairs }: Instruction): Fault | undefined {
  const [only] = pairs;
  if (!only?.legacy || only.value) return undefined;
  const empty = unsafeFix("Give it an empty value", insert(only.key.span.end, '=""'));
  return { span: only.key.span, message: `${name} ${only.key.text} has no value`, fixes: [empty] };
}

/** Everything behind the first `kept` words. */
function surplus({ words, comments }: Instruction, kept: number, message: string): Fault {
  const last = words[kept - 1];
  const first = words[kept];
  const end = words.at(-1)?.span.end;
  if (!last || !first || end === undefined) return { span: { start: 0, end: 0 }, message };
  const span = { start: first.span.start, end };
  const cut = { start: last.span.end, end };
  if (comments.some((comment) => comment.span.start >= cut.start && comment.span.end <= cut.end))
    return { span, message, refusal: "a comment stands between the words" };
  if (words.slice(0, kept).some(({ text }) => /^[\\`]$/.test(text)))
    return { span, message, refusal: "an escape character that ends no line stands before it" };
  const fixes: Fix[] = [
    unsafeFix(
      `Remove ${words
        .slice(kept)
        .map(({ text }) => text)
        .join(" ")}`,
      remove(cut),
    ),
  ];
  return { span, message, fixes };
}
