/**
 * A split → the text of the stages. The first stage is the person's own file up to the last instruction that builds, word for word,
 * without the image's configuration. The last one repeats, in the same order, what the image needs of it, and copies what was made
 * where it was made.
 */
import { namesIn } from "../../model/dockerfile/environment.ts";
import { isRoot, usersOf } from "../../model/dockerfile/facts.ts";
import { inheritedFrom } from "../../model/dockerfile/flow/inherited.ts";
import { keywordLike } from "../../model/dockerfile/layout.ts";
import type { Dockerfile, Instruction, Stage } from "../../model/dockerfile/model.ts";
import { unquote } from "../../model/dockerfile/words.ts";
import { installLine, isInstallPart } from "./install-lines.ts";
import { missingPrograms } from "./missing.ts";
import { runText } from "./run-text.ts";
import type { Carried, Case, Decision, Dropped, Split } from "./recipe.ts";
import { type Refused, type Sided } from "./sided.ts";
import { sidesOf } from "./sides.ts";

export interface Plan {
  readonly text: string;
  /** Of the first stage. */
  readonly build: string;
  readonly decisions: readonly Decision[];
  readonly dropped: readonly Dropped[];
}

export function plan(it: Case, split: Split): Plan | Refused {
  const sides = sidesOf(it, split);
  if ("refused" in sides) return sides;
  const { dockerfile, stage } = it;
  const carried = [...split.carried, ...sides.carried];
  const end = lastOfBuild(sides.instructions, carried);
  if (end === undefined) return { refused: "no instruction builds anything that could be left behind" };
  const build = buildName(stage);
  const written = writer(it, split);
  const first = written.first(sides.instructions, end, build);
  const last = written.last(sides.instructions, carried, build);
  if ("refused" in last) return last;
  const { eol } = dockerfile;
  const between = split.between ? `${split.between.join(eol)}${eol}${eol}` : "";
  const text = `${first}${eol}${between}${last.text}`;
  return {
    text,
    build,
    decisions: [...split.decisions, ...last.decisions],
    dropped: [...(split.dropped ?? []), ...last.dropped, ...droppedOf(dockerfile, sides.instructions)],
  };
}

/** What the first stage is called: the file's own name is the image's. */
export const buildName = ({ name }: Stage): string => (name?.text.toLowerCase() === "build" ? "builder" : "build");

/** The last instruction the first stage needs. */
function lastOfBuild(instructions: readonly Sided[], carried: readonly Carried[]): Instruction | undefined {
  const made = carried.filter(({ stage }) => stage === undefined).map(({ at }) => at);
  return instructions.findLast(
    ({ instruction, parts }) => parts.some(({ makes }) => makes) || made.includes(instruction),
  )?.instruction;
}

const droppedOf = ({ text }: Dockerfile, instructions: readonly Sided[]): readonly Dropped[] =>
  instructions.flatMap(({ instruction, drop }) =>
    drop === undefined ? [] : [{ text: text.slice(instruction.span.start, instruction.span.end), why: drop }],
  );

/** Configuration that moves to the last stage, and means nothing to the first. */
const isOwn = ({ name }: Instruction): boolean =>
  /^(?:CMD|ENTRYPOINT|EXPOSE|VOLUME|STOPSIGNAL|HEALTHCHECK|LABEL|MAINTAINER)$/.test(name);

interface Written {
  readonly text: string;
  readonly decisions: readonly Decision[];
  readonly dropped: readonly Dropped[];
}

interface Writer {
  first(instructions: readonly Sided[], end: Instruction, name: string): string;
  last(instructions: readonly Sided[], carried: readonly Carried[], build: string): Written | Refused;
}

