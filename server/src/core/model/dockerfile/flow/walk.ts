/** A stage's instructions with what is in force at each, and what each of their commands reads and writes. */
import { type Download, downloadsOf } from "../downloads.ts";
import { environmentAt, namesIn } from "../environment.ts";
import { knownBase } from "../bases.ts";
import { perDocument } from "../memo.ts";
import type { Dockerfile, Instruction, Stage } from "../model.ts";
import { scopeAt } from "../scope.ts";
import { lineage, rootBase } from "../stages.ts";
import type { Value } from "../variables.ts";
import { unquote } from "../words.ts";
import { patternOf } from "./around.ts";
import type { Outcome } from "./call.ts";
import { copyOutcome } from "./copying.ts";
import type { Effect } from "./effect.ts";
import { FROM_SCRATCH, type Inherited, inheritedFrom } from "./inherited.ts";
import { files, folderOf, pathFrom, type Place } from "./place.ts";
import { pathFolders } from "./shell-state.ts";
import { effect, type Ground, type Stand, type Volume, unknownOutcome } from "./stand.ts";
import { homeAtEnd, runEffects } from "./run.ts";

/** What holds at the end of a stage, which those built on it begin with. */
export interface StageEnd {
  /** Of the user the image runs as; a pattern. */
  readonly home: string;
  /** A pattern; `/**` where nobody knows it. */
  readonly folder: string;
  readonly path: readonly string[];
  readonly volumes: readonly Volume[];
  readonly inherited: Inherited;
}

/** What an instruction finds; for variables see scope.ts, for the shell shell-instruction.ts. */
export interface InForce {
  /** The working folder; a pattern. */
  readonly folder: string;
  /** Who runs it, as USER last named it; undefined when the base image or a variable decides. */
  readonly user: string | undefined;
  /** Folders of PATH, first first; patterns. */
  readonly path: readonly string[];
}

export interface StageFlow {
  readonly stage: Stage;
  /** By instruction, FROM left out. */
  readonly inForce: ReadonlyMap<Instruction, InForce>;
  /** In order; none for FROM. */
  readonly effects: readonly Effect[];
  readonly end: StageEnd;
}

/** The flow of every stage. */
export const flowOf = perDocument((dockerfile): readonly StageFlow[] => {
  const flows: Walked[] = [];
  for (const stage of dockerfile.stages) flows.push(walkStage(dockerfile, stage, flows));
  return flows;
});

/** The effects that make the stage's image, those of the stages below it first. */
export const effectsOf = (dockerfile: Dockerfile, stage: Stage): readonly Effect[] =>
  lineage(dockerfile, stage).flatMap(({ index }) => flowOf(dockerfile)[index]?.effects ?? []);

interface Walked extends StageFlow {
  readonly stand: Stand;
  /** Worked out when a COPY asks. */
  readonly made: () => ReadonlySet<string>;
}

function walkStage(dockerfile: Dockerfile, stage: Stage, before: readonly Walked[]): Walked {
  const base = rootBase(dockerfile, stage);
  const inherited = base.kind === "scratch" ? FROM_SCRATCH : inheritedFrom(base.kind === "image" ? base.reference : "");
  const parent = stage.base.kind === "stage" ? before[stage.base.stage]?.stand : undefined;
  const stand: Stand = parent
    ? { ...parent, downloaded: new Map(parent.downloaded) }
    : {
        folder: inherited.folder ?? "/**",
        path: inherited.path,
        volumes: inherited.volumes.map((path) => ({ path, inherited: true })),
        venvs: [],
        user: undefined,
        homes: new Map(),
        downloaded: new Map(),
      };
  const image =
    base.kind === "scratch" ? "scratch" : base.kind === "image" ? knownBase(base.reference)?.name : undefined;
  const walk: Walk = {
    dockerfile,
    inherited,
    image,
    downloads: downloadsByCommand(dockerfile),
    stand,
    before,
  };
  const inForce = new Map<Instruction, InForce>();
  const effects = stage.instructions.flatMap((instruction) => {
    if (instruction === stage.from) return [];
    inForce.set(instruction, { folder: stand.folder, user: stand.user, path: stand.path });
    return effectsAt(walk, instruction);
  });
  let made: ReadonlySet<string> | undefined;
  return {
    stage,
    inForce,
    effects,
    end: { home: homeAtEnd(walk, stage), folder: stand.folder, path: stand.path, volumes: stand.volumes, inherited },
    stand,
    made: () => (made ??= madeFiles(effects)),
  };
}

interface Walk extends Ground {
  readonly before: readonly Walked[];
}

const downloadsByCommand = perDocument(
  (dockerfile): ReadonlyMap<number, Download> =>
    new Map(downloadsOf(dockerfile).map((download) => [download.command.span.start, download])),
);

const METADATA: ReadonlySet<string> = new Set(
  "CMD ENTRYPOINT LABEL EXPOSE STOPSIGNAL HEALTHCHECK SHELL MAINTAINER ONBUILD".split(" "),
);

