/** Real Dockerfiles to measure on: FOLDER/dockerfiles, and what FOLDER/index.jsonl says of where they come from. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";
import type { Dockerfile } from "../../server/src/core/model/dockerfile/model.ts";
import { type Lines, linesOf } from "../../server/src/core/text/lines.ts";

export interface CorpusFile {
  readonly name: string;
  readonly text: string;
  /** One of the official images' own. */
  readonly official: boolean;
}

interface IndexRow {
  readonly file: string;
  readonly repo: string;
}

export function corpusFiles(folder: string): readonly CorpusFile[] {
  const repositories = new Map(
    rowsOf<IndexRow>(join(folder, "index.jsonl")).map(({ file, repo }) => [baseName(file), repo]),
  );
  return readdirSync(join(folder, "dockerfiles"))
    .sort()
    .map((name) => ({
      name,
      text: readFileSync(join(folder, "dockerfiles", name), "utf8"),
      official: repositories.get(name)?.startsWith("docker-library/") ?? false,
    }));
}

/** The objects of a file with one JSON text a line; none when it is not there. */
export const rowsOf = <T>(file: string): readonly T[] =>
  existsSync(file)
    ? readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => line.trim() !== "")
        .map((line) => JSON.parse(line) as T)
    : [];

export const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

export interface Located {
  readonly dockerfile: Dockerfile;
  readonly lines: Lines;
}

export const located = (text: string): Located => ({ dockerfile: parseDockerfile(text), lines: linesOf(text) });

/** From 1: the line of the instruction an offset is in, as peers count; its own line outside of instructions. */
export function instructionLine({ dockerfile, lines }: Located, offset: number): number {
  const instruction = dockerfile.instructions.find(({ span }) => span.start <= offset && offset <= span.end);
  return lines.position(instruction?.span.start ?? offset).line + 1;
}
