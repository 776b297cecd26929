/** Downloads that nothing checks → `ADD --checksum=sha256:…`: the checksum is that of what is downloaded when a person chooses it. */
import { resolvePath } from "../../model/dockerfile/before.ts";
import { builderAt } from "../../model/dockerfile/caches.ts";
import { folderOfCommand, workdirName } from "../../model/dockerfile/context-files.ts";
import { type Download, downloadsOf, nameIn } from "../../model/dockerfile/downloads.ts";
import { frontendOf, whyMissing } from "../../model/dockerfile/frontend.ts";
import { keywordLike } from "../../model/dockerfile/layout.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { movingPart, remoteKind } from "../../model/dockerfile/remote.ts";
import { expandIn } from "../../model/dockerfile/scope.ts";
import { commandsOf, scriptsOf, type ShellCommand, type ShellWord } from "../../model/dockerfile/shell.ts";
import { plainUnpacking } from "../../model/dockerfile/tar-calls.ts";
import { unquote } from "../../model/dockerfile/words.ts";
import { known } from "../../rule.ts";
import { insert, replace } from "../../text/edit.ts";
import type { Lookup, Offer, Refactoring, Refusal, Rewrite } from "./assist.ts";
import { saidInstead } from "./declared-edits.ts";
import { instructionsNamed } from "./places.ts";

export const addChecksum: Refactoring = {
  id: "add-checksum",
  about: "download what ADD, or curl and tar, fetch, and write its checksum down: ADD --checksum=sha256:…",
  safety: "unsafe",
  why: "The build stops when the file behind the URL changes, and takes for right what is there today; what tar unpacked is unpacked by ADD.",
  everywhere: true,
  downloads: true,
  offers: (dockerfile, at, lookup) => [
    ...instructionsNamed(dockerfile, at, "ADD").flatMap((add) => offerForAdd(dockerfile, add, lookup)),
    ...instructionsNamed(dockerfile, at, "RUN").flatMap((run) => offerForRun(dockerfile, run, lookup)),
  ],
};

const CHECKSUM = { since: "1.6", labs: "1.5" };
const UNPACK = { since: "1.17" };

