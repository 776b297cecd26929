/** After opening and saving: looks for the files rules want to know about, in the background and only where trusted. */
import { lint } from "../../core/lint.ts";
import { enabledRules } from "../../core/findings/settings.ts";
import type { Session } from "../session.ts";

export async function lookAround(session: Session, uri: string): Promise<void> {
  const checked = await session.check(uri);
  if (!checked?.inspection) return;
  const rules = enabledRules(session.rules, checked.config.settings);
  const digests = new Map([...checked.answers].filter(([key]) => !key.startsWith("exists:")));
  const { questions } = lint(checked.inspection.dockerfile, rules, digests);
  const unchanged = session.whileUnchanged(uri);
  for (const question of questions) {
    if (question.ask !== "exists") continue;
    try {
      await session.ask(question, checked, unchanged);
    } catch (error) {
      if (unchanged.aborted) return; // changed or closed: the next save looks again
      throw error;
    }
  }
}
