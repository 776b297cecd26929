/** `dockwright refactor` on Dockerfiles: one refactoring, at a line or everywhere. */
import { type Refactoring, REFACTORINGS, rewriteAll, rewriteAt } from "../../core/assists/dockerfile/index.ts";
import { parseDockerfile } from "../../core/model/dockerfile/parse.ts";
import type { Args, Option } from "../args.ts";
import { type Asking, isLocal, perShellcheck, withLookup } from "../ask.ts";
import { type Io, UsageError } from "../io.ts";
import { linesSpan } from "../locate.ts";
import type { Parts } from "../parts.ts";
import { rewriteEach } from "./each.ts";

export const LINE: Option = {
  name: "line",
  value: "N[-M]",
  help: "for Dockerfiles: only what is on the line, or on the lines from N to M",
};

/** What each kind does, in the order of the menu, and why it is safe or not. */
export const dockerfileKinds = (width: number): string =>
  REFACTORINGS.map(({ id, about, everywhere, safety, why }) => {
    const lines = wrapped(`${about}${everywhere ? "" : ", with --line"}. ${safety}: ${why}`);
    return `  ${id.padEnd(width)}  ${lines.join(`\n${" ".repeat(width + 4)}`)}`;
  }).join("\n");

const WIDTH = 96;

function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + word.length >= WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** Gives the exit code. @throws UsageError */
export function refactorDockerfiles(
  refactoring: Refactoring,
  args: Args,
  paths: readonly string[],
  io: Io,
  { answers }: Pick<Parts, "answers">,
): Promise<number> {
  const lines = linesIn(args);
  if (lines && paths.length > 1) throw new UsageError("--line is a line of one file; name that file alone");
  if (!lines && !refactoring.everywhere)
    throw new UsageError(
      `${refactoring.id} has to know where: say --line N, as in: dockwright refactor ${refactoring.id} --line 7 Dockerfile`,
    );
  const online = !args.has("offline");
  const asking: Asking = {
    answers: perShellcheck(answers, { registries: online })("off"),
    may: (question) => online || isLocal(question),
    signal: io.signal,
  };
  return rewriteEach(args, paths, io, "dockerfile", async (source, name) => {
    const dockerfile = parseDockerfile(source.text, name);
    const span = lines && linesSpan(source.text, lines.first, lines.last);
    const { result } = await withLookup(source.place, asking, (lookup) =>
      span
        ? (rewriteAt(dockerfile, refactoring, span, lookup) ?? { refusal: "there is nothing of the kind on that line" })
        : rewriteAll(dockerfile, refactoring, lookup),
    );
    return result;
  });
}

/** @throws UsageError */
function linesIn(args: Args): { readonly first: number; readonly last: number } | undefined {
  const given = args.value("line");
  if (given === undefined) return undefined;
  const [, first = "", last = first] = /^([1-9]\d*)(?:-([1-9]\d*))?$/.exec(given) ?? [];
  if (first === "" || Number(last) < Number(first))
    throw new UsageError(`--line cannot be ${given}; write a line, or the first and the last one: --line 3-9`);
  return { first: Number(first), last: Number(last) };
}
