/** `dockwright/closeImage`: nothing more is asked about an image. */
import { invalidParams } from "../guard.ts";
import { fieldsOf, stringOf } from "../read.ts";
import type { Session } from "../session.ts";

export async function closeImage(session: Session, params: unknown): Promise<null> {
  const id = stringOf(fieldsOf(params)?.["id"]);
  if (id === undefined) throw invalidParams("An open image is needed");
  await session.images.close(id);
  return null;
}
