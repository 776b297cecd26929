import { leavesTraces } from "../../model/dockerfile/before.ts";
import { clearsFolder } from "../../model/dockerfile/cleanup.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { isCached, mountsOf } from "../../model/dockerfile/mounts.ts";
import {
  addOption,
  hasOption,
  type PackageCall,
  packageCalls,
  type PackageOption,
} from "../../model/dockerfile/packages.ts";
import { programsWithin } from "../../model/dockerfile/programs.ts";
import { defineRule, safeFix } from "../../rule.ts";
import { type Edit, remove, replace, type Span } from "../../text/edit.ts";
import { allNamed } from "../../model/dockerfile/named.ts";

const UPDATE: ReadonlySet<string> = new Set(["-U", "--update", "--update-cache"]);

export default defineRule({
  id: "apk-no-cache",
  summary: "apk add leaves its index in the layer",
  severity: "info",
  profile: "recommended",
  fixable: "always",
  since: "0.1.0",
  sameAs: [
    "hadolint:DL3019",
    "trivy:DS-0025",
    "kics:Apk Add Using Local Cache Path",
    "dockerfilelint:apkadd-missing_nocache_or_updaterm",
    "dockle:DKL-DI-0004",
  ],
  why: `
\`apk add\` keeps the repository index it fetched in \`/var/cache/apk\`: a few megabytes that nothing reads again. With
\`--no-cache\` it fetches the index, uses it and stores nothing; \`apk update\` and \`--update\` are then superfluous. A cache mount on
\`/var/cache/apk\`, or \`rm -rf /var/cache/apk/*\` in the same \`RUN\`, is as good, though hadolint reports the latter as well. Where the
folder is emptied in another way, where \`--no-network\` fetches nothing, and in stages that nothing ships, it is shown in the profile
\`all\` only.`,
  fixSafety: `
Safe: the same packages are installed from a fresh index. What only refreshed the stored index, \`apk update &&\` directly in
front and \`--update\`, goes with it.`,
  examples: [
    { bad: "FROM alpine:3.22\nRUN apk add --update curl\n", fixed: "FROM alpine:3.22\nRUN apk add --no-cache curl\n" },
    {
      bad: "FROM alpine:3.22\nRUN apk update && apk add curl\n",
      fixed: "FROM alpine:3.22\nRUN apk add --no-cache curl\n",
    },
    { good: "FROM alpine:3.22\nRUN apk add --update curl && rm -rf /var/cache/apk/*\n" },
    { good: "FROM alpine:3.22\nRUN --mount=type=cache,target=/var/cache/apk apk add curl\n" },
  ],
  check({ dockerfile, report }) {
    for (const instruction of allNamed(dockerfile, "RUN")) {
      const calls = packageCalls(dockerfile, instruction).filter(({ manager }) => manager === "apk");
      const adds = calls.filter(({ action, hidden }) => action.value === "add" && !hidden);
      if (adds.length === 0) continue;
      const shipped = leavesTraces(dockerfile, instruction);
      const mounts = mountsOf(dockerfile, instruction);
      if (isCached(mounts, "/var/cache/apk") || isCached(mounts, "/etc/apk/cache")) continue;
      for (const add of adds) {
        const { command, action } = add;
        if (hasOption(add, "--no-cache")) continue;
        const cleared = isCleared(dockerfile, instruction, command.span.end);
        if (cleared && isClearedAsUsual(dockerfile, instruction, command.span.end)) continue;
        const harmless = !shipped || cleared || hasOption(add, "--no-network");
        report(
          { start: command.nameWord?.span.start ?? command.span.start, end: action.span.end },
          {
            message: harmless
              ? "apk add without --no-cache keeps the package index; nothing of it gets into the image here"
              : "apk add without --no-cache leaves the package index in the layer",
            ...(harmless && { severity: "hint" as const, profile: "all" as const }),
            fixes: [safeFix("Add --no-cache", ...edits(dockerfile, add, calls))],
          },
        );
      }
    }
  },
});

/** `rm -rf /var/cache/apk/*`, the way everybody knows. */
const isClearedAsUsual = (dockerfile: Dockerfile, instruction: Instruction, after: number): boolean =>
  programsWithin(dockerfile, instruction).some(
    ({ command: { name, args, span } }) =>
      name === "rm" &&
      span.start >= after &&
      args.some(({ value }) => value === "--force" || /^-[a-zA-Z]*f/.test(value)) &&
      args.some(({ value }) => /^\/var\/cache\/(?:apk\/)?\*$/.test(value)),
  );

const isCleared = (dockerfile: Dockerfile, instruction: Instruction, after: number): boolean =>
  clearsFolder(dockerfile, instruction, "/var/cache/apk", after) ||
  clearsFolder(dockerfile, instruction, "/etc/apk/cache", after);

function edits(dockerfile: Dockerfile, add: PackageCall, calls: readonly PackageCall[]): Edit[] {
  const alone = ({ name, value, word }: PackageOption): boolean =>
    UPDATE.has(name) && value === undefined && word.value === name;
  const [first, ...others] = add.options.filter(alone);
  const update = updateBefore(dockerfile, add, calls);
  const dropped = others.map(({ word }) => remove(withBlanksBefore(dockerfile.text, word.span)));
  const quoted = add.instruction.json ? '"--no-cache"' : "--no-cache";
  return [
    first ? replace(first.word.span, quoted) : addOption(add, "--no-cache"),
    ...(add.instruction.json ? [] : dropped),
    ...(update ? [remove(update)] : []),
  ];
}

/** `apk update && ` directly in front, up to the add. */
function updateBefore({ text }: Dockerfile, { command }: PackageCall, calls: readonly PackageCall[]): Span | undefined {
  if (command.wrappers.length > 0) return undefined;
  const update = calls.findLast((call) => call.command.span.end <= command.span.start);
  if (!update || update.action.value !== "update" || update.operands.length > 0 || update.command.wrappers.length > 0)
    return undefined;
  const between = text.slice(update.command.span.end, command.span.start);
  return /^[\s\\`]*(?:&&|;)[\s\\`]*$/.test(between)
    ? { start: update.command.span.start, end: command.span.start }
    : undefined;
}

function withBlanksBefore(text: string, { start, end }: Span): Span {
  let from = start;
  while (text.charAt(from - 1) === " ") from--;
  return { start: from, end };
}
