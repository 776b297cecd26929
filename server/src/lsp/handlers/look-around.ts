/**
 * After opening and saving: looks for the files rules want to know about, in the background and only where trusted; and asks registries
 * about images where somebody switched that on.
 */
import { enabledRules } from "../../core/findings/settings.ts";
import { lint } from "../../core/lint.ts";
import { keyOf, type Question } from "../../core/rule.ts";
import { asksAboutImages, asksFiles } from "../../effects/answers.ts";
import type { Inspected, Session } from "../session.ts";

/** Far more than the rules ask about any file. */
const MAX_ASKED = 500;

export async function lookAround(session: Session, uri: string): Promise<void> {
  session.findContext(uri);
  let checked = await session.check(uri);
  const unchanged = session.whileUnchanged(uri);
  const asked = new Set<string>();
  // A listing may lead to a file to read.
  for (; checked?.inspection && asked.size < MAX_ASKED; checked = await session.check(uri)) {
    const open = questionsOf(session, checked, asked);
    if (open.length === 0) return;
    for (const question of open) {
      asked.add(keyOf(question));
      try {
        await session.ask(question, checked, unchanged);
      } catch (error) {
        if (unchanged.aborted) return; // changed or closed: the next save looks again
        throw error;
      }
    }
  }
}

/** How `keyOf` begins for questions about files. */
const FILE_KEYS = /^(?:exists|read|list|path-kind|text|builds):/;

const mayLookUp = (session: Session, { config }: Inspected, question: Question): boolean =>
  asksFiles(question) || (config.registry.lookups === "onOpen" && session.mayAsk(config) && asksAboutImages(question));

/** What rules ask when nothing else is known of files than what was just asked, so that what was seen once is looked at again. */
function questionsOf(session: Session, checked: Inspected, asked: ReadonlySet<string>): readonly Question[] {
  const { answers, config, inspection } = checked;
  const fresh = new Map([...answers].filter(([key]) => !FILE_KEYS.test(key) || asked.has(key)));
  const { questions } =
    fresh.size === answers.size
      ? inspection
      : lint(inspection.document, enabledRules(session.rules, config.settings), fresh, config.settings);
  return questions.filter((question) => mayLookUp(session, checked, question) && !asked.has(keyOf(question)));
}
