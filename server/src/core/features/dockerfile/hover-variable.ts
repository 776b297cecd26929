/** A variable: its value at this place, and where that comes from. */
import { allReferences } from "../../model/dockerfile/environment.ts";
import { VARIABLE_DOCS } from "../../model/dockerfile/instruction-docs.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { expandIn, PLATFORM_ARGS, PREDEFINED_ARGS } from "../../model/dockerfile/scope.ts";
import { unquote } from "../../model/dockerfile/words.ts";
import type { Span } from "../../text/edit.ts";
import { code } from "../compose/markdown.ts";
import { isSecret } from "../compose/secret.ts";
import { linkTo, paragraphs } from "./documentation.ts";
import type { DockerfileHover } from "./hover-model.ts";
import { type VariablePlace, variablePlaces } from "./variable-places.ts";
import { tellsSecret, type VariableHere, variableHere } from "./variables-here.ts";

export function hoverVariable(dockerfile: Dockerfile, offset: number): DockerfileHover | undefined {
  const place = placeAt(dockerfile, offset);
  if (!place) return undefined;
  const span = place.role === "use" ? wholeOf(dockerfile, place) : place.span;
  return { span, text: place.role === "declaration" ? declared(dockerfile, place) : used(dockerfile, place, span) };
}

/** The name the offset is on; else what it is in the dollar sign, the braces or the default of. */
function placeAt(dockerfile: Dockerfile, offset: number): VariablePlace | undefined {
  const places = variablePlaces(dockerfile);
  const on = places.find(({ span }) => span.start <= offset && offset <= span.end);
  if (on) return on;
  const isIn = (place: VariablePlace | undefined): boolean => {
    if (place?.role !== "use") return false;
    const { start, end } = wholeOf(dockerfile, place);
    return start <= offset && offset < end;
  };
  const next = places.findIndex(({ span }) => span.start > offset);
  const before = places[next === -1 ? places.length - 1 : next - 1];
  return [places[next], before].find(isIn);
}

/** With its dollar sign and braces, as far as they stand in one piece. */
function wholeOf({ text, escape }: Dockerfile, { span, name }: VariablePlace): Span {
  const start = text.charAt(span.start - 1) === "{" ? span.start - 2 : span.start - 1;
  if (text.charAt(start) !== "$") return span;
  const newline = text.indexOf("\n", span.end);
  const line = text.slice(start, newline === -1 ? text.length : newline);
  const [reference] = allReferences(line, escape);
  return reference?.start === 0 && reference.name === name ? { start, end: start + reference.end } : span;
}

function declared(dockerfile: Dockerfile, { name, span, instruction }: VariablePlace): string {
  const pair = instruction.pairs.find(({ key }) => key.span.start <= span.start && span.end <= key.span.end);
  const written = pair?.value;
  const before = variableHere(dockerfile, instruction, name);
  const doc = VARIABLE_DOCS[name.toUpperCase()];
  const expanded = written && expandIn(dockerfile, instruction, written.text);
  const value = expanded?.known ? unquote(expanded.text, dockerfile.escape) : undefined;
  return paragraphs(
    ownValue(dockerfile, instruction, name, value, written?.text),
    instruction.name === "ARG" ? argumentText(name, instruction) : "Containers have it too.",
    before.by && before.value !== undefined && before.value !== value
      ? `Above it is ${shown(before.secret, before.value)}.`
      : undefined,
    doc && instruction.name === "ARG" ? `${doc.about} ${linkTo(doc)}` : undefined,
  );
}

function ownValue(
  dockerfile: Dockerfile,
  instruction: Instruction,
  name: string,
  value: string | undefined,
  written: string | undefined,
): string {
  const secret = isSecret(name) || (written !== undefined && tellsSecret(dockerfile, instruction, written));
  if (written !== undefined)
    return value === undefined
      ? `${code(name)} is set here; its value is known when it is built.`
      : `${code(name)} is ${shown(secret, value)} from here on.`;
  if (instruction.name === "ENV") return `${code(name)} is set here.`;
  const from = dockerfile.stages[instruction.stage]?.from;
  const global = from && variableHere(dockerfile, from, name);
  if (global?.by)
    return global.value === undefined
      ? `${code(name)} takes over the ARG above the first FROM.`
      : `${code(name)} is ${shown(global.secret, global.value)}, as above the first FROM.`;
  return PLATFORM_ARGS.has(name) || PREDEFINED_ARGS.has(name) ? code(name) : `${code(name)} has no default.`;
}

const argumentText = (name: string, { stage }: Instruction): string =>
  `${code(`--build-arg ${name}=…`)} comes before that. ${stage === -1 ? "Only FROM sees it: a stage that wants it declares it again." : "Containers do not have it."}`;

function used(dockerfile: Dockerfile, place: VariablePlace, span: Span): string {
  const { name, instruction } = place;
  const here = variableHere(dockerfile, instruction, name);
  const doc = here.by && !isBuildKits(here) ? undefined : VARIABLE_DOCS[name.toUpperCase()];
  return paragraphs(
    valueLine(here),
    result(dockerfile, place, span, here),
    origin(here),
    doc && `${doc.about} ${linkTo(doc)}`,
  );
}

/** Declared, and left to BuildKit. */
const isBuildKits = ({ name, value, by }: VariableHere): boolean =>
  value === undefined && by?.name === "ARG" && PLATFORM_ARGS.has(name);

function valueLine(here: VariableHere): string {
  const { name, value, by, image, secret } = here;
  if (value !== undefined) return `${code(name)} is ${shown(secret, value)} here.`;
  if (isBuildKits(here)) return `${code(name)} is set by BuildKit.`;
  if (by?.name === "ARG") return `${code(name)} is what ${code(`--build-arg ${name}=…`)} says; it has no default.`;
  if (by) return `${code(name)} is set; its value is known when it is built.`;
  if (image !== undefined) return `${code(name)} is set by the image ${code(image)}.`;
  return VARIABLE_DOCS[name.toUpperCase()] ? code(name) : `Nothing in this file sets ${code(name)}.`;
}

/** `${A:-b}`: what that comes to. */
function result(
  dockerfile: Dockerfile,
  { instruction }: VariablePlace,
  { start, end }: Span,
  here: VariableHere,
): string | undefined {
  const written = dockerfile.text.slice(start, end);
  if (/^\$(?:\w+|\{\w+\})$/.test(written) || !written.startsWith("$")) return undefined;
  const { text, known } = expandIn(dockerfile, instruction, written);
  if (!known || text === here.value) return undefined;
  return `With what stands behind it: ${shown(tellsSecret(dockerfile, instruction, written), text)}.`;
}

function origin({ name, by, global }: VariableHere): string | undefined {
  if (!by) return undefined;
  const line = lineOf(by, name);
  return global ? `By ${line}, which takes over ${lineOf(global, name)} above the first FROM.` : `By ${line}.`;
}

/** The one pair of it, and nothing of a secret. */
function lineOf({ name: keyword, pairs }: Instruction, name: string): string {
  const pair = pairs.find(({ key }) => unquote(key.text) === name);
  const value = pair?.value ? `=${isSecret(name) ? "…" : pair.value.text}` : "";
  return code(`${keyword} ${name}${value}`);
}

const shown = (secret: boolean, value: string): string => (secret ? "set" : value === "" ? "empty" : code(value));
