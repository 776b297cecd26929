/** Manifests before sources: the fix of dependencies-after-source, and the refactoring that a person asks for. */
import { instructionsBefore } from "../../model/dockerfile/before.ts";
import { insertAbove, insertBelow, keywordLike, linesSpan } from "../../model/dockerfile/layout.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { isWithin } from "../../model/dockerfile/mounts.ts";
import { packageCalls } from "../../model/dockerfile/packages.ts";
import { programsWithin } from "../../model/dockerfile/programs.ts";
import type { ShellCommand } from "../../model/dockerfile/shell.ts";
import { ignoredBy } from "../../model/ignore.ts";
import { type Answer, type Fix, type Question, type Remedy, unsafeFix } from "../../rule.ts";
import { remove, replace, type Span, touches } from "../../text/edit.ts";
import type { Lookup, Offer, Refactoring } from "./assist.ts";
import { NOTHING_DECLARED } from "../post-conditions/declared.ts";
import { ignoreFile } from "./ignored.ts";
import {
  baseName,
  besides,
  contextPath,
  folderOf,
  type Install,
  installsOf,
  type LateInstall,
  lateInstalls,
  type SourceCopy,
} from "./late-installs.ts";
import { needsOfManifest } from "./manifest-needs.ts";

export const manifestsBeforeSources: Refactoring = {
  id: "manifests-first",
  about: "copy manifests and install before the sources are copied",
  safety: "unsafe",
  why: "The install sees the manifests and what they include, and not the source: offered where nothing in them reads more.",
  everywhere: true,
  offers: (dockerfile, at, lookup) =>
    lateInstalls(dockerfile)
      .filter(({ source, install }) => touches(source.copy.span, at) || touches(install.run.span, at))
      .map((late) => offerFor(dockerfile, late, lookup)),
};

/** The build context is looked at when it is chosen. */
function offerFor(dockerfile: Dockerfile, late: LateInstall, lookup: Lookup): Offer {
  const { source, install } = late;
  const refusal = install.needsMore ?? obstacle(dockerfile, source, install);
  const [first = ""] = install.manifests;
  return {
    kind: "refactor.rewrite",
    title: `Copy ${contextPath(source, first)} first and install before the rest`,
    span: { start: source.copy.span.start, end: install.run.span.end },
    ...(refusal !== undefined && { refusal }),
    rewrite() {
      const { fixes: [fix] = [], refusal: reason = "what is in the build context is not known yet" } = manifestsFirst(
        dockerfile,
        late,
        lookup,
      );
      if (!fix) return { refusal: reason };
      const moved = [install.run, source.copy].map(({ span }) => dockerfile.text.slice(span.start, span.end));
      return { edits: fix.edits, declared: { ...NOTHING_DECLARED, moved } };
    },
  };
}

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

/** The fix, or the question that has to be answered for it, or why there is none. */
export function manifestsFirst(dockerfile: Dockerfile, { source, install }: LateInstall, lookup: Lookup): Remedy {
  const refusal = install.needsMore ?? obstacle(dockerfile, source, install);
  if (refusal !== undefined) return { refusal };
  const [first = "", ...others] = install.manifests.map((path) => contextPath(source, path));
  const found = filesFor(dockerfile, install, [first, ...others], lookup);
  if (typeof found === "string") return { refusal: found };
  const title = `Copy ${first} first and install before the rest`;
  if ("ask" in found) return { offers: [{ title, question: found }] };
  return { fixes: [reorder(dockerfile, source, install, found, title)] };
}

/** Paths in the build context, or a question that nobody has answered yet, or why it cannot be done. */
type Found = readonly string[] | Question | string;

/** The manifests with all that the install reads of the build context besides. */
function filesFor(dockerfile: Dockerfile, install: Install, required: readonly string[], lookup: Lookup): Found {
  const open: Question[] = [];
  const ask = (question: Question): Answer | undefined => {
    const answer = lookup(question);
    if (answer === undefined) open.push(question);
    return answer;
  };
  const files: string[] = [];
  const [first = ""] = required;
  const optional = install.companions.map((name) => besides(first, name));
  for (const path of [...required, ...optional]) {
    const answer = ask({ ask: "exists", path });
    if (answer === "yes") files.push(path);
    else if (typeof answer === "object")
      return `it is not known whether the build context has ${path}: ${answer.unknown}`;
    else if (answer !== undefined && required.includes(path)) return `the build context has no ${path}`;
  }
  for (const path of install.readsMore.map((name) => besides(first, name)))
    if (ask({ ask: "exists", path }) === "yes")
      return `the build context has ${path}, which the install may read: copy it first by hand`;
  // Nothing more is read where a manifest may not be there.
  if (open[0]) return open[0];
  const included = withIncluded(required, install, ask);
  if (typeof included === "string") return included;
  const installed = INSTALLED.find(([program]) => program.test(install.command.name ?? ""))?.[1];
  const folder = installed === undefined ? undefined : besides(first, installed);
  const overwrites = folder !== undefined && ask({ ask: "exists", path: folder }) === "yes" ? folder : undefined;
  const ignore = ignoreFile(dockerfile, ask);
  if (open[0]) return open[0];
  if (typeof ignore === "string") return ignore;
  const hidden = [...required, ...included].find((path) => ignore && ignoredBy(ignore, path));
  if (hidden !== undefined) return `an ignore file keeps ${hidden} out of the build`;
  if (overwrites !== undefined && !(ignore && ignoredBy(ignore, overwrites)))
    return `the COPY would put the ${overwrites} of the build context over the one that is installed: list it in .dockerignore first`;
  const sent = files.filter((path) => !(ignore && ignoredBy(ignore, path)));
  return [...sent, ...included.filter((path) => !sent.includes(path))];
}

