import { startArguments, startedPrograms } from "../../model/dockerfile/facts.ts";
import type { CacheRow } from "../../model/dockerfile/caches.ts";
import { perDocument, perInstruction } from "../../model/dockerfile/memo.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { isWithin } from "../../model/dockerfile/mounts.ts";
import { type Program, programsWithin } from "../../model/dockerfile/programs.ts";
import { fromReferences } from "../../model/dockerfile/references.ts";
import type { ShellCommand } from "../../model/dockerfile/shell.ts";
import { finalStage, lineage } from "../../model/dockerfile/stages.ts";
import { defineRule, type Remedy } from "../../rule.ts";
import type { Edit } from "../../text/edit.ts";
import { type Use, usesIn } from "../cache-uses.ts";
import { listed } from "../unpinned.ts";

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
              remedy: () => remedyOf(use, changesOf([use]), 0),
            });
        } else
          report(
            { start: command.nameWord?.span.start ?? command.span.start, end: use.end },
            {
              message: `${use.row.tool} downloads everything again whenever this RUN is built: a cache mount${placesOf(use)} keeps it`,
              ...(isOfSystem(use.row) && { profile: "all" as const }),
              remedy: () => remedyFor(dockerfile, use),
            },
          );
      }
    }
  },
});

/** Packages of the distribution change seldom: the case is weaker. */
const isOfSystem = ({ tool }: CacheRow): boolean => tool === "apt" || tool === "apk";

const placesOf = ({ targets }: Use): string => (typeof targets === "string" ? "" : ` on ${listed(targets)}`);

function remedyFor(dockerfile: Dockerfile, use: Use): Remedy {
  if (!use.row.shared) return remedyOf(use, changesOf([use]), 0);
  const group = groupOf(dockerfile, use);
  const reason = sharedObstacle(dockerfile, use, group);
  if (reason !== undefined) return { refusal: reason };
  return remedyOf(use, group.changes, group.uses.length - 1);
}

function remedyOf(use: Use, changes: readonly Edit[] | string, others: number): Remedy {
  if (typeof changes === "string") return { refusal: changes };
  if (changes.length === 0) return {};
  const elsewhere = others > 0 ? `, here and in ${others} other RUN${others > 1 ? "s" : ""}` : "";
  const title = use.mounted
    ? "Let the cache mount keep what is downloaded"
    : `Mount a cache${placesOf(use)}${elsewhere}`;
  return { fixes: [{ title, safety: "unsafe", edits: changes }] };
}

/** Everything that has to change for them to share a cache, or why that cannot be done. */
function changesOf(uses: readonly Use[]): readonly Edit[] | string {
  const added = uses.map((use) => use.edits());
  const refusal = added.find((edits) => typeof edits === "string");
  if (refusal !== undefined) return refusal;
  const obstacles = uses.flatMap((use) => use.obstacles);
  const stuck = obstacles.find(({ edit, drop }) => !edit && !drop);
  if (stuck) return `take out by hand first what keeps the cache empty: ${stuck.reason}`;
  const dropped = uses.map((use) => use.drops());
  if (dropped.includes(undefined))
    return "take out by hand first the commands that empty the cache: they are no plain part of the list";
  const edits = [
    ...added.flatMap((edits) => (typeof edits === "string" ? [] : edits)),
    ...obstacles.flatMap(({ edit }) => edit ?? []),
    ...dropped.flatMap((edits) => edits ?? []),
  ];
  const sorted = edits.toSorted((a, b) => a.span.start - b.span.start);
  return sorted.some((edit, at) => edit.span.start < (sorted[at - 1]?.span.end ?? 0))
    ? "its changes stand in each other's way: take out by hand first what keeps the cache empty"
    : edits;
}

interface Group {
  readonly uses: readonly Use[];
  readonly changes: readonly Edit[] | string;
  /** What other RUNs of the same image start that may use the folder as well. */
  readonly unknown: readonly Program[];
}

/** All uses of the same cache: they get the mount together. */
function groupOf(dockerfile: Dockerfile, { row, instruction }: Use): Group {
  const known = groups(dockerfile);
  const key = `${row.tool} ${rootOf(dockerfile, instruction.stage)}`;
  let group = known.get(key);
  if (!group) {
    const uses: Use[] = [];
    const unknown: Program[] = [];
    for (const run of familyOf(dockerfile, instruction)) {
      const own = usesIn(dockerfile, run).filter((use) => use.row === row);
      uses.push(...own);
      if (own.length === 0)
        unknown.push(...startersIn(dockerfile, run).filter(({ command }) => isUnknown(command, row)));
    }
    known.set(key, (group = { uses, changes: changesOf(uses), unknown }));
  }
  return group;
}