/** The URL as the build has it, or why it is not known or would not stay what it is. */
function addressOf(
  dockerfile: Dockerfile,
  instruction: Instruction,
  written: string,
): { readonly url: string } | Refusal {
  const { text, known: isKnown } = expandIn(dockerfile, instruction, written);
  const url = unquote(text, dockerfile.escape);
  if (!isKnown || /[$`\\\s]/.test(url)) return { refusal: "a variable that is not known decides what is downloaded" };
  if (/^https?:\/\/[^/]*@/.test(url)) return { refusal: "there is a login in the URL" };
  const moving = movingPart(url);
  if (moving !== undefined)
    return { refusal: `what ${moving} is changes, and the build would stop then: name a version first` };
  return { url };
}

/** `app-1.2.tar.gz from github.com` */
const shown = (url: string): string => {
  const host = /^[a-z]+:\/\/([^/?#]+)/i.exec(url)?.[1] ?? url;
  const name = nameIn(url);
  return name === "" || name.length > 60 ? `what ${host} has` : `${name} from ${host}`;
};

function checksumOf(url: string, lookup: Lookup): string | Refusal {
  const answer = lookup({ ask: "checksum", url });
  if (answer === undefined) return { refusal: "its checksum is known only once it is downloaded" };
  const checksum = known(answer);
  if (checksum === undefined) return { refusal: typeof answer === "string" ? answer : answer.unknown };
  return /^sha256:[0-9a-f]{64}$/.test(checksum) ? checksum : { refusal: "no checksum came back" };
}

/** Archives of sources that a forge packs when they are asked for, in contrast to files of a release. */
const PACKED_THEN =
  /^https?:\/\/(?:github\.com\/[^/]+\/[^/]+\/(?:archive|tarball|zipball)\/|codeload\.github\.com\/|[^/]+\/.+\/-\/archive\/|bitbucket\.org\/[^/]+\/[^/]+\/get\/)/;

const remarks = (url: string): Pick<Rewrite, "left"> =>
  PACKED_THEN.test(url)
    ? { left: ["this archive is packed when it is asked for, and another packer may give it another checksum one day"] }
    : {};

function offerForAdd(dockerfile: Dockerfile, add: Instruction, lookup: Lookup): readonly Offer[] {
  const sources = add.words.slice(0, -1);
  const [source] = sources;
  if (!source || add.heredocs.length > 0 || add.flags.some(({ name }) => name === "--checksum")) return [];
  const found = addressOf(dockerfile, add, source.text);
  const written = unquote(source.text, dockerfile.escape);
  if (remoteKind("url" in found ? found.url : written) !== "http") return [];
  const title = `Download ${shown("url" in found ? found.url : written)} and add its checksum`;
  const missing = whyMissing(frontendOf(dockerfile), CHECKSUM);
  const refusal =
    "refusal" in found
      ? found.refusal
      : sources.length > 1
        ? "it has several sources, and a checksum is for one: give each an ADD of its own"
        : missing === undefined
          ? undefined
          : `ADD cannot check it: ${missing}`;
  return [
    {
      kind: "refactor.rewrite",
      title,
      span: add.span,
      ...(refusal !== undefined && { refusal }),
      rewrite() {
        if ("refusal" in found) return found;
        const checksum = checksumOf(found.url, lookup);
        if (typeof checksum !== "string") return checksum;
        return { edits: [insert(add.keyword.span.end, ` --checksum=${checksum}`)], ...remarks(found.url) };
      },
    },
  ];
}

/** What a RUN comes to that downloads one file: as a line of ADD, the checksum left out. */
interface Plan {
  readonly url: string;
  /** As ADD has it. */
  readonly source: string;
  readonly flags: string;
  readonly target: string;
}

function offerForRun(dockerfile: Dockerfile, run: Instruction, lookup: Lookup): readonly Offer[] {
  const [download, ...others] = downloadsOf(dockerfile).filter(({ instruction }) => instruction === run);
  if (!download || others.length > 0 || run.json) return [];
  const commands = commandsOf(dockerfile, run);
  const tar = commands.find(({ name }) => name === "tar");
  const chmod = commands.find(({ name }) => name === "chmod");
  if (CHECKS.test(run.args.text) || (!tar && !chmod && commands.length > 1)) return [];
  const [source] = download.urls;
  if (!source || download.urls.length > 1 || !/^(?:https?:\/\/|["']?\$)/.test(source.url)) return [];
  const plan = planFor(dockerfile, run, download, commands);
  const title = `Download ${shown(source.url)} and let ADD ${tar ? "check and unpack" : "check"} it`;
  const common = { kind: "refactor.rewrite", title, span: run.span } as const;
  if ("refusal" in plan) return [{ ...common, refusal: plan.refusal, rewrite: () => plan }];
  return [{ ...common, rewrite: () => asAdd(dockerfile, run, plan, lookup) }];
}

function asAdd(
  dockerfile: Dockerfile,
  run: Instruction,
  { url, source, flags, target }: Plan,
  lookup: Lookup,
): Rewrite | Refusal {
  const checksum = checksumOf(url, lookup);
  if (typeof checksum !== "string") return checksum;
  const line = `${keywordLike(dockerfile, "ADD")} --checksum=${checksum}${flags} ${source} ${target}`;
  return { edits: [replace(run.span, line)], declared: saidInstead(dockerfile, run, line), ...remarks(url) };
}

/** The RUN has somebody who compares. */
const CHECKS = /\b(?:sha\d+sum|md5sum|shasum|gpgv?|cosign|minisign|b2sum|cksum)\b/;

/** Options of curl and wget that ADD does by itself or has no need of. */
const PLAIN_OPTIONS =
  /^(?:-[fsSLoOq]|-nv|--(?:fail|silent|show-error|location|output|remote-name|quiet|no-verbose|progress|show-progress|retry|retry-delay|retry-connrefused|retry-max-time|retry-all-errors|connect-timeout|max-time|tries|timeout|create-dirs|output-document|directory-prefix|proto|tlsv1\.[23]|https-only|no-progress-meter))$|^-P$/;

function planFor(
  dockerfile: Dockerfile,
  run: Instruction,
  download: Download,
  commands: readonly ShellCommand[],
): Plan | Refusal {
  const [script, ...more] = scriptsOf(dockerfile, run);
  const [fetched] = download.urls;
  if (
    !script ||
    more.length > 0 ||
    script.broken ||
    run.flags.length > 0 ||
    run.heredocs.length > 0 ||
    run.comments.length > 0 ||
    !fetched
  )
    return { refusal: "the RUN has flags, comments or a heredoc, which an ADD would lose" };
  const found = addressOf(dockerfile, run, fetched.word.value);
  if ("refusal" in found) return found;
  const missing = whyMissing(frontendOf(dockerfile), CHECKSUM);
  if (missing !== undefined) return { refusal: `ADD cannot check it: ${missing}` };
  const option = download.options.find(({ name }) => !PLAIN_OPTIONS.test(name));
  if (option) return { refusal: `ADD has nothing for ${option.name}` };
  if (builderAt(dockerfile, run)?.root !== true)
    return { refusal: "the RUN does not run as root, and what ADD brings is root's" };
  if (commands.some(({ conditional, joinedBy, wrappers }) => conditional || joinedBy === "||" || wrappers.length > 0))
    return { refusal: "the RUN downloads under a condition, or through another program" };
  const source = sourceOf(fetched.word);
  if (source === undefined) return { refusal: "the URL is put together by the shell" };
  const rest = commands.filter((command) => command !== download.command && !isPreparation(command));
  const [second, third, ...others] = rest;
  const kept = { url: found.url, source };
  const unpacking = second && plainUnpacking(second);
  if (second?.name === "tar" && !unpacking)
    return { refusal: "tar has options, or names files, that ADD has nothing for" };
  if (second && unpacking) {
    if (others.length > 0 || (third && !removes(third, unpacking.file))) return { refusal: DOES_MORE };
    if (unpacking.file === undefined ? download.file !== undefined : !isSame(unpacking.file, download.file))
      return { refusal: "what tar unpacks is not what is downloaded" };
    if (unpacking.file !== undefined && !third)
      return { refusal: "the archive stays in the image: delete it in the same RUN first" };
    if (
      whyMissing(frontendOf(dockerfile), UNPACK) !== undefined ||
      !dockerfile.directives.some(({ name }) => name === "syntax")
    )
      return {
        refusal: "the builder may be older than ADD --unpack: begin the file with # syntax=docker/dockerfile:1",
      };
    const folder = targetOf(dockerfile, run, second, unpacking.folder ?? ".");
    if (folder === undefined) return { refusal: "the folder it is unpacked into is not known" };
    if (!makesOnly(dockerfile, run, commands, folder)) return { refusal: DOES_MORE };
    return { ...kept, flags: " --unpack", target: folder.endsWith("/") ? folder : `${folder}/` };
  }
  if (others.length > 0 || third || (second && second.name !== "chmod")) return { refusal: DOES_MORE };
  const file = download.file;
  if (file === undefined || file === "") return { refusal: "what is downloaded goes to another command" };
  const mode = second ? modeOf(second, file) : "644";
  if (mode === undefined) return { refusal: "the permissions it gets cannot be told" };
  const target = targetOf(dockerfile, run, download.command, file);
  if (target === undefined) return { refusal: "the path it is saved at is not known" };
  if (!makesOnly(dockerfile, run, commands, target)) return { refusal: DOES_MORE };
  return { ...kept, flags: ` --chmod=${mode}`, target };
}

const DOES_MORE = "the RUN does more than download: split it first";

/** ADD makes the folders of its target by itself, and `set -e` is about what is gone then. */
const isPreparation = ({ name, args }: ShellCommand): boolean =>
  name === "set" ||
  (name === "mkdir" && args.every(({ value, literal }) => literal && (!value.startsWith("-") || value === "-p")));

/** No folder that ADD does not make as well. */
const makesOnly = (
  dockerfile: Dockerfile,
  run: Instruction,
  commands: readonly ShellCommand[],
  target: string,
): boolean =>
  commands
    .filter(({ name }) => name === "mkdir")
    .flatMap((command) =>
      command.args
        .filter(({ value }) => !value.startsWith("-"))
        .map(({ value }) => targetOf(dockerfile, run, command, value)),
    )
    .every((folder) => folder !== undefined && `${target}/`.startsWith(`${folder.replace(/\/$/, "")}/`));

const isSame = (a: string, b: string | undefined): boolean =>
  b !== undefined && a.replace(/^\.\//, "") === b.replace(/^\.\//, "");

const removes = ({ name, args }: ShellCommand, file: string | undefined): boolean =>
  name === "rm" && file !== undefined && args.every(({ value }) => /^-[rf]+$/.test(value) || isSame(value, file));

/** The mode of a file of the shell's, 644, with what chmod adds. */
function modeOf({ args }: ShellCommand, file: string): string | undefined {
  const [mode, ...files] = args;
  if (!mode?.literal || files.length !== 1 || !isSame(files[0]?.value ?? "", file)) return undefined;
  if (/^0?[0-7]{3}$/.test(mode.value)) return mode.value.slice(-3);
  return /^(?:a|ugo)?\+r?x$/.test(mode.value) ? "755" : undefined;
}

/** A path as ADD takes it; undefined where blanks or variables of the shell are in it. */
function targetOf(
  dockerfile: Dockerfile,
  run: Instruction,
  command: ShellCommand,
  written: string,
): string | undefined {
  const { text, known: isKnown } = expandIn(dockerfile, run, written);
  const folder = folderOfCommand(dockerfile, run, command);
  const path = text.startsWith("/") ? resolvePath("/", text) : resolvePath(folder, text);
  if (!isKnown || path === undefined || /[\s$"'\\*?[\]{}~]/.test(path)) return undefined;
  // A folder that only the base image knows has a name that begins so.
  if (path.startsWith("/(")) return undefined;
  return path === workdirName(dockerfile, run) ? "./" : path;
}

/** The URL as it is written, without the shell's quotes: `$VERSION` and `${VERSION}` mean the same to ADD. */
function sourceOf({ text, value }: ShellWord): string | undefined {
  if (/^'.*\$.*'$/s.test(text) || /\$(?![A-Za-z_]\w*|\{[A-Za-z_]\w*\})|[`\s\\'"]/.test(value)) return undefined;
  return value;
}
