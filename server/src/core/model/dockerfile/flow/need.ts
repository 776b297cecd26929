/**
 * Backwards from what runs: which commands an image needs at run time, and which only made what it needs. A file is needed when what
 * is started reaches it without going through a build; what a build reads is needed to build.
 */
import type { Dockerfile, Stage } from "../model.ts";
import type { Effect } from "./effect.ts";
import { covers, overlap, overlaps, type Place, placeText } from "./place.ts";
import { type PlaceIndex, placeIndex } from "./place-index.ts";
import { purposeOf } from "./purposes.ts";
import { type ReadContext, type Runtime, runtimeOf, type Want } from "./runtime.ts";
import { effectsOf } from "./walk.ts";

export type Need =
  /** The image needs what it leaves. */
  | "run"
  /** Only later commands of the build need it, or nothing does. */
  | "build"
  | "both"
  /** Nobody can tell. */
  | "unknown";

export interface Answer {
  readonly effect: Effect;
  readonly need: Need;
  /** A clause without a full stop. */
  readonly why: string;
  /** Of what it writes, what is needed at run time. */
  readonly places: readonly Place[];
}

export interface Needs {
  readonly runtime: Runtime;
  /** One for each effect, in order. */
  readonly answers: readonly Answer[];
}

/** What is made elsewhere and copied: its own sources are needed to build only. */
const MADE: ReadonlySet<Effect["does"]> = new Set<Effect["does"]>(["build", "dependencies", "download"]);

/** The answers for a stage and those below it. */
export function needsOf(dockerfile: Dockerfile, stage: Stage, read?: ReadContext): Needs {
  const runtime = runtimeOf(dockerfile, stage, read);
  const effects = effectsOf(dockerfile, stage);
  const state: State = {
    runtime,
    wanted: placeIndex(),
    built: placeIndex(),
    known: new Set(),
    index: "build",
    opaque: undefined,
  };
  for (const want of runtime.wants) addWant(state, want);
  const answers = effects.toReversed().map((effect) => answer(state, effect));
  return { runtime, answers: answers.toReversed() };
}

interface Wanted extends Want {
  /** The command that makes something else of it, which is what is needed. */
  readonly copier?: Effect;
}

interface Built {
  readonly place: Place;
  readonly by: Effect;
}

interface State {
  readonly runtime: Runtime;
  /** Needed at run time, and nobody has written it yet. */
  readonly wanted: PlaceIndex<Wanted>;
  /** Read by what builds. */
  readonly built: PlaceIndex<Built>;
  /** What is in either of them, so that nothing is twice. */
  readonly known: Set<string>;
  /** What the package manager's own index is needed for. */
  index: Need;
  /** A later command that may read anything. */
  opaque: Effect | undefined;
}

function answer(state: State, effect: Effect): Answer {
  if (effect.does === "metadata") return metadata(state, effect);
  if (effect.does === "nothing") return { effect, need: "build", why: "it leaves nothing behind", places: [] };
  if (effect.does === "unknown" || effect.writes === "anything") {
    state.opaque = effect;
    return { effect, need: "unknown", why: effect.unknown ?? "what it reads and writes is not known", places: [] };
  }
  if (effect.does === "packages") return packages(state, effect, effect.writes);
  if (effect.does === "accounts") return accounts(state, effect, effect.writes);
  if (effect.does === "cleanup") return cleanup(state, effect, effect.writes);
  return written(state, effect, effect.writes);
}

const name = (effect: Effect): string => effect.command?.name ?? effect.instruction.name;

/** The image's configuration belongs to what runs; what later commands need of it, to the build as well. */
function metadata(state: State, effect: Effect): Answer {
  const kind = effect.instruction.name;
  if (kind === "ARG") return { effect, need: "both", why: "it belongs where it is used", places: [] };
  const inBoth = kind === "WORKDIR" || kind === "ENV" || kind === "SHELL" || kind === "USER";
  readsOf(state, effect, "run");
  return {
    effect,
    need: inBoth ? "both" : "run",
    why: inBoth ? "it holds for commands and for what runs" : "it is the image's own configuration",
    places: [],
  };
}

