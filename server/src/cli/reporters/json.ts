/** One array of findings over all files, for programs: a line each. */
import type { Rule } from "../../core/rule.ts";
import type { Sink } from "../io.ts";
import { locator } from "../locate.ts";
import type { ReportedFile, Reporter } from "./report.ts";

export const json: Reporter = ({ files, rules }) => {
  const pieces: string[] = [];
  const array = jsonArray({ write: (piece) => pieces.push(piece) });
  for (const file of files) array.add(jsonOf(file, rules));
  array.end();
  return pieces.join("");
};

export interface JsonArray {
  /** What `jsonOf` made of the next file. */
  add(part: string): void;
  /** Once, behind the last. */
  end(): void;
}

/** Writes the array piece by piece, each at least so many characters long: what is written early need not be waited for in the end. */
export function jsonArray(sink: Sink, atLeast = Number.POSITIVE_INFINITY): JsonArray {
  let waiting = "";
  let isEmpty = true;
  return {
    add(part) {
      if (part === "") return;
      waiting += `${isEmpty ? "[\n" : ",\n"}${part}`;
      isEmpty = false;
      if (waiting.length < atLeast) return;
      sink.write(waiting);
      waiting = "";
    },
    end: () => void sink.write(isEmpty ? "[]\n" : `${waiting}\n]\n`),
  };
}

/** What the array holds of one file, without its brackets. It is made where the file is checked: several threads are quicker than one. */
export function jsonOf(
  { name, text, findings }: Pick<ReportedFile, "name" | "text" | "findings">,
  rules: readonly Pick<Rule, "id" | "sameAs">[],
): string {
  if (findings.length === 0) return "";
  const locate = locator(text);
  const codes = codesOf(rules);
  return findings
    .map(({ rule, severity, span, message, fixes }) =>
      JSON.stringify({
        file: name,
        rule,
        sameAs: codes.get(rule) ?? [],
        severity,
        ...locate(span),
        message,
        fixes: fixes.map(({ title, safety }) => ({ title, safety })),
      }),
    )
    .join(",\n");
}

type Codes = ReadonlyMap<string, readonly string[]>;

const known = new WeakMap<readonly Pick<Rule, "id" | "sameAs">[], Codes>();

/** By the rule's id: the codes of other tools for the same. Made once for the rules of a run. */
function codesOf(rules: readonly Pick<Rule, "id" | "sameAs">[]): Codes {
  const codes = known.get(rules) ?? new Map(rules.map(({ id, sameAs }) => [id, sameAs]));
  known.set(rules, codes);
  return codes;
}
