/** `dockwright/explain` and `dockwright/rules`: the rules for people to read. */
import { exampleOutput } from "../../core/findings/example-output.ts";
import { renderRule } from "../../core/rules/page.ts";
import type { Explanation, RuleSummary } from "../messages.ts";
import { fieldsOf } from "../read.ts";
import type { Session } from "../session.ts";

export function explain({ rules }: Session, params: unknown): Explanation | null {
  const id = fieldsOf(params)?.["rule"];
  const rule = rules.find((known) => known.id === id);
  return rule ? { markdown: renderRule(rule, exampleOutput(rules)) } : null;
}

export const listRules = ({ rules }: Session): readonly RuleSummary[] =>
  rules.map(({ id, summary, sameAs }) => ({ id, summary, sameAs })).sort((a, b) => (a.id < b.id ? -1 : 1));
