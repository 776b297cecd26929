/** Installs of dependencies that run after the whole source was copied: which COPY brings the source, and what each install reads. */
import { instructionsBefore, resolvePath } from "../../model/dockerfile/before.ts";
import { workdirName } from "../../model/dockerfile/context-files.ts";
import { installerOf } from "../../model/dockerfile/dependencies.ts";
import { perDocument } from "../../model/dockerfile/memo.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { isWithin, mountsOf } from "../../model/dockerfile/mounts.ts";
import { packageCalls } from "../../model/dockerfile/packages.ts";
import { programsWithin } from "../../model/dockerfile/programs.ts";
import { expandIn } from "../../model/dockerfile/scope.ts";
import type { ShellCommand } from "../../model/dockerfile/shell.ts";

/** One install of dependencies in a RUN. */
export interface Install {
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
export interface SourceCopy {
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

/** An install and the COPY that makes it run again whenever anything changes. */
export interface LateInstall {
  readonly source: SourceCopy;
  readonly install: Install;
}

/** Those of the file, each install once. */
export const lateInstalls = perDocument((dockerfile): readonly LateInstall[] =>
  dockerfile.stages.flatMap((stage) => {
    const copies: SourceCopy[] = [];
    const seen = new Set<string>();
    const found: LateInstall[] = [];
    for (const instruction of stage.instructions) {
      copies.push(...sourceCopies(dockerfile, instruction));
      for (const install of instruction.name === "RUN" && copies.length > 0
        ? installsOf(dockerfile, instruction)
        : []) {
        const key = install.manifests.join(" ");
        if (seen.has(key)) continue;
        seen.add(key);
        const source = copies.find((each) => brings(dockerfile, each, install));
        if (source && !isInherited(dockerfile, source.copy, install)) found.push({ source, install });
      }
    }
    return found;
  }),
);

export const baseName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
export const folderOf = (path: string): string => path.slice(0, path.lastIndexOf("/")) || "/";

export function installsOf(dockerfile: Dockerfile, run: Instruction): readonly Install[] {
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
export const contextPath = ({ from, to }: SourceCopy, path: string): string =>
  from + path.slice(to === "/" ? 1 : to.length + 1);

/** A file beside another. */
export const besides = (path: string, name: string): string => path.slice(0, path.lastIndexOf("/") + 1) + name;

/** What is copied first, for messages. */
export function namesOf(copy: SourceCopy, { manifests, companions }: Install): string {
  const names = manifests.map((path) => contextPath(copy, path));
  const [lock] = companions;
  const all = lock !== undefined && names[0] !== undefined ? [...names, besides(names[0], lock)] : names;
  return all.length < 2 ? all.join("") : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;
}
