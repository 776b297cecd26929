/** Variables behind a dollar sign, with their values here. */
import { VARIABLE_DOCS } from "../../model/dockerfile/instruction-docs.ts";
import { code } from "../compose/markdown.ts";
import type { Candidate, Inside, Setting } from "./completion-model.ts";
import type { Part, Place } from "./cursor.ts";
import { linkTo, paragraphs } from "./documentation.ts";
import { PLATFORM_NAMES, proxiesAt, type VariableHere, variablesAt } from "./variables-here.ts";

/** Whom the variables of a word are put in by. */
const EXPANDS: Readonly<Record<string, "builder" | "shell" | "container">> = {
  FROM: "builder",
  ARG: "builder",
  ENV: "builder",
  COPY: "builder",
  ADD: "builder",
  LABEL: "builder",
  EXPOSE: "builder",
  USER: "builder",
  WORKDIR: "builder",
  VOLUME: "builder",
  STOPSIGNAL: "builder",
  RUN: "shell",
  CMD: "container",
  ENTRYPOINT: "container",
  HEALTHCHECK: "container",
};

/** Undefined where no variable is being written. */
export function variableCandidates(
  inside: Inside,
  part: Exclude<Part, { readonly in: "flag" | "mount key" }>,
): readonly Candidate[] | undefined {
  const { place, instruction } = inside;
  const begun = begunIn(part.typed, inside.dockerfile.escape);
  if (!begun) return undefined;
  const by = EXPANDS[place.name];
  if (by === undefined || (by === "builder" && part.in === "argument" && part.quote === "'")) return [];
  const known = variablesAt(inside.dockerfile, instruction, by === "container");
  // What a platform may be is most often one of BuildKit's.
  const isPlatform = part.in === "flag value" && part.flag === "--platform";
  const variables = isPlatform ? known.toSorted((a, b) => rankOf(a) - rankOf(b)) : known;
  const proxies = by === "shell" ? proxiesAt(inside.dockerfile, instruction) : [];
  return [...variables, ...proxies].map((variable) => candidateOf(inside, variable, begun));
}

const rankOf = ({ name }: VariableHere): number => (PLATFORM_NAMES.includes(name) ? 0 : 1);

/** In a heredoc of RUN, which a shell reads, and of COPY and ADD without quotes around its name. */
export function heredocVariables(
  setting: Setting,
  { instruction, heredoc, line }: Extract<Place, { readonly at: "heredoc" }>,
): readonly Candidate[] {
  const begun = begunIn(line, "\\");
  const owner = instruction.trigger ?? instruction;
  if (!begun || (!heredoc.expand && owner.name !== "RUN")) return [];
  const proxies = owner.name === "RUN" ? proxiesAt(setting.dockerfile, instruction) : [];
  return [...variablesAt(setting.dockerfile, instruction, false), ...proxies].map((variable) =>
    candidateOf(setting, variable, begun),
  );
}

interface Begun {
  /** With its dollar sign. */
  readonly length: number;
  readonly brace: boolean;
}

function begunIn(typed: string, escape: string): Begun | undefined {
  const [found, brace] = /\$(\{?)\w*$/.exec(typed) ?? [];
  if (found === undefined) return undefined;
  const before = typed.slice(0, typed.length - found.length);
  let escapes = 0;
  while (before.charAt(before.length - 1 - escapes) === escape) escapes++;
  return escapes % 2 === 1 ? undefined : { length: found.length, brace: brace === "{" };
}

function candidateOf({ dockerfile, offset }: Setting, variable: VariableHere, { length, brace }: Begun): Candidate {
  const { name } = variable;
  const rest = /^\w*/.exec(dockerfile.text.slice(offset, offset + 256))?.[0].length ?? 0;
  const end = offset + rest;
  // What stands behind it closes it already, or says what to do without a value.
  const isClosed = brace && /^(?:\}|:?[-+?]|[#%/])/.test(dockerfile.text.slice(end, end + 2));
  return {
    label: name,
    kind: "variable",
    detail: detailOf(variable),
    about: aboutOf(variable),
    text: brace ? `\${${name}${isClosed ? "" : "}"}` : `$${name}`,
    filter: `$${brace ? "{" : ""}${name}`,
    span: { start: offset - length, end },
  };
}

const LONGEST = 60;

/** One line of it, and nothing of a secret. */
function shownValue({ value, secret }: VariableHere): string | undefined {
  if (value === undefined || secret) return undefined;
  const line = value.replaceAll(/\s+/g, " ");
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}

function detailOf(variable: VariableHere): string | undefined {
  const { by, image, name } = variable;
  const value = shownValue(variable);
  if (value !== undefined && value !== "") return value;
  if (by) return by.name;
  return image ?? (VARIABLE_DOCS[name.toUpperCase()] ? "BuildKit" : undefined);
}

function aboutOf(variable: VariableHere): string | undefined {
  const { name, by, global, image } = variable;
  const value = shownValue(variable);
  const doc = by ? undefined : VARIABLE_DOCS[name.toUpperCase()];
  const origin = by
    ? `${by.name}${global ? ", with the value of the ARG above the first FROM" : ""}${value === undefined ? "" : `: ${value === "" ? "empty" : code(value)}`}`
    : image === undefined
      ? undefined
      : `Set by the image ${code(image)}.`;
  const text = paragraphs(origin, doc?.about, doc && linkTo(doc));
  return text === "" ? undefined : text;
}
