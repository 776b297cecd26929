/** `dockwright.updateAllDigests`: asks anew for the digest of every image of a file that has a tag and a digest, then changes it once. */
import { allInFile } from "../image-acts/in-file.ts";
import type { CommandSummary } from "../messages.ts";
import type { Session } from "../session.ts";

export const updateAllDigests = (session: Session, uri: string, signal: AbortSignal): Promise<CommandSummary> =>
  allInFile(session, uri, "update", signal);
