/** `dockwright.pinAllBaseImages`: asks for the digest of every image of a file that has none, then changes it once. */
import { allInFile } from "../image-acts/in-file.ts";
import type { CommandSummary } from "../messages.ts";
import type { Session } from "../session.ts";

export const pinAllBaseImages = (session: Session, uri: string, signal: AbortSignal): Promise<CommandSummary> =>
  allInFile(session, uri, "pin", signal);
