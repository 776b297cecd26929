/** dive's numbers, as its source computes them: for thresholds that were set by them, and for those who read its JSON. They are not what is wasted: costs.ts says that. */
import { type DiveLayer, type DivePath, treeSizes } from "./dive-tree.ts";
import { type Entry, type EntryType, folderOf, type Image } from "./image.ts";
import { isMark, whiteoutAt } from "./whiteouts.ts";

export interface Dive {
  /** Regular-file bytes of all layers. */
  readonly sizeBytes: number;
  /** Those of all but the first layer. */
  readonly userSizeBytes: number;
  /** From 0 to 1. */
  readonly efficiency: number;
  /** All copies of paths that are in more than one layer, also the copy that is kept. */
  readonly wastedBytes: number;
  /** `wastedBytes` of `userSizeBytes`, from 0 to 1 and beyond. */
  readonly userWastedPercent: number;
  /** Largest first. */
  readonly inefficiencies: readonly { readonly path: string; readonly count: number; readonly bytes: number }[];
}

/** What dive knows of a path without children in its layer; a whiteout counts for the path it hides. */
interface Path {
  count: number;
  bytes: number;
  smallest: number;
}

export function diveOf(image: Image): Dive {
  const paths = new Map<string, Path>();
  const below = treeSizes();
  for (const { entries } of image.layers) {
    const own = entriesOfLayer(entries);
    const folders = foldersWithin(own.keys());
    for (const [name, { path, entry, gone }] of own)
      if (!folders.has(name)) count(paths, path, gone ? below.folderSize(path) : entry.size);
    below.stack(own);
  }
  const sizes = image.layers.map(({ entries }) => entries.reduce((sum, { size }) => sum + size, 0));
  const sizeBytes = sum(sizes);
  const userSizeBytes = sizeBytes - (sizes[0] ?? 0);
  const all = [...paths.values()];
  const discovered = sum(all.map(({ bytes }) => bytes));
  const inefficiencies = [...paths]
    .filter((each) => each[1].count > 1)
    .map(([path, each]) => ({ path, count: each.count, bytes: each.bytes }))
    .sort((a, b) => b.bytes - a.bytes);
  const wastedBytes = sum(inefficiencies.map(({ bytes }) => bytes));
  return {
    sizeBytes,
    userSizeBytes,
    efficiency: discovered === 0 ? 1 : sum(all.map(({ smallest }) => smallest)) / discovered,
    wastedBytes,
    userWastedPercent: userSizeBytes === 0 ? 0 : wastedBytes / userSizeBytes,
    inefficiencies,
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

/** The last of several entries with one name; opaque marks are not looked at. */
function entriesOfLayer(entries: readonly Entry[]): DiveLayer {
  const own = new Map<string, DivePath>();
  for (const entry of entries) {
    const whiteout = whiteoutAt(entry.path);
    if (whiteout?.kind === "gone") own.set(entry.path, { path: whiteout.path, gone: true, entry });
    else if (entry.path !== "" && !isMark(entry.path)) own.set(entry.path, { path: entry.path, gone: false, entry });
  }
  return own;
}

function foldersWithin(paths: Iterable<string>): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const path of paths)
    for (let folder = folderOf(path); folder !== "" && !folders.has(folder); folder = folderOf(folder))
      folders.add(folder);
  return folders;
}

function count(paths: Map<string, Path>, path: string, bytes: number): void {
  const known = paths.get(path);
  if (!known) {
    paths.set(path, { count: 1, bytes, smallest: bytes });
    return;
  }
  known.count++;
  known.bytes += bytes;
  known.smallest = Math.min(known.smallest, bytes);
}

export interface DiveVerdict {
  /** `lowestEfficiency` */
  readonly rule: string;
  readonly ok: boolean;
  readonly message: string;
}

interface Rule {
  readonly name: string;
  readonly kebab: string;
  /** Of dive itself, where the file does not say. */
  readonly byDefault: string;
  readonly limit: (text: string) => number | undefined;
  readonly check: (dive: Dive, limit: number) => boolean;
  readonly message: (dive: Dive, limit: string) => string;
}

