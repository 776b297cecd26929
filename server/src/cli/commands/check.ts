/** `dockwright check`: findings on standard output, in the format asked for. Changes nothing. */
import { inspectAsking, isLocal, once } from "../ask.ts";
import { chooseRules } from "../choose-rules.ts";
import { wantsColor } from "../colors.ts";
import { complainAboutCrashes, complainAboutFile } from "../complain.ts";
import { findingsOf } from "../findings.ts";
import { EXIT } from "../io.ts";
import { COLOR, FAIL_LEVEL, failsAt, HELP, OFFLINE, RULE_CHOICE, SHELLCHECK, STDIN_FILENAME } from "../options.ts";
import { isFormat, reporters } from "../reporters/index.ts";
import type { CheckedFile } from "../reporters/report.ts";
import { readSources, type Source } from "../sources.ts";
import type { Command } from "./command.ts";

/** Files whose questions are being answered at the same time. */
const AT_ONCE = 64;

export const check: Command = {
  name: "check",
  summary: "report what is wrong in Dockerfiles",
  usage: "[options] [paths…]",
  details: `Paths are files, folders (searched for Dockerfiles, without what .gitignore excludes) or - for standard input.
Without a path the current folder is searched. No registry is asked.

Exit code: 0 no findings, 1 findings, 2 wrong usage or a file that could not be read.`,
  options: [
    {
      name: "format",
      short: "f",
      value: "FORMAT",
      choices: Object.keys(reporters),
      help: "text (default), json, sarif or github",
    },
    ...RULE_CHOICE,
    FAIL_LEVEL,
    STDIN_FILENAME,
    COLOR,
    SHELLCHECK,
    OFFLINE,
    HELP,
  ],
  async run(args, io, { rules: all, answers }) {
    const choice = chooseRules(args, all);
    const { sources, failures } = await readSources(args, io);
    const made = once(() => answers({ shellcheck: args.value("shellcheck") }));
    const asking = { answers: made, may: isLocal, signal: io.signal };
    const files: CheckedFile[] = [];
    let crashed = false;
    const inspected = await inOrder(sources, AT_ONCE, (source) => inspectAsking(source, choice, asking));
    for (const { source, outcome } of inspected) {
      const { result } = outcome;
      complainAboutCrashes(io, source.name, result.crashes);
      crashed ||= result.crashes.length > 0;
      files.push({ name: source.name, text: source.text, findings: findingsOf(result) });
    }

    const format = args.value("format") ?? "text";
    const report = reporters[isFormat(format) ? format : "text"];
    io.stdout.write(report({ files, failures, rules: choice.rules, cwd: io.cwd, color: wantsColor(args, io) }));
    for (const failure of failures) complainAboutFile(io, failure);

    if (crashed || failures.length > 0) return EXIT.trouble;
    const fails = failsAt(args);
    return files.some(({ findings }) => findings.some(({ severity }) => fails(severity))) ? EXIT.findings : EXIT.clean;
  },
};

/** Works on `atOnce` sources at a time; the outcomes are in the order of the sources. */
async function inOrder<T>(
  sources: readonly Source[],
  atOnce: number,
  work: (source: Source) => Promise<T>,
): Promise<readonly { readonly source: Source; readonly outcome: T }[]> {
  const outcomes: { readonly source: Source; readonly outcome: T }[] = [];
  const left = sources.entries();
  const takeTurns = async (): Promise<void> => {
    for (const [at, source] of left) outcomes[at] = { source, outcome: await work(source) };
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, sources.length) }, takeTurns));
  return outcomes;
}
