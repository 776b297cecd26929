/** A variable: its value, and where that comes from. */
import { interpolate, interpolationsIn } from "../../model/compose/interpolation.ts";
import type { ComposeFile } from "../../model/compose/model.ts";
import type { Project } from "../../model/compose/project.ts";
import { code } from "./markdown.ts";
import { isSecret } from "./secret.ts";
import type { Span } from "../../text/edit.ts";
import { variableAt } from "./variables.ts";

export function hoverVariable(
  compose: ComposeFile,
  offset: number,
  { environment }: Project,
): { readonly span: Span; readonly text: string } | undefined {
  const place = variableAt(compose, offset);
  if (!place) return undefined;
  const { name, whole } = place;
  const written = compose.text.slice(whole.start, whole.end);
  const [variable] = interpolationsIn(written).variables;
  const value = environment.values.get(name);
  const isEmpty = value === "" && variable?.colon === true;
  const result = interpolate(written, (each) => environment.values.get(each), { unset: "empty" });
  const lines: string[] = [];
  if (value !== undefined)
    lines.push(`${code(name)} is ${isSecret(name) ? "set" : value === "" ? "empty" : code(value)} in ${code(".env")}`);
  else if (environment.read) lines.push(`${code(name)} is not in ${code(".env")}`);
  else lines.push(code(name));
  if (variable?.form === "required" && (value === undefined || isEmpty))
    lines.push(`Compose stops without it${variable.word ? `: ${variable.word}` : ""}`);
  else if (variable?.form === "default" && (value === undefined || isEmpty))
    lines.push(result === undefined ? "What stands behind it counts" : `Its default counts: ${shown(result)}`);
  else if (variable?.form === "alternative")
    lines.push(
      value === undefined || isEmpty
        ? "So this is an empty text"
        : `So what stands behind it counts: ${shown(result ?? "")}`,
    );
  else if (value === undefined && environment.read) lines.push("It has no default, so this is an empty text");
  lines.push("What the shell that runs compose has set comes before that.");
  return {
    span: whole,
    text: `${lines
      .slice(0, -1)
      .map((line) => `${line}.`)
      .join("\n\n")}\n\n${lines.at(-1) ?? ""}`,
  };
}

const shown = (text: string): string => (text === "" ? "an empty text" : code(text));
