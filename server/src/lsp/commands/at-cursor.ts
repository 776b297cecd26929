/** What `dockwright.pinImage`, `dockwright.updateDigest` and `dockwright.unpinImage` share: the image at the cursor, and one edit. */
import { type ImagePlace, imagePlaces } from "../../core/rules/image-places.ts";
import { touches } from "../../core/text/edit.ts";
import { type Act, carryOut, titleAt } from "../image-acts/acts.ts";
import { toRange, toSpan } from "../convert.ts";
import type { CommandSummary, ImagePosition } from "../messages.ts";
import type { Inspected, Session } from "../session.ts";
import { lookIn } from "../with-answers.ts";
import { applyInEditor } from "./apply.ts";

export async function actAtCursor(
  session: Session,
  { uri, position }: ImagePosition,
  act: Act,
  signal: AbortSignal,
): Promise<CommandSummary> {
  const before = await session.check(uri);
  if (!before?.inspection)
    return nothing(uri, before?.notChecked ?? "the file is not open, or is neither a Dockerfile nor a compose file");
  const place = placeAt(before, position);
  if (!place) return nothing(uri, "there is no image at the cursor; put it on an image reference");
  const title = titleAt(act, place, before.answers);
  const outcome = await carryOut(session, before, place, act, signal);
  if ("refusal" in outcome) return nothing(place.text, outcome.refusal, `${title}: not possible`);
  if (outcome.edits.length === 0) return { message: outcome.said, applied: 0, failed: [] };

  // The text may have changed while the registry was asked: what is open now is what is changed.
  const checked = await session.check(uri);
  if (!checked?.inspection) return nothing(uri, "the file was closed meanwhile");
  const now = sameIn(placesOf(before), place, placesOf(checked));
  const change = now?.withDigest(outcome.digest);
  if (!change) return nothing(uri, `${place.text} was changed meanwhile; run the command again`);
  if ("refusal" in change) return nothing(place.text, change.refusal, `${title}: not possible`);
  const refused = await applyInEditor(session, checked, title, change.edits);
  if (refused !== undefined) return nothing(uri, refused);
  return { message: outcome.said, applied: 1, failed: [] };
}

const placesOf = ({ inspection, answers }: Inspected): readonly ImagePlace[] =>
  imagePlaces(inspection.document, lookIn(answers));

/** The image at the cursor, or the only one of its line. */
function placeAt(checked: Inspected, position: ImagePosition["position"]): ImagePlace | undefined {
  const at = toSpan(checked.lines, { start: position, end: position });
  const places = placesOf(checked);
  const here = places.find(({ span }) => touches(span, at));
  if (here) return here;
  const [alone, ...more] = places.filter(({ span }) => toRange(checked.lines, span).start.line === position.line);
  return more.length === 0 ? alone : undefined;
}

/** Written the same, and as many times above. */
function sameIn(
  before: readonly ImagePlace[],
  place: ImagePlace,
  after: readonly ImagePlace[],
): ImagePlace | undefined {
  const same = ({ text }: ImagePlace): boolean => text === place.text;
  const [was, is] = [before.filter(same), after.filter(same)];
  return was.length === is.length ? is[was.findIndex(({ span }) => span.start === place.span.start)] : undefined;
}

const nothing = (what: string, why: string, message = "Nothing was changed"): CommandSummary => ({
  message: `${message}: ${why}`,
  ...{ applied: 0, failed: [{ what, why }] },
});
