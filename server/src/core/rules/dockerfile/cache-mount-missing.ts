import { familyUnder, startArguments, startedPrograms } from "../../model/dockerfile/facts.ts";
import { saidBefore, settingBefore } from "../../model/dockerfile/before.ts";
import { builderAt, type CacheRow, CACHES, plainWords, type Surroundings } from "../../model/dockerfile/caches.ts";
import { removeCommands } from "../../model/dockerfile/command-removal.ts";
import { perDocument, perInstruction } from "../../model/dockerfile/memo.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { isCached, isWithin, mountsOf } from "../../model/dockerfile/mounts.ts";
import { type Program, programsWithin } from "../../model/dockerfile/packages.ts";
import { fromReferences } from "../../model/dockerfile/references.ts";
import { scriptsOf, type ShellCommand, type ShellWord } from "../../model/dockerfile/shell.ts";
import { finalStage, lineage } from "../../model/dockerfile/stages.ts";
import { defineRule, type Report, unsafeFix } from "../../rule.ts";
import { type Edit, insert, remove, replace, type Span } from "../../text/edit.ts";
import { listed } from "../unpinned.ts";
import { yarnOf } from "../yarn.ts";

export default defineRule({
  id: "cache-mount-missing",
  summary: "packages downloaded again with every build",
  severity: "info",
  profile: "strict",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: [],
  why: `
When one line of a manifest changes, the \`RUN\` that installs from it starts from nothing and downloads everything again. A cache
mount, \`RUN --mount=type=cache,target=…\`, is a folder that the builder keeps from build to build and that no layer holds: only
what is new is downloaded, and there is nothing to clean up afterwards.

The folder is that of the package manager for the user in force: \`/root/.npm\` for root, \`/home/node/.npm\` with \`uid=1000\` for the
node user, wherever \`PIP_CACHE_DIR\`, \`GOMODCACHE\`, \`CARGO_HOME\` and the like lead, and never one that holds what the image needs
later. apt, Yarn, Maven and Gradle get \`sharing=locked\`, because two of them must not write at the same time; in a file that builds for
several platforms apt and apk get an id of their own for each. What would keep the cache empty is reported as well when
there is a mount: \`--no-cache-dir\`, a \`cache clean\`, deleting the folder, and the hook in Debian's and Ubuntu's images,
\`/etc/apt/apt.conf.d/docker-clean\`, that deletes each package after it was installed.

Known are apt, apk, npm, Yarn, pnpm, bun, pip, uv, Poetry, Go, Cargo, Maven, Gradle, NuGet, Composer and Bundler.
A builder without BuildKit does not know cache mounts, and a builder that is new for each build (most CI) has nothing in them: that
is why the rule is in the strict profile.`,
  fixSafety: `
Unsafe: the image holds the same packages, but the file then needs BuildKit, a cache that outlives the build can hide that a download
is gone, and the commands that cleaned up are taken out. Where later commands read the folder (Go, Cargo, Maven, Gradle, NuGet, and apt's lists)
every \`RUN\` of that tool gets the mount in one fix; it is refused where a script, a \`COPY --from\` or the start of the image may
need what is in it.`,
  examples: [
    {
      bad: "FROM node:24\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\n",
      fixed:
        "FROM node:24\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN --mount=type=cache,target=/root/.npm npm ci\n",
    },
    {
      bad: "FROM debian:13\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n",
      fixed:
        "FROM debian:13\nRUN --mount=type=cache,target=/var/cache/apt,sharing=locked --mount=type=cache,target=/var/lib/apt,sharing=locked rm -f /etc/apt/apt.conf.d/docker-clean && apt-get update && apt-get install -y curl\n",
    },
    {
      bad: "FROM python:3.14\nRUN --mount=type=cache,target=/root/.cache/pip pip install --no-cache-dir -r requirements.txt\n",
      fixed: "FROM python:3.14\nRUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt\n",
    },
    { good: "FROM node:24\nRUN --mount=type=cache,target=/root/.npm npm ci\n" },
  ],
  check({ dockerfile, report }) {
    for (const instruction of dockerfile.all) {
      if (instruction.name !== "RUN") continue;
      for (const use of usesIn(dockerfile, instruction)) {
        if (!use.downloads || use.elsewhere) continue;
        const { command } = use.program;
        const [obstacle] = use.obstacles;
        if (use.mounted) {
          if (obstacle)
            report(obstacle.span, {
              message: `The cache mount of ${use.row.tool} stays empty: ${obstacle.reason}`,
              ...remedyOf(dockerfile, [use]),
            });
        } else
          report(
            { start: command.nameWord?.span.start ?? command.span.start, end: use.end },
            {
              message: `${use.row.tool} downloads everything again whenever this RUN is built: a cache mount${placesOf(use)} keeps it`,
              ...(isOfSystem(use.row) && { profile: "all" as const }),
              ...remedy(dockerfile, use),
            },
          );
      }
    }
  },
});

