/** `dockwright fmt`: Dockerfiles and compose files in even layout. */
import { formatCompose } from "../../core/features/compose/format.ts";
import { formatDockerfile, isDockerfile } from "../../core/features/dockerfile/format.ts";
import { formatOptions } from "../../core/features/dockerfile/format-options.ts";
import { parseCompose } from "../../core/model/compose/parse.ts";
import { parseDockerfile } from "../../core/model/dockerfile/parse.ts";
import type { FormatWish } from "../../core/model/format-wish.ts";
import { applyEdits, type Edit } from "../../core/text/edit.ts";
import { createChooser } from "../choose-rules.ts";
import { complain, complainAboutFile } from "../complain.ts";
import { deliver } from "../deliver.ts";
import { EXIT, UsageError } from "../io.ts";
import { CONFIG, HELP, STDIN_FILENAME } from "../options.ts";
import { findSources, kindOf, readSource } from "../sources.ts";
import type { Command } from "./command.ts";

export const fmt: Command = {
  name: "fmt",
  summary: "lay out Dockerfiles and compose files evenly",
  usage: "[options] [paths…]",
  details: `Indentation, blanks between words and at line ends, blank lines, and one step of && a line where a RUN already stands on
several lines. Line breaks, comments, heredocs and quotes stay, and what is built stays the same. How far lines are
indented and the case of keywords says format in .dockwright.yaml, as it does to the editor.
Files are replaced in one step; standard input is written, laid out, to standard output.

Exit code: 0 done, or nothing to do (with --check or --diff: 1 something would change), 2 wrong usage or a file that could not be
read or written.`,
  options: [
    { name: "check", help: "write nothing; name the files that would change and exit 1" },
    { name: "diff", help: "print a unified diff and write nothing" },
    ...CONFIG,
    STDIN_FILENAME,
    HELP,
  ],
  async run(args, io, { rules }) {
    const [checks, diffs] = [args.has("check"), args.has("diff")];
    if (checks && diffs)
      throw new UsageError("--check names the files and --diff shows what would change; leave one out");
    const choiceFor = createChooser(args, rules, io);
    const { places, failures } = await findSources(args, io);
    for (const failure of failures) complainAboutFile(io, failure);
    let trouble = failures.length > 0;
    let anyChanged = false;
    for (const place of places) {
      const { language } = kindOf(place);
      const isNamed = args.positionals.includes(place.name) || place.stdin === true;
      if (language === "dockerignore") {
        if (isNamed) complain(io, `${place.name} is neither a Dockerfile nor a compose file`);
        trouble ||= isNamed;
        continue;
      }
      const { resolved, ignoredBy } = await choiceFor(place.file);
      if (ignoredBy !== undefined && !place.stdin) {
        complain(io, `${place.name} is left alone: ${ignoredBy} ignores it`);
        continue;
      }
      const source = await readSource(place, io);
      if (!("text" in source)) {
        complainAboutFile(io, source);
        trouble = true;
        continue;
      }
      const made = ignoredBy === undefined ? laidOut(source.text, language, resolved.format) : { edits: [] };
      if (made.refusal !== undefined && (isNamed || language === "compose")) {
        complain(io, `${source.name} is left as it is: ${made.refusal}`);
        trouble = true;
      }
      const { edits } = made;
      anyChanged ||= edits.length > 0;
      if (checks) {
        if (edits.length > 0) io.stdout.write(`${source.name}: would be laid out anew\n`);
        continue;
      }
      const text = applyEdits(source.text, edits);
      const delivered = await deliver(source, { text, edits, applied: [], settled: true }, io, diffs);
      if (delivered.failure) complainAboutFile(io, delivered.failure);
      else if (edits.length > 0) delivered.say(`${source.name}: ${diffs ? "would be laid out" : "laid out"} anew`);
      trouble ||= delivered.failure !== undefined;
    }
    if (trouble) return EXIT.trouble;
    return (checks || diffs) && anyChanged ? EXIT.findings : EXIT.clean;
  },
};

interface LaidOut {
  readonly edits: readonly Edit[];
  /** Why nothing could be done. */
  readonly refusal?: string;
}

/** Where a compose file has no nested mapping to tell. */
const COMPOSE_TAB_SIZE = 2;

function laidOut(text: string, language: "dockerfile" | "compose", wish: FormatWish): LaidOut {
  if (language === "dockerfile") {
    const dockerfile = parseDockerfile(text);
    return isDockerfile(dockerfile)
      ? { edits: formatDockerfile(dockerfile, formatOptions(wish)) }
      : { edits: [], refusal: `it begins with ${dockerfile.instructions[0]?.keyword.text}, which is no instruction` };
  }
  const [problem] = parseCompose(text).problems;
  if (problem) return { edits: [], refusal: problem.message };
  return { edits: formatCompose(text, { tabSize: formatOptions(wish, { tabSize: COMPOSE_TAB_SIZE }).tabSize }) };
}
