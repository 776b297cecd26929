/** The paths of a build context for a person who waits: what is there now, or what was last seen. */
import { keyOf, type Question } from "../core/rule.ts";
import type { Opened, Session } from "./session.ts";

const PATIENCE_MS = 300;
const LIST: Question = { ask: "list" };

/** Folders with a final slash; undefined when nobody may look, or there are too many. */
export async function contextListing(
  session: Session,
  opened: Pick<Opened, "uri" | "config" | "answers">,
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
  const last = opened.answers.get(keyOf(LIST));
  const answer = await session.look(LIST, opened, patience).catch((error: unknown) => {
    if (signal.aborted) throw error;
    return last;
  });
  return typeof answer === "string" ? answer.split("\n").filter((path) => path !== "") : undefined;
}
