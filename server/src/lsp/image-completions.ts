/**
 * What is offered while an image reference is written: names, tags and digests. Of registries what is known by then: nothing here waits for
 * a network. Where looking images up is switched on, what is missing is asked for and comes with the next letter; otherwise a person
 * asks, by Ctrl+Space right behind the colon or the at sign, or by the entry that says so. Typing alone never does.
 */
import { type CompletionContext, CompletionTriggerKind } from "vscode-languageserver/node";
import type { Completion } from "../core/features/compose/completion-model.ts";
import { referenceAt } from "../core/features/images/cursor.ts";
import { offeredNames } from "../core/features/images/names.ts";
import { placesNaming } from "../core/features/images/places.ts";
import { offeredTags, placeInReference, type ReferencePlace } from "../core/features/images/tags.ts";
import { newestFirst } from "../core/model/image-tags/order.ts";
import { parseImageRef } from "../core/model/image-ref.ts";
import { readRecalled } from "../core/model/recalled-image.ts";
import type { Question } from "../core/rule.ts";
import type { Span } from "../core/text/edit.ts";
import { toRange } from "./convert.ts";
import { inBackground, until, whyNotAsked } from "./image-facts.ts";
import type { Opened, Session } from "./session.ts";
import { lookIn } from "./with-answers.ts";

export interface ImageCompletions {
  readonly items: readonly Completion[];
  /** False: more comes with the next letter. */
  readonly complete: boolean;
  /** What is being written of the reference. */
  readonly part: ReferencePlace["part"];
}

/** So long a small file is waited for; what comes later comes with the next letter. */
const DISK_MS = 100;
/** Other open files that are looked through for names. */
const MOST_FILES = 20;
/** The client's. */
const LOOK_UP = "dockwright.lookUpImage";

interface Writing {
  readonly session: Session;
  readonly opened: Opened;
  readonly place: ReferencePlace;
  /** Where the reference is. */
  readonly at: number;
  readonly offset: number;
  /** Registries may be asked for what is missing. */
  readonly asks: boolean;
  readonly signal: AbortSignal;
}

/** Undefined where no image reference is written. */
export async function imageCompletions(
  session: Session,
  opened: Opened,
  offset: number,
  context: CompletionContext | undefined,
  signal: AbortSignal,
): Promise<ImageCompletions | undefined> {
  const { language, text } = opened;
  const span = language === "dockerignore" ? undefined : referenceAt(text, offset, language);
  const place = span && placeInReference(text.slice(span.start, span.end), offset - span.start);
  if (!span || !place) return undefined;
  // Letters that are typed count as invoked for clients, but those are there then.
  const isWanted = context?.triggerKind === CompletionTriggerKind.Invoked && place.typed === "";
  const may = whyNotAsked(session, opened) === undefined;
  const asks = may && (opened.config.registry.lookups === "onOpen" || isWanted);
  const writing: Writing = { session, opened, place, at: span.start, offset, asks, signal };
  const { items, complete } = await OFFERS[place.part](writing);
  return { items, complete, part: place.part };
}

type Offer = (writing: Writing) => Promise<Omit<ImageCompletions, "part">>;
const OFFERS: Readonly<Record<ReferencePlace["part"], Offer>> = { name: names, tag: tags, digest: digests };

const placed = ({ at }: Writing, { start, end }: Span): Span => ({ start: at + start, end: at + end });

/** References of an open file as they are written, variables left out; without the one at an offset. */
async function referencesIn(session: Session, uri: string, without?: number): Promise<readonly string[]> {
  const modelled = await session.model(uri);
  return (modelled ? placesNaming(modelled.document) : []).flatMap(({ ref, at, span }) =>
    at === undefined || (without !== undefined && span.start <= without && without <= span.end) ? [] : [ref.text],
  );
}

async function names(writing: Writing): Promise<Omit<ImageCompletions, "part">> {
  const { session, opened, offset, place } = writing;
  const elsewhere: string[] = [];
  for (const uri of session.uris().slice(0, MOST_FILES)) {
    if (uri !== opened.uri) elsewhere.push(...(await referencesIn(session, uri)));
  }
  const span = placed(writing, place.span);
  const here = await referencesIn(session, opened.uri, offset);
  const items = offeredNames(here, elsewhere).map(
    ({ name, detail }): Completion => ({ label: name, kind: "image", detail, span, text: name }),
  );
  return { items, complete: true };
}

