/** What can be done to the digest of one image: when, under which title, and what comes of it. */
import type { ImageRef } from "../../core/model/image-ref.ts";
import { digestOfDay, updateTitle } from "../../core/rules/digest-titles.ts";
import type { ImagePlace } from "../../core/rules/image-places.ts";
import { type Answers, keyOf, known } from "../../core/rule.ts";
import type { Edit } from "../../core/text/edit.ts";
import { askShown } from "../ask-shown.ts";
import type { Inspected, Session } from "../session.ts";

export type Act = "pin" | "update" | "unpin";

/** What the image gets, the edits for that, and what happened in a sentence; or the reason why nothing can be done. */
export type Outcome =
  | { readonly digest: string | undefined; readonly edits: readonly Edit[]; readonly said: string }
  | { readonly refusal: string };

interface ActKind {
  /** That it can be thought of for such a reference. */
  readonly fits: (ref: ImageRef) => boolean;
  readonly title: (image: string) => string;
  /** Why a reference does not allow it, though it fits. */
  readonly refusal: (ref: ImageRef) => string | undefined;
  readonly asks: boolean;
  readonly carryOut: (session: Session, checked: Inspected, image: Image, signal: AbortSignal) => Promise<Outcome>;
}

/** A place whose reference is known. */
interface Image {
  readonly place: ImagePlace;
  readonly ref: ImageRef;
  /** With its tag, without its digest: what a registry is asked for. */
  readonly tagged: string;
}

export const ACTS: Readonly<Record<Act, ActKind>> = {
  pin: {
    fits: ({ digest }) => digest === undefined,
    title: (image) => `Pin ${image} to its current digest`,
    refusal: () => undefined,
    asks: true,
    carryOut: pin,
  },
  update: {
    fits: ({ digest }) => digest !== undefined,
    title: (image) => `Update the digest of ${image}`,
    refusal: ({ tag }) =>
      tag === undefined ? "it has no tag that could have moved; write one before the digest" : undefined,
    asks: true,
    carryOut: update,
  },
  unpin: {
    fits: ({ digest }) => digest !== undefined,
    title: (image) => `Unpin ${image}`,
    refusal: ({ tag }) =>
      tag === undefined ? "without its digest nothing says which image is meant; write a tag first" : undefined,
    asks: false,
    carryOut: async (_session, _checked, { place, tagged }) =>
      changed(place, undefined, `Took the digest from ${tagged}`),
  },
};

/** With its tag, without its digest. */
export const taggedOf = ({ text, tagSpan, nameSpan }: ImageRef): string => text.slice(0, (tagSpan ?? nameSpan).end);

/** Why an act cannot be carried out at a place; undefined where it can. */
export function refusalAt({ ref, withDigest }: ImagePlace, act: Act): string | undefined {
  const change = withDigest(undefined);
  if ("refusal" in change) return change.refusal;
  if (!ref) return "it is no image reference";
  if (ACTS[act].fits(ref)) return ACTS[act].refusal(ref);
  return ref.digest === undefined ? "it has no digest" : "it has a digest already";
}

/** Rejects only when the signal aborts. */
export async function carryOut(
  session: Session,
  checked: Inspected,
  place: ImagePlace,
  act: Act,
  signal: AbortSignal,
): Promise<Outcome> {
  const { ref } = place;
  const refusal = refusalAt(place, act);
  if (refusal !== undefined || !ref) return { refusal: refusal ?? "" };
  return ACTS[act].carryOut(session, checked, { place, ref, tagged: taggedOf(ref) }, signal);
}

async function pin(
  session: Session,
  checked: Inspected,
  { place, tagged }: Image,
  signal: AbortSignal,
): Promise<Outcome> {
  const digest = await askShown(session, { ask: "digest", image: tagged }, checked, signal);
  if (typeof digest !== "string") return { refusal: digest.unknown };
  return changed(place, digest, `Pinned ${tagged} to ${digestOfDay(digest, undefined)}`);
}

async function update(
  session: Session,
  checked: Inspected,
  { place, ref, tagged }: Image,
  signal: AbortSignal,
): Promise<Outcome> {
  const from = ref.digest ?? "";
  const to = await askShown(session, { ask: "digest-today", image: tagged, anew: true }, checked, signal);
  if (typeof to !== "string") return { refusal: to.unknown };
  const [fromCreated, toCreated] = await Promise.all(
    [...new Set([from, to])].map((digest) => createdOf(session, checked, `${tagged}@${digest}`, signal)),
  );
  if (from === to)
    return {
      digest: to,
      edits: [],
      said: `${tagged} still points at ${digestOfDay(from, fromCreated)}: there is nothing to update`,
    };
  return changed(place, to, updateTitle({ tagged, from, to, fromCreated, toCreated }).replace(/^Update/, "Updated"));
}

/** A date is nice to have: nobody waits for it long. */
const DATE_PATIENCE_MS = 2_000;

async function createdOf(
  session: Session,
  checked: Inspected,
  image: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(DATE_PATIENCE_MS)]);
    return known(await session.look({ ask: "created", image }, checked, patience));
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

function changed(place: ImagePlace, digest: string | undefined, said: string): Outcome {
  const change = place.withDigest(digest);
  return "refusal" in change ? change : { digest, edits: change.edits, said };
}

/** With both digests in the title of *Update digest* where it is known already that the tag has moved. */
export function titleAt(act: Act, { ref, text }: ImagePlace, answers: Answers): string {
  if (!ref) return ACTS[act].title(text);
  const { digest } = ref;
  const tagged = taggedOf(ref);
  const to = act === "update" ? known(answers.get(keyOf({ ask: "digest-today", image: tagged }))) : undefined;
  if (to === undefined || digest === undefined || to === digest) return ACTS[act].title(tagged);
  const created = (of: string): string | undefined =>
    known(answers.get(keyOf({ ask: "created", image: `${tagged}@${of}` })));
  return updateTitle({ tagged, from: digest, to, fromCreated: created(digest), toCreated: created(to) });
}
