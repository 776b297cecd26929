/** `dockwright pin`: asks registries for the digests of all images and writes them behind the tags, or says which are missing or behind. */
import { type FixedText, fixAll } from "../../core/findings/fix-all.ts";
import { inspect, type Inspection } from "../../core/findings/inspect.ts";
import { defaultSettings } from "../../core/findings/settings.ts";
import { type PinnedImage, pinnedImages } from "../../core/rules/pinned-images.ts";
import { type Answers, keyOf, known, type Question, type Rule } from "../../core/rule.ts";
import { minimalEdits } from "../../core/text/diff.ts";
import { applyEdits } from "../../core/text/edit.ts";
import type { AnswerCache } from "../../effects/answers.ts";
import { filesAtOnce } from "../../effects/finders.ts";
import { type Asking, imageOf, questionsIn, unansweredImages, withAnswers } from "../ask.ts";
import type { FileFailure } from "../../effects/files/failure.ts";
import { createChooser } from "../choose-rules.ts";
import { inTurns } from "../in-turns.ts";
import { complain, complainAboutCrashes, complainAboutFile } from "../complain.ts";
import { deliver } from "../deliver.ts";
import { EXIT, UsageError } from "../io.ts";
import { locator } from "../locate.ts";
import { CONFIG, HELP, REGISTRIES, registriesOf, STDIN_FILENAME } from "../options.ts";
import { printable } from "../printable.ts";
import { findSources, kindOf, type Place, readSource, type Source } from "../sources.ts";
import type { Command } from "./command.ts";

/** The rules whose fixes put the digests in. */
const RULES: ReadonlySet<string> = new Set(["base-digest-unpinned", "compose-image-digest"]);

export const pin: Command = {
  name: "pin",
  summary: "put the digest of today behind the tag of every image",
  usage: "[options] [paths…]",
  details: `Asks the registries of all images in FROM, COPY --from, RUN --mount=from=, # syntax= and compose files, with the logins docker
has. Tags are kept: node:22 becomes node:22@sha256:…
What a registry said within the last hour is not asked for again, unless --update or --no-cache wants it.

Exit code: 0 all is pinned (with --diff: 1 something would change; with --check: 1 an image has no digest, or one that its
tag no longer points at), 2 wrong usage, a file that could not be read or written, or a registry that gave no digest.`,
  options: [
    {
      name: "check",
      help: "write nothing; exit 1 when an image has no digest, or its tag points at another one today",
    },
    { name: "update", help: "also renew digests that their tag no longer points at" },
    { name: "diff", help: "print a unified diff and write nothing" },
    ...CONFIG,
    STDIN_FILENAME,
    { name: "offline", help: "ask no registry: take what they said before, however long ago" },
    { name: "no-cache", help: "ask registries whatever they said before" },
    ...REGISTRIES,
    HELP,
  ],
  async run(args, io, { rules: all, answers }) {
    const [checks, updates] = [args.has("check"), args.has("update")];
    for (const other of ["update", "diff"])
      if (checks && args.has(other)) throw new UsageError(`--check writes nothing; leave it out, or --${other}`);
    const anew = updates || args.has("no-cache");
    if (anew && args.has("offline"))
      throw new UsageError(`${updates ? "--update" : "--no-cache"} has to ask registries; leave --offline out`);
    const choiceFor = createChooser(args, all, io);
    const rules = all.filter(({ id }) => RULES.has(id));
    const { places, failures } = await findSources(args, io);
    for (const failure of failures) complainAboutFile(io, failure);
    const wishes = { registries: true, offline: args.has("offline"), anew, ...registriesOf(args) };
    let cache: Promise<AnswerCache> | undefined;
    const log = (message: string): void => complain(io, message);
    const asking: Asking = {
      answers: () => (cache ??= answers({ shellcheck: "off", ...wishes, log })),
      may: ({ ask }: Question) => ask === "digest",
      signal: io.signal,
    };

    const wanted = { missing: !checks, present: checks || updates };
    const look = async (place: Place): Promise<Looked> => {
      const { ignoredBy } = await choiceFor(place.file);
      if (ignoredBy !== undefined && !place.stdin) return { place, ignoredBy };
      const kind = kindOf(place);
      const source = await readSource(place, io);
      return "text" in source
        ? { place, source, kind, ...(await lookedUp(source, kind, rules, asking, wanted)) }
        : { place, failure: source };
    };

    let trouble = failures.length > 0;
    let anyChanged = false;
    for await (const looked of inBatches(places, look)) {
      if ("ignoredBy" in looked) {
        complain(io, `${looked.place.name} is left alone: ${looked.ignoredBy} ignores it`);
        continue;
      }
      if ("failure" in looked) {
        complainAboutFile(io, looked.failure);
        trouble = true;
        continue;
      }
      const { source, kind, pinned, answers: found } = looked;
      complainAboutCrashes(io, source.name, pinned.crashes);
      const unknown = unansweredImages(found);
      const why = checks ? "was not looked up" : "was not pinned";
      for (const { image, reason } of unknown) complain(io, `${source.name}: ${image} ${why}: ${reason}`);
      trouble ||= unknown.length > 0 || pinned.crashes.length > 0;
      if (checks) {
        const lines = judged(source, pinned, found);
        for (const line of lines) io.stdout.write(`${printable(line)}\n`);
        anyChanged ||= lines.length > 0;
        continue;
      }
      const fixed = withDigests(source, pinned.behind, found, {
        rules,
        settings: SETTINGS,
        answers: found,
        allow: ["safe"],
        kind,
      });
      for (const refusal of fixed.refusals) complain(io, `${source.name}: ${refusal}`);
      const delivered = await deliver(source, fixed, io, args.has("diff"));
      if (delivered.failure) complainAboutFile(io, delivered.failure);
      else delivered.say(account(source.name, found, pinned));
      trouble ||= delivered.failure !== undefined || fixed.refusals.length > 0;
      anyChanged ||= fixed.edits.length > 0;
    }

    if (trouble) return EXIT.trouble;
    return (checks || args.has("diff")) && anyChanged ? EXIT.findings : EXIT.clean;
  },
};

