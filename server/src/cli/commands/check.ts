/** `dockwright check`: findings on standard output, in the format asked for. Changes nothing. */
import { perShellcheck } from "../ask.ts";
import { applyBaseline, BASELINE, type BaselineFinding, readBaseline, writeBaseline } from "../check/baseline.ts";
import {
  type CheckedFile,
  createFileChecker,
  isFailing,
  isOnline,
  type WrittenFile,
  writesParts,
} from "../check/check-file.ts";
import { createProgress } from "../check/progress.ts";
import { renderStats, STATS } from "../check/stats.ts";
import { wantsColor } from "../colors.ts";
import { complain, complainAboutCrashes, complainAboutFile } from "../complain.ts";
import { EXIT, type Io, UsageError } from "../io.ts";
import {
  COLOR,
  CONFIG,
  FAIL_LEVEL,
  HELP,
  ONLINE,
  REGISTRIES,
  registriesOf,
  RULE_CHOICE,
  SHELLCHECK,
  STDIN_FILENAME,
} from "../options.ts";
import { elapsedMs } from "../elapsed.ts";
import { plural } from "../plural.ts";
import { isFormat, reporters } from "../reporters/index.ts";
import { jsonArray } from "../reporters/json.ts";
import { findSources } from "../sources.ts";
import { checkMany } from "../threads/check-many.ts";
import { isRunShort, threadsFor } from "../threads/start-threads.ts";
import type { Command } from "./command.ts";

/** Of those that could not be looked up, so many are named. */
const MOST_IMAGES = 5;
/** So many files are worth a start ahead of the first question. */
const MANY = 20;
/** Characters of a report that are written as soon as they are there. A terminal gets all at once, below the line that shows how far the run is. */
const PIECE = 65_536;

