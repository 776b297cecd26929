/** All images of a document at once: which are asked about, what comes of the answers, and the sentence about it. */
import type { Settings } from "../../core/findings/settings.ts";
import { suppress } from "../../core/findings/suppress.ts";
import type { Document } from "../../core/model/document.ts";
import { type ImagePlace, imagePlaces } from "../../core/rules/image-places.ts";
import { globOf } from "../../core/rules/trusted-registries.ts";
import {
  type Answers,
  type Finding,
  keyOf,
  listOf,
  type Question,
  type Rule,
  type RuleContext,
} from "../../core/rule.ts";
import type { Edit } from "../../core/text/edit.ts";
import type { CommandSummary } from "../messages.ts";
import { refusalAt, taggedOf } from "./acts.ts";

export type Want = "pin" | "update";

export interface Plan {
  readonly want: Want;
  readonly wanted: readonly { readonly place: ImagePlace; readonly question: Question }[];
  /** Have a digest. */
  readonly pinned: number;
  /** Float, as a comment or a setting says. */
  readonly leftAlone: number;
  readonly failed: CommandSummary["failed"];
}

export interface Outcome {
  readonly edits: readonly Edit[];
  readonly changed: number;
  /** Had the digest of today. */
  readonly same: number;
  readonly pinned: number;
  readonly leftAlone: number;
  readonly failed: CommandSummary["failed"];
}

/** The rules whose comments and options say which images float. */
const RULES = { dockerfile: "base-digest-unpinned", compose: "compose-image-digest" } as const;

/** Asking means wanting it: no profile and no severity counts, but comments and exceptions do. */
export function planOf(
  document: Document,
  lookup: RuleContext["lookup"],
  { settings, rules }: { readonly settings: Settings; readonly rules: readonly Rule[] },
  want: Want,
): Plan {
  if (document.language === "dockerignore") return { want, wanted: [], pinned: 0, leftAlone: 0, failed: [] };
  const places = imagePlaces(document, lookup);
  const floating = places.filter(({ ref }) => ref?.digest === undefined);
  const pinned = places.filter(({ ref }) => ref?.digest !== undefined);
  const isLeft = want === "pin" ? leftAloneIn(document, settings, rules) : () => false;
  // What has no tag has the digest it was given for ever.
  const asked =
    want === "pin" ? floating.filter((place) => !isLeft(place)) : pinned.filter(({ ref }) => ref?.tag !== undefined);
  const wanted: { place: ImagePlace; question: Question }[] = [];
  const failed: { what: string; why: string }[] = [];
  for (const place of asked) {
    const why = refusalAt(place, want);
    if (why !== undefined || !place.ref) failed.push({ what: place.text, why: why ?? "it is no image reference" });
    else wanted.push({ place, question: questionOf(taggedOf(place.ref), want) });
  }
  return { want, wanted, pinned: pinned.length, leftAlone: floating.filter(isLeft).length, failed };
}

const questionOf = (image: string, want: Want): Question =>
  want === "pin" ? { ask: "digest", image } : { ask: "digest-today", image, anew: true };

function leftAloneIn(
  document: Exclude<Document, { readonly language: "dockerignore" }>,
  { options, inlineIgnores }: Settings,
  rules: readonly Rule[],
): (place: ImagePlace) => boolean {
  const rule = RULES[document.language];
  const except = listOf(options[rule]?.["except"] ?? []).map(globOf);
  return ({ ref, span }) => {
    if (ref && except.some((pattern) => pattern.test(`${ref.domain}/${ref.path}`))) return true;
    return suppress(document, [{ ...BARE, rule, span }], rules, inlineIgnores).left.length === 0;
  };
}

const BARE: Omit<Finding, "rule" | "span"> = {
  ...{ severity: "hint", profile: "recommended", message: "" },
  ...{ fixes: [], offers: [], related: [] },
};

export function outcomeOf({ want, wanted, pinned, leftAlone, failed }: Plan, answers: Answers): Outcome {
  const edits: Edit[] = [];
  const failures = new Map(failed.map((failure) => [failure.what, failure]));
  let same = 0;
  for (const { place, question } of wanted) {
    const answer = answers.get(keyOf(question)) ?? { unknown: "it was changed meanwhile; run the command again" };
    const { ref } = place;
    if (typeof answer !== "string") failures.set(imageOf(question), { what: imageOf(question), why: answer.unknown });
    else if (want === "update" && ref?.digest === answer) same++;
    else {
      const change = place.withDigest(answer);
      if ("refusal" in change) failures.set(place.text, { what: place.text, why: change.refusal });
      else edits.push(...change.edits);
    }
  }
  return { edits, changed: edits.length, same, pinned, leftAlone, failed: [...failures.values()] };
}

export const imageOf = (question: Question): string => ("image" in question ? question.image : keyOf(question));

/** So many are told of in a message; the log has all. */
const MOST_TOLD = 3;

const NOTHING: Readonly<Record<Want, string>> = {
  pin: "There is no image to pin",
  update: "No image has a digest to update",
};

/** @param where ` in 3 files`, where that is not clear */
export function sentence(
  want: Want,
  { changed, same, pinned, leftAlone, failed }: Omit<Outcome, "edits">,
  where = "",
): string {
  const parts: string[] = [];
  const noun = want === "pin" ? ["image", "images"] : ["digest", "digests"];
  const counted = (count: number): string => `${count} ${noun[count === 1 ? 0 : 1]}`;
  if (changed > 0) parts.push(`${want === "pin" ? "Pinned" : "Updated"} ${counted(changed)}${where}`);
  else if (failed.length > 0) parts.push(want === "pin" ? "No image was pinned" : "No digest was updated");
  if (want === "pin" && pinned > 0)
    parts.push(parts.length === 0 ? "Every image is pinned already" : `${pinned} ${was(pinned)} pinned already`);
  if (same > 0) parts.push(parts.length === 0 ? "Every digest is the one of today" : `${same} ${was(same)} up to date`);
  if (leftAlone > 0) parts.push(`${leftAlone} left alone, as comments or settings say`);
  if (failed.length > 0) {
    const told = failed.slice(0, MOST_TOLD).map(({ what, why }) => `${what} (${why})`);
    const more = failed.length - told.length;
    parts.push(
      `not ${want === "pin" ? "pinned" : "updated"}: ${told.join(", ")}${more > 0 ? ` and ${more} more, see the log` : ""}`,
    );
  }
  return parts.length === 0 ? NOTHING[want] : parts.join("; ");
}

const was = (count: number): string => (count === 1 ? "was" : "were");
