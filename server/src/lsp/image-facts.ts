/**
 * What is known of the images that a document names. On disk it is looked at when a document is opened and when somebody points at an
 * image; registries are asked only where the setting says so, or a person.
 */
import { type ImageQuestion, type KnownImage, knownOf, taggedPart } from "../core/features/images/facts.ts";
import { type HoverSetting, type Manner, registryText } from "../core/features/images/hover.ts";
import { type NamedPlace, placesNaming } from "../core/features/images/places.ts";
import { referenceText } from "../core/features/images/reference-text.ts";
import { platformOn } from "../core/model/image-platform.ts";
import type { ImageRef } from "../core/model/image-ref.ts";
import { readToldBy } from "../core/model/recalled-image.ts";
import { type Answer, keyOf, type Question } from "../core/rule.ts";
import { ageText } from "../core/text/ages.ts";
import type { Opened, Session } from "./session.ts";
import { LOOKUPS_OFF } from "./settings.ts";
import { lookIn, withAnswers } from "./with-answers.ts";

type Asked = Pick<Opened, "uri" | "config" | "answers">;

/** So long somebody who points at an image waits for a registry. */
const PATIENCE_MS = 1_500;
/** What is asked in the background goes on without anybody waiting; registries have deadlines of their own, far shorter. */
const BACKGROUND_MS = 120_000;
/** Far more images than files name. */
const MOST_IMAGES = 50;

/** This machine's. In a browser there is none, and images are mostly for this one. */
export const ownPlatform = (): string =>
  platformOn(typeof process === "undefined" ? "amd64" : (process.arch ?? "amd64"));

/** Why nothing may be found out about images here, a clause without its full stop; undefined where something may be. */
export function whyNotAsked(session: Session, { config }: Pick<Opened, "config">): string | undefined {
  if (!session.isTrusted()) return "this workspace is not trusted";
  return config.registry.lookups === "off" ? LOOKUPS_OFF : undefined;
}

/** Asks and goes on asking when nobody waits any more, so that the answer is there the next time. */
export function inBackground(session: Session, question: Question, asked: Asked): Promise<Answer> {
  const answer = session.look(question, asked, AbortSignal.timeout(BACKGROUND_MS));
  answer.catch(() => {}); // nobody may be there any more
  return answer;
}

/** What is shown on an image, with its registry's answers as far as there are any: Markdown. `link` asks the registry. */
export async function imageText(
  session: Session,
  opened: Asked,
  { ref, platform, isBuilt }: NamedPlace,
  link: string | undefined,
  signal: AbortSignal,
): Promise<string> {
  const why = whyNotAsked(session, opened);
  const known =
    why === undefined
      ? await knownNow(session, opened, { ref, isBuilt }, link, signal)
      : { known: { failures: [] }, toldBy: undefined, manner: { is: "not-asked", why } as const };
  return registryText({ ...known, ref, platform, ageOf, ownPlatform: ownPlatform() });
}

async function knownNow(
  session: Session,
  opened: Asked,
  { ref, isBuilt }: Pick<NamedPlace, "ref" | "isBuilt">,
  link: string | undefined,
  signal: AbortSignal,
): Promise<Pick<HoverSetting, "known" | "toldBy" | "manner">> {
  // The name of what is built here is nobody's business, unless a person asks.
  const asks = opened.config.registry.lookups === "onOpen" && !isBuilt;
  const inMemory = lookIn(opened.answers);
  const { result: known, complete } = await withAnswers<KnownImage, ImageQuestion>(
    session,
    opened,
    signal,
    (look) =>
      knownOf(ref, asks ? look : (question) => (question.ask === "recalled" ? look(question) : inMemory(question))),
    { patience: PATIENCE_MS, ask: (question, of, patience) => until(patience, inBackground(session, question, of)) },
  );
  signal.throwIfAborted();
  const manner: Manner = asks ? { is: complete ? "answered" : "asking" } : { is: "on-command", link };
  if (!known.overview && !known.today) return { known, manner, toldBy: undefined };
  const told = await session.look({ ask: "told-by", image: ref.text }, opened, signal);
  return { known, manner, toldBy: typeof told === "string" ? readToldBy(told) : undefined };
}

