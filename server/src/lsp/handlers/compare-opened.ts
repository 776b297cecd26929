/** `dockwright/compareOpened`: what became of one open image in another. */
import { invalidParams } from "../guard.ts";
import { ThreadFailure } from "../images/thread.ts";
import type { ComparedOpened } from "../messages.ts";
import { fieldsOf, stringOf } from "../read.ts";
import type { Session } from "../session.ts";

export async function compareOpened(session: Session, params: unknown, signal: AbortSignal): Promise<ComparedOpened> {
  const [a, b] = ["a", "b"].map((key) => stringOf(fieldsOf(params)?.[key]));
  if (a === undefined || b === undefined) throw invalidParams("Two open images are needed");
  try {
    return { changes: await session.images.compare(a, b, signal) };
  } catch (error) {
    if (error instanceof ThreadFailure) return { failure: error.message };
    throw error;
  }
}
