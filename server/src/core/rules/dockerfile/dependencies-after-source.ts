import { instructionsBefore, resolvePath } from "../../model/dockerfile/before.ts";
import { workdirName } from "../../model/dockerfile/context-files.ts";
import { installerOf } from "../../model/dockerfile/dependencies.ts";
import { insertAbove, keywordLike, linesSpan } from "../../model/dockerfile/layout.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { isWithin, mountsOf } from "../../model/dockerfile/mounts.ts";
import { packageCalls } from "../../model/dockerfile/packages.ts";
import { programsWithin } from "../../model/dockerfile/programs.ts";
import { expandIn } from "../../model/dockerfile/scope.ts";
import type { ShellCommand } from "../../model/dockerfile/shell.ts";
import { type Context, defineRule, type Fix, type Offer, unsafeFix } from "../../rule.ts";
import { remove, type Span } from "../../text/edit.ts";

/** One install of dependencies in a RUN. */
interface Install {
  readonly label: string;
  readonly run: Instruction;
  readonly command: ShellCommand;
  /** Paths in the image of the files it cannot do without. */
  readonly manifests: readonly string[];
  /** Names of files beside the first manifest that it reads where they exist. */
  readonly companions: readonly string[];
  /** Names beside it whose presence says that it reads more. */
  readonly readsMore: readonly string[];
  readonly needsMore?: string;
}

/** A COPY of a folder of the build context. */
interface SourceCopy {
  readonly copy: Instruction;
  /** Folder in the context, `` or ending in a slash. */
  readonly from: string;
  /** Folder in the image. */
  readonly to: string;
  /** It is the context itself. */
  readonly whole: boolean;
  /** Its only source, named as a folder. */
  readonly simple: boolean;
}

export default defineRule({
  id: "dependencies-after-source",
  summary: "dependencies installed after the whole source was copied",
  severity: "info",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.1.0",
  sameAs: [],
  why: `
A layer is built again when anything before it changed. With the whole source copied first, every edit of every file
downloads and installs all dependencies again, which is most of the build's time. Copied first, the manifest and the lock file
keep the install in the cache until one of the two changes.`,
  fixSafety: `
Unsafe: the install then sees the manifest and the files known to belong to it, not the source. A \`postinstall\` script or a
local path among the dependencies needs more. The fix looks which of the files exist in the build context, refuses where a
workspace, patches or a generator's folder is there, and is given only where the \`RUN\` does nothing but install and nothing
stands between it and the COPY.`,
  examples: [
    {
      bad: 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["node", "."]\n',
      fixed:
        'FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nCMD ["node", "."]\n',
      answers: {
        "exists:package.json": "yes",
        "exists:package-lock.json": "yes",
        "exists:npm-shrinkwrap.json": "no",
        "exists:.npmrc": "no",
        "exists:pnpm-workspace.yaml": "no",
        "exists:lerna.json": "no",
        "exists:nx.json": "no",
        "exists:turbo.json": "no",
        "exists:patches": "no",
        "exists:prisma": "no",
      },
    },
    { good: "FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\n" },
    { good: "FROM python:3.14\nWORKDIR /app\nCOPY . .\nRUN pip install .\n" },
  ],
  check(context) {
    const { dockerfile, report } = context;
    for (const stage of dockerfile.stages) {
      const copies: SourceCopy[] = [];
      const seen = new Set<string>();
      for (const instruction of stage.instructions) {
        copies.push(...sourceCopies(dockerfile, instruction));
        for (const install of instruction.name === "RUN" && copies.length > 0
          ? installsOf(dockerfile, instruction)
          : []) {
          const key = install.manifests.join(" ");
          if (seen.has(key)) continue;
          seen.add(key);
          const copy = copies.find((each) => brings(dockerfile, each, install));
          if (!copy || isInherited(dockerfile, copy.copy, install)) continue;
          report(copy.copy.body.span(0, copy.copy.body.text.length), {
            message: `Every change of the source runs ${install.label} again: copy ${namesOf(copy, install)} and install first`,
            related: [{ span: install.command.span, message: "installed here" }],
            ...remedy(context, copy, install),
          });
        }
      }
    }
  },
});

