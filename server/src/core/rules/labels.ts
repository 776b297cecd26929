/** LABEL as the label rules see it: names, values, and the schema a project asks for. */
import { perDocument } from "../model/dockerfile/memo.ts";
import type { Dockerfile, Instruction, Pair } from "../model/dockerfile/model.ts";
import { referencesIn } from "../model/dockerfile/variables.ts";
import { unquote } from "../model/dockerfile/words.ts";
import { defineRule, type Example, type Fix, type LabelKind, type Rule } from "../rule.ts";
import type { Span } from "../text/edit.ts";
import { allNamed } from "../model/dockerfile/named.ts";

export interface Label {
  readonly instruction: Instruction;
  readonly pair: Pair;
  /** Undefined when a variable hides it. */
  readonly name: string | undefined;
  /** Undefined when a variable has a part in it. */
  readonly value: string | undefined;
  /** The value's, or the name's where nothing is written behind it. */
  readonly valueSpan: Span;
}

export const labelsOf = perDocument((dockerfile): readonly Label[] =>
  allNamed(dockerfile, "LABEL").flatMap((instruction) =>
    instruction.pairs.map((pair) => labelOf(dockerfile, instruction, pair)),
  ),
);

function labelOf({ escape }: Dockerfile, instruction: Instruction, pair: Pair): Label {
  const literal = (text: string): string | undefined =>
    referencesIn(text, escape).length > 0 ? undefined : unquote(text, escape);
  return {
    instruction,
    pair,
    name: literal(pair.key.text),
    value: pair.value ? literal(pair.value.text) : "",
    valueSpan: pair.value && pair.value.text !== "" ? pair.value.span : pair.span,
  };
}

interface ValueFault {
  /** Goes on after "label NAME is …": `no URL`. */
  readonly message: string;
  readonly fix?: (label: Label, dockerfile: Dockerfile) => Fix | undefined;
}

interface ValueRule extends Pick<Rule, "id" | "summary" | "sameAs" | "why" | "fixable"> {
  readonly kind: LabelKind;
  readonly fixSafety?: string;
  /** A value that has the kind, and one that has not. */
  readonly good: string;
  readonly bad: string;
  readonly fixed?: string;
  /** What is wrong with a value that is not empty; undefined when nothing is. */
  fault(value: string): ValueFault | undefined;
}

/** A rule about the values of the labels that the schema says are of one kind. */
export function labelValueRule({ kind, good, bad, fixed, fault, ...rule }: ValueRule): Rule {
  const label = `org.example.${kind}`;
  const policy = { labels: { [label]: kind } };
  const text = (value: string): string => `FROM alpine:3.22\nLABEL ${label}="${value}"\n`;
  const examples: readonly Example[] = [
    { bad: text(bad), ...(fixed !== undefined && { fixed: text(fixed) }), policy },
    { good: text(good), policy },
  ];
  return defineRule({
    ...rule,
    severity: "warning",
    profile: "recommended",
    since: "0.2.0",
    examples,
    check({ dockerfile, policy: { labels }, report }) {
      if (!Object.values(labels).includes(kind)) return;
      for (const each of labelsOf(dockerfile)) {
        const { name, value } = each;
        // An empty value is label-empty's.
        if (name === undefined || value === undefined || value.trim() === "") continue;
        if (!Object.hasOwn(labels, name) || labels[name] !== kind) continue;
        const found = fault(value);
        if (!found) continue;
        const fix = found.fix?.(each, dockerfile);
        report(each.valueSpan, { message: `Label ${name} ${found.message}`, ...(fix && { fixes: [fix] }) });
      }
    },
  });
}