/** Where the packages land beside the manifest, so that a copy of the build context's own would take their place. */
const INSTALLED: readonly (readonly [program: RegExp, folder: string])[] = [
  [/^(?:npm|yarn|pnpm|bun)$/, "node_modules"],
  [/^(?:uv|pdm)$/, ".venv"],
  [/^composer$/, "vendor"],
  [/^mix$/, "deps"],
];

const MAX_INCLUDED = 20;

/** What the manifests include, and what that includes; a text says why they are not enough. */
function withIncluded(manifests: readonly string[], { command }: Install, ask: Lookup): readonly string[] | string {
  const included: string[] = [];
  for (const path of manifests) {
    const waiting = [path];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const text = ask({ ask: "read", path: next });
      if (text === undefined) continue;
      if (typeof text === "object") return `${next} is not known: ${text.unknown}`;
      const needs = needsOfManifest(next, text, command);
      if (typeof needs === "string") return needs;
      for (const each of needs) {
        if (manifests.includes(each) || included.includes(each)) continue;
        included.push(each);
        waiting.push(each);
        if (included.length > MAX_INCLUDED) return `${path} includes more files than are looked at`;
      }
    }
  }
  return included;
}

function obstacle(
  dockerfile: Dockerfile,
  { copy, simple, from, to }: SourceCopy,
  install: Install,
): string | undefined {
  const folders = new Set(install.manifests.map(folderOf));
  if (!simple || folders.size > 1 || /\s/.test(install.manifests.join("") + from))
    return "the COPY has several sources, or the manifests lie in several folders: split it by hand";
  if (!betweenOf(dockerfile, copy, install.run).every((each) => isPassedBy(dockerfile, copy, each)))
    return "other instructions stand between the COPY and the install and may need the source or change the install";
  if (earlierCopy(dockerfile, copy, install))
    return "the manifest is copied before already: move the RUN above this COPY if nothing else is missing there";
  if (!onlyInstalls(dockerfile, install))
    return "the RUN does more than install, and that may need the source: split it first";
  return isWithin(install.manifests[0] ?? "", to) ? undefined : "the manifest is not in the folder that is copied";
}

const betweenOf = ({ instructions }: Dockerfile, copy: Instruction, run: Instruction): readonly Instruction[] =>
  instructions.slice(copy.index + 1, run.index);

/** The COPY means the same below it, and it does not need what the COPY brings. */
function isPassedBy(dockerfile: Dockerfile, copy: Instruction, between: Instruction): boolean {
  const { name, flags, heredocs } = between;
  if (METADATA.has(name)) return true;
  if (name === "ENV" || name === "ARG") return !copy.args.text.includes("$");
  if (name === "WORKDIR") return copy.words.at(-1)?.text.startsWith("/") ?? false;
  const programs =
    name === "RUN" && flags.length === 0 && heredocs.length === 0 ? programsWithin(dockerfile, between) : [];
  return programs.length > 0 && programs.every(({ command }) => isIndependent(command));
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
  // A package of the build context is named by its path.
  "apt-get": /^(?!.*(?:^|\s)\.{0,2}\/)/,
  apk: /^(?!.*(?:^|\s)\.{0,2}\/)/,
  rm: /^(?:-[rf]+ )*\/(?:var|tmp)\/\S+(?: \/(?:var|tmp)\/\S+)*$/,
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
    return isIndependent(command);
  });
}

function isIndependent({ name, args }: ShellCommand): boolean {
  const allowed = name !== undefined && Object.hasOwn(INDEPENDENT, name) ? INDEPENDENT[name] : undefined;
  return allowed?.test(args.map(({ value }) => value).join(" ")) ?? false;
}

/**
 * The manifests get a COPY of their own above the big one, and the RUN with its comments goes between the two. Where it needs what
 * stands between it and the big one, that goes below the RUN instead, with its comments.
 */
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
  if (betweenOf(dockerfile, copy, run).some(({ name }) => !METADATA.has(name))) {
    const own: Span = { start: insertAbove(dockerfile, copy, []).span.start, end: linesSpan(dockerfile, copy).end };
    const below = text.slice(own.start, own.end).replace(/(?:\r?\n)?$/, "");
    return unsafeFix(title, replace(own, line + eol), insertBelow(dockerfile, run, below.split(eol)));
  }
  const block: Span = { start: insertAbove(dockerfile, run, []).span.start, end: linesSpan(dockerfile, run).end };
  const moved = text.slice(block.start, block.end).replace(/(?:\r?\n)?$/, "");
  // The last line of a file may have no line ending: what is left must not gain one.
  const atEnd = block.end === text.length && !text.endsWith("\n");
  const gone = atEnd
    ? { start: block.start - (text.slice(0, block.start).endsWith("\r\n") ? 2 : 1), end: block.end }
    : block;
  return unsafeFix(title, insertAbove(dockerfile, copy, [line, ...moved.split(eol)]), remove(gone));
}
