/** Texts of others inside of Markdown: nothing of them is markup, and nothing in them is hidden. Pure. */

/** What cannot be printed, and what turns the direction of writing round. */
const UNPRINTABLE = /[\p{Cc}\p{Bidi_Control}\ufeff]/gu;

/** On one line. */
export const plain = (text: string): string =>
  text.replaceAll(UNPRINTABLE, "\ufffd").replaceAll(/([\\`*_[\]<>#|])/g, "\\$1");

/** As code. Names of files may hold anything, backticks too. */
export function code(text: string): string {
  const line = text.replaceAll("\n", "\\n").replaceAll(UNPRINTABLE, "\ufffd");
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const space = longest > 0 || line.trim() !== line ? " " : "";
  return `${fence}${space}${line}${space}${fence}`;
}
