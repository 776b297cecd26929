/** Makes files, and replaces a file's text in one step: whoever reads it sees the old text or the new one, never a part. */
import { constants } from "node:fs";
import { access, chmod, chown, open, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { failureOf, type FileFailure } from "./failure.ts";
import { readText } from "./read.ts";

/** Makes a file that is not there. Gives what went wrong. */
export async function createText(path: string, text: string): Promise<FileFailure | undefined> {
  try {
    await writeFile(path, text, { flag: "wx" });
    return undefined;
  } catch (error) {
    return failureOf(path, error);
  }
}

/**
 * Writes `text` when the file still holds `expected`. Mode and owner are kept, a symbolic link stays one and its target
 * is written. Gives what went wrong; the file is then as it was.
 */
export async function replaceText(path: string, expected: string, text: string): Promise<FileFailure | undefined> {
  let temporary: string | undefined;
  try {
    const target = await realpath(path);
    await access(target, constants.W_OK); // a rename would replace a write-protected file too
    const { mode, uid, gid } = await stat(target);
    const draft = join(dirname(target), `.${basename(target)}.${crypto.randomUUID()}.tmp`);
    const handle = await open(draft, "wx", 0o600);
    temporary = draft;
    try {
      await handle.writeFile(text, "utf8");
      await handle.sync();
    } finally {
      await handle.close();
    }
    await chown(draft, uid, gid).catch(() => {}); // only root may give files away; ours stay ours
    await chmod(draft, mode & 0o7777);
    const now = await readText(target);
    if (!("text" in now) || now.text !== expected) {
      return { path, message: "changed while it was being fixed and was left alone; run again" };
    }
    await rename(draft, target);
    temporary = undefined;
    return undefined;
  } catch (error) {
    const { message } = failureOf(path, error);
    return { path, message: `was not changed, the file or its folder ${message}` };
  } finally {
    if (temporary) await rm(temporary, { force: true });
  }
}