const RULES: readonly Rule[] = [
  {
    name: "lowestEfficiency",
    kebab: "lowest-efficiency",
    byDefault: "0.9",
    limit: share,
    check: (dive, limit) => dive.efficiency >= limit,
    message: (dive, limit) => `efficiency ${percent(dive.efficiency)}, at least ${percent(Number(limit))} wanted`,
  },
  {
    name: "highestWastedBytes",
    kebab: "highest-wasted-bytes",
    byDefault: "disabled",
    limit: bytesOf,
    check: (dive, limit) => dive.wastedBytes <= limit,
    message: (dive, limit) => `${dive.wastedBytes} bytes wasted, at most ${limit} wanted`,
  },
  {
    name: "highestUserWastedPercent",
    kebab: "highest-user-wasted-percent",
    byDefault: "0.1",
    limit: share,
    check: (dive, limit) => dive.userWastedPercent <= limit,
    message: (dive, limit) =>
      `${percent(dive.userWastedPercent)} of the layers above the first wasted, at most ${percent(Number(limit))} wanted`,
  },
];

/**
 * The rules of a `.dive-ci` file, what stands below its `rules`, in camel or in kebab case; `disabled` switches one off. A limit
 * that cannot be read fails, as it does in dive.
 */
export function evaluateDive(dive: Dive, rules: Readonly<Record<string, unknown>>): readonly DiveVerdict[] {
  return RULES.flatMap((rule) => {
    const value = rules[rule.name] ?? rules[rule.kebab] ?? rule.byDefault;
    const text = typeof value === "string" || typeof value === "number" ? String(value).trim() : "";
    if (text === "disabled") return [];
    const limit = rule.limit(text);
    if (limit === undefined)
      return [{ rule: rule.name, ok: false, message: `the limit ${JSON.stringify(value)} cannot be read` }];
    return [{ rule: rule.name, ok: rule.check(dive, limit), message: rule.message(dive, text) }];
  });
}

const percent = (value: number): string => `${Math.round(value * 10_000) / 100} %`;

function share(text: string): number | undefined {
  const value = text === "" ? Number.NaN : Number(text);
  return value >= 0 && value <= 1 ? value : undefined;
}

const UNITS: readonly string[] = ["", "k", "m", "g", "t", "p"];

/** `20MB` is 20,000,000, `20MiB` 20,971,520. */
function bytesOf(text: string): number | undefined {
  const [, digits, unit = "", binary] = /^(\d+(?:\.\d+)?)\s*([kmgtp]?)(i?)b?$/i.exec(text) ?? [];
  const power = UNITS.indexOf(unit.toLowerCase());
  return digits === undefined ? undefined : Math.floor(Number(digits) * (binary ? 1024 : 1000) ** power);
}

/** What `dive --json` writes. */
export function diveJson(image: Image, dive: Dive): object {
  const commands = image.history.filter(({ empty }) => !empty).map(({ createdBy }) => createdBy);
  const known = commands.length === image.layers.length;
  return {
    layer: image.layers.map(({ diffId, entries }, index) => ({
      index,
      id: diffId.replace(/^\w+:/, ""),
      digestId: diffId,
      sizeBytes: entries.reduce((total, { size }) => total + size, 0),
      command: known ? commands[index] : "",
      fileList: entries.map(fileInfo),
    })),
    image: {
      sizeBytes: dive.sizeBytes,
      inefficientBytes: dive.wastedBytes,
      efficiencyScore: dive.efficiency,
      fileReference: dive.inefficiencies.map((each) => ({
        count: each.count,
        sizeBytes: each.bytes,
        file: `/${each.path}`,
      })),
    },
  };
}

/** The letter of tar, and the bits of Go's os.FileMode. */
const KINDS: Readonly<Record<EntryType, readonly [flag: string, mode: number]>> = {
  file: ["0", 0],
  hardlink: ["1", 0],
  symlink: ["2", 2 ** 27],
  "character-device": ["3", 2 ** 26 + 2 ** 21],
  "block-device": ["4", 2 ** 26],
  directory: ["5", 2 ** 31],
  fifo: ["6", 2 ** 25],
  other: ["0", 0],
};

function fileInfo({ path, type, link, size, mode, uid, gid }: Entry): object {
  const [flag, kind] = KINDS[type];
  const special = (mode & 0o4000 ? 2 ** 23 : 0) + (mode & 0o2000 ? 2 ** 22 : 0) + (mode & 0o1000 ? 2 ** 20 : 0);
  return {
    path,
    typeFlag: flag.charCodeAt(0),
    linkName: link ?? "",
    size,
    fileMode: (mode & 0o777) + kind + special,
    uid,
    gid,
    isDir: type === "directory",
  };
}
