/** Inlay hints on image references, from answers there are: nothing is asked, nothing is read. */
import { type InlayHint, type InlayHintParams, MarkupKind } from "vscode-languageserver/node";
import { type ImageHint, imageHints as hintsAt } from "../core/features/images/hints.ts";
import { type NamedPlace, placesNaming } from "../core/features/images/places.ts";
import { escaped } from "../core/text/markdown.ts";
import { toRange, toSpan, toTextEdit } from "./convert.ts";
import { ownPlatform, whyNotAsked } from "./image-facts.ts";
import type { Opened, Session } from "./session.ts";
import { lookIn } from "./with-answers.ts";

/** The server's, and our client's. */
const UPDATE = "dockwright.updateDigest";

export async function imageHints(
  session: Session,
  { textDocument, range }: InlayHintParams,
): Promise<readonly InlayHint[]> {
  const opened = await session.model(textDocument.uri);
  const wish = opened?.config.registryHints ?? "off";
  if (!opened || wish === "off" || whyNotAsked(session, opened) !== undefined) return [];
  const within = toSpan(opened.lines, range);
  const places = placesNaming(opened.document).filter(({ span }) => within.start <= span.end && span.end <= within.end);
  // What was built from the file has its sizes there already, that of the base among them.
  const isWeighed = opened.config.layerSizes !== "off" && session.images.shownIn(opened.uri).length > 0;
  const hints = hintsAt(places, {
    look: lookIn(opened.answers),
    ownPlatform: ownPlatform(),
    behind: wish !== "sizes",
    size: ({ where }: NamedPlace) => wish !== "behind" && !(isWeighed && where === "from"),
  });
  return hints.map((hint) => hintOf(hint, opened));
}

function hintOf({ at, kind, label, about, edit }: ImageHint, { uri, lines }: Opened): InlayHint {
  const position = toRange(lines, { start: at, end: at }).start;
  const command = { title: "Update digest", command: UPDATE, arguments: [uri, position] };
  const todo = edit ? "\n\nDouble-click writes that digest; *Update digest* asks the registry first." : "";
  return {
    position,
    label: edit && kind === "behind" ? [{ value: label, command }] : label,
    tooltip: { kind: MarkupKind.Markdown, value: `${escaped(about)}${todo}` },
    paddingLeft: true,
    ...(edit && { textEdits: [toTextEdit(lines, edit)] }),
  };
}
