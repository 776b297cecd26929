import { leavesTraces, saidBefore, settingBefore } from "../../model/dockerfile/before.ts";
import { clearsFolder } from "../../model/dockerfile/cleanup.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { isCached, mountsOf } from "../../model/dockerfile/mounts.ts";
import { addOption, type PackageCall, packageCalls } from "../../model/dockerfile/packages.ts";
import { programsOf, type Subshell } from "../../model/dockerfile/shell.ts";
import { defineRule, safeFix } from "../../rule.ts";
import { contains } from "../../text/edit.ts";
import { allNamed } from "../../model/dockerfile/named.ts";

const SWITCH = "PIP_NO_CACHE_DIR";

export default defineRule({
  id: "pip-cache",
  summary: "pip install leaves its cache in the layer",
  severity: "info",
  profile: "recommended",
  fixable: "always",
  since: "0.1.0",
  sameAs: ["hadolint:DL3042", "kics:Pip install Keeping Cached Packages"],
  why: `
pip keeps everything it downloads and builds in \`~/.cache/pip\`. In a layer nobody uses it again, and it is often as large as
the packages themselves. \`--no-cache-dir\`, \`ENV PIP_NO_CACHE_DIR=1\`, a cache mount on the folder, or deleting it in the same
\`RUN\` keep it out. \`--no-cache\` is read as pip reads it, as the beginning of that option, and what \`bash -c "…"\` or \`sudo -H\` runs is looked
into: hadolint does neither. In stages that nothing ships it is shown in the profile \`all\` only.`,
  fixSafety: "Safe: the same packages are installed; only the stored downloads are missing.",
  examples: [
    {
      bad: "FROM python:3.14\nRUN pip install flask==3.1.2\n",
      fixed: "FROM python:3.14\nRUN pip install --no-cache-dir flask==3.1.2\n",
    },
    { good: "FROM python:3.14\nENV PIP_NO_CACHE_DIR=1\nRUN pip install flask==3.1.2\n" },
    { good: "FROM python:3.14\nRUN --mount=type=cache,target=/root/.cache/pip pip install flask==3.1.2\n" },
  ],
  check({ dockerfile, report }) {
    for (const instruction of allNamed(dockerfile, "RUN")) {
      const installs = packageCalls(dockerfile, instruction).filter(
        ({ manager, action, hidden }) => manager === "pip" && action.value === "install" && !hidden,
      );
      if (installs.length === 0 || isOff(dockerfile, instruction)) continue;
      const shipped = leavesTraces(dockerfile, instruction);
      for (const install of installs) {
        if (isKeptOut(dockerfile, instruction, install)) continue;
        const { command, action } = install;
        report(
          { start: command.nameWord?.span.start ?? command.span.start, end: action.span.end },
          {
            message: shipped
              ? "pip install without --no-cache-dir leaves its downloads in the layer"
              : "pip install without --no-cache-dir keeps its downloads; nothing of them gets into the image here",
            ...(!shipped && { severity: "hint" as const, profile: "all" as const }),
            fixes: [
              safeFix("Add --no-cache-dir", addOption({ ...install, optionsEnd: action.span.end }, "--no-cache-dir")),
            ],
          },
        );
      }
    }
  },
});

const isTrue = (value: string | undefined): boolean => value === undefined || /^(?:1|y|yes|t|true|on)$/i.test(value);

/** Switched off for the whole image: by ENV, or in pip's own configuration. */
function isOff(dockerfile: Dockerfile, instruction: Instruction): boolean {
  const setting = settingBefore(dockerfile, instruction, SWITCH);
  return (
    (setting !== undefined && isTrue(setting.value)) ||
    saidBefore(dockerfile, instruction, /\bno-cache-dir\s*=|\.no-cache-dir\s/)
  );
}

function isKeptOut(dockerfile: Dockerfile, instruction: Instruction, install: PackageCall): boolean {
  // optparse takes any unambiguous beginning of an option.
  if (install.options.some(({ name }) => /^--no-cache(?:-d(?:ir?)?)?$/.test(name) || name === "--dry-run")) return true;
  const { command } = install;
  const own = command.assignments.find(({ name }) => name === SWITCH) ?? given(dockerfile, instruction, install);
  if (own && isTrue(own.value)) return true;
  const written = install.options.findLast(({ name }) => name === "--cache-dir")?.value;
  const folder = written ?? settingBefore(dockerfile, instruction, "PIP_CACHE_DIR")?.value;
  const mounts = mountsOf(dockerfile, instruction);
  if (folder !== undefined ? isCached(mounts, folder) : isCacheMounted(dockerfile, instruction)) return true;
  return isDeleted(dockerfile, instruction, folder, command.span.end);
}

/** `export PIP_NO_CACHE_DIR=1` before it in the script, or `env PIP_NO_CACHE_DIR=1` around it. */
function given(
  dockerfile: Dockerfile,
  instruction: Instruction,
  { command }: PackageCall,
): { value: string } | undefined {
  const words = programsOf(dockerfile, instruction).flatMap(({ name, args, span, subshell }) =>
    (name === "export" && isWithinShell(command.subshell, subshell) && span.end <= command.span.start) ||
    (name === "env" && contains(span, command.span))
      ? args
      : [],
  );
  const word = words.findLast(({ value }) => value.startsWith(`${SWITCH}=`));
  return word && { value: word.value.slice(SWITCH.length + 1) };
}

/** What is exported in a shell holds in those it starts. */
const isWithinShell = (own: Subshell | undefined, outer: Subshell | undefined): boolean =>
  own === outer || (own !== undefined && isWithinShell(own.parent, outer));

/** Root's cache folder, or that of some other home. */
const isCacheMounted = (dockerfile: Dockerfile, instruction: Instruction): boolean => {
  const mounts = mountsOf(dockerfile, instruction);
  return (
    isCached(mounts, "/root/.cache/pip") ||
    mounts.some(
      ({ type, target }) => (type === "cache" || type === "tmpfs") && /\/\.cache(?:\/pip)?$/.test(target ?? ""),
    )
  );
};

const isDeleted = (
  dockerfile: Dockerfile,
  instruction: Instruction,
  folder: string | undefined,
  after: number,
): boolean =>
  clearsFolder(dockerfile, instruction, folder ?? "/root/.cache/pip", after) ||
  programsOf(dockerfile, instruction).some(
    ({ name, args, span }) =>
      span.start >= after &&
      ((name === "rm" && args.some(({ text }) => /\/\.cache(?:\/pip)?(?:\/\*?)?["']?$/.test(text))) ||
        (name !== undefined &&
          /^(?:pip|python)[\d.]*$/.test(name) &&
          /\bcache purge$/.test(args.map(({ value }) => value).join(" ")))),
  );
