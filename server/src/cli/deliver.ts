/** Brings a changed text to where it belongs: into its file, to standard output, or on the screen as a diff. */
import type { FixedText } from "../core/findings/fix-all.ts";
import type { FileFailure } from "../effects/files/failure.ts";
import { replaceText } from "../effects/files/write.ts";
import { unifiedDiff } from "./diff.ts";
import type { Io } from "./io.ts";
import { printable } from "./printable.ts";
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
