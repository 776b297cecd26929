/** Brings a changed text to where it belongs: into its file, to standard output, or on the screen as a diff. */
import { join } from "node:path";
import type { FixedText } from "../core/findings/fix-all.ts";
import type { FileFailure } from "../effects/files/failure.ts";
import type { FileChange } from "../core/rule.ts";
import { minimalEdits } from "../core/text/diff.ts";
import { folderFor } from "../effects/answers.ts";
import { createText, replaceText } from "../effects/files/write.ts";
import { unifiedDiff } from "./diff.ts";
import type { Io } from "./io.ts";
import { printable } from "./printable.ts";
import { shownPath } from "./paths.ts";
import type { Source } from "./sources.ts";

export interface Delivered {
  /** The file could not be written. */
  readonly failure?: FileFailure;
  /** Writes for people, where it is not taken for the text or the diff. */
  say(account: string): void;
}

export async function deliver(source: Source, changed: FixedText, io: Io, asDiff: boolean): Promise<Delivered> {
  const sayOn = (sink: Io["stdout"]) => (account: string) => {
    if (account !== "") sink.write(`${account.split("\n").map(printable).join("\n")}\n`);
  };
  if (asDiff) {
    io.stdout.write(unifiedDiff(source.name, source.text, changed.edits));
    return { say: sayOn(io.stderr) };
  }
  if (source.path === undefined) {
    io.stdout.write(changed.text);
    return { say: sayOn(io.stderr) };
  }
  const say = sayOn(io.stdout);
  if (changed.text === source.text) return { say };
  const failure = await replaceText(source.path, source.text, changed.text);
  return failure ? { failure: { path: source.name, message: failure.message }, say } : { say };
}

/** Where a file is that a fix writes; undefined for a text that is not on disk. */
export function placeOfFile(source: Source, { in: begins, path }: Pick<FileChange, "in" | "path">): string | undefined {
  const folder = folderFor({ ask: begins === "context" ? "read" : "text" }, source.place);
  return folder === undefined ? undefined : join(folder, path);
}

/** Writes the files of fixes beside the text; with `asDiff` their diffs. Gives what went wrong. */
export async function deliverFiles(
  source: Source,
  files: readonly FileChange[],
  io: Io,
  asDiff: boolean,
): Promise<readonly FileFailure[]> {
  const failures: FileFailure[] = [];
  for (const file of files) {
    const place = placeOfFile(source, file);
    if (place === undefined) continue;
    const { before, text } = file;
    const name = shownPath(io.cwd, place);
    if (asDiff) {
      io.stdout.write(unifiedDiff(name, before ?? "", minimalEdits(before ?? "", text), before === undefined));
      continue;
    }
    const failure = before === undefined ? await createText(place, text) : await replaceText(place, before, text);
    if (failure) failures.push({ path: name, message: failure.message });
  }
  return failures;
}