function effectsAt(walk: Walk, instruction: Instruction): readonly Effect[] {
  const { dockerfile, stand } = walk;
  const get = variablesAt(walk, instruction);
  const variables = variablesIn(dockerfile, instruction);
  const one = (outcome: Outcome): readonly Effect[] => [
    effect(instruction, undefined, {
      ...outcome,
      reads: outcome.reads === "anything" ? outcome.reads : [...variables, ...outcome.reads],
    }),
  ];
  const metadata = (writes: readonly Place[], reads: readonly Place[] = []): readonly Effect[] =>
    one({ does: "metadata", reads, writes });
  const word = (): string => patternOf(unquote(instruction.args.text, dockerfile.escape), get).text;
  switch (instruction.name) {
    case "RUN":
      return runEffects(walk, instruction, get, variables);
    case "COPY":
    case "ADD":
      return one(copied(walk, instruction, get));
    case "WORKDIR": {
      if (instruction.args.text === "") return metadata([]);
      const written = word();
      stand.folder = pathFrom(written.startsWith("**") ? "/" : stand.folder, written);
      return metadata([files(stand.folder)]);
    }
    case "ENV":
    case "ARG": {
      const path =
        instruction.name === "ENV" ? instruction.pairs.find(({ key }) => key.text === "PATH")?.value : undefined;
      if (path) stand.path = pathFolders(unquote(path.text, dockerfile.escape), stand.path, stand.folder, get);
      return metadata(
        instruction.pairs.map(({ key }) => ({ kind: "variable", name: unquote(key.text, dockerfile.escape) })),
      );
    }
    case "USER": {
      const user = word().split(":")[0] ?? "";
      stand.user = user === "" || user.includes("*") ? undefined : user;
      return metadata([], userPlaces(word()));
    }
    case "VOLUME": {
      const paths = instruction.words.map(({ text }) =>
        pathFrom(stand.folder, patternOf(instruction.json ? text : unquote(text, dockerfile.escape), get).text),
      );
      stand.volumes = [...stand.volumes, ...paths.map((path) => ({ path, inherited: false }))];
      return metadata(paths.map((path) => files(path)));
    }
    default:
      return METADATA.has(instruction.name)
        ? metadata([])
        : one(unknownOutcome(`${instruction.name === "" ? "the line" : instruction.name} is no instruction`));
  }
}

function copied({ dockerfile, stand, before }: Walk, instruction: Instruction, get: (name: string) => Value): Outcome {
  const makesFile = (stage: number, path: string): boolean => before[stage]?.made().has(path) ?? false;
  const outcome = copyOutcome(dockerfile, instruction, { folder: stand.folder, get, makesFile });
  // A virtual environment stays one.
  const isVenv = (place: Place): boolean =>
    place.kind === "files" &&
    typeof place.realm === "number" &&
    (before[place.realm]?.stand.venvs.includes(folderOf(place.pattern) ?? "") ?? false);
  if (outcome.reads !== "anything" && outcome.writes !== "anything" && outcome.reads.some(isVenv))
    stand.venvs = [
      ...stand.venvs,
      ...outcome.writes.flatMap((place) => (place.kind === "files" ? (folderOf(place.pattern) ?? []) : [])),
    ];
  return outcome;
}

/** Folders are made by other means than files. */
const MAKES_FOLDERS: ReadonlySet<string> = new Set(["mkdir", "install", "mktemp"]);

/** The single files that a stage's commands write, as far as they are named. */
function madeFiles(effects: readonly Effect[]): ReadonlySet<string> {
  const made = new Set<string>();
  for (const { command, instruction, writes } of effects) {
    if (writes === "anything" || instruction.name === "WORKDIR" || instruction.name === "VOLUME") continue;
    if (MAKES_FOLDERS.has(command?.name ?? "")) continue;
    for (const place of writes) if (place.kind === "files" && !place.pattern.includes("*")) made.add(place.pattern);
  }
  return made;
}

const userPlaces = (user: string): readonly Place[] =>
  user
    .split(":")
    .flatMap((name): Place[] =>
      /^[A-Za-z_][\w.-]*$/.test(name) && name !== "root" ? [{ kind: "account", name }] : [],
    );

/** The file's own variables that an instruction names. */
function variablesIn(dockerfile: Dockerfile, instruction: Instruction): readonly Place[] {
  const text = dockerfile.text.slice(instruction.span.start, instruction.span.end);
  if (!text.includes("$")) return [];
  const { set } = environmentAt(dockerfile, instruction);
  const heredocs = instruction.heredocs.map(({ body }) => dockerfile.text.slice(body.start, body.end));
  const names = [instruction.logical.text, ...heredocs].flatMap((each) =>
    namesIn(each.replaceAll("'", " "), dockerfile.escape),
  );
  return [...new Set(names)].filter((name) => set.has(name)).map((name) => ({ kind: "variable", name }));
}

/** A variable's value before the shell has a word in it: the file's, else the base image's. */
function variablesAt({ dockerfile, inherited }: Walk, instruction: Instruction): (name: string) => Value {
  const scope = scopeAt(dockerfile, instruction);
  const { set } = environmentAt(dockerfile, instruction);
  return (name) =>
    !set.has(name) && Object.hasOwn(inherited.variables, name) ? inherited.variables[name] : scope.get(name);
}
