/** Files of one language, one after the other: rewritten, delivered, and what was left with its reason. */
import { isRefusal, type Refusal, type Rewrite } from "../../core/assists/rewrite.ts";
import { applyEdits } from "../../core/text/edit.ts";
import type { Args } from "../args.ts";
import { complain, complainAboutFile } from "../complain.ts";
import { deliver } from "../deliver.ts";
import { EXIT, type Io } from "../io.ts";
import { findSources, kindOf, readSource, type Source } from "../sources.ts";

const NAMES = { compose: "compose file", dockerfile: "Dockerfile" } as const;

/** What became of files. */
export interface Became {
  /** Any was changed, or would be. */
  readonly changed: boolean;
  /** Any could not be read or written, or is of another language. */
  readonly trouble: boolean;
}

/** `name`: the file's, without folders. */
export async function eachFile(
  args: Args,
  paths: readonly string[],
  io: Io,
  language: keyof typeof NAMES,
  act: (source: Source, name: string) => Promise<Became>,
): Promise<Became> {
  const { places, failures } = await findSources({ ...args, positionals: paths }, io);
  for (const failure of failures) complainAboutFile(io, failure);
  let trouble = failures.length > 0;
  let changed = false;
  for (const place of places) {
    const kind = kindOf(place);
    if (kind.language !== language) {
      // A folder has files of other languages too; one that is named is a mistake.
      if (paths.includes(place.name)) complain(io, `${place.name} is no ${NAMES[language]}`);
      trouble ||= paths.includes(place.name);
      continue;
    }
    const source = await readSource(place, io);
    if (!("text" in source)) {
      complainAboutFile(io, source);
      trouble = true;
      continue;
    }
    const became = await act(source, kind.name ?? place.name);
    trouble ||= became.trouble;
    changed ||= became.changed;
  }
  return { changed, trouble };
}

/** Gives the exit code. */
export async function rewriteEach(
  args: Args,
  paths: readonly string[],
  io: Io,
  language: keyof typeof NAMES,
  work: (source: Source, name: string) => Promise<Rewrite | Refusal>,
): Promise<number> {
  const dry = args.has("diff");
  const { changed, trouble } = await eachFile(args, paths, io, language, async (source, name) => {
    const made = await work(source, name);
    const edits = isRefusal(made) ? [] : made.edits;
    const now = { text: applyEdits(source.text, edits), edits, applied: [], settled: true };
    const delivered = await deliver(source, now, io, dry);
    if (delivered.failure) complainAboutFile(io, delivered.failure);
    else
      delivered.say(
        isRefusal(made) ? `${source.name}: left as it is: ${made.refusal}` : account(source.name, made, dry),
      );
    return { changed: edits.length > 0, trouble: delivered.failure !== undefined };
  });
  if (trouble) return EXIT.trouble;
  return dry && changed ? EXIT.findings : EXIT.clean;
}

function account(name: string, { left = [], companions = [] }: Rewrite, dry: boolean): string {
  const todo = companions.map((companion) =>
    "make" in companion ? `make ${companion.make} with the value in it` : `add ${companion.line} to ${companion.addTo}`,
  );
  return [
    `${name}: ${dry ? "would be rewritten" : "rewritten"}`,
    ...todo.map((line) => `  to do  ${line}`),
    ...left.map((reason) => `  left   ${reason}`),
  ].join("\n");
}
