/** After opening and saving: looks for the files rules want to know about, in the background and only where trusted. */
import { enabledRules } from "../../core/findings/settings.ts";
import { lint } from "../../core/lint.ts";
import type { Question } from "../../core/rule.ts";
import { asksFiles } from "../../effects/answers.ts";
import type { Inspected, Session } from "../session.ts";

export async function lookAround(session: Session, uri: string): Promise<void> {
  const checked = await session.check(uri);
  if (!checked?.inspection) return;
  const unchanged = session.whileUnchanged(uri);
  for (const question of questionsOf(session, checked)) {
    if (!asksFiles(question)) continue;
    try {
      await session.ask(question, checked, unchanged);
    } catch (error) {
      if (unchanged.aborted) return; // changed or closed: the next save looks again
      throw error;
    }
  }
}

/** How `keyOf` begins for questions about files. */
const FILE_KEYS = /^(?:exists|read|list):/;

/** What rules ask when nothing is known of files, so that what was seen once is looked at again. */
function questionsOf({ rules }: Session, { answers, config, inspection }: Inspected): readonly Question[] {
  const others = new Map([...answers].filter(([key]) => !FILE_KEYS.test(key)));
  if (others.size === answers.size) return inspection.questions;
  return lint(inspection.dockerfile, enabledRules(rules, config.settings), others, config.settings).questions;
}