export const check: Command = {
  name: "check",
  summary: "report what is wrong in Dockerfiles",
  usage: "[options] [paths…]",
  details: `Paths are files, folders (searched for Dockerfiles, without what .gitignore excludes) or - for standard input.
Without a path the current folder is searched. No registry is asked, unless with --online; what one said within the last hour is not asked
for again.

What runs follows from the nearest .dockwright.yaml, or .hadolint.yaml where there is none; options win.

Exit code: 0 no findings, 1 findings, 2 wrong usage or a file that could not be read.`,
  options: [
    {
      name: "format",
      short: "f",
      value: "FORMAT",
      choices: Object.keys(reporters),
      help: `${Object.keys(reporters).join(", ").replace("text", "text (default)")}`,
    },
    ...RULE_CHOICE,
    ...CONFIG,
    FAIL_LEVEL,
    ...BASELINE,
    STATS,
    STDIN_FILENAME,
    COLOR,
    SHELLCHECK,
    ONLINE,
    { name: "offline", help: "never ask a registry; with --online: take what they said before, however long ago" },
    { name: "no-cache", help: "with --online: ask registries whatever they said before" },
    ...REGISTRIES,
    HELP,
  ],
  async run(args, io, parts) {
    const began = elapsedMs();
    const baselinePath = args.value("baseline");
    const writes = args.has("write-baseline");
    if (baselinePath === undefined && (writes || args.has("stale")))
      throw new UsageError("name the file with --baseline FILE");
    const known = baselinePath === undefined || writes ? undefined : await readBaseline(io.cwd, baselinePath);

    // Shared, so that the threads that check files and this one do not each start threads for ShellCheck.
    const offline = args.has("offline");
    const anew = args.has("no-cache");
    if (anew && offline) throw new UsageError("--no-cache has to ask registries; leave --offline out");
    const log = (message: string): void => complain(io, message);
    const wishes = { registries: isOnline(args), offline, anew, ...registriesOf(args), log };
    const answers = perShellcheck(parts.answers, wishes);
    const checkFile = createFileChecker(args, io, parts.rules, answers);
    const { places, failures: unfound } = await findSources(args, io);
    const foundAt = elapsedMs();
    // Many files will ask ShellCheck, most likely this one: it gets ready while they are read.
    const wanted = args.value("shellcheck") ?? "wasm";
    if (places.length >= MANY && wanted === "wasm") answers(wanted)().catch(() => {}); // told to whoever asks
    const progress = createProgress(io.stderr, places.length, io.stderrIsTTY === true);
    const start = { dockwright: "check", argv: args.argv, cwd: io.cwd, isShort: isRunShort() } as const;
    const written = writesParts(args) ? jsonArray(io.stdout, io.isTTY ? undefined : PIECE) : undefined;
    const results = await checkMany(places, {
      checkFile,
      ...(parts.thread !== undefined && {
        helpers: { program: parts.thread, start, count: threadsFor(places.length), answers },
      }),
      signal: io.signal,
      onDone: progress.step,
      onNext: written && ((result) => "json" in result && written.add(result.json)),
    }).finally(progress.end);
    io.signal.throwIfAborted();
    const checkedAt = elapsedMs();

    const failures = [...unfound];
    const done: (CheckedFile | WrittenFile)[] = [];
    for (const result of results) {
      if ("message" in result) failures.push(result);
      else if ("ignoredBy" in result) {
        if (args.positionals.includes(result.name))
          complain(io, `${result.name} is not checked: ${result.ignoredBy} ignores it`);
      } else {
        complainAboutCrashes(io, result.name, result.crashes);
        done.push(result);
      }
    }
    complainAboutImages(io, done);
    const isTrouble = failures.length > 0 || done.some(({ crashes }) => crashes.length > 0);
    const complainAboutFailures = (): void => {
      for (const failure of failures) complainAboutFile(io, failure);
    };

    if (written) {
      written.end();
      complainAboutFailures();
      if (isTrouble) return EXIT.trouble;
      return done.some((file) => "json" in file && file.fails) ? EXIT.findings : EXIT.clean;
    }
    const checked = done.filter((file) => "findings" in file);

    if (baselinePath !== undefined && writes) {
      const kept = await writeBaseline(io.cwd, baselinePath, checked);
      io.stdout.write(`${plural(kept, "finding")} written to ${baselinePath}\n`);
      complainAboutFailures();
      return isTrouble ? EXIT.trouble : EXIT.clean;
    }
    const applied = known ? applyBaseline(known, checked, parts.rules) : undefined;
    const files = applied?.files ?? checked;

    const format = args.value("format") ?? "text";
    const report = reporters[isFormat(format) ? format : "text"];
    const ran = new Set([...new Set(files.map((file) => file.ran))].flatMap((ids) => ids.split(",")));
    const rules = parts.rules.filter(({ id }) => ran.has(id));
    io.stdout.write(report({ files, failures, rules, cwd: io.cwd, color: wantsColor(args, io) }));
    complainAboutFailures();
    if (applied && args.has("stale")) for (const one of applied.stale) complain(io, staleLine(one));
    if (args.has("stats")) {
      const now = elapsedMs();
      const phases = { find: foundAt - began, check: checkedAt - foundAt, report: now - checkedAt };
      io.stderr.write(renderStats(checked, phases));
    }

    if (isTrouble) return EXIT.trouble;
    return files.some(isFailing) ? EXIT.findings : EXIT.clean;
  },
};

/** What nobody knows is no finding, and yet nobody should believe that all was looked at. */
function complainAboutImages(io: Io, files: readonly Pick<CheckedFile, "unanswered">[]): void {
  const reasons = new Map(
    files.flatMap(({ unanswered = [] }) => unanswered.map(({ image, reason }) => [image, reason] as const)),
  );
  for (const [image, reason] of [...reasons].slice(0, MOST_IMAGES))
    complain(io, `${image} was not looked up: ${reason}`);
  const more = reasons.size - MOST_IMAGES;
  if (more > 0) complain(io, `${plural(more, "more image")} could not be looked up`);
}

const staleLine = ({ file, rule, count }: BaselineFinding): string =>
  `${file}: ${plural(count, "finding")} of ${rule} in the baseline ${count === 1 ? "does" : "do"} not occur any more`;