function writer(it: Case, split: Split): Writer {
  const { dockerfile, stage } = it;
  const { text, eol } = dockerfile;
  const { from } = stage;
  const own = stage.instructions;
  /** Comment lines and blank lines that stand in front of an instruction. */
  const leadOf = (instruction: Instruction): string => {
    const before = own[own.indexOf(instruction) - 1];
    const start = before ? text.indexOf("\n", before.span.end) + 1 : 0;
    const lineStart = text.lastIndexOf("\n", instruction.span.start - 1) + 1;
    return start > 0 && start <= lineStart ? text.slice(start, lineStart) : "";
  };
  const textOf = ({ span }: Instruction): string => text.slice(span.start, span.end);
  const line = (keyword: string, rest: string): string => `${keywordLike(dockerfile, keyword)} ${rest}`;
  /** Lines of recipes, with their keyword in the file's own case. */
  const ours = (lines: readonly string[]): readonly string[] =>
    lines.map((each) => each.replace(/^[A-Z]+(?= )/, (keyword) => keywordLike(dockerfile, keyword)));
  const tail = (): string => {
    const final = own.at(-1);
    const start = final ? text.indexOf("\n", final.span.end) + 1 : 0;
    return start > 0 ? text.slice(start).replace(/^\s*$/, "") : "";
  };

  const inFirst = ({ instruction, drop }: Sided, end: Instruction, instructions: readonly Sided[]): boolean => {
    if (drop !== undefined || isOwn(instruction) || instruction.index > end.index) return false;
    if (instruction.name !== "COPY" && instruction.name !== "ADD") return true;
    const sided = instructions.find((each) => each.instruction === instruction);
    return sided?.build !== false || split.side(instruction, undefined) !== "run";
  };

  return {
    first(instructions, end, name) {
      const image = stage.image;
      const start = from.span.start;
      const written = image ? text.slice(start, image.span.start) : text.slice(start, from.span.end);
      const named = ` ${keywordLike(dockerfile, "AS")} ${name}`;
      let out = `${text.slice(0, start)}${written}${split.buildImage ?? image?.text ?? ""}${named}${eol}`;
      for (const sided of instructions) {
        const { instruction } = sided;
        if (!inFirst(sided, end, instructions)) continue;
        const lead = leadOf(instruction);
        const above = split.above?.get(instruction) ?? [];
        // New lines stand in front of the comments, which are about the instruction.
        const comments = lead.slice(blankOf(lead).length);
        const own = split.inBuild?.get(instruction) ?? textOf(instruction);
        out += `${blankOf(lead)}${ours(above)
          .map((each) => each + eol)
          .join("")}${comments}${own}${eol}`;
      }
      return (
        out +
        ours(split.buildEnd ?? [])
          .map((each) => each + eol)
          .join("")
      );
    },

    last(instructions, carried, build) {
      const end = lastOfBuild(instructions, carried);
      const decisions: Decision[] = [];
      const dropped: Dropped[] = [];
      const lines: string[] = [];
      const late: string[] = [];
      const missing = missingPrograms(it, split, instructions);
      if ("refused" in missing) return missing;
      let extra = [...(split.packages ?? []), ...missing.late];
      const shelled = split.runtime.hasShell;
      for (const sided of instructions) {
        const { instruction, parts } = sided;
        const isFirst = end !== undefined && inFirst(sided, end, instructions);
        const lead = isFirst ? blankOf(leadOf(instruction)) : leadOf(instruction);
        const push = (written: string): void => {
          lines.push(`${lines.length === 0 ? lead.replace(/^\s+/, "") : lead}${written}`);
        };
        const copies = carried.filter(({ at }) => at === instruction).map((each) => copyLine(it, split, each, build));
        // What is done to the files comes behind them; packages before, which change more seldom.
        const early = parts.some(({ run, packages }) => run && !packages);
        if (early) lines.push(...copies);
        if (sided.drop === undefined && sided.run) {
          if (instruction.name === "SHELL" && !shelled) {
            dropped.push({ text: textOf(instruction), why: "the last stage has no shell" });
          } else if (instruction.name !== "RUN") {
            const written = split.inRuntime?.get(instruction) ?? textOf(instruction);
            push(written);
          } else {
            const written = split.inRuntime?.get(instruction) ?? runText(it, split, sided, extra, decisions);
            if (written !== undefined) {
              if (!shelled) return { refused: `the last stage has no shell to run ${firstLine(written)}` };
              if (parts.some(({ part }) => isInstallPart(dockerfile, instruction, part)) && extra.length > 0)
                extra = [];
              push(written);
            }
          }
        } else if (!isFirst && sided.drop === undefined && lead.trim() !== "") late.push(lead);
        if (!early) lines.push(...copies);
      }
      const used = new Set(lines.flatMap((each) => namesIn(each, dockerfile.escape)));
      const kept = lines.filter((each) => !isUnusedArg(it, each, used));
      // Whoever builds a stage by the name the file gives it wants the image.
      const own = stage.name ? ` ${stage.as?.text ?? keywordLike(dockerfile, "AS")} ${stage.name.text}` : "";
      const head = [line("FROM", `${platformOf(it)}${pinned(it, split.runtime.image)}${own}`)];
      const folder = inheritedFolder(it, split);
      if (folder !== undefined) head.push(line("WORKDIR", folder));
      head.push(...lostEnvironment(it, split, used).map((each) => line("ENV", each)), ...ours(split.environment ?? []));
      head.push(...lostPath(it, split, carried).map((each) => line("ENV", each)));
      extra = [...new Set([...extra, ...missing.early])];
      const heads = withPackages(split.head ?? [], extra);
      if (extra.length > 0 && heads === undefined) {
        const manager = split.runtime.packages;
        if (manager === undefined)
          return { refused: `${extra.join(", ")} cannot be installed in ${split.runtime.image}` };
        head.push(...ours([installLine(manager, extra, eol, dockerfile.escape)]));
      }
      head.push(...ours(heads ?? split.head ?? []));
      const at = beforeStart(kept);
      const all = [
        ...head,
        ...kept.slice(0, at),
        ...ours(split.lines ?? []),
        ...kept.slice(at),
        ...ours(split.start ?? []),
      ];
      return { text: `${all.join(eol)}${eol}${late.join("")}${tail()}`, decisions, dropped };
    },
  };
}

