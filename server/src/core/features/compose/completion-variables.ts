/** Variables behind a dollar sign in a value: those of `.env`, and those the file uses elsewhere. */
import type { Completion, Setting } from "./completion-model.ts";
import { isSecret } from "./secret.ts";

const USED = /\$\{?([A-Za-z_]\w*)/g;

/** Undefined where no variable is being typed. */
export function variableCompletions(setting: Setting): readonly Completion[] | undefined {
  const { text, offset, cursor, project } = setting;
  const [typed, brace] = /\$(\{?)\w*$/.exec(cursor.typed) ?? [];
  if (typed === undefined) return undefined;
  const start = offset - typed.length;
  // Two of them are one that is meant.
  const dollars = /\$*$/.exec(text.slice(cursor.span.start, start))?.[0].length ?? 0;
  if (dollars % 2 === 1) return undefined;
  const { values } = project().environment;
  const used = new Map<string, string>();
  for (const { 1: name = "", index } of text.matchAll(USED)) if (index !== start) used.set(name, "");
  for (const [name, value] of values) used.set(name, value);
  const end = offset + (/^\w*/.exec(text.slice(offset))?.[0].length ?? 0);
  const isClosed = text[end] === "}" || /^:?[-+?]/.test(text.slice(end));
  return [...used]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name]): Completion => {
      const value = values.get(name);
      return {
        label: name,
        kind: "variable",
        detail: value === undefined ? "used in this file" : ".env",
        about: value === undefined || isSecret(name) ? undefined : `\`${value}\``,
        span: { start, end },
        text: brace === "{" && isClosed ? `\${${name}` : `\${${name}}`,
        filter: `$${brace}${name}`,
      };
    });
}
