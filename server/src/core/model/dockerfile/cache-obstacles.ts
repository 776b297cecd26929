/** What keeps a package manager's cache empty although it is mounted, and the edits that take it away. */
import { saidBefore, settingBefore } from "./before.ts";
import type { CacheRow } from "./caches.ts";
import { familyUnder } from "./facts.ts";
import { perDocument } from "./memo.ts";
import type { Dockerfile, Instruction } from "./model.ts";
import { isWithin, mountsOf } from "./mounts.ts";
import { type Program, programsWithin } from "./programs.ts";
import { scriptsOf, type ShellWord } from "./shell.ts";
import { type Edit, insert, remove, replace, type Span } from "../../text/edit.ts";

/** A call of a tool that keeps a cache. */
export interface CacheCall extends Program {
  /** The words behind the program: those behind `-m pip` for Python. */
  readonly words: string;
}

/** What keeps a cache empty, and the edit that takes it away; without one a person has to. */
export interface Obstacle {
  readonly span: Span;
  /** A sentence's end: `--no-cache-dir switches the cache off`. */
  readonly reason: string;
  readonly edit?: Edit;
  /** The whole command goes. */
  readonly drop?: Program;
}

export function obstaclesOf(
  dockerfile: Dockerfile,
  { row, instruction, mounted }: { row: CacheRow; instruction: Instruction; mounted: boolean },
  calls: readonly CacheCall[],
  kept: readonly string[] | string,
): readonly Obstacle[] {
  // In memory nothing is kept, and of a folder that a variable hides nobody can tell.
  if (mounted && kept.length === 0) return [];
  const targets = typeof kept === "string" ? [] : kept;
  const { off } = row;
  const options = off
    ? calls
        .filter(({ words }) => row.downloads.test(words))
        .flatMap(({ command }) => command.args.filter(({ value }) => off.has(value)))
        .map((word) => withoutOption(dockerfile, instruction, word, row.offInstead))
    : [];
  const cleans = calls
    .filter(({ words }) => row.cleans?.test(words))
    .map((call) => withoutCommand(call, [call.command.name, ...call.words.split(" ").slice(0, 2)].join(" ")));
  const setting = row.offVariable === undefined ? undefined : settingBefore(dockerfile, instruction, row.offVariable);
  const switched: readonly Obstacle[] =
    setting && !/^(?:0|n|no|f|false|off)$/i.test(setting.value ?? "")
      ? [
          {
            span: calls[0]?.command.nameWord?.span ?? instruction.span,
            reason: `${row.offVariable} switches the cache off`,
          },
        ]
      : [];
  const removals = programsWithin(dockerfile, instruction)
    .filter(({ command }) => command.name === "rm")
    .flatMap((program) => removalOf(dockerfile, program, targets));
  const hook = row.tool === "apt" && mounted ? dockerClean(dockerfile, instruction, calls) : [];
  return [...options, ...cleans, ...switched, ...removals, ...hook];
}

function withoutOption(
  { text }: Dockerfile,
  instruction: Instruction,
  { span, value }: ShellWord,
  instead?: string,
): Obstacle {
  const reason = `${value} switches the cache off`;
  if (instead !== undefined) return { span, reason, edit: replace(span, instruction.json ? `"${instead}"` : instead) };
  if (instruction.json) return { span, reason };
  let { start } = span;
  while (/[ \t]/.test(text.charAt(start - 1))) start--;
  // At the beginning of a line its indent stays, and the blanks behind it go.
  if (start > 0 && text.charAt(start - 1) === "\n") {
    const blanks = /^[ \t]*/.exec(text.slice(span.end))?.[0].length ?? 0;
    return { span, reason, edit: remove({ start: span.start, end: span.end + blanks }) };
  }
  return { span, reason, edit: remove({ start, end: span.end }) };
}

const withoutCommand = (program: Program, name: string): Obstacle => ({
  span: program.command.span,
  reason: `${name} empties it`,
  drop: program,
});

