/** `dockwright/lookUpImage`: asks the registry about an image of an open file, because a person wants to know it now. */
import { Position } from "vscode-languageserver/node";
import { placeAt } from "../../core/features/images/places.ts";
import { toRange, toSpan } from "../convert.ts";
import { invalidParams } from "../guard.ts";
import { lookUp, lookUpTags, whyNotAsked } from "../image-facts.ts";
import type { LookedUpImage } from "../messages.ts";
import { fieldsOf, stringOf } from "../read.ts";
import type { Session } from "../session.ts";

export async function lookUpImage(session: Session, params: unknown, signal: AbortSignal): Promise<LookedUpImage> {
  const fields = fieldsOf(params);
  const uri = stringOf(fields?.["uri"]);
  const position = fields?.["position"];
  if (uri === undefined || !Position.is(position))
    throw invalidParams("The address of a file and a position are needed");
  const checked = await session.check(uri);
  if (!checked?.inspection) return { failure: "the file is not open" };
  const why = whyNotAsked(session, checked);
  if (why !== undefined) return { failure: why };
  const tagsOf = stringOf(fields?.["tagsOf"]);
  if (tagsOf !== undefined) return lookUpTags(session, checked, tagsOf, signal);
  const place = placeAt(checked.inspection.document, toSpan(checked.lines, { start: position, end: position }).start);
  if (!place) return { failure: "no image is named there" };
  const { failures } = await lookUp(session, checked, place.ref, signal);
  return {
    start: toRange(checked.lines, place.span).start,
    ...(failures.length > 0 && { failure: failures.join("; ") }),
  };
}
