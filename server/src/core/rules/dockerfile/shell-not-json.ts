import { certaintyOf } from "../../model/dockerfile/frontend.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { quotedWords, unquote } from "../../model/dockerfile/words.ts";
import { defineRule, type Fix, type Report, unsafeFix } from "../../rule.ts";
import { remove, replace } from "../../text/edit.ts";
import { singleQuoted } from "../single-quoted.ts";
import { allNamed } from "../../model/dockerfile/named.ts";

export default defineRule({
  id: "shell-not-json",
  summary: "SHELL whose arguments are no JSON array",
  severity: "error",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["dockerfilelint:invalid_format", "dockerfile-utils:SHELL_JSON_FORM"],
  why: `
SHELL has the JSON form only: the program and each of its parameters is a string of its own, in double quotes. BuildKit stops with
"SHELL requires the arguments to be in JSON form". An array in single quotes is the business of \`exec-form-single-quotes\`.`,
  fixSafety: "Unsafe: where one parameter ends and the next begins is a guess.",
  examples: [
    {
      bad: "FROM debian:13\nSHELL /bin/bash -o pipefail -c\n",
      fixed: 'FROM debian:13\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\n',
    },
    { bad: 'FROM debian:13\nSHELL ["/bin/bash", "-c",]\n', fixed: 'FROM debian:13\nSHELL ["/bin/bash", "-c"]\n' },
    { good: 'FROM debian:13\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\n' },
  ],
  check({ dockerfile, report }) {
    const certainty = certaintyOf(dockerfile);
    if (!certainty) return;
    for (const instruction of allNamed(dockerfile, "SHELL")) {
      const { json, args } = instruction;
      if (json || args.text === "" || args.text === dockerfile.escape || singleQuoted(instruction)) continue;
      report(args.span, {
        message: "SHELL needs a JSON array, its strings in double quotes",
        ...repairOf(dockerfile, instruction),
        ...certainty,
      });
    }
  },
});

function repairOf(dockerfile: Dockerfile, instruction: Instruction): Pick<Report, "fixes" | "refusal"> {
  const { body } = instruction;
  if (!body.text.startsWith("[")) return listOfWords(dockerfile, instruction);
  const comma = /,\s*\]$/.exec(body.text);
  if (comma && isStrings(`${body.text.slice(0, comma.index)}]`))
    return { fixes: [asArray(remove(body.span(comma.index, comma.index + 1)))] };
  return { refusal: "it is not clear what the strings are" };
}

function listOfWords({ escape }: Dockerfile, { body }: Instruction): Pick<Report, "fixes" | "refusal"> {
  const words = quotedWords(body, escape);
  if (words.some(({ text }) => /[[\]{}]/.test(text) || text.endsWith(escape)))
    return { refusal: "it is not clear what the strings are" };
  const last = words.length - 1;
  const edits = words.map(({ text, span }, at) => {
    const string = JSON.stringify(/["']/.test(text) ? unquote(text, escape) : text);
    return replace(span, `${at === 0 ? "[" : ""}${string}${at === last ? "]" : ","}`);
  });
  return { fixes: [asArray(...edits)] };
}

const asArray = (...edits: Parameters<typeof unsafeFix>[1][]): Fix => unsafeFix("Write a JSON array", ...edits);

function isStrings(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.length > 0 && value.every((element) => typeof element === "string");
  } catch {
    return false;
  }
}
