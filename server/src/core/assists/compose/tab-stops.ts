/** Edits with `${1:tab stops}` on the values of some keys, for editors that can. */
import type { Edit } from "../../text/edit.ts";

export function withTabStops(edits: readonly Edit[], keys: readonly string[]): readonly Edit[] {
  let count = 0;
  const value = new RegExp(
    `((?:^|[\\n{,]|- )[ \\t]*(?:${keys.join("|")}): )(["']?)([^"'\\s,{}\\\\$][^"',{}\\\\$\\r\\n]*)\\2`,
    "g",
  );
  return edits.map(({ span, text }) => ({
    span,
    text: escaped(text).replace(value, (_, head: string, quote: string, words: string) => {
      count++;
      return `${head}${quote}\${${count}:${words}}${quote}`;
    }),
  }));
}

const escaped = (text: string): string => text.replaceAll(/[\\$}]/g, "\\$&");
