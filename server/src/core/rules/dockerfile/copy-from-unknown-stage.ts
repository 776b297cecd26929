import { knownBase } from "../../model/dockerfile/bases.ts";
import type { Dockerfile } from "../../model/dockerfile/model.ts";
import { type FromReference, fromReferences } from "../../model/dockerfile/references.ts";
import { stageNamed } from "../../model/dockerfile/stages.ts";
import { hasVariable } from "../../model/dockerfile/variables.ts";
import { defineRule, type Report, unsafeFix } from "../../rule.ts";
import { replace } from "../../text/edit.ts";
import { nearest } from "../../text/nearest.ts";

export default defineRule({
  id: "copy-from-unknown-stage",
  summary: "COPY --from names no stage above",
  severity: "error",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["hadolint:DL3022"],
  why: `
\`--from\` takes a stage that is finished, a build context given on the command line, or an image. What is none of the first two is
pulled from Docker Hub, so a slip in a stage's name ends in "pull access denied", or in files of a stranger's image. Reported for
certain are stages that come later, numbers no stage has, variables (BuildKit takes none here) and names close to a
stage's. Any other plain word may be an image or a build context, as in \`COPY --from=nginx\`: hadolint reports it always, we
do in the stricter profile. \`nginx:1.29\` says that an image is meant; \`team/tools\` does so without a tag, which hadolint reports and
the profile \`all\` shows.`,
  fixSafety: "Unsafe: the name that was meant is a guess, by the fewest letters to change.",
  examples: [
    {
      bad: "FROM golang:1.25 AS builder\nRUN go build -o /app .\n\nFROM alpine:3.22\nCOPY --from=bulider /app /app\n",
      fixed: "FROM golang:1.25 AS builder\nRUN go build -o /app .\n\nFROM alpine:3.22\nCOPY --from=builder /app /app\n",
    },
    { bad: "FROM alpine:3.22\nCOPY --from=2 /app /app\n" },
    { good: "FROM alpine:3.22\nCOPY --from=nginx:1.29 /etc/nginx/mime.types /etc/\n" },
  ],
  check({ dockerfile, report }) {
    for (const reference of fromReferences(dockerfile)) {
      // What is registered by ONBUILD runs in another build, with stages of its own.
      if (reference.instruction.triggered) continue;
      const found = judge(dockerfile, reference);
      if (found) report(reference.word.span, found);
    }
  },
});

function judge(dockerfile: Dockerfile, { instruction, word, source }: FromReference): Report | undefined {
  const { text } = word;
  if (text === "") return undefined;
  if (hasVariable(text))
    return {
      message: `BuildKit puts no variables into ${instruction.name === "RUN" ? "from=" : "--from"} and stops here`,
      refusal: "name a stage that is FROM the variable's image, and copy from that",
    };
  if (source.kind === "stage") return undefined;
  const copies = instruction.name !== "RUN";
  if (/^\d+$/.test(text)) return copies ? judgeNumber(dockerfile, instruction.stage, text) : undefined;
  const later = stageNamed(dockerfile, text);
  // The stage itself is copy-from-self's.
  if (later && later.index > instruction.stage)
    return {
      message: `Stage ${text} comes later: ${instruction.name} can only take files from a stage above`,
      related: later.name ? [{ span: later.name.span, message: "the stage" }] : [],
      refusal: "one of the two stages has to move",
    };
  if (copies && /^[\w./-]*\/[\w./-]*$/.test(text))
    return {
      message: `No stage above is called ${text}: the files are from the image, or a build context, of that name`,
      severity: "hint",
      profile: "all",
      refusal: "the image may be what is meant",
    };
  if (later || /[/:@.]/.test(text) || text.toLowerCase() === "scratch") return undefined;
  const names = dockerfile.stages.flatMap(({ index, name }) => (name && index < instruction.stage ? name.text : []));
  const meant = knownBase(text) ? undefined : nearest(text, names);
  if (meant !== undefined)
    return {
      message: `No stage is called ${text}; did you mean ${meant}?`,
      fixes: [unsafeFix(`Copy from ${meant}`, replace(word.span, meant))],
    };
  if (!copies) return undefined;
  return {
    message: `No stage above is called ${text}: it is a build context of that name, or else image ${text}:latest`,
    severity: "info",
    profile: "strict",
    refusal: "which of the two is meant has to be decided",
  };
}

function judgeNumber(dockerfile: Dockerfile, own: number, text: string): Report | undefined {
  const number = Number(text);
  if (number === own) return undefined;
  const there = dockerfile.stages.length;
  return {
    message:
      number < there
        ? `Stage ${text} comes later: COPY can only take files from a stage above`
        : `There is no stage ${text}: the file has ${there === 1 ? "1 stage, which is number 0" : `${there} stages, counted from 0`}`,
    refusal: "which stage was meant has to be decided",
  };
}
