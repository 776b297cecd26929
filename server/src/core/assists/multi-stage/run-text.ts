/** A RUN of the last stage: those of its parts that belong there, in the person's own words. */
import { type Purpose, purposeOf } from "../../model/dockerfile/flow/purposes.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { systemCalls } from "../../model/dockerfile/system-packages.ts";
import { isInstallPart, runtimeInstall } from "./install-lines.ts";
import type { Case, Decision, Split } from "./recipe.ts";
import type { Sided, SidedPart } from "./sided.ts";

/** A RUN of the last stage: its parts that belong there, in their own words. */
export function runText(
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
  // `RUN apt-get update` on its own, where a later RUN installs what runs.
  if (texts.size === 0)
    for (const sided of parts)
      if (
        sided.packages &&
        !isInstallPart(dockerfile, instruction, sided.part) &&
        updatesForRuntime(it, split, instruction)
      )
        texts.set(sided, text.slice(sided.part.span.start, sided.part.span.end));
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

/** A later RUN installs packages of the last stage without asking for the index itself. */
function updatesForRuntime(it: Case, split: Split, update: Instruction): boolean {
  const { dockerfile } = it;
  const later = it.stage.instructions.filter(({ name, index }) => name === "RUN" && index > update.index);
  return later.some((run) => {
    const calls = systemCalls(dockerfile, run);
    return (
      !calls.some(({ effect }) => effect === "refresh") &&
      calls.some(
        ({ effect, packages }) =>
          effect === "install" &&
          packages.some(
            ({ value }) => (split.purpose?.(value) ?? purposeOf(value.replace(/[=<>~@].*$/s, ""))) !== "build",
          ),
      )
    );
  });
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
