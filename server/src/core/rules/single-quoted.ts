/** Lists written with single quotes, which JSON does not know: `CMD ['a', 'b']`. */
import { INSTRUCTIONS } from "../model/dockerfile/instructions.ts";
import type { Instruction, Logical } from "../model/dockerfile/model.ts";
import { behindFirstWord } from "../model/dockerfile/words.ts";
import { type Edit, remove, replace } from "../text/edit.ts";

export interface SingleQuoted {
  readonly list: Logical;
  /** What makes it JSON. */
  readonly edits: readonly Edit[];
}

export function singleQuoted(instruction: Instruction): SingleQuoted | undefined {
  if (instruction.json || !INSTRUCTIONS.get(instruction.name)?.json) return undefined;
  const list = listOf(instruction);
  const edits = list && editsFor(list);
  return list && edits && { list, edits };
}

/** The part that would be the array. */
function listOf({ name, body }: Instruction): Logical | undefined {
  if (name !== "HEALTHCHECK") return body;
  const split = behindFirstWord(body);
  return split?.first.text.toUpperCase() === "CMD" ? split.rest : undefined;
}

const ELEMENT = /\s*(?:'([^']*)'|"(?:[^"\\]|\\.)*")\s*(,\s*\]\s*$|,|\]\s*$)/y;

/** What makes it JSON; undefined when it is no list of strings, or has no single quotes. */
function editsFor(list: Logical): Edit[] | undefined {
  const open = /^\s*\[/.exec(list.text);
  if (!open) return undefined;
  const edits: Edit[] = [];
  for (ELEMENT.lastIndex = open[0].length; ; ) {
    const start = ELEMENT.lastIndex;
    const found = ELEMENT.exec(list.text);
    if (!found) return undefined;
    const [whole, single, separator = ""] = found;
    if (single !== undefined) {
      const from = start + whole.indexOf("'");
      edits.push(replace(list.span(from, from + single.length + 2), JSON.stringify(single)));
    }
    if (separator === ",") continue;
    const comma = start + whole.length - separator.length;
    if (separator.startsWith(",")) edits.push(remove(list.span(comma, comma + 1)));
    return edits.length > 0 && list.text.includes("'") ? edits : undefined;
  }
}
