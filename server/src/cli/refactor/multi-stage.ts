/** `dockwright refactor multi-stage`: Dockerfiles of one stage become files of several, with what was decided and why. */
import { resolve } from "node:path";
import { contextFor } from "../../core/assists/multi-stage/context.ts";
import { type Conversion, convertToMultiStage, type Converted } from "../../core/assists/multi-stage/convert.ts";
import { type Choices, type Decision, NO_CHOICES } from "../../core/assists/multi-stage/recipe.ts";
import type { Dockerfile } from "../../core/model/dockerfile/model.ts";
import { parseDockerfile } from "../../core/model/dockerfile/parse.ts";
import type { DocumentPlace } from "../../effects/answers.ts";
import type { Args, Option } from "../args.ts";
import { type Asked, type Asking, perShellcheck, unansweredImages, withLookup } from "../ask.ts";
import { complain, complainAboutFile } from "../complain.ts";
import { deliver } from "../deliver.ts";
import { unifiedDiff } from "../diff.ts";
import { EXIT, type Io, UsageError } from "../io.ts";
import type { Parts } from "../parts.ts";
import type { Source } from "../sources.ts";
import { verifyConversion } from "../verify.ts";
import { eachFile } from "./each.ts";

export const MULTI_STAGE = "multi-stage";
export const ABOUT = "Dockerfile: split one stage into a build and what runs, with what was decided and why";

export const MULTI_STAGE_OPTIONS: readonly Option[] = [
  {
    name: "choose",
    value: "DECISION=ALTERNATIVE",
    help: "with multi-stage: decide this otherwise; may be given more than once",
  },
  {
    name: "context",
    value: "DIR",
    help: "with multi-stage and --verify: the folder COPY reads from; the Dockerfile's own by default",
  },
  { name: "json", help: "with multi-stage and --verify: say it as JSON" },
];

/** Gives the exit code. @throws UsageError */
export async function multiStage(
  args: Args,
  paths: readonly string[],
  io: Io,
  { answers }: Pick<Parts, "answers">,
): Promise<number> {
  const choices = choicesIn(args);
  const online = !args.has("offline");
  const asking: Asking = {
    answers: perShellcheck(answers, { registries: online })("off"),
    may: ({ ask }) => online && ask === "digest",
    signal: io.signal,
  };
  let anyDiffers = false;
  const entries: Entry[] = [];
  const { changed, trouble } = await eachFile(args, paths, io, "dockerfile", async (source, name) => {
    const dockerfile = parseDockerfile(source.text, name);
    const at = placeOf(source, args, io);
    const { result: made, answers: known } = await convert(dockerfile, at, choices, asking);
    for (const { image, reason } of unansweredImages(known))
      complain(io, `${source.name}: ${image} stays without a digest: ${reason}`);
    if (made.outcome !== "converted") return { changed: false, trouble: await tell(source, made, args, io, entries) };
    const mistake = await mistakeIn(choices, made, dockerfile, at, asking);
    if (mistake !== undefined) {
      complain(io, `${source.name}: ${mistake}`);
      return { changed: false, trouble: true };
    }
    if (args.has("verify")) {
      const verification = await verifyConversion(source, made.text, args, io);
      if (verification.outcome !== "same") {
        if (args.has("json")) entries.push({ file: source.name, ...plain(made), verification });
        anyDiffers ||= verification.outcome === "differs";
        return { changed: false, trouble: verification.outcome === "unverifiable" };
      }
    }
    return { changed: true, trouble: await tell(source, made, args, io, entries) };
  });
  if (args.has("json")) io.stdout.write(`${JSON.stringify(entries, undefined, 2)}\n`);
  if (trouble) return EXIT.trouble;
  return anyDiffers || (args.has("diff") && changed) ? EXIT.findings : EXIT.clean;
}

function placeOf({ place }: Source, args: Args, { cwd }: Io): DocumentPlace {
  const context = args.value("context");
  if (context === undefined || place === undefined) return place;
  return { folder: typeof place === "string" ? place : place.folder, context: resolve(cwd, context) };
}

/** @throws UsageError */
function choicesIn(args: Args): Choices {
  return new Map(
    args.values("choose").map((given): readonly [string, string] => {
      const [decision = "", alternative = ""] = given.split("=", 2);
      if (decision === "" || alternative === "")
        throw new UsageError(`--choose cannot be ${given}; write --choose DECISION=ALTERNATIVE`);
      return [decision, alternative];
    }),
  );
}