async function tags(writing: Writing): Promise<Omit<ImageCompletions, "part">> {
  const { session, opened, offset, place } = writing;
  const { name, typed } = place;
  const parsed = parseImageRef(name);
  if (!parsed.ok) return { items: [], complete: true };
  const { domain, path } = parsed.ref;
  const used = (await referencesIn(session, opened.uri, offset)).flatMap((reference) => {
    const other = parseImageRef(reference);
    const isSame = other.ok && other.ref.domain === domain && other.ref.path === path;
    return isSame && other.ref.tag !== undefined ? [other.ref.tag] : [];
  });
  const { answer, complete } = await tagsKnown(writing, name);
  const known = answer === undefined ? newestFirst([...new Set(used)]) : answer.split(" ").filter((tag) => tag !== "");
  const offered = offeredTags(known, typed, [...used, place.tag ?? ""]);
  const span = placed(writing, place.span);
  const items = offered.tags.map(
    (tag): Completion => ({
      ...{ label: tag, kind: "image", span, text: tag, whole: true },
      ...(used.includes(tag) && { detail: "used in this file" }),
    }),
  );
  const asking = answer === undefined ? asksFor(writing, domain) : [];
  return { items: [...items, ...asking], complete: complete && !offered.cut };
}

/** What was found, and whether nothing better comes later. */
interface Found {
  readonly answer: string | undefined;
  readonly complete: boolean;
}

/** From memory, else from the disk; what the registry is asked for comes later. */
async function tagsKnown({ session, opened, asks, signal }: Writing, image: string): Promise<Found> {
  const inMemory = lookIn(opened.answers);
  const now = inMemory({ ask: "tags", image });
  if (now !== undefined) return { answer: typeof now === "string" ? now : undefined, complete: true };
  if (asks) void inBackground(session, { ask: "tags", image }, opened);
  const { answer, complete } = await recalled(session, opened, { ask: "recalled-tags", image }, signal);
  return { answer, complete: complete && !asks };
}

async function recalled(session: Session, opened: Opened, question: Question, signal: AbortSignal): Promise<Found> {
  if (whyNotAsked(session, opened) !== undefined) return { answer: undefined, complete: true };
  try {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(DISK_MS)]);
    const answer = await until(patience, inBackground(session, question, opened));
    return { answer: typeof answer === "string" ? answer : undefined, complete: true };
  } catch {
    signal.throwIfAborted();
    return { answer: undefined, complete: false };
  }
}

/** An entry that asks when it is taken, where nobody asks by itself. */
function asksFor(writing: Writing, domain: string): readonly Completion[] {
  const { session, opened, place, offset, asks } = writing;
  if (asks || whyNotAsked(session, opened) !== undefined || !session.abilities.ownCommands.has(LOOK_UP)) return [];
  const { start } = toRange(opened.lines, { start: offset, end: offset });
  return [
    {
      ...{ label: `Ask ${domain} for the tags…`, kind: "image", detail: place.name },
      // What is typed stays.
      ...{ span: { start: offset - place.typed.length, end: offset }, text: place.typed, filter: place.typed },
      runs: { command: LOOK_UP, args: [opened.uri, start, place.name] },
    },
  ];
}

/** The one that the tag has, as far as anybody has said so. */
async function digests(writing: Writing): Promise<Omit<ImageCompletions, "part">> {
  const { session, opened, place, asks, signal } = writing;
  const image = place.tag === undefined ? place.name : `${place.name}:${place.tag}`;
  if (!parseImageRef(image).ok) return { items: [], complete: true };
  const inMemory = lookIn(opened.answers);
  const known = [inMemory({ ask: "digest-today", image }), inMemory({ ask: "digest", image })].find(
    (answer) => typeof answer === "string",
  );
  if (known === undefined && asks) void inBackground(session, { ask: "digest-today", image }, opened);
  const kept = known === undefined ? await recalled(session, opened, { ask: "recalled", image }, signal) : undefined;
  const digest = known ?? readRecalled(kept?.answer ?? "").today;
  const span = placed(writing, place.span);
  const items: readonly Completion[] =
    digest === undefined
      ? []
      : [{ label: digest, kind: "image", detail: `what ${image} leads to`, span, text: digest, whole: true }];
  return { items, complete: known !== undefined || (kept?.complete === true && !asks) };
}