/** The blank line in front of an instruction, whose comments stand in the first stage. */
const blankOf = (lead: string): string => (/^[ \t]*\r?\n/.test(lead) ? (lead.match(/^[ \t]*(\r?\n)/)?.[1] ?? "") : "");

const firstLine = (text: string): string => (text.split(/\r?\n/)[0] ?? "").slice(0, 60);

/** Lines of a recipe stand in front of what only says how the image starts. */
function beforeStart(lines: readonly string[]): number {
  let at = lines.length;
  while (
    at > 0 &&
    /^\s*(?:#.*\n|\s)*(?:CMD|ENTRYPOINT|EXPOSE|HEALTHCHECK|STOPSIGNAL|USER|LABEL|VOLUME)\b/i.test(lines[at - 1] ?? "")
  )
    at--;
  return at;
}

function copyLine(it: Case, split: Split, carried: Carried, build: string): string {
  const { from, to, stage, writable, owner } = carried;
  const flag = owner === undefined ? (writable === true ? ownerFlag(it, split, carried.at) : "") : ` --chown=${owner}`;
  return `${keywordLike(it.dockerfile, "COPY")} --from=${stage ?? build}${flag} ${from} ${to}`;
}

/** The account is not there yet where the files come: the file's own commands give it what it needs. */
const isMadeBehind = ({ needs }: Case, name: string, at: Instruction): boolean =>
  needs.answers.some(
    ({ effect: { does, writes, instruction } }) =>
      does === "accounts" &&
      instruction.index >= at.index &&
      writes !== "anything" &&
      writes.some((place) => place.kind === "account" && place.name === name),
  );

/** For what the account that runs has to write: the file's own, the base's, else the one that will be made. */
function ownerFlag(it: Case, { runtime }: Split, at: Instruction): string {
  if (it.choices.get("user") === "root") return "";
  const own = usersOf(it.dockerfile, it.stage).at(-1);
  if (own)
    return own.name === undefined || isRoot(own.name) || isMadeBehind(it, own.name, at)
      ? ""
      : ` --chown=${own.instruction.args.text}`;
  if (runtime.account !== undefined) return ` --chown=${runtime.account}:${runtime.account}`;
  return ` --chown=${runtime.user === "other" ? "65532:65532" : "10001:10001"}`;
}

/** With the digest a registry has said, else the tag: never one that nobody said. */
function pinned({ context }: Case, image: string): string {
  const digest = image.includes("@") ? undefined : context.digest(image);
  return digest === undefined ? image : `${image}@${digest}`;
}

const platformOf = ({ dockerfile, stage }: Case): string => {
  const flag = stage.platform;
  return flag ? `${dockerfile.text.slice(flag.span.start, flag.span.end)} ` : "";
};

/** The old base's working folder, where the file sets none. */
function inheritedFolder(it: Case, split: Split): string | undefined {
  if (it.stage.instructions.some(({ name }) => name === "WORKDIR")) return undefined;
  const { base } = it.stage;
  const before = base.kind === "image" ? inheritedFrom(base.reference).folder : undefined;
  const after = inheritedFrom(split.runtime.image.replace(/\$\{?\w+\}?/g, "1")).folder ?? "/";
  return before !== undefined && before !== after ? before : undefined;
}

/** Variables of the old base that what is left names, and the new one does not have. */
function lostEnvironment(it: Case, split: Split, used: ReadonlySet<string>): readonly string[] {
  const { base } = it.stage;
  if (base.kind !== "image") return [];
  const before = inheritedFrom(base.reference).variables;
  const after = inheritedFrom(split.runtime.image.replace(/\$\{?\w+\}?/g, "1")).variables;
  return Object.entries(before)
    .filter(([name]) => used.has(name) && !Object.hasOwn(after, name))
    .map(([name, value]) => `${name}=${value}`);
}

/** Lines that install packages already, with more of them; undefined where none does. */
function withPackages(lines: readonly string[], names: readonly string[]): readonly string[] | undefined {
  const install = /(?<=\b(?:apt-get install -y --no-install-recommends|apk add --no-cache) )/;
  const at = lines.findIndex((each) => install.test(each));
  return at === -1 || names.length === 0
    ? undefined
    : lines.map((each, index) => (index === at ? each.replace(install, `${names.toSorted().join(" ")} `) : each));
}

/** Folders that the old base has on PATH and the new one has not, where a program that is started by its name alone comes to lie. */
function lostPath({ needs, stage: { base } }: Case, split: Split, carried: readonly Carried[]): readonly string[] {
  if (base.kind !== "image") return [];
  const started = new Set(needs.runtime.started.map(({ argv }) => argv[0]));
  const after = inheritedFrom(split.runtime.image.replace(/\$\{?\w+\}?/g, "1")).path;
  const folders = inheritedFrom(base.reference).path.filter(
    (folder) =>
      !after.includes(folder) &&
      carried.some(
        ({ to, folder: whole }) => !whole && to.startsWith(`${folder}/`) && started.has(to.slice(folder.length + 1)),
      ),
  );
  return folders.length > 0 ? [`PATH=${folders.join(":")}:$PATH`] : [];
}

/** An ARG that nothing of the last stage reads. */
function isUnusedArg(it: Case, line: string, used: ReadonlySet<string>): boolean {
  const { dockerfile } = it;
  const arg = it.stage.instructions.find(
    ({ name, span }) => name === "ARG" && line.trimEnd().endsWith(dockerfile.text.slice(span.start, span.end)),
  );
  return arg !== undefined && arg.pairs.every(({ key }) => !used.has(unquote(key.text, dockerfile.escape)));
}