type Looked =
  | { readonly place: Place; readonly ignoredBy: string }
  | { readonly place: Place; readonly failure: FileFailure }
  | {
      readonly place: Place;
      readonly source: Source;
      readonly kind: ReturnType<typeof kindOf>;
      readonly pinned: Inspected;
      readonly answers: Answers;
    };

/** So many files wait for registries together: what waits in one is no reason to wait in the next. */
const BATCH = 50;

async function* inBatches<T>(places: readonly Place[], look: (place: Place) => Promise<T>): AsyncGenerator<T> {
  for (let at = 0; at < places.length; at += BATCH) yield* await inTurns(places.slice(at, at + BATCH), BATCH, look);
}

const SETTINGS = { ...defaultSettings, profile: "all" } as const;

interface Inspected extends Inspection {
  /** Those whose tag points elsewhere today. */
  readonly behind: readonly PinnedImage[];
  /** The others that have a tag and a digest. */
  readonly upToDate: ReadonlySet<string>;
}

async function lookedUp(
  source: Source,
  kind: ReturnType<typeof kindOf>,
  rules: readonly Rule[],
  asking: Asking,
  images: { readonly missing: boolean; readonly present: boolean },
): Promise<{ readonly pinned: Inspected; readonly answers: Answers }> {
  const lookAt = filesAtOnce();
  const { result, answers } = await withAnswers(
    source.place,
    asking,
    (found) => {
      const result = inspect(source.text, rules, SETTINGS, found, kind);
      const lookup = (question: Question) => found.get(keyOf(question)) ?? lookAt(question, source.place);
      return { ...result, withDigest: images.present ? pinnedImages(result.document, lookup) : [] };
    },
    (result) => [
      ...questionsIn(result).filter(({ ask }) => ask !== "digest" || images.missing),
      ...result.withDigest.map(({ tagged }) => ({ ask: "digest", image: tagged }) as const),
    ],
  );
  const todayOf = todayIn(answers);
  const { behind = [], same = [] } = Object.groupBy(result.withDigest, ({ tagged, digest }) =>
    (todayOf(tagged) ?? digest) === digest ? "same" : "behind",
  );
  return { pinned: { ...result, behind, upToDate: new Set(same.map(({ tagged }) => tagged)) }, answers };
}

const todayIn =
  (answers: Answers) =>
  (image: string): string | undefined =>
    known(answers.get(keyOf({ ask: "digest", image })));

/** A line for each image that floats or is behind. */
function judged(source: Source, { findings, behind }: Inspected, answers: Answers): readonly string[] {
  const locate = locator(source.text);
  const todayOf = todayIn(answers);
  const lines = [
    ...findings.map(({ span, message }) => ({ line: locate(span).line, message })),
    ...behind.map(({ span, tagged, digest }) => ({
      line: locate(span).line,
      message: `${tagged} points at ${todayOf(tagged)} today, no longer at ${digest}`,
    })),
  ];
  return lines.sort((a, b) => a.line - b.line).map(({ line, message }) => `${source.name}:${line}: ${message}`);
}

/** Digests that are behind first, then those that are missing. */
function withDigests(
  source: Source,
  behind: readonly PinnedImage[],
  answers: Answers,
  options: Parameters<typeof fixAll>[1],
): FixedText & { readonly refusals: readonly string[] } {
  const todayOf = todayIn(answers);
  const changes = behind.map(({ tagged, withDigest }) => ({ tagged, change: withDigest(todayOf(tagged) ?? "") }));
  // One image of compose may be that of several services.
  const edits = new Map(
    changes.flatMap(({ change }) => ("edits" in change ? change.edits : [])).map((edit) => [edit.span.start, edit]),
  );
  const refusals = changes.flatMap(({ tagged, change }) =>
    "refusal" in change ? [`the digest of ${tagged} was not renewed: ${change.refusal}`] : [],
  );
  const fixed = fixAll(applyEdits(source.text, [...edits.values()]), options);
  return { ...fixed, edits: minimalEdits(source.text, fixed.text), refusals };
}

/** A line for each image that was given a digest. */
function account(name: string, answers: Answers, pinned: Inspected): string {
  const before = new Map(pinned.behind.map(({ tagged, digest }) => [tagged, digest]));
  const lines = [...answers].flatMap(([key, answer]) => {
    const image = imageOf(key) ?? "";
    const was = before.get(image);
    if (typeof answer !== "string" || (was === undefined && pinned.upToDate.has(image))) return [];
    return [`${name}: ${image} is ${answer}${was === undefined ? "" : `, it was ${was}`}`];
  });
  const allKnown = [...answers.values()].every((answer) => typeof answer === "string");
  return lines.length === 0 && allKnown ? `${name}: nothing to pin` : lines.join("\n");
}
