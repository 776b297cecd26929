/**
 * A split → the text of the stages. The first stage is the person's own file up to the last instruction that builds, word for word,
 * without the image's configuration. The last one repeats, in the same order, what the image needs of it, and copies what was made
 * where it was made.
 */
import { namesIn } from "../../model/dockerfile/environment.ts";
import { isRoot, usersOf } from "../../model/dockerfile/facts.ts";
import { inheritedFrom } from "../../model/dockerfile/flow/inherited.ts";
import type { Purpose } from "../../model/dockerfile/flow/purposes.ts";
import { keywordLike } from "../../model/dockerfile/layout.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { unquote } from "../../model/dockerfile/words.ts";
import { installLine, isInstallPart, runtimeInstall } from "./install-lines.ts";
import type { Carried, Case, Decision, Dropped, Split } from "./recipe.ts";
import { type Refused, type Sided, type SidedPart, sidesOf } from "./sides.ts";

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
  const build = stage.as?.text ?? "build";
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
      const named = stage.as
        ? text.slice(image?.span.end ?? from.span.end, from.span.end)
        : ` ${keywordLike(dockerfile, "AS")} ${name}`;
      let out = `${text.slice(0, start)}${written}${split.buildImage ?? image?.text ?? ""}${named}${eol}`;
      for (const sided of instructions) {
        const { instruction } = sided;
        if (!inFirst(sided, end, instructions)) continue;
        const above = split.above?.get(instruction);
        out += `${leadOf(instruction)}${above ? above.join(eol) + eol : ""}${split.inBuild?.get(instruction) ?? textOf(instruction)}${eol}`;
      }
      return out + (split.buildEnd ?? []).map((each) => each + eol).join("");
    },

    last(instructions, carried, build) {
      const end = lastOfBuild(instructions, carried);
      const decisions: Decision[] = [];
      const dropped: Dropped[] = [];
      const lines: string[] = [];
      const late: string[] = [];
      let extra = split.packages ?? [];
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
      const head = [line("FROM", `${platformOf(it)}${pinned(it, split.runtime.image)}`)];
      const folder = inheritedFolder(it, split);
      if (folder !== undefined) head.push(line("WORKDIR", folder));
      head.push(...lostEnvironment(it, split, used).map((each) => line("ENV", each)), ...(split.environment ?? []));
      if (extra.length > 0) {
        const manager = split.runtime.packages;
        if (manager === undefined)
          return { refused: `${extra.join(", ")} cannot be installed in ${split.runtime.image}` };
        head.push(installLine(manager, extra, eol, dockerfile.escape));
      }
      head.push(...(split.head ?? []));
      const at = beforeStart(kept);
      const all = [...head, ...kept.slice(0, at), ...(split.lines ?? []), ...kept.slice(at), ...(split.start ?? [])];
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

const copyLine = (it: Case, split: Split, { from, to, stage, writable }: Carried, build: string): string =>
  `${keywordLike(it.dockerfile, "COPY")} --from=${stage ?? build}${writable === true ? ownerFlag(it, split) : ""} ${from} ${to}`;

/** For what the account that runs has to write: the file's own, the base's, else the one that will be made. */
function ownerFlag(it: Case, { runtime }: Split): string {
  if (it.choices.get("user") === "root") return "";
  const own = usersOf(it.dockerfile, it.stage).at(-1);
  if (own) return own.name === undefined || isRoot(own.name) ? "" : ` --chown=${own.instruction.args.text}`;
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

/** An ARG that nothing of the last stage reads. */
function isUnusedArg(it: Case, line: string, used: ReadonlySet<string>): boolean {
  const { dockerfile } = it;
  const arg = it.stage.instructions.find(
    ({ name, span }) => name === "ARG" && line.trimEnd().endsWith(dockerfile.text.slice(span.start, span.end)),
  );
  return arg !== undefined && arg.pairs.every(({ key }) => !used.has(unquote(key.text, dockerfile.escape)));
}

/** A RUN of the last stage: its parts that belong there, in their own words. */
function runText(
  it: Case,
  split: Split,
  { instruction, parts }: Sided,
  extra: readonly string[],
  decisions: Decision[],
): string | undefined {
  const { dockerfile } = it;
  const { text } = dockerfile;
  const texts = new Map<SidedPart, string>();
  for (const sided of parts) {
    const { part, run, cleanup } = sided;
    if (!run || cleanup) continue;
    if (!isInstallPart(dockerfile, instruction, part)) {
      if (!sided.packages) texts.set(sided, text.slice(part.span.start, part.span.end));
      continue;
    }
    const install = runtimeInstall(
      dockerfile,
      instruction,
      part,
      extra,
      (name) => keepPackage(it, name) ?? split.purpose?.(name),
    );
    if (install.left.length > 0) decisions.push(leftPackages(install.left));
    decisions.push(...install.doubtful.map(doubtfulPackage));
    if (install.text !== undefined) texts.set(sided, install.text);
  }
  if (![...texts.keys()].some(({ part }) => !isStateOnly(part.commands.map(({ name }) => name)))) return undefined;
  const installs = [...texts.keys()].some(({ part }) => isInstallPart(dockerfile, instruction, part));
  const chosen = parts.filter((sided) => texts.has(sided) || (installs && (sided.packages || sided.cleanup)));
  const own = ({ part }: SidedPart): string => text.slice(part.span.start, part.span.end);
  if (chosen.length === parts.length && chosen.every((sided) => (texts.get(sided) ?? own(sided)) === own(sided)))
    return text.slice(instruction.span.start, instruction.span.end);
  const prefix = text.slice(instruction.span.start, parts[0]?.part.span.start ?? instruction.args.span.start);
  return chosen.reduce((out, sided, at) => {
    const body = texts.get(sided) ?? own(sided);
    if (at === 0) return prefix + body;
    return out + withoutComments(dockerfile, instruction, sided.part.lead) + body;
  }, "");
}

const isStateOnly = (names: readonly (string | undefined)[]): boolean =>
  names.every((name) => name === undefined || /^(?:cd|set|export|umask)$/.test(name));

/** What joins two parts, without the comment lines in it. */
function withoutComments(
  { text }: Dockerfile,
  run: Instruction,
  { start, end }: { start: number; end: number },
): string {
  let out = "";
  let from = start;
  for (const { span } of run.comments) {
    if (span.start < start || span.end > end) continue;
    const lineStart = text.lastIndexOf("\n", span.start) + 1;
    out += text.slice(from, Math.max(from, lineStart));
    from = Math.max(from, text.indexOf("\n", span.end) + 1);
  }
  return out + text.slice(from, end);
}

const PACKAGES = "packages";

/** A person may leave out what is only probably needed. */
const keepPackage = ({ choices }: Case, name: string): Purpose | undefined =>
  choices.get(`${PACKAGES}:${name}`) === "leave out" ? "build" : undefined;

const leftPackages = (names: readonly string[]): Decision => ({
  id: `${PACKAGES}:${names[0]}`,
  what: `${names.join(", ")} ${names.length === 1 ? "stays" : "stay"} in the first stage`,
  why: names.length === 1 ? "it only builds" : "they only build",
  doubtful: false,
  alternatives: [],
});

const doubtfulPackage = (name: string): Decision => ({
  id: `${PACKAGES}:${name}`,
  what: `${name} stays in the last stage`,
  why: "what runs may start it, and nothing in the file says that it does not",
  doubtful: true,
  alternatives: [{ id: "leave out", label: `leave ${name} to the first stage` }],
});