function packages(state: State, effect: Effect, writes: readonly Place[]): Answer {
  const named = writes.flatMap((place) => (place.kind === "package" ? [place] : []));
  if (named.length === 0) return { effect, need: state.index, why: INDEX[state.index], places: [] };
  const wanted = named.filter((place) => place.name !== "*" && isWanted(state, place));
  const purposes = new Map(named.map((place) => [place, purposeOf(place.name)]));
  const of = (purpose: string): readonly Place[] =>
    named.filter((place) => purposes.get(place) === purpose && !wanted.includes(place));
  const run = [...wanted, ...of("run")];
  const doubtful = [...of("both"), ...of("unknown")];
  readsOf(state, effect, run.length > 0 ? "run" : doubtful.length > 0 ? "maybe" : "build");
  if (run.length > 0) state.index = "both";
  else if (doubtful.length > 0 && state.index === "build") state.index = "unknown";
  const [first] = run;
  if (first && of("build").length === 0 && doubtful.length === 0)
    return { effect, need: "run", why: `${placeText(first)} is for what runs`, places: run };
  if (first)
    return { effect, need: "both", why: list(run, "for what runs", [...of("build"), ...doubtful]), places: run };
  if (doubtful.length > 0)
    return { effect, need: "unknown", why: `${texts(doubtful)} may be for what runs`, places: doubtful };
  return { effect, need: "build", why: `${texts(named)} only build`, places: [] };
}

/** Why an index is needed as it is. */
const INDEX: Readonly<Record<Need, string>> = {
  both: "what installs packages for what runs reads it",
  run: "what installs packages for what runs reads it",
  unknown: "what installs packages that may be for what runs reads it",
  build: "nothing that runs needs the package manager's index",
};

const MAX_NAMED = 4;
const texts = (places: readonly Place[]): string =>
  places.length > MAX_NAMED
    ? `${places.slice(0, MAX_NAMED).map(placeText).join(", ")} and ${places.length - MAX_NAMED} more`
    : places.map(placeText).join(", ");
const list = (run: readonly Place[], what: string, others: readonly Place[]): string =>
  others.length === 0 ? `${texts(run)} ${what}` : `${texts(run)} ${what}, ${texts(others)} may not be`;

function accounts(state: State, effect: Effect, writes: readonly Place[]): Answer {
  const own = writes.filter((place) => place.kind === "account");
  const wanted = own.filter((place) => isWanted(state, place));
  readsOf(state, effect, "run");
  return wanted.length > 0
    ? { effect, need: "run", why: `the image runs as ${texts(wanted)}`, places: wanted }
    : { effect, need: "unknown", why: `${own.length > 0 ? texts(own) : "the account"} may own files`, places: own };
}

/** Whatever it takes away of what runs is part of how the image is. */
function cleanup(state: State, effect: Effect, writes: readonly Place[]): Answer {
  const hit = state.wanted
    .overlapping(writes)
    .find(({ place, sure }) => sure && writes.some((each) => covers(place, each)));
  return hit
    ? { effect, need: "unknown", why: `it takes away something of what runs: ${placeText(hit.place)}`, places: [] }
    : { effect, need: "build", why: "it only cleans up", places: [] };
}

