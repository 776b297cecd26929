/** An instruction's keyword: what it is for, and what is in effect there; working folders and users as they come out. */
import { resolvePath, workdirAt } from "../../model/dockerfile/before.ts";
import { INSTRUCTION_DOCS } from "../../model/dockerfile/instruction-docs.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { expandIn } from "../../model/dockerfile/scope.ts";
import { unquote } from "../../model/dockerfile/words.ts";
import { code } from "../compose/markdown.ts";
import { instructionText, paragraphs } from "./documentation.ts";
import { effectiveAt, type InEffect } from "./effective.ts";
import type { DockerfileHover } from "./hover-model.ts";
import { tellsSecret } from "./variables-here.ts";

export function hoverInstruction(
  dockerfile: Dockerfile,
  instruction: Instruction,
  offset: number,
): DockerfileHover | undefined {
  const { keyword, name, args } = instruction;
  if (keyword.span.start <= offset && offset <= keyword.span.end) {
    const text = instructionText(name);
    return text === undefined
      ? undefined
      : { span: keyword.span, text: paragraphs(`**${name}**`, text, effectText(dockerfile, instruction)) };
  }
  if (offset < args.span.start || offset > args.span.end || args.text === "") return undefined;
  const effect = tellsSecret(dockerfile, instruction, args.text) ? undefined : RESULTS[name]?.(dockerfile, instruction);
  return effect === undefined ? undefined : { span: args.span, text: effect };
}

/** Which of what is in effect matters to whom. */
const MATTERS: Readonly<Record<string, readonly ("user" | "workdir" | "shell")[]>> = {
  RUN: ["user", "workdir", "shell"],
  CMD: ["user", "workdir", "shell"],
  ENTRYPOINT: ["user", "workdir", "shell"],
  HEALTHCHECK: ["user", "workdir", "shell"],
  COPY: ["workdir"],
  ADD: ["workdir"],
  WORKDIR: ["workdir"],
  USER: ["user"],
  SHELL: ["shell"],
};

const NAMES = { user: "User", workdir: "Folder", shell: "Shell" } as const;

function effectText(dockerfile: Dockerfile, instruction: Instruction): string | undefined {
  const matters =
    INSTRUCTION_DOCS[instruction.name] && instruction.stage !== -1 ? MATTERS[instruction.name] : undefined;
  if (!matters) return undefined;
  const effective = effectiveAt(dockerfile, instruction);
  const lines = matters.flatMap((what) => {
    // The exec form needs no shell.
    if (what === "shell" && instruction.json && instruction.name !== "SHELL") return [];
    const found = effective[what];
    return found ? [`- ${NAMES[what]}: ${effectLine(dockerfile, found)}`] : [];
  });
  return lines.length === 0 ? undefined : `In effect here:\n\n${lines.join("\n")}`;
}

function effectLine(dockerfile: Dockerfile, { value, by }: InEffect): string {
  if (!by) return code(value);
  const origin = code(`${by.name} ${by.args.text}`);
  return tellsSecret(dockerfile, by, by.args.text) ? `as ${origin} says` : `${code(value)}, by ${origin}`;
}

/** What arguments come to, where that is not what is written. */
const RESULTS: Readonly<Record<string, (dockerfile: Dockerfile, instruction: Instruction) => string | undefined>> = {
  WORKDIR(dockerfile, instruction) {
    const { text, known } = expandIn(dockerfile, instruction, instruction.args.text);
    const path = known ? resolvePath(workdirAt(dockerfile, instruction), unquote(text, dockerfile.escape)) : undefined;
    return path === undefined ? undefined : `From here on the working folder is ${code(path)}.`;
  },
  USER(dockerfile, instruction) {
    const { text, known } = expandIn(dockerfile, instruction, instruction.args.text);
    const [user = "", group] = unquote(text, dockerfile.escape).split(":");
    if (!known || user === "") return undefined;
    return `From here on commands, and the container, run as ${code(user)}${group === undefined ? "" : ` in the group ${code(group)}`}.`;
  },
};
