/** What completions in a Dockerfile know beside its text: where its build context is, and which checks can be switched off. */
import { basename, dirname, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { RuleName, Surroundings } from "../core/features/dockerfile/completion-model.ts";
import type { Rule } from "../core/rule.ts";
import type { Opened, Session } from "./session.ts";

export function surroundingsOf(
  session: Session,
  { uri, context }: Pick<Opened, "uri" | "context">,
): Omit<Surroundings, "look"> {
  const rules = namesOf(session.rules);
  if (!uri.startsWith("file:") || !context.startsWith("file:")) return { context: undefined, rules };
  try {
    const folder = dirname(fileURLToPath(uri));
    const path = relative(folder, fileURLToPath(context)).split(sep).join("/");
    return { context: path, rules, folder: basename(folder) };
  } catch {
    return { context: undefined, rules }; // a host or an escaped slash in it: nothing this machine can look into
  }
}

const known = new WeakMap<readonly Rule[], readonly RuleName[]>();

function namesOf(rules: readonly Rule[]): readonly RuleName[] {
  const before = known.get(rules);
  if (before) return before;
  const names = rules.filter(({ language }) => language === "dockerfile");
  known.set(rules, names);
  return names;
}
