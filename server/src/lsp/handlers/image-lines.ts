/** `dockwright/imageLines`: where the instructions that made an image's layers stand now. */
import { layerPlaces } from "../../core/image/size-notes.ts";
import { parseDockerfile } from "../../core/model/dockerfile/parse.ts";
import { toRange } from "../convert.ts";
import { invalidParams } from "../guard.ts";
import type { ImageLine } from "../messages.ts";
import { fieldsOf, stringOf } from "../read.ts";
import type { Session } from "../session.ts";

export async function imageLines(session: Session, params: unknown): Promise<readonly ImageLine[]> {
  const id = stringOf(fieldsOf(params)?.["id"]);
  if (id === undefined) throw invalidParams("An open image is needed");
  const built = session.images.builtOf(id);
  const opened = built && (await session.glance(built.uri));
  if (!built || opened?.language !== "dockerfile") return [];
  return layerPlaces(built, parseDockerfile(opened.text)).layers.map(({ row, instruction, stale }) => {
    const { start, end } = toRange(opened.lines, instruction.span);
    return { layer: row.layer, line: start.line, endLine: end.line, stale };
  });
}
