/** Cache mounts for what package managers download: the fix of cache-mount-missing, and the refactoring that a person asks for. */
import { startArguments, startedPrograms } from "../../model/dockerfile/facts.ts";
import { type Use, usesIn } from "../../model/dockerfile/cache-uses.ts";
import type { CacheRow } from "../../model/dockerfile/caches.ts";
import { perDocument, perInstruction } from "../../model/dockerfile/memo.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { isWithin } from "../../model/dockerfile/mounts.ts";
import { type Program, programsWithin } from "../../model/dockerfile/programs.ts";
import { fromReferences } from "../../model/dockerfile/references.ts";
import type { ShellCommand } from "../../model/dockerfile/shell.ts";
import { finalStage, lineage } from "../../model/dockerfile/stages.ts";
import type { Remedy } from "../../rule.ts";
import type { Edit } from "../../text/edit.ts";
import type { Offer, Refactoring } from "./assist.ts";
import { declaredBy } from "./declared-edits.ts";
import { instructionsNamed, listed } from "./places.ts";
import { allNamed } from "../../model/dockerfile/named.ts";

export const cacheMount: Refactoring = {
  id: "cache-mount",
  about: "mount caches where packages are downloaded",
  safety: "unsafe",
  why: "The image holds the same packages; the file then needs BuildKit, a cache that outlives the build can hide that a download is gone, and the commands that cleaned up are taken out.",
  everywhere: true,
  offers: (dockerfile, at) =>
    instructionsNamed(dockerfile, at, "RUN").flatMap((run) =>
      usesIn(dockerfile, run)
        .filter(
          ({ downloads, elsewhere, mounted, obstacles }) =>
            downloads && !elsewhere && (!mounted || obstacles.length > 0),
        )
        .map((use) => offerFor(dockerfile, run, use)),
    ),
};

function offerFor(dockerfile: Dockerfile, { span }: Instruction, use: Use): Offer {
  const { fixes: [fix] = [], refusal = "nothing is left to change" } = cacheMountFor(dockerfile, use);
  const common = { kind: "refactor.rewrite", span } as const;
  if (fix)
    return {
      ...common,
      title: fix.title,
      rewrite: () => ({ edits: fix.edits, declared: declaredBy(dockerfile, fix.edits) }),
    };
  return { ...common, title: `Mount a cache for ${use.row.tool}`, refusal, rewrite: () => ({ refusal }) };
}

/** ` on /root/.npm`, for messages. */
export const placesOf = ({ targets }: Use): string => (typeof targets === "string" ? "" : ` on ${listed(targets)}`);

/** The mount for what a RUN downloads, in every RUN that has to share it; or why there cannot be one. */
export function cacheMountFor(dockerfile: Dockerfile, use: Use): Remedy {
  if (use.mounted || !use.row.shared) return remedyOf(use, changesOf([use]), 0);
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
  Map.groupBy(allNamed(dockerfile, "RUN"), ({ stage }) => rootOf(dockerfile, stage)),
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