/** The answer, unless the signal comes before; what is asked goes on. */
export function until(signal: AbortSignal, answer: Promise<Answer>): Promise<Answer> {
  const left = Promise.withResolvers<never>();
  const leave = (): void => left.reject(signal.reason);
  if (signal.aborted) leave();
  signal.addEventListener("abort", leave, { once: true });
  return Promise.race([answer, left.promise]).finally(() => signal.removeEventListener("abort", leave));
}

const ageOf = (time: number | string): string | undefined => {
  const at = typeof time === "number" ? time : Date.parse(time);
  return Number.isFinite(at) ? ageText(Math.max(0, Date.now() - at)) : undefined;
};

/** What an image's reference says by itself, in languages where nothing else says it. */
export const ownText = ({ ref, at }: NamedPlace): string => referenceText(ref, at === undefined);

/**
 * After opening and saving: what the disk knows of the images a document names, for the notes beside them; and where looking images up is
 * switched on, how large they are.
 */
export async function lookAtImages(session: Session, uri: string): Promise<void> {
  const opened = await session.model(uri);
  if (!opened || whyNotAsked(session, opened) !== undefined) return;
  const unchanged = session.whileUnchanged(uri);
  const asks = opened.config.registry.lookups === "onOpen";
  const places = placesNaming(opened.document).slice(0, MOST_IMAGES);
  const questions: readonly ImageQuestion[] = places.flatMap(({ ref, isBuilt, platform = ownPlatform() }) => [
    { ask: "recalled" as const, image: ref.text },
    ...(asks && !isBuilt ? [{ ask: "compressed-size" as const, image: ref.text, platform }] : []),
  ]);
  const look = async (question: ImageQuestion): Promise<boolean> => {
    const answer = await session.look(question, opened, unchanged);
    return typeof answer === "string" && answer !== opened.answers.get(keyOf(question));
  };
  try {
    const isNew = await Promise.all(questions.map(look));
    if (isNew.includes(true)) session.refresh();
  } catch (error) {
    if (!unchanged.aborted) throw error; // changed or closed: the next save looks again
  }
}

/** Findings rest on them. */
const OF_RULES: ReadonlySet<Question["ask"]> = new Set(["digest-today", "created"]);

/** Asks the registry everything that is shown of an image, past what was said before. Rejects only when the signal aborts. */
export async function lookUp(
  session: Session,
  opened: Asked,
  ref: ImageRef,
  signal: AbortSignal,
): Promise<{ readonly failures: readonly string[] }> {
  const image = ref.text;
  const tagged = taggedPart(ref);
  const answers = new Map<string, Answer>();
  const ask = async (question: Question): Promise<void> => {
    const by = OF_RULES.has(question.ask) ? session.ask : session.look;
    answers.set(keyOf(question), await by(question, opened, signal));
  };
  await Promise.all([
    ask({ ask: "digest-today", image: tagged ?? image, anew: true }),
    ask({ ask: "overview", image, anew: true }),
    ask({ ask: "evidence", image, anew: true }),
  ]);
  await ask({ ask: "told-by", image, anew: true });
  // Not by the tag, which may have been somewhere else a moment ago.
  const today = answers.get(keyOf({ ask: "digest-today", image: tagged ?? image }));
  if (tagged !== undefined && typeof today === "string") await ask({ ask: "created", image: `${tagged}@${today}` });
  session.refresh();
  return knownOf(ref, (question) => answers.get(keyOf(question)));
}

/** Asks the registry for all tags of an image. Rejects only when the signal aborts. */
export async function lookUpTags(
  session: Session,
  opened: Asked,
  image: string,
  signal: AbortSignal,
): Promise<{ readonly failure?: string }> {
  const answer = await session.look({ ask: "tags", image }, opened, signal);
  return typeof answer === "string" ? {} : { failure: answer.unknown };
}