const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
const folderOf = (path: string): string => path.slice(0, path.lastIndexOf("/")) || "/";

function installsOf(dockerfile: Dockerfile, run: Instruction): readonly Install[] {
  const programs = programsWithin(dockerfile, run).map(({ command }) => command);
  const calls = new Map(packageCalls(dockerfile, run).map((call) => [call.command, call]));
  const installs: Install[] = [];
  if (!programs.some((command) => calls.has(command) || installerOf(command))) return installs;
  let folder: string | undefined = workdirName(dockerfile, run);
  for (const command of programs) {
    if (command.name === "cd")
      folder = command.args[0]?.literal ? resolvePath(folder, command.args[0].value) : undefined;
    const at = (path: string): readonly string[] => (folder === undefined ? [] : [resolvePath(folder, path) ?? ""]);
    const call = calls.get(command);
    if (call && (call.manager === "pip" || call.manager === "uv pip") && call.action.value === "install") {
      const files = call.options.filter(({ name }) => /^(?:-r|--requirement|-c|--constraint)$/.test(name));
      const isLocal =
        call.operands.some(({ value }) => /^\.|\//.test(value)) ||
        call.options.some(({ name }) => /^(?:-e|--editable)$/.test(name));
      if (
        isLocal ||
        !files.some(({ name }) => name.includes("r")) ||
        files.some(({ word, value }) => !word.literal || /:\/\//.test(value ?? ""))
      )
        continue;
      const manifests = files.flatMap(({ value = "" }) => at(value));
      const label = `${call.manager} install -r ${files.find(({ name }) => name.includes("r"))?.value ?? ""}`;
      if (manifests.length > 0) installs.push({ label, run, command, manifests, companions: [], readsMore: [] });
      continue;
    }
    const installer = installerOf(command);
    const manifests = installer ? at(`${installer.folder ?? "."}/${installer.manifest}`) : [];
    if (installer && manifests.length > 0)
      installs.push({
        label: installer.label,
        run,
        command,
        manifests,
        companions: installer.companions,
        readsMore: installer.readsMore,
        ...(installer.needsMore !== undefined && { needsMore: installer.needsMore }),
      });
  }
  return installs;
}

/** Names without an extension that are files all the same, and folders that hold nothing but manifests. */
const NO_SOURCE =
  /^(?:Makefile|Dockerfile|Gemfile|Pipfile|Procfile|Rakefile|LICENSE|Cargo|gradlew|mvnw|artisan)$|^[A-Z0-9_]+$|[Rr]equire|[Dd]epend|[Ll]ock|[Cc]onf|[Dd]eps|[Pp]ackage/;

function sourceCopies(dockerfile: Dockerfile, copy: Instruction): readonly SourceCopy[] {
  if ((copy.name !== "COPY" && copy.name !== "ADD") || copy.heredocs.length > 0) return [];
  if (copy.flags.some(({ name }) => name === "--from" || name === "--parents")) return [];
  const words = copy.words.map(({ text }) => expandIn(dockerfile, copy, text));
  const target = words.at(-1);
  const sources = words.slice(0, -1);
  const folders = sources.flatMap(({ text, known }) => {
    const path = text.replace(/^(?:\.?\/)+/, "").replace(/(?:^|\/)\.?$/, "");
    if (!known || text.startsWith("..") || /:\/\//.test(text)) return [];
    const whole = path === "" || path === "*";
    return whole || (sources.length === 1 && !/[*.]/.test(path) && !NO_SOURCE.test(baseName(path)))
      ? [{ path, whole }]
      : [];
  });
  if (!target?.known || folders.length === 0) return [];
  const to = resolvePath(workdirName(dockerfile, copy), target.text) ?? "/";
  return folders.map(({ path, whole }) => ({
    copy,
    from: whole ? "" : `${path}/`,
    to,
    whole,
    simple: sources.length === 1 && path !== "*",
  }));
}

/** True when the manifest comes with the folder. A part of the context counts when it becomes the working folder itself. */
const brings = (dockerfile: Dockerfile, { to, whole }: SourceCopy, install: Install): boolean => {
  const [first] = install.manifests;
  if (first === undefined || !install.manifests.every((path) => isWithin(path, to))) return false;
  if (mountsOf(dockerfile, install.run).some(({ type, source }) => type === "bind" && source !== undefined))
    return false;
  return whole || folderOf(first) === to;
};

/** True when the same was installed before the source came in, in this stage or one below. */
const isInherited = (dockerfile: Dockerfile, copy: Instruction, { manifests, label }: Install): boolean =>
  instructionsBefore(dockerfile, copy).some(
    (each) =>
      each.name === "RUN" &&
      installsOf(dockerfile, each).some(
        (earlier) =>
          earlier.label.split(" ")[0] === label.split(" ")[0] &&
          earlier.manifests.some((path) => manifests.map(baseName).includes(baseName(path))),
      ),
  );

/** Where a file of the image lies in the build context. */
const contextPath = ({ from, to }: SourceCopy, path: string): string =>
  from + path.slice(to === "/" ? 1 : to.length + 1);

const besides = (path: string, name: string): string => path.slice(0, path.lastIndexOf("/") + 1) + name;

function namesOf(copy: SourceCopy, { manifests, companions }: Install): string {
  const names = manifests.map((path) => contextPath(copy, path));
  const [lock] = companions;
  const all = lock !== undefined && names[0] !== undefined ? [...names, besides(names[0], lock)] : names;
  return all.length < 2 ? all.join("") : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;
}

type Remedy = { readonly fixes: readonly Fix[] } | { readonly offers: readonly Offer[] } | { readonly refusal: string };

/** What may stand between: it neither changes files nor how a RUN runs. */
const METADATA: ReadonlySet<string> = new Set([
  "EXPOSE",
  "LABEL",
  "STOPSIGNAL",
  "CMD",
  "ENTRYPOINT",
  "HEALTHCHECK",
  "MAINTAINER",
]);

function remedy(context: Context, source: SourceCopy, install: Install): Remedy {
  const { dockerfile, lookup } = context;
  const refusal = install.needsMore ?? obstacle(dockerfile, source, install);
  if (refusal !== undefined) return { refusal };
  const required = install.manifests.map((path) => contextPath(source, path));
  const optional = install.companions.map((name) => besides(required[0] ?? "", name));
  const files: string[] = [];
  let question: Offer["question"] | undefined;
  for (const path of [...required, ...optional]) {
    const answer = lookup({ ask: "exists", path });
    if (answer === "yes") files.push(path);
    else if (answer === undefined) question ??= { ask: "exists", path };
    else if (typeof answer === "object")
      return { refusal: `it is not known whether the build context has ${path}: ${answer.unknown}` };
    else if (required.includes(path)) return { refusal: `the build context has no ${path}` };
  }
  for (const path of install.readsMore.map((name) => besides(required[0] ?? "", name))) {
    const answer = lookup({ ask: "exists", path });
    if (answer === "yes")
      return { refusal: `the build context has ${path}, which the install may read: copy it first by hand` };
    if (answer === undefined) question ??= { ask: "exists", path };
  }
  const title = `Copy ${required[0]} first and install before the rest`;
  return question ? { offers: [{ title, question }] } : { fixes: [reorder(dockerfile, source, install, files, title)] };
}

function obstacle(
  dockerfile: Dockerfile,
  { copy, simple, from, to }: SourceCopy,
  install: Install,
): string | undefined {
  const folders = new Set(install.manifests.map(folderOf));
  if (!simple || folders.size > 1 || /\s/.test(install.manifests.join("") + from))
    return "the COPY has several sources, or the manifests lie in several folders: split it by hand";
  const between = dockerfile.instructions.slice(copy.index + 1, install.run.index);
  if (between.some(({ name }) => !METADATA.has(name)))
    return "other instructions stand between the COPY and the install and may need the source or change the install";
  if (earlierCopy(dockerfile, copy, install))
    return "the manifest is copied before already: move the RUN above this COPY if nothing else is missing there";
  if (!onlyInstalls(dockerfile, install))
    return "the RUN does more than install, and that may need the source: split it first";
  return isWithin(install.manifests[0] ?? "", to) ? undefined : "the manifest is not in the folder that is copied";
}

const earlierCopy = (dockerfile: Dockerfile, copy: Instruction, { manifests }: Install): boolean =>
  instructionsBefore(dockerfile, copy).some(
    ({ name, words }) =>
      (name === "COPY" || name === "ADD") &&
      words.slice(0, -1).some(({ text }) => {
        const pattern = baseName(text)
          .replace(/[.+^${}()|[\]\\]/g, "\\$&")
          .replace(/\*/g, ".*")
          .replace(/\?/g, ".");
        return manifests.some((path) => pattern !== "" && new RegExp(`^${pattern}$`).test(baseName(path)));
      }),
  );

/** Commands that need nothing of the source. */
const INDEPENDENT: Readonly<Record<string, RegExp>> = {
  set: /./,
  echo: /./,
  corepack: /./,
  "apt-get": /./,
  apk: /./,
  npm: /^(?:cache|config|set|install -g|i -g)\b/,
  yarn: /^(?:cache|config)\b/,
  pnpm: /^(?:config|store)\b/,
  bundle: /^config\b/,
  pip: /^(?:cache|config)\b/,
};

function onlyInstalls(dockerfile: Dockerfile, { run, manifests }: Install): boolean {
  const key = manifests.join(" ");
  const installs = new Set(
    installsOf(dockerfile, run)
      .filter((each) => each.manifests.join(" ") === key)
      .map(({ command }) => command),
  );
  const upgrades = new Set(
    packageCalls(dockerfile, run)
      .filter(
        ({ operands }) =>
          operands.length > 0 &&
          operands.every(({ value }) => /^(?:pip|setuptools|wheel|uv)(?:[<>=~!].*)?$/.test(value)),
      )
      .map(({ command }) => command),
  );
  return programsWithin(dockerfile, run).every(({ command }) => {
    if (installs.has(command) || upgrades.has(command)) return true;
    const allowed = command.name === undefined ? undefined : INDEPENDENT[command.name];
    return allowed?.test(command.args.map(({ value }) => value).join(" ")) ?? false;
  });
}

/** The manifests get a COPY of their own above the big one, and the RUN with its comments goes between the two. */
function reorder(
  dockerfile: Dockerfile,
  source: SourceCopy,
  install: Install,
  files: readonly string[],
  title: string,
): Fix {
  const { copy, to } = source;
  const { text, eol } = dockerfile;
  const { run } = install;
  const written = (copy.words.at(-1)?.text ?? ".").replace(/\/*$/, "/");
  const inner = folderOf(install.manifests[0] ?? "").slice(to === "/" ? 1 : to.length + 1);
  const flags = copy.flags
    .filter(({ name }) => /^--(?:chown|chmod|link)$/.test(name))
    .map(({ span }) => text.slice(span.start, span.end));
  const line = [keywordLike(dockerfile, "COPY"), ...flags, ...files, written + (inner === "" ? "" : `${inner}/`)].join(
    " ",
  );
  const block: Span = { start: insertAbove(dockerfile, run, []).span.start, end: linesSpan(dockerfile, run).end };
  const moved = text.slice(block.start, block.end).replace(/(?:\r?\n)?$/, "");
  // The last line of a file may have no line ending: what is left must not gain one.
  const atEnd = block.end === text.length && !text.endsWith("\n");
  const gone = atEnd
    ? { start: block.start - (text.slice(0, block.start).endsWith("\r\n") ? 2 : 1), end: block.end }
    : block;
  return unsafeFix(title, insertAbove(dockerfile, copy, [line, ...moved.split(eol)]), remove(gone));
}
