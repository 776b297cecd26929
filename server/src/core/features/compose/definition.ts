/**
 * Where what is named is written: a name's declaration, also in other files of the project; a file; the stage and the arguments of the
 * Dockerfile; a variable's line in `.env`; an alias's anchor.
 */
import { buildOf } from "../../model/compose/build.ts";
import { parseEnvFile } from "../../model/compose/env-file.ts";
import { dockerfileOf, type FileMention, fileMentions } from "../../model/compose/file-mentions.ts";
import type { ComposeFile } from "../../model/compose/model.ts";
import { nameAt } from "../../model/compose/name-index.ts";
import { parseDockerfile } from "../../model/dockerfile/parse.ts";
import type { Span } from "../../text/edit.ts";
import { type Files, pathFrom } from "./files.ts";
import { meaningAt } from "./places.ts";
import { variableAt } from "./variables.ts";

export interface Target {
  readonly path: string;
  /** Of what is to be selected; absent for the whole file. */
  readonly span?: Span;
}

export interface Definition {
  /** What was asked about. */
  readonly origin: Span;
  readonly targets: readonly Target[];
}

export function definitionAt(path: string, offset: number, files: Files): Definition | undefined {
  const compose = files.compose(path);
  if (!compose) return undefined;
  const found =
    fromName(path, compose, offset, files) ??
    fromVariable(path, compose, offset, files) ??
    fromDockerfile(path, compose, offset, files) ??
    fromFile(path, compose, offset, files);
  return found && found.targets.length > 0 ? found : undefined;
}

function fromName(path: string, compose: ComposeFile, offset: number, files: Files): Definition | undefined {
  const place = nameAt(compose, offset);
  if (!place) return undefined;
  const declared = meaningAt(path, offset, files)?.places.filter(({ role }) => role === "declaration") ?? [];
  return { origin: place.span, targets: declared.map(({ path: at, span }) => ({ path: at, span })) };
}

function fromVariable(path: string, compose: ComposeFile, offset: number, files: Files): Definition | undefined {
  const variable = variableAt(compose, offset);
  const file = variable && pathFrom(path, ".env");
  const text = file === undefined ? undefined : files.text(file);
  if (!variable || file === undefined || text === undefined) return undefined;
  const lines = parseEnvFile(text).entries.filter(({ key }) => key === variable.name);
  // The last one counts.
  const line = lines.at(-1);
  if (!line) return undefined;
  return { origin: variable.span, targets: [{ path: file, span: { start: line.keyStart, end: line.keyEnd } }] };
}

/** The stage of `build.target`, and the `ARG` of a build argument. */
function fromDockerfile(path: string, compose: ComposeFile, offset: number, files: Files): Definition | undefined {
  for (const service of compose.services) {
    const build = buildOf(service);
    const name = dockerfileOf(service);
    if (!build || name === undefined) continue;
    const { target, args } = build;
    const argument = args.find(({ keySpan }) => holds(keySpan, offset));
    const origin = argument?.keySpan ?? (target && holds(target.span, offset) ? target.span : undefined);
    if (!origin) continue;
    const file = pathFrom(path, name);
    const text = file === undefined ? undefined : files.text(file);
    if (file === undefined || text === undefined) return undefined;
    const spans = argument ? argumentsIn(text, argument.key) : stagesIn(text, target?.text ?? "");
    return { origin, targets: spans.map((span) => ({ path: file, span })) };
  }
  return undefined;
}

/** A name stands for the last stage of it, in any case of letters; a number counts from 0. */
function stagesIn(text: string, target: string): readonly Span[] {
  const { stages } = parseDockerfile(text);
  const named = stages.findLast(({ name }) => name?.text.toLowerCase() === target.toLowerCase());
  if (named?.name) return [named.name.span];
  const counted = /^\d+$/.test(target) ? stages[Number(target)]?.from : undefined;
  return counted ? [counted.keyword.span] : [];
}

const argumentsIn = (text: string, name: string): readonly Span[] =>
  parseDockerfile(text).instructions.flatMap((instruction) =>
    instruction.name === "ARG" ? instruction.pairs.flatMap(({ key }) => (key.text === name ? key.span : [])) : [],
  );

function fromFile(path: string, compose: ComposeFile, offset: number, files: Files): Definition | undefined {
  const mention = fileMentions(compose).find(({ span }) => holds(span, offset));
  const target = mention && fileOf(path, mention, files);
  return mention && target !== undefined ? { origin: mention.span, targets: [{ path: target }] } : undefined;
}

/** The file to open for a mention, where there is one: a context's Dockerfile, an included folder's default file. */
export function fileOf(path: string, { path: named, role, dockerfile }: FileMention, files: Files): string | undefined {
  const target = role === "context" ? dockerfile : named;
  const found = target === undefined ? undefined : pathFrom(path, target);
  return found !== undefined && files.kind(found) === "file" ? found : undefined;
}

const holds = ({ start, end }: Span, offset: number): boolean => start <= offset && offset <= end;
