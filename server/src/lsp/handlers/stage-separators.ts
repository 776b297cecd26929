/** `dockwright/stageSeparators`: the lines to draw one above, for editors that can. */
import { toRange } from "../convert.ts";
import { openDockerfile } from "../dockerfile-file.ts";
import type { StageSeparatorsParams } from "../messages.ts";
import type { Session } from "../session.ts";

/** Of each FROM but one that nothing stands above. */
export async function stageSeparators(session: Session, { uri }: StageSeparatorsParams): Promise<readonly number[]> {
  const open = await openDockerfile(session, uri, "stageSeparators");
  if (!open) return [];
  const { lines } = open.opened;
  const first = open.dockerfile.instructions[0];
  return open.dockerfile.stages
    .filter(({ from }) => from !== first)
    .map(({ from }) => toRange(lines, from.keyword.span).start.line);
}