const groups = perDocument(() => new Map<string, Group>());

/** The RUNs of all stages that stand on the same image as this one's: what one leaves, another may read. */
const familyOf = (dockerfile: Dockerfile, { stage }: Instruction): readonly Instruction[] =>
  families(dockerfile).get(rootOf(dockerfile, stage)) ?? [];

const families = perDocument((dockerfile) =>
  Map.groupBy(
    dockerfile.all.filter(({ name }) => name === "RUN"),
    ({ stage }) => rootOf(dockerfile, stage),
  ),
);

function rootOf(dockerfile: Dockerfile, index: number): number {
  const stage = dockerfile.stages[index];
  return stage ? (lineage(dockerfile, stage)[0]?.index ?? index) : index;
}

const RUNNERS = /^(?:make|just|task|mage|ninja|rake|sbt|bazel|goreleaser|npm|yarn|pnpm)$/;

/** Why a folder that later commands read must not leave the layer, as far as the file tells. */
function sharedObstacle(dockerfile: Dockerfile, use: Use, { unknown }: Group): string | undefined {
  const { row, targets, instruction } = use;
  const root = rootOf(dockerfile, instruction.stage);
  const start = startOf(dockerfile);
  // What dotnet publishes has its packages beside it.
  if (
    start.root === root &&
    start.programs.some((name) => row.programs.includes(name)) &&
    (row.tool !== "NuGet" || start.words.some((word) => /^(?:run|watch|test)$/.test(word)))
  )
    return `the image starts ${row.programs[0] ?? ""}, which needs what is in the folder`;
  if (instruction.triggered) return "the RUNs of the image that is built on this one may need what is in the folder";
  const later = isEmptiedAnyway(use) ? undefined : unknown.find((each) => each.instruction.index > instruction.index);
  if (later)
    return `${later.command.nameWord?.value ?? "a script"} may need what is in the folder: give both the mount by hand`;
  const read = fromReferences(dockerfile).some(
    ({ instruction: copy, source }) =>
      source.kind === "stage" &&
      rootOf(dockerfile, source.stage.index) === root &&
      typeof targets !== "string" &&
      copy.words
        .slice(0, -1)
        .some(({ text }) =>
          targets.some((target) => isWithin(target, text.replace(/(?<=.)\/+$/, "")) || isWithin(text, target)),
        ),
  );
  return read ? "a COPY --from takes what is in the folder" : undefined;
}

/** What the image starts, and the stage at the bottom of it. */
const startOf = perDocument((dockerfile) => {
  const final = finalStage(dockerfile);
  return final
    ? {
        root: rootOf(dockerfile, final.index),
        programs: startedPrograms(dockerfile, final),
        words: startArguments(dockerfile, final),
      }
    : { root: undefined, programs: [], words: [] };
});

/** apt's lists: nothing behind a RUN that deletes them can need them. */
const isEmptiedAnyway = ({ row, obstacles }: Use): boolean =>
  row.tool === "apt" && obstacles.some(({ reason }) => reason.startsWith("rm "));

/** The scripts and runners that may start a tool themselves. */
const startersIn = perInstruction((dockerfile, run): readonly Program[] =>
  programsWithin(dockerfile, run).filter(({ command }) => RUNNERS.test(command.name ?? "") || isScript(command)),
);

const isUnknown = (command: ShellCommand, { programs, tool }: CacheRow): boolean => {
  const { name } = command;
  if (name === undefined || programs.includes(name)) return false;
  if (RUNNERS.test(name) && tool !== "apt") return !/^(?:npm|yarn|pnpm)$/.test(name);
  return isScript(command);
};

function isScript({ name = "", nameWord, args }: ShellCommand): boolean {
  const path = /^(?:sh|bash|ash|dash|\.|source)$/.test(name)
    ? args.find(({ value }) => !value.startsWith("-"))
    : nameWord;
  return path !== undefined && /^(?!\/(?:usr\/(?:local\/)?)?s?bin\/)[^-\s]*\/[^\s]*$|\.(?:sh|bash)$/.test(path.value);
}
