/** The line that lets a path into the build context again. */
import { ignoredBy, parseIgnoreFile } from "../../model/ignore.ts";
import { secretFileNamed } from "../../model/secret-files.ts";
import { applyEdits, type Edit, insert } from "../../text/edit.ts";
import { lineEnding } from "../../text/lines.ts";

/** At the end of an ignore file; undefined where it would not do what it says, or let secrets in. */
export function lineThatLetsIn(text: string, path: string): Edit | undefined {
  // A file with secrets is kept out on purpose.
  if (/[*?[\]\\]/.test(path) || secretFileNamed(path)) return undefined;
  const eol = lineEnding(text);
  const ends = text === "" || text.endsWith("\n");
  const edit = insert(text.length, ends ? `!${path}${eol}` : `${eol}!${path}`);
  const after = parseIgnoreFile(applyEdits(text, [edit]));
  return after && ignoredBy(after, path) === undefined ? edit : undefined;
}