/** Packages of the distribution change seldom: the case is weaker. */
const isOfSystem = ({ tool }: CacheRow): boolean => tool === "apt" || tool === "apk";

const NO_HOME = "give the mount that user's folder and numbers by hand";

/** What keeps a cache empty, and the edit that takes it away; without one a person has to. */
interface Obstacle {
  readonly span: Span;
  /** A sentence's end: `--no-cache-dir switches the cache off`. */
  readonly reason: string;
  readonly edit?: Edit;
  /** The whole command goes. */
  readonly drop?: Program;
}

/** One RUN's dealings with one cache. */
interface Use {
  readonly row: CacheRow;
  readonly instruction: Instruction;
  /** The first program that downloads, else the first that uses. */
  readonly program: Program;
  /** End of its action. */
  readonly end: number;
  readonly downloads: boolean;
  /** A text says why nobody can tell. */
  readonly targets: readonly string[] | string;
  readonly mounted: boolean;
  /** An option leads the cache to a place of its own. */
  readonly elsewhere: boolean;
  readonly obstacles: readonly Obstacle[];
  /** Mounts, and what has to stand in front of the commands. */
  readonly edits: readonly Edit[] | string;
}

const rowsByProgram: ReadonlyMap<string, CacheRow> = new Map(
  CACHES.flatMap((row) => row.programs.map((program) => [program, row])),
);

function rowOf({ name, args }: ShellCommand): CacheRow | undefined {
  if (name === undefined) return undefined;
  if (/^pip[\d.]*$/.test(name)) return rowsByProgram.get("pip");
  if (/^python[\d.]*$/.test(name))
    return args[0]?.value === "-m" && args[1]?.value === "pip" ? rowsByProgram.get("pip") : undefined;
  return rowsByProgram.get(name);
}

/** The words behind the program: those behind `-m pip` for Python. */
const wordsOf = (command: ShellCommand): string =>
  command.name?.startsWith("python") ? plainWords({ ...command, args: command.args.slice(2) }) : plainWords(command);

const usesIn = perInstruction((dockerfile, instruction): readonly Use[] => {
  const groups = new Map<CacheRow, Program[]>();
  for (const program of programsWithin(dockerfile, instruction)) {
    const row = rowOf(program.command);
    if (!row) continue;
    const same = groups.get(row);
    if (same) same.push(program);
    else groups.set(row, [program]);
  }
  return [...groups].flatMap(([row, programs]) => useOf(dockerfile, instruction, row, programs) ?? []);
});

function useOf(
  dockerfile: Dockerfile,
  instruction: Instruction,
  row: CacheRow,
  programs: readonly Program[],
): Use | undefined {
  const first = programs.find(({ command }) => row.downloads.test(wordsOf(command)));
  const program = first ?? programs.find(({ command }) => row.uses?.test(wordsOf(command)));
  if (!program) return undefined;
  const { command } = program;
  const around = surroundingsOf(dockerfile, instruction, command);
  const targets = around ? row.targets(around) : "it runs as a user whose home folder and number only the image knows";
  const mounts = mountsOf(dockerfile, instruction);
  const caches = mounts.filter(({ type }) => type === "cache" || type === "tmpfs");
  const mounted =
    caches.some(({ target, hidden }) => hidden || row.like.test(target ?? "")) ||
    (typeof targets !== "string" && targets.length > 0 && targets.every((target) => isCached(mounts, target)));
  const kept = mounted
    ? caches
        .filter(({ type }) => type === "cache")
        .map(({ target }) => target)
        .filter((target) => target !== undefined)
    : targets;
  const use = { row, instruction, program, targets, mounted };
  return {
    ...use,
    end: endOf(command, row),
    downloads: first !== undefined,
    elsewhere: programs.some(({ command: { args } }) => args.some(({ value }) => row.moved?.test(value) ?? false)),
    obstacles: obstaclesOf(dockerfile, use, programs, kept),
    edits: around ? mountEdits(dockerfile, use, around, programs) : mounted ? [] : NO_HOME,
  };
}

/** The end of the first word that says what is done. */
const endOf = ({ args, span, nameWord }: ShellCommand, { programs }: CacheRow): number => {
  const words = args.filter(({ value }) => !/^[-+]/.test(value));
  return (
    (programs.includes("pip") ? words.find(({ value }) => value !== "pip") : words[0])?.span.end ??
    nameWord?.span.end ??
    span.end
  );
};