function written(state: State, effect: Effect, writes: readonly Place[]): Answer {
  // What goes into a mount is not in the image, and there for the commands of the same RUN.
  const kept = writes.filter((place) => !effect.lost.some((lost) => lost.to !== "volume" && lost.place === place));
  const reach = ({ copier }: Wanted): readonly Place[] => (copier?.instruction === effect.instruction ? writes : kept);
  const reaches = (want: Wanted): boolean => reach(want).some((each) => overlap(each, want.place));
  const near = state.wanted.overlapping(writes);
  const matching = near.filter(reaches);
  const made = MADE.has(effect.does);
  // What a later command copies to where it is needed need not be there itself.
  const direct = matching.filter(({ copier }) => !(made && copier));
  const sure = direct.find((want) => want.sure);
  const doubtful = direct.find((want) => !want.sure);
  const read = state.built.any(writes);
  const reader = read?.by ?? matching.find(({ copier }) => copier)?.copier;
  const counting = direct.filter((want) => want.sure || !sure);
  const places = kept.filter((place) => counting.some((want) => overlap(place, want.place)));
  const lost = writes.find(
    (place) => !kept.includes(place) && near.some((want) => want.sure && !reaches(want) && overlap(place, want.place)),
  );
  const manifest = doubtful && !sure && kept.every((each) => isSingle(each) && isReadByName(state, each));
  if (!effect.conditional) for (const want of matching) replaceWant(state, want, behind(want, effect, reach(want)));
  readsOf(state, effect, made || !(sure || doubtful) ? "build" : sure ? "run" : "maybe");
  const build: Answer = {
    effect,
    need: "build",
    why: reader ? `${name(reader)} reads it` : "nothing that runs needs it",
    places: [],
  };
  if (lost) return { ...build, need: "unknown", why: `${placeText(lost)} goes into a mount and is not in the image` };
  if (sure) return { effect, need: read ? "both" : "run", why: sure.why, places };
  // What one build makes and the next one reads is not looked for among what runs; nor are files that builds name.
  if (doubtful && !(reader && made) && !manifest) return { effect, need: "unknown", why: doubtful.why, places };
  if (state.runtime.opaque !== undefined && !manifest && !(reader && made))
    return { ...build, need: "unknown", why: state.runtime.opaque };
  if (!doubtful && state.opaque && !made)
    return {
      ...build,
      need: "unknown",
      why: `${name(state.opaque)} may read it: ${state.opaque.unknown ?? "it is not known"}`,
    };
  return build;
}

/** A build reads the file by its name, and not as one of a folder. */
const isReadByName = (state: State, file: Place): boolean =>
  state.built.overlapping([file]).some(({ place }) => isSingle(place) && covers(place, file));

/** What is still wanted of the commands before a writer: of a single file, nothing more, or less surely so. */
function behind(want: Wanted, effect: Effect, kept: readonly Place[]): readonly Wanted[] {
  const single = want.place.kind !== "files" || !want.place.pattern.includes("*");
  if (!single || !replaces(effect)) return [want];
  const exactly = kept.some((place) => covers(place, want.place) && covers(want.place, place));
  if (exactly) return [];
  const made = MADE.has(effect.does) && kept.some((place) => covers(place, want.place));
  return [made && want.sure ? { ...want, why: `${want.why}, and ${name(effect)} makes it`, sure: false } : want];
}

/** Who changes a file in place is not the one that makes it. */
const replaces = ({ reads, writes }: Effect): boolean =>
  reads === "anything" || writes === "anything" || !overlaps(reads.filter(isSingle), writes.filter(isSingle));

const isSingle = (place: Place): boolean => place.kind === "files" && !place.pattern.includes("*");

/** Programs that leave a copy of what they read. */
const COPIERS: ReadonlySet<string> = new Set("cp mv install tar unzip gunzip cat rsync tee sed".split(" "));

/** Who needs what the effect reads: what runs, or what builds. */
function readsOf(state: State, effect: Effect, by: "run" | "build" | "maybe"): void {
  if (effect.reads === "anything") {
    state.opaque = effect;
    return;
  }
  // The index of a package manager is looked after by itself.
  const reads = effect.does === "packages" ? effect.reads.filter((place) => !isIndex(place)) : effect.reads;
  const copier = COPIERS.has(effect.command?.name ?? "");
  for (const place of reads) {
    if (by === "build") {
      const key = `built ${placeText(place)}`;
      if (!state.known.has(key)) state.built.add({ place, by: effect });
      state.known.add(key);
    } else
      addWant(state, {
        place,
        why: `${name(effect)} needs it there`,
        sure: by === "run",
        ...(copier && { copier: effect }),
      });
  }
}

const isIndex = (place: Place): boolean => place.kind === "files" && place.pattern.startsWith("/var/");

/** One want of each kind is enough. */
function addWant(state: State, want: Wanted): void {
  const key = keyOf(want);
  if (state.known.has(key)) return;
  state.known.add(key);
  state.wanted.add(want);
}

const keyOf = ({ place, sure, copier }: Wanted): string =>
  `${sure} ${copier?.instruction.span.start ?? ""} ${placeText(place)}`;

function replaceWant(state: State, want: Wanted, by: readonly Wanted[]): void {
  if (by.length === 1 && by[0] === want) return;
  state.wanted.remove(want);
  state.known.delete(keyOf(want));
  for (const each of by) addWant(state, each);
}

const isWanted = (state: State, place: Place): boolean => state.wanted.any([place]) !== undefined;
