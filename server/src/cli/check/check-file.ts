/** One file checked: in this thread or in another, the same result, which is plain data. */
import type { FailLevel } from "../../core/config/keys.ts";
import { inspectDocument, type Inspection } from "../../core/findings/inspect.ts";
import { parseDocument } from "../../core/model/document.ts";
import type { AnswerSource, Finding, Question, Rule } from "../../core/rule.ts";
import { asksAboutImages, asksFiles } from "../../effects/answers.ts";
import { filesAtOnce } from "../../effects/finders.ts";
import type { FileFailure } from "../../effects/files/failure.ts";
import type { Args } from "../args.ts";
import { isLocal, type perShellcheck, questionsIn, unansweredImages, withAnswers } from "../ask.ts";
import { createChooser } from "../choose-rules.ts";
import { findingsOf } from "../findings.ts";
import type { Io } from "../io.ts";
import { failsAt } from "../options.ts";
import { jsonOf } from "../reporters/json.ts";
import { kindOf, type Place, readSource } from "../sources.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { type Clock, createClock, type Times } from "./times.ts";

interface Checked {
  readonly name: string;
  /** Absolute: where it is, or would be. */
  readonly file: string;
  /** Ids of the rules that ran, with commas between: one string goes from thread to thread in no time, a hundred do not. */
  readonly ran: string;
  readonly crashes: readonly { readonly rule: string; readonly error: string }[];
  /** Images that no registry said anything about, where that was wanted. */
  readonly unanswered?: ReturnType<typeof unansweredImages>;
  readonly times?: Times;
}

export interface CheckedFile extends Checked {
  readonly text: string;
  readonly findings: readonly Finding[];
  /** One for each finding, where they are wanted. */
  readonly fingerprints?: readonly string[];
  readonly failLevel: FailLevel;
}

/** A file whose part of the report is written: its findings stay with the thread that found them. */
export interface WrittenFile extends Checked {
  /** Its part of the JSON report. */
  readonly json: string;
  /** Is there a finding that makes the run fail? */
  readonly fails: boolean;
}

/** The configuration file that says it is not to be checked. */
export interface IgnoredFile {
  readonly name: string;
  readonly ignoredBy: string;
}

export type CheckResult = CheckedFile | WrittenFile | IgnoredFile | FileFailure;

export type FileChecker = (place: Place) => Promise<CheckResult>;

/** Does the checker compute what tells findings apart in later runs? */
export const wantsFingerprints = (args: Args): boolean => args.has("baseline") || args.value("format") === "gitlab";

/** Does the checker write the file's part of the report? What a baseline knows is left out of reports, and statistics count findings. */
export const writesParts = (args: Args): boolean =>
  args.value("format") === "json" && !args.has("baseline") && !args.has("stats");

export function isFailing({ findings, failLevel }: Pick<CheckedFile, "findings" | "failLevel">): boolean {
  const isGrave = failsAt(failLevel);
  return findings.some(({ severity }) => isGrave(severity));
}

/** Is it wanted what registries say of images? */
export const isOnline = (args: Args): boolean => args.has("online");

/** @throws UsageError */
export function createFileChecker(
  args: Args,
  io: Pick<Io, "cwd" | "env" | "stdin" | "signal">,
  all: readonly Rule[],
  answersBy: ReturnType<typeof perShellcheck>,
): FileChecker {
  const clock: Clock | undefined = args.has("stats") ? createClock() : undefined;
  const rules = clock ? clock.rules(all) : all;
  const choiceFor = createChooser(args, rules, io);
  const online = isOnline(args);
  const ids = new Map<readonly Rule[], string>();
  const lookAt = filesAtOnce();
  // What a finding offers is about registries, and worked out when it is read.
  const questionsOf = online ? questionsIn : ({ questions }: Inspection) => questions.filter(isLocal);

  return async (place) => {
    const choice = await choiceFor(place.file);
    if (choice.ignoredBy !== undefined) return { name: place.name, ignoredBy: choice.ignoredBy };
    clock?.start();
    const source = await readSource(place, io);
    if (!("text" in source)) return source;
    clock?.lap("read");
    const { language, name } = kindOf(place);
    const document = parseDocument(source.text, language, name);
    clock?.lap("parse");
    const { shellcheck, settings } = choice;
    const { place: at } = source;
    const local = shellcheck === "off" ? asksFiles : isLocal;
    const may = online ? (question: Question) => local(question) || asksAboutImages(question) : local;
    const { result, answers } = await withAnswers(
      at,
      { answers: answersBy(shellcheck), may, signal: io.signal },
      (known, before: Inspection | undefined) => {
        clock?.lap("answers");
        const source: AnswerSource = { get: (key, question) => known.get(key) ?? lookAt(question, at) };
        const found = inspectDocument(document, rules, settings, source, before);
        clock?.lap("rules");
        return found;
      },
      questionsOf,
    );
    const findings = findingsOf(result);
    const ran = ids.get(choice.rules) ?? choice.rules.map(({ id }) => id).join(",");
    ids.set(choice.rules, ran);
    const checked: Checked = {
      name: place.name,
      file: place.file,
      ran,
      crashes: result.crashes.map(({ rule, error }) => ({
        rule,
        error: error instanceof Error ? error.message : String(error),
      })),
      ...(online && { unanswered: unansweredImages(answers) }),
      ...(clock && { times: clock.take() }),
    };
    const { failLevel } = choice;
    if (writesParts(args)) {
      const json = jsonOf({ name: place.name, text: source.text, findings }, choice.rules);
      return { ...checked, json, fails: isFailing({ findings, failLevel }) };
    }
    return {
      ...checked,
      text: source.text,
      // Copied, so that what is worked out when it is read is worked out here, by the thread that has the file.
      findings: findings.map((finding) => ({ ...finding })),
      ...(wantsFingerprints(args) && { fingerprints: findings.map((finding) => fingerprintOf(document, finding)) }),
      failLevel,
    };
  };
}
