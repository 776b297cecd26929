/** `dockwright fix`: applies fixes to files and says what was done, what was left, and why. */
import { fixAll, type FixedText } from "../../core/findings/fix-all.ts";
import { inspect, type Inspection } from "../../core/findings/inspect.ts";
import { whyUnsound } from "../../core/findings/sound.ts";
import { withWritten } from "../../core/findings/written.ts";
import type { Document } from "../../core/model/document.ts";
import type { FileChange, Finding, Question, Safety } from "../../core/rule.ts";
import { asksAboutImages } from "../../effects/answers.ts";
import { isLocal, perShellcheck, questionsIn, unansweredImages, withAnswers } from "../ask.ts";
import { createChooser } from "../choose-rules.ts";
import { complain, complainAboutCrashes, complainAboutFile } from "../complain.ts";
import { deliver, deliverFiles, placeOfFile } from "../deliver.ts";
import { findingsOf } from "../findings.ts";
import { EXIT } from "../io.ts";
import { locator } from "../locate.ts";
import {
  CONFIG,
  FAIL_LEVEL,
  failsAt,
  HELP,
  OFFLINE,
  REGISTRIES,
  registriesOf,
  RULE_CHOICE,
  SHELLCHECK,
  STDIN_FILENAME,
} from "../options.ts";
import { plural } from "../plural.ts";
import { findSources, kindOf, readSource, type Source } from "../sources.ts";
import type { Command } from "./command.ts";

interface Fixed {
  readonly fixed: FixedText;
  /** Of the fixed text. */
  readonly left: Inspection;
}

export const fix: Command = {
  name: "fix",
  summary: "repair what can be repaired",
  usage: "[options] [paths…]",
  details: `Applies the safe fixes: the image that is built stays the same but for what the rule is about.
With --unsafe also those that change what is built or write a .dockerignore, and registries are asked for tags and digests.
Files are replaced in one step; standard input is written, repaired, to standard output.

Exit code: 0 nothing left to repair, 1 findings left (with --diff: something would change),
2 wrong usage or a file that could not be read or written.`,
  options: [
    { name: "unsafe", help: "also apply fixes that change what is built" },
    { name: "diff", help: "print a unified diff and write nothing" },
    ...RULE_CHOICE,
    ...CONFIG,
    FAIL_LEVEL,
    STDIN_FILENAME,
    SHELLCHECK,
    OFFLINE,
    ...REGISTRIES,
    HELP,
  ],
  async run(args, io, { rules: all, answers }) {
    const choiceFor = createChooser(args, all, io);
    const { places, failures } = await findSources(args, io);
    for (const failure of failures) complainAboutFile(io, failure);
    const allow: readonly Safety[] = args.has("unsafe") ? ["safe", "unsafe"] : ["safe"];
    const mayAskRegistries = args.has("unsafe") && !args.has("offline");
    const answersBy = perShellcheck(answers, { registries: mayAskRegistries, ...registriesOf(args) });
    const may = mayAskRegistries ? (question: Question) => !asksAboutImages(question) : isLocal;

    let trouble = failures.length > 0;
    let anyChanged = false;
    let anyLeft = false;
    /** What this run wrote beside Dockerfiles, or would: others in the folder are fixed with it. */
    const written = new Map<string, FileChange>();
    for (const place of places) {
      const { settings, failLevel, shellcheck, ignoredBy } = await choiceFor(place.file);
      if (ignoredBy !== undefined && !place.stdin) {
        complain(io, `${place.name} is left alone: ${ignoredBy} ignores it`);
        continue;
      }
      // Whoever sends a text wants it back.
      const rules = ignoredBy === undefined ? all : [];
      const kind = kindOf(place);
      const source = await readSource(place, io);
      if (!("text" in source)) {
        complainAboutFile(io, source);
        trouble = true;
        continue;
      }
      const fails = failsAt(failLevel);
      const before = [...written].flatMap(([path, file]) => (placeOfFile(source, file) === path ? [file] : []));
      const { result, answers: known } = await withAnswers(
        source.place,
        { answers: answersBy(shellcheck), may, signal: io.signal },
        (found): Fixed => {
          const now = withWritten(found, before);
          // What is sent in has no folder to write to.
          const fixed = fixAll(source.text, { rules, settings, answers: now, allow, kind, files: !place.stdin });
          return { fixed, left: inspect(fixed.text, rules, settings, withWritten(now, fixed.files ?? []), kind) };
        },
        ({ left }) => questionsIn(left),
      );
      const { fixed, left } = result;
      complainAboutCrashes(io, source.name, left.crashes);
      for (const { image, reason } of unansweredImages(known)) complain(io, `${source.name}: ${image}: ${reason}`);
      if (!fixed.settled) complain(io, `${source.name}: some fixes undo each other; the rest is done`);

      const delivered = await deliver(source, fixed, io, args.has("diff"));
      const remaining = findingsOf(left);
      if (delivered.failure) complainAboutFile(io, delivered.failure);
      else delivered.say(account(source, fixed, remaining, left.document, args.has("diff")));
      const files = delivered.failure ? [] : (fixed.files ?? []);
      const unwritten = await deliverFiles(source, files, io, args.has("diff"));
      for (const failure of unwritten) complainAboutFile(io, failure);
      for (const file of files) {
        const path = placeOfFile(source, file);
        if (path !== undefined) written.set(path, file);
      }
      trouble ||= left.crashes.length > 0 || delivered.failure !== undefined || unwritten.length > 0;
      anyChanged ||= fixed.edits.length > 0 || files.length > 0;
      anyLeft ||= remaining.some(({ severity }) => fails(severity));
    }

    if (trouble) return EXIT.trouble;
    return (args.has("diff") ? anyChanged : anyLeft) ? EXIT.findings : EXIT.clean;
  },
};

/** What was done to a file and what was not, and why. */
function account(
  source: Source,
  { text, applied }: FixedText,
  left: readonly Finding[],
  document: Document,
  dry: boolean,
): string {
  const locate = locator(text);
  const done = `${dry ? "would apply" : "applied"} ${plural(applied.length, "fix", "fixes")}`;
  return [
    `${source.name}: ${done}, ${plural(left.length, "problem")} left`,
    ...applied.map(({ rule, title }) => `  fixed  ${title} [${rule}]`),
    ...left.map((finding) => {
      const { line, column } = locate(finding.span);
      return `  left   ${line}:${column} ${finding.message} [${finding.rule}]: ${whyLeft(finding, document, source)}`;
    }),
  ].join("\n");
}

function whyLeft({ rule, fixes, offers, refusal }: Finding, document: Document, source: Source): string {
  const [fix] = fixes;
  const [offer] = offers;
  const unsound = fix && whyUnsound(document, rule, fix);
  if (unsound !== undefined) return unsound;
  if (fix?.files && source.path === undefined) return `standard input has no folder for: ${fix.title}`;
  if (fix) return fix.safety === "unsafe" ? `--unsafe would: ${fix.title}` : `run again to: ${fix.title}`;
  if (refusal !== undefined) return refusal;
  if (offer) return `needs a registry's answer: ${offer.title}`;
  return "has no automatic fix";
}