const convert = (
  dockerfile: Dockerfile,
  place: DocumentPlace,
  choices: Choices,
  asking: Asking,
): Promise<Asked<Conversion>> =>
  withLookup(place, asking, (lookup) => convertToMultiStage(dockerfile, contextFor(dockerfile, lookup), choices));

/** What is wrong with what was chosen, of what there is to choose; a sentence without its full stop. */
async function mistakeIn(
  choices: Choices,
  made: Converted,
  dockerfile: Dockerfile,
  place: DocumentPlace,
  asking: Asking,
): Promise<string | undefined> {
  if (choices.size === 0) return undefined;
  const { result: usual } = await convert(dockerfile, place, NO_CHOICES, asking);
  const offered = usual.outcome === "converted" ? usual.decisions : [];
  for (const [id, chosen] of choices) {
    const now = made.decisions.find((decision) => decision.id === id);
    const before = offered.find((decision) => decision.id === id);
    const known = before ?? now;
    if (!known) {
      const all = [...new Set([...offered, ...made.decisions].map((decision) => decision.id))];
      return `nothing is decided here that is called ${id}; there are ${all.join(", ") || "no decisions"}`;
    }
    const alternatives = known.alternatives.map((alternative) => alternative.id);
    if (!alternatives.includes(chosen) && before)
      return `${id} cannot be ${chosen}; it can be ${alternatives.join(", ") || "nothing else"}`;
  }
  return undefined;
}

/** What a program is told of one file. */
interface Entry {
  readonly file: string;
  readonly outcome: Conversion["outcome"];
  readonly ecosystem?: string;
  readonly decisions?: readonly Decision[];
  readonly dropped?: Converted["dropped"];
  readonly reason?: string;
  readonly instead?: readonly string[];
  /** With --diff. */
  readonly diff?: string;
  /** Of standard input, which is written nowhere else then. */
  readonly text?: string;
  /** With --verify, of what does not behave the same and was left as it is. */
  readonly verification?: Awaited<ReturnType<typeof verifyConversion>>;
}

/** True when a file could not be written. */
async function tell(source: Source, made: Conversion, args: Args, io: Io, entries: Entry[]): Promise<boolean> {
  const asDiff = args.has("diff");
  const edits = made.outcome === "converted" ? made.edits : [];
  const text = made.outcome === "converted" ? made.text : source.text;
  if (args.has("json")) {
    const diff = asDiff ? { diff: unifiedDiff(source.name, source.text, edits) } : {};
    const whole = source.path === undefined && !asDiff ? { text } : {};
    entries.push({ file: source.name, ...plain(made), ...diff, ...whole });
    if (asDiff || source.path === undefined || edits.length === 0) return false;
  }
  const silent = { ...io, stdout: { write: () => {} } };
  const changed = { text, edits, applied: [], settled: true };
  const delivered = await deliver(source, changed, args.has("json") ? silent : io, asDiff);
  if (delivered.failure) complainAboutFile(io, delivered.failure);
  else delivered.say(account(source.name, made, asDiff));
  return delivered.failure !== undefined;
}

function plain(made: Conversion): Omit<Entry, "file"> {
  if (made.outcome !== "converted") return made;
  const { outcome, ecosystem, decisions, dropped } = made;
  return { outcome, ecosystem, decisions, dropped };
}

/** For people. */
function account(name: string, made: Conversion, dry: boolean): string {
  if (made.outcome === "refused") return `${name}: left as it is: ${made.reason}`;
  if (made.outcome === "no benefit")
    return [`${name}: left as it is: ${made.reason}`, ...made.instead.map((what) => `  instead   ${what}`)].join("\n");
  return [
    `${name}: ${dry ? "would be converted" : "converted"}, ${made.ecosystem}`,
    ...made.decisions.flatMap(({ id, what, why, doubtful, alternatives }) => [
      `  ${doubtful ? "doubtful" : "decided "}  ${what}: ${why}`,
      ...alternatives.map((alternative) => `            or --choose ${id}=${alternative.id}: ${alternative.label}`),
    ]),
    ...made.dropped.map(({ text, why }) => `  dropped   ${firstLine(text)}: ${why}`),
  ].join("\n");
}

function firstLine(text: string): string {
  const [first = "", ...more] = text.trim().split(/\r?\n/);
  return more.length === 0 ? first : `${first.replace(/\s*\\$/, "")} …`;
}