/** `rm -rf` of the folder, of what is in it or of one around it. */
function removalOf(dockerfile: Dockerfile, program: Program, targets: readonly string[]): readonly Obstacle[] {
  const { command, instruction: inner } = program;
  const paths = command.args.filter(({ value }) => !value.startsWith("-"));
  const kinds = paths.map(({ value }) => empties(value, targets));
  const wide = paths[kinds.indexOf("more")];
  if (wide) return [{ span: wide.span, reason: `rm ${wide.value} empties it, and takes more than the cache` }];
  const emptied = paths.filter((_, at) => kinds[at] === "cache");
  if (emptied.length === 0) return [];
  if (emptied.length === paths.length) return [withoutCommand(program, "rm")];
  const words = emptied.map(({ value }) => value).join(" ");
  const edits = inner.json
    ? []
    : emptied.map((word) => withoutOption(dockerfile, inner, word).edit).filter((edit) => edit !== undefined);
  return emptied.map((word, at) => {
    const edit = edits[at];
    return { span: word.span, reason: `rm ${words} empties it`, ...(edit && { edit }) };
  });
}

/** What deleting the path takes of the folders; everything below `.cache` is some cache. */
function empties(value: string, targets: readonly string[]): "cache" | "more" | undefined {
  if (!/^[/~$]/.test(value)) return undefined;
  const absolute = value.startsWith("/") ? value : value.replace(/^(?:~|\$HOME|\$\{HOME\})(?=\/)/, "/root");
  const path = /[/*]$/.test(absolute) ? absolute.replace(/(?<=.)\/(?:\*+|\.\[!\.\]\*)?$/, "") : absolute;
  if (targets.some((target) => isWithin(path, target))) return "cache";
  if (!targets.some((target) => isWithin(target, path))) return undefined;
  return path.endsWith("/.cache") ? "cache" : "more";
}

const CLEAN = "/etc/apt/apt.conf.d/docker-clean";
export const KEEP_DOWNLOADS = `rm -f ${CLEAN}`;
const NO_HOOK = /\brm\b[^&;|\n]*docker-clean|Keep-Downloaded-Packages/;

export const isUnhooked = (dockerfile: Dockerfile, instruction: Instruction): boolean =>
  isHookNamed(dockerfile).yes &&
  (NO_HOOK.test(dockerfile.text.slice(instruction.span.start, instruction.span.end)) ||
    saidBefore(dockerfile, instruction, NO_HOOK));

/** Most files never do. */
const isHookNamed = perDocument(({ text }) => ({ yes: /docker-clean|Keep-Downloaded-Packages/.test(text) }));

/** The hook is in Docker's own Debian and Ubuntu images, and in what is built on them. */
function dockerClean(
  dockerfile: Dockerfile,
  instruction: Instruction,
  calls: readonly CacheCall[],
): readonly Obstacle[] {
  const stage = dockerfile.stages[instruction.stage];
  const archives = mountsOf(dockerfile, instruction).some(({ target }) => target?.startsWith("/var/cache/apt"));
  const first = calls.find(({ words }) => /^(?:install|upgrade)\b/.test(words));
  if (
    !stage ||
    !archives ||
    !first ||
    familyUnder(dockerfile, stage) !== "debian" ||
    isUnhooked(dockerfile, instruction)
  )
    return [];
  const edit = keepDownloads(dockerfile, instruction, calls);
  const span = first.command.nameWord?.span ?? first.command.span;
  return [{ span, reason: `${CLEAN} deletes each package after it was installed`, ...(edit && { edit }) }];
}

/** Takes the hook away in a command of its own, in front of the first of the script. */
export function keepDownloads(
  dockerfile: Dockerfile,
  instruction: Instruction,
  [first]: readonly CacheCall[],
): Edit | undefined {
  const script = scriptsOf(dockerfile, instruction).find(({ commands }) => first && commands.includes(first.command));
  const at = script?.commands[0];
  if (!script || !at || script.broken || at.conditional || at.isolated || at.asked) return undefined;
  const place = script.statements[0]?.start ?? at.span.start;
  if (place !== at.span.start) return undefined;
  // `set -e` and the like come first, and hold for what follows.
  const isSet = at.name === "set" && script.commands[1]?.joinedBy !== undefined;
  const target = isSet ? (script.commands[1]?.span.start ?? place) : place;
  const next = isSet ? script.commands[1] : at;
  if (next?.conditional || next?.isolated || next?.asked) return undefined;
  return insert(
    target,
    next?.joinedBy === ";" && script.heredoc ? `${KEEP_DOWNLOADS}${dockerfile.eol}` : `${KEEP_DOWNLOADS} && `,
  );
}
