/**
 * After opening and saving: looks for the files rules want to know about, in the background and only where trusted; and asks registries
 * about images where somebody switched that on.
 */
import { enabledRules } from "../../core/findings/settings.ts";
import { lint } from "../../core/lint.ts";
import { keyOf, type Question } from "../../core/rule.ts";
import { asksAboutImages, asksFiles } from "../../effects/answers.ts";
import { lookAtImages } from "../image-facts.ts";
import type { Inspected, Session } from "../session.ts";

/** Far more than the rules ask about any file. */
const MAX_ASKED = 500;

export async function lookAround(session: Session, uri: string): Promise<void> {
  session.findContext(uri);
  await Promise.all([lookForRules(session, uri), lookAtImages(session, uri)]);
}

async function lookForRules(session: Session, uri: string): Promise<void> {
  let checked = await session.check(uri);
  const unchanged = session.whileUnchanged(uri);
  const asked = new Set<string>();
  // A listing may lead to a file to read.
  for (; checked?.inspection && asked.size < MAX_ASKED; checked = await session.check(uri)) {
    const open = questionsOf(session, checked, asked);
    // Files are looked at in no time: what is known of them waits for no registry.
    const files = open.filter(asksFiles);
    const next = files.length > 0 ? files : open;
    if (next.length === 0) return;
    for (const question of next) asked.add(keyOf(question));
    try {
      await askEach(session, checked, next, unchanged);
    } catch (error) {
      if (unchanged.aborted) return; // changed or closed: the next save looks again
      throw error;
    }
  }
}

/** All at once, but for scanners, which are programs: one after the other. */
async function askEach(
  session: Session,
  checked: Inspected,
  questions: readonly Question[],
  signal: AbortSignal,
): Promise<void> {
  const isScan = ({ ask }: Question): boolean => ask === "vulnerabilities";
  const scan = async (): Promise<void> => {
    for (const question of questions.filter(isScan)) await session.ask(question, checked, signal);
  };
  const others = questions.filter((question) => !isScan(question));
  await Promise.all([scan(), ...others.map((question) => session.ask(question, checked, signal))]);
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