function surroundingsOf(
  dockerfile: Dockerfile,
  instruction: Instruction,
  command: ShellCommand,
): Surroundings | undefined {
  const builder = builderAt(dockerfile, instruction);
  if (!builder || command.wrappers.includes("sudo")) return undefined;
  const get = (name: string): string | undefined =>
    command.assignments.find((each) => each.name === name)?.value ??
    settingBefore(dockerfile, instruction, name)?.value;
  const options = command.args.map(({ value }) => value);
  return { builder, get, yarn: command.name === "yarn" ? yarnOf(dockerfile, instruction, options) : "first" };
}

const placesOf = ({ targets }: Use): string => (typeof targets === "string" ? "" : ` on ${listed(targets)}`);

// --- what keeps the cache empty ---

function obstaclesOf(
  dockerfile: Dockerfile,
  { row, instruction, mounted }: Pick<Use, "row" | "instruction" | "mounted">,
  programs: readonly Program[],
  kept: readonly string[] | string,
): readonly Obstacle[] {
  // In memory nothing is kept, and of a folder that a variable hides nobody can tell.
  if (mounted && kept.length === 0) return [];
  const targets = typeof kept === "string" ? [] : kept;
  const off = programs.flatMap(({ command }) =>
    row.downloads.test(wordsOf(command))
      ? command.args
          .filter(({ value }) => row.off?.test(value))
          .map((word) => withoutOption(dockerfile, instruction, word, row.offInstead))
      : [],
  );
  const cleans = programs.filter(({ command }) => row.cleans?.test(wordsOf(command))).map(withoutCommand);
  const setting = row.offVariable === undefined ? undefined : settingBefore(dockerfile, instruction, row.offVariable);
  const switched: readonly Obstacle[] =
    setting && !/^(?:0|n|no|f|false|off)$/i.test(setting.value ?? "")
      ? [
          {
            span: programs[0]?.command.nameWord?.span ?? instruction.span,
            reason: `${row.offVariable} switches the cache off`,
          },
        ]
      : [];
  const removals = programsWithin(dockerfile, instruction)
    .filter(({ command }) => command.name === "rm")
    .flatMap((program) => removalOf(dockerfile, program, targets));
  const hook = row.tool === "apt" && mounted ? dockerClean(dockerfile, instruction, programs) : [];
  return [...off, ...cleans, ...switched, ...removals, ...hook];
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

function withoutCommand(program: Program): Obstacle {
  const { command } = program;
  const name = [command.name, ...(command.name === "rm" ? [] : wordsOf(command).split(" ").slice(0, 2))].join(" ");
  return { span: command.span, reason: `${name} empties it`, drop: program };
}

/** `rm -rf` of the folder, of what is in it or of one around it. */
function removalOf(dockerfile: Dockerfile, program: Program, targets: readonly string[]): readonly Obstacle[] {
  const { command, instruction: inner } = program;
  const paths = command.args.filter(({ value }) => !value.startsWith("-"));
  const wide = paths.find(({ value }) => empties(value, targets) === "more");
  if (wide) return [{ span: wide.span, reason: `rm ${wide.value} empties it, and takes more than the cache` }];
  const emptied = paths.filter(({ value }) => empties(value, targets) === "cache");
  if (emptied.length === 0) return [];
  if (emptied.length === paths.length) return [withoutCommand(program)];
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
  const path = value.replace(/^(?:~|\$HOME|\$\{HOME\})(?=\/)/, "/root").replace(/(?<=.)\/(?:\*+|\.\[!\.\]\*)?$/, "");
  if (targets.some((target) => isWithin(path, target))) return "cache";
  if (!targets.some((target) => isWithin(target, path))) return undefined;
  return path.endsWith("/.cache") ? "cache" : "more";
}

const CLEAN = "/etc/apt/apt.conf.d/docker-clean";
const KEEP = `rm -f ${CLEAN}`;
const NO_HOOK = /\brm\b[^&;|\n]*docker-clean|Keep-Downloaded-Packages/;

const isUnhooked = (dockerfile: Dockerfile, instruction: Instruction): boolean =>
  NO_HOOK.test(dockerfile.text.slice(instruction.span.start, instruction.span.end)) ||
  saidBefore(dockerfile, instruction, NO_HOOK);

/** The hook is in Docker's own Debian and Ubuntu images, and in what is built on them. */
function dockerClean(
  dockerfile: Dockerfile,
  instruction: Instruction,
  programs: readonly Program[],
): readonly Obstacle[] {
  const stage = dockerfile.stages[instruction.stage];
  const archives = mountsOf(dockerfile, instruction).some(({ target }) => target?.startsWith("/var/cache/apt"));
  const first = programs.find(({ command }) => /^(?:install|upgrade)\b/.test(wordsOf(command)));
  if (
    !stage ||
    !archives ||
    !first ||
    familyUnder(dockerfile, stage) !== "debian" ||
    isUnhooked(dockerfile, instruction)
  )
    return [];
  const edit = inFront(dockerfile, instruction, programs, KEEP);
  const span = first.command.nameWord?.span ?? first.command.span;
  return [{ span, reason: `${CLEAN} deletes each package after it was installed`, ...(edit && { edit }) }];
}

/** A command of its own in front of the first of a script. */
function inFront(
  dockerfile: Dockerfile,
  instruction: Instruction,
  programs: readonly Program[],
  command: string,
): Edit | undefined {
  const [first] = programs;
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
  return insert(target, next?.joinedBy === ";" && script.heredoc ? `${command}${dockerfile.eol}` : `${command} && `);
}

// --- the mount ---

function mountEdits(
  dockerfile: Dockerfile,
  { row, instruction, program, targets, mounted }: Pick<Use, "row" | "instruction" | "program" | "targets" | "mounted">,
  around: Surroundings,
  programs: readonly Program[],
): readonly Edit[] | string {
  if (mounted) return [];
  if (typeof targets === "string") return targets;
  if (targets.some((target) => !/^\/[\w./@+-]+$/.test(target))) return "a variable decides where the folder is";
  const id = row.byPlatform ? platformOf(dockerfile, instruction) : "";
  if (id === undefined)
    return "the file builds for several platforms: declare ARG TARGETARCH in this stage, so that each can have a cache of its own";
  const mounts = targets.map(
    (target) =>
      [
        " --mount=type=cache",
        ...(id === "" ? [] : [`id=${target.slice(1).replace(/\//g, "-")}-$${id}`]),
        `target=${target}`,
        ...(row.locked ? ["sharing=locked"] : []),
      ].join(",") + around.builder.owner,
  );
  const edits = [insert(instruction.flags.at(-1)?.span.end ?? instruction.keyword.span.end, mounts.join(""))];
  if (
    row.tool === "apt" &&
    !isUnhooked(dockerfile, instruction) &&
    programs.some(({ command }) => row.downloads.test(wordsOf(command)))
  ) {
    const edit = inFront(dockerfile, instruction, programs, KEEP);
    if (!edit) return `the script's beginning is no place for one more command: add ${KEEP} by hand first`;
    edits.push(edit);
  }
  const assign = row.assign?.(around);
  if (assign === undefined) return edits;
  const at = program.command.nameWord?.span.start;
  if (program.instruction.json || program.command.wrappers.length > 0 || at === undefined)
    return `set ${assign} with ENV first`;
  return [...edits, insert(at, `${assign} `)];
}

/** The variable that names the platform in a mount's id; empty when the file is for one platform, undefined when it is not declared. */
function platformOf(dockerfile: Dockerfile, instruction: Instruction): string | undefined {
  if (!mentionsPlatforms(dockerfile).yes) return "";
  return ["TARGETARCH", "TARGETPLATFORM"].find((name) => settingBefore(dockerfile, instruction, name) !== undefined);
}

const mentionsPlatforms = perDocument(({ text }) => ({ yes: /\bTARGET(?:ARCH|PLATFORM|VARIANT)\b/.test(text) }));

// --- the fix ---

function remedy(dockerfile: Dockerfile, use: Use): Partial<Report> {
  if (!use.row.shared) return remedyOf(dockerfile, [use]);
  const family = familyOf(dockerfile, use.instruction);
  const reason = sharedObstacle(dockerfile, use, family);
  if (reason !== undefined) return { refusal: reason };
  const group = family.flatMap((run) => usesIn(dockerfile, run).filter(({ row }) => row === use.row));
  return remedyOf(dockerfile, [use, ...group.filter((other) => other !== use)]);
}

function remedyOf(dockerfile: Dockerfile, uses: readonly Use[]): Partial<Report> {
  const [first] = uses;
  const refusal = uses.map(({ edits }) => edits).find((edits) => typeof edits === "string");
  if (refusal !== undefined) return { refusal };
  const obstacles = uses.flatMap((use) => use.obstacles);
  const stuck = obstacles.find(({ edit, drop }) => !edit && !drop);
  if (stuck) return { refusal: `take out by hand first what keeps the cache empty: ${stuck.reason}` };
  const drops = removeCommands(
    dockerfile,
    obstacles.flatMap(({ drop }) => drop ?? []),
  );
  if (!drops)
    return { refusal: "take out by hand first the commands that empty the cache: they are no plain part of the list" };
  const edits = [
    ...uses.flatMap((use) => (typeof use.edits === "string" ? [] : use.edits)),
    ...obstacles.flatMap(({ edit }) => edit ?? []),
    ...drops,
  ];
  const sorted = edits.toSorted((a, b) => a.span.start - b.span.start);
  if (edits.length === 0) return {};
  if (sorted.some((edit, at) => edit.span.start < (sorted[at - 1]?.span.end ?? 0)))
    return { refusal: "its changes stand in each other's way: take out by hand first what keeps the cache empty" };
  if (first?.mounted) return { fixes: [unsafeFix("Let the cache mount keep what is downloaded", ...edits)] };
  const others = uses.length > 1 ? `, here and in ${uses.length - 1} other RUN${uses.length > 2 ? "s" : ""}` : "";
  return { fixes: [unsafeFix(`Mount a cache${first ? placesOf(first) : ""}${others}`, ...edits)] };
}

/** The RUNs of all stages that stand on the same image as this one's: what one leaves, another may read. */
function familyOf(dockerfile: Dockerfile, { stage }: Instruction): readonly Instruction[] {
  const root = rootOf(dockerfile, stage);
  return dockerfile.all.filter((each) => each.name === "RUN" && rootOf(dockerfile, each.stage) === root);
}

function rootOf(dockerfile: Dockerfile, index: number): number {
  const stage = dockerfile.stages[index];
  return stage ? (lineage(dockerfile, stage)[0]?.index ?? index) : index;
}

const RUNNERS = /^(?:make|just|task|mage|ninja|rake|sbt|bazel|goreleaser|npm|yarn|pnpm)$/;

/** Why a folder that later commands read must not leave the layer, as far as the file tells. */
function sharedObstacle(dockerfile: Dockerfile, use: Use, family: readonly Instruction[]): string | undefined {
  const { row, targets, instruction } = use;
  const final = finalStage(dockerfile);
  const started = final && rootOf(dockerfile, final.index) === rootOf(dockerfile, instruction.stage);
  const starts = started && startedPrograms(dockerfile, final).some((name) => row.programs.includes(name));
  // What dotnet publishes has its packages beside it.
  if (
    starts &&
    (row.tool !== "NuGet" || startArguments(dockerfile, final).some((word) => /^(?:run|watch|test)$/.test(word)))
  )
    return `the image starts ${row.programs[0] ?? ""}, which needs what is in the folder`;
  if (instruction.triggered) return "the RUNs of the image that is built on this one may need what is in the folder";
  const later = isEmptiedAnyway(use) ? [] : family.filter((run) => run.index > instruction.index);
  for (const run of later) {
    if (usesIn(dockerfile, run).some((other) => other.row === row)) continue;
    const unknown = programsWithin(dockerfile, run).find(({ command }) => isUnknown(command, row));
    if (unknown)
      return `${unknown.command.nameWord?.value ?? "a script"} may need what is in the folder: give both the mount by hand`;
  }
  const read = fromReferences(dockerfile).some(
    ({ instruction: copy, source }) =>
      source.kind === "stage" &&
      rootOf(dockerfile, source.stage.index) === rootOf(dockerfile, instruction.stage) &&
      typeof targets !== "string" &&
      copy.words
        .slice(0, -1)
        .some(({ text }) =>
          targets.some((target) => isWithin(target, text.replace(/(?<=.)\/+$/, "")) || isWithin(text, target)),
        ),
  );
  return read ? "a COPY --from takes what is in the folder" : undefined;
}

/** apt's lists: nothing behind a RUN that deletes them can need them. */
const isEmptiedAnyway = ({ row, obstacles }: Use): boolean =>
  row.tool === "apt" && obstacles.some(({ reason }) => reason.startsWith("rm "));

/** A script or a runner that may start the tool itself. */
const isUnknown = ({ name, nameWord, args }: ShellCommand, row: CacheRow): boolean => {
  if (name === undefined || row.programs.includes(name)) return false;
  if (RUNNERS.test(name) && row.tool !== "apt") return !/^(?:npm|yarn|pnpm)$/.test(name);
  const path = /^(?:sh|bash|ash|dash|\.|source)$/.test(name)
    ? args.find(({ value }) => !value.startsWith("-"))
    : nameWord;
  return path !== undefined && /^(?!\/(?:usr\/(?:local\/)?)?s?bin\/)[^-\s]*\/[^\s]*$|\.(?:sh|bash)$/.test(path.value);
};
