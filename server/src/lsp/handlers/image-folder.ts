/** `dockwright/imageFolder`: a page of the files of an open image. */
import type { FileSort } from "../../core/image/rows.ts";
import { invalidParams } from "../guard.ts";
import { ThreadFailure } from "../images/thread.ts";
import type { ImageFolder } from "../messages.ts";
import { fieldsOf, numberOf, stringOf } from "../read.ts";
import type { Session } from "../session.ts";

const SORTS: readonly FileSort[] = ["size", "name", "change"];
/** Longer than any name a person looks for. */
const MOST_SEARCHED = 500;

export async function imageFolder(session: Session, params: unknown, signal: AbortSignal): Promise<ImageFolder> {
  const fields = fieldsOf(params);
  const [id, path, against] = ["id", "path", "against"].map((key) => stringOf(fields?.[key]));
  const layer = fields?.["layer"] === null ? null : numberOf(fields?.["layer"]);
  if (id === undefined || path === undefined || layer === undefined)
    throw invalidParams("An image, a layer and a path are needed");
  const question = {
    layer,
    path,
    sort: SORTS.find((sort) => sort === fields?.["sort"]) ?? "size",
    onlyWasted: fields?.["onlyWasted"] === true,
    search: stringOf(fields?.["search"])?.slice(0, MOST_SEARCHED),
    from: numberOf(fields?.["from"]) ?? 0,
    count: numberOf(fields?.["count"]) ?? 0,
  };
  try {
    return await session.images.folder(id, question, against, signal);
  } catch (error) {
    if (error instanceof ThreadFailure) return { total: 0, rows: [], failure: error.message };
    throw error;
  }
}
