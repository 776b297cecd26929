import { knownBase } from "../../model/dockerfile/bases.ts";
import type { Base, Dockerfile, Instruction, Stage, Word } from "../../model/dockerfile/model.ts";
import { fromReferences } from "../../model/dockerfile/references.ts";
import { removeInstruction } from "../../model/dockerfile/removal.ts";
import { rootBase } from "../../model/dockerfile/stages.ts";
import { unquote } from "../../model/dockerfile/words.ts";
import { defineRule, type Fix, type Profile, unsafeFix } from "../../rule.ts";
import { replace } from "../../text/edit.ts";

export default defineRule({
  id: "copy-from-whole-root",
  summary: "COPY --from copies a whole file system",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["hadolint:DL3067"],
  why: `
\`COPY --from=x / /\` lays all of another image over this one. Where that is a whole system, two of them get mixed: libraries and package
databases of both overwrite each other. On \`scratch\` it is a way to make one layer of many, which also throws away the
variables, user, working directory and command of the other image, and the layers it shares with others; that case, and an image
nothing is known of, are only reported by the stricter profile. What was gathered on \`scratch\` to be laid over something is what such a
copy is for, and only the profile \`all\` reports it, as hadolint does. To go on from another stage, build \`FROM\` it.`,
  fixSafety: `
Unsafe: built \`FROM\` the stage, the image also has its variables, user, working directory and command, and its layers one by
one. Offered where the stage is \`FROM scratch\` and begins with the copy.`,
  examples: [
    {
      bad: 'FROM alpine:3.22 AS system\nRUN apk add --no-cache tini\n\nFROM scratch\nCOPY --from=system / /\nCMD ["tini"]\n',
      fixed: 'FROM alpine:3.22 AS system\nRUN apk add --no-cache tini\n\nFROM system\nCMD ["tini"]\n',
    },
    { bad: "FROM debian:13-slim\nCOPY --from=busybox:1.37 / /\n" },
    { good: "FROM scratch\nCOPY --from=busybox:1.37 /bin/ /bin/\n" },
  ],
  check({ dockerfile, report }) {
    for (const { instruction: copy, word: from, source } of fromReferences(dockerfile)) {
      if (copy.name !== "COPY" || source.kind === "unknown" || !copiesRoot(dockerfile, copy)) continue;
      const stage = dockerfile.stages[copy.stage];
      const onScratch = stage?.base.kind === "scratch" && !copy.triggered;
      const origin = source.kind === "stage" ? rootBase(dockerfile, source.stage) : imageBase(source.reference);
      const profile = onScratch ? "strict" : profileOf(origin);
      const fix = stage && onScratch ? fixFor(dockerfile, stage, copy, from) : undefined;
      report(copy.args.span, {
        message: onScratch
          ? `COPY puts all of ${from.text} into one layer, without its variables, user and command: FROM ${from.text} keeps them`
          : `COPY lays all of ${from.text} over the files of this image`,
        profile,
        ...(profile !== "recommended" && { severity: "info" }),
        ...(fix ? { fixes: [fix] } : { refusal: "which of its files are needed has to be decided" }),
      });
    }
  },
});

const imageBase = (reference: string): Base => ({ kind: "image", reference });

function profileOf(origin: Base): Profile {
  if (origin.kind === "scratch") return "all";
  return origin.kind === "image" && knownBase(origin.reference) ? "recommended" : "strict";
}

/** One source, all of it, and the root as destination. */
function copiesRoot(dockerfile: Dockerfile, { words, heredocs, flags }: Instruction): boolean {
  if (words.length !== 2 || heredocs.length > 0) return false;
  if (flags.some(({ name }) => name === "--exclude")) return false;
  return words.every(({ text }) => /^\/(?:\.\/?)?$/.test(unquote(text, dockerfile.escape)));
}

/** `FROM x` in place of `FROM scratch`, when nothing of the stage comes before the copy. */
function fixFor(dockerfile: Dockerfile, stage: Stage, copy: Instruction, from: Word): Fix | undefined {
  if (!stage.image || stage.instructions[1] !== copy || /^\d+$/.test(from.text)) return undefined;
  if (copy.flags.some(({ name }) => name !== "--from" && name !== "--link")) return undefined;
  return unsafeFix(
    `Build FROM ${from.text}`,
    replace(stage.image.span, from.text),
    removeInstruction(dockerfile, copy),
  );
}
