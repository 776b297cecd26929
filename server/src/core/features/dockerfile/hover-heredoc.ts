/** A heredoc: who reads it, and what becomes of variables in it. */
import type { Dockerfile, Heredoc, Instruction } from "../../model/dockerfile/model.ts";
import { HEREDOCS } from "../../model/dockerfile/heredoc.ts";
import { escaped } from "../../text/markdown.ts";
import { code } from "../compose/markdown.ts";
import { paragraphs } from "./documentation.ts";
import { effectiveAt } from "./effective.ts";
import type { DockerfileHover } from "./hover-model.ts";
import { sinceText } from "./since.ts";

export function hoverHeredoc(
  dockerfile: Dockerfile,
  instruction: Instruction,
  offset: number,
): DockerfileHover | undefined {
  for (const heredoc of instruction.heredocs) {
    const { marker, terminator } = heredoc;
    const span = [marker, terminator].find((each) => each && each.start <= offset && offset <= each.end);
    if (span) return { span, text: textOf(dockerfile, instruction, heredoc) };
  }
  return undefined;
}

function textOf(dockerfile: Dockerfile, instruction: Instruction, heredoc: Heredoc): string {
  const { name, body, chomp } = heredoc;
  const written = dockerfile.text.slice(body.start, body.end);
  const lines = written === "" ? 0 : written.split("\n").length - (written.endsWith("\n") ? 1 : 0);
  return paragraphs(
    `**${escaped(name)}**: heredoc of ${lines} ${lines === 1 ? "line" : "lines"}`,
    `${readerOf(dockerfile, instruction, heredoc, written)} ${variablesOf(instruction, heredoc)}`,
    chomp ? "Tabs in front of its lines are taken away." : undefined,
    sinceText(HEREDOCS),
    "[Reference](https://docs.docker.com/reference/dockerfile/#here-documents)",
  );
}

function readerOf(
  dockerfile: Dockerfile,
  instruction: Instruction,
  { marker, name }: Heredoc,
  written: string,
): string {
  if (instruction.name !== "RUN") {
    const target = instruction.words.at(-1)?.text;
    if (target === undefined) return "Becomes a file.";
    return `Becomes the file ${target.endsWith("/") ? `${code(name)} in ${code(target)}` : code(target)}.`;
  }
  // Nothing else on the line: the body is the script.
  const isAlone = instruction.args.text === dockerfile.text.slice(marker.start, marker.end);
  if (!isAlone) return `Is what ${code(instruction.words[0]?.text ?? "the command")} reads.`;
  const shebang = /^#![ \t]*(\S+(?:[ \t]+\S+)?)/.exec(written)?.[1];
  return `Runs with ${code(shebang ?? effectiveAt(dockerfile, instruction).shell.value)}.`;
}

function variablesOf({ name }: Instruction, { expand }: Heredoc): string {
  if (name === "RUN") return expand ? "The shell puts variables in." : "Variables in it stay as they are written.";
  return expand
    ? "BuildKit puts variables in; quotes around the name would keep them."
    : "Variables in it stay as they are written.";
}
