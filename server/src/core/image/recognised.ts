/** Package caches, indices, .git, documentation, compilers, …: found by where they lie and by what the package databases say. */
import { folderOf, type Entry, type Layer, nameOf } from "./image.ts";
import { BUILD_PACKAGES, DEVELOPMENT_DEPENDENCIES, FOLDER_KINDS, type Kind } from "./kinds.ts";
import { buildPackageFiles, developmentFolders } from "./texts.ts";
import { isMark } from "./whiteouts.ts";

export interface Recognised {
  /** `apt-lists` */
  readonly kind: string;
  /** `apt package lists` */
  readonly title: string;
  /** The folder all of it is in. */
  readonly path: string;
  /** Index of the layer that stores it. */
  readonly layer: number;
  readonly bytes: number;
  readonly files: number;
  /** False for what is not there in the end. */
  readonly visible: boolean;
  /** Ids of our rules that report it: first those whose fix removes it. */
  readonly rules: readonly string[];
  /** What to do, in a sentence. */
  readonly advice: string;
}

/** What a folder is known as, and the folder it is known by: itself or one above it. */
interface Hit {
  readonly kind: Kind;
  readonly anchor: string;
}

interface Group {
  readonly kind: Kind;
  readonly layer: number;
  readonly visible: boolean;
  path: string;
  bytes: number;
  files: number;
  /** Bytes of each. */
  readonly packages: Map<string, number>;
}

/** `hidden` are the entries whose content nothing shows in the end. Largest first. */
export function recognisedIn(layers: readonly Layer[], hidden: ReadonlySet<Entry>): readonly Recognised[] {
  const folderHit = folderHits(developmentFolders(layers));
  const packageOf = buildPackageFiles(layers);
  const groups = new Map<string, Group>();
  for (const [layer, { entries }] of layers.entries())
    for (const entry of entries) {
      if (entry.type !== "file" || entry.size === 0 || isMark(entry.path)) continue;
      const hit = folderHit(entry.path) ?? packageHit(packageOf, entry.path);
      if (hit) add(groups, hit, entry, layer, !hidden.has(entry), packageOf.get(entry.path));
    }
  return [...groups.values()].map(recognised).sort((a, b) => b.bytes - a.bytes);
}

/** Most images have none of them, and looking for a path is not free. */
function packageHit(packageOf: ReadonlyMap<string, string>, path: string): Hit | undefined {
  return packageOf.size > 0 && packageOf.has(path) ? { kind: BUILD_PACKAGES, anchor: folderOf(path) } : undefined;
}

function add(
  groups: Map<string, Group>,
  { kind, anchor }: Hit,
  { size }: Entry,
  layer: number,
  visible: boolean,
  ofPackage: string | undefined,
): void {
  const key = `${kind.kind} ${layer} ${visible} ${kind.scattered ? "" : anchor}`;
  let group = groups.get(key);
  if (!group) {
    group = { kind, layer, visible, path: anchor, bytes: 0, files: 0, packages: new Map() };
    groups.set(key, group);
  }
  group.path = commonFolder(group.path, anchor);
  group.bytes += size;
  group.files++;
  if (kind === BUILD_PACKAGES && ofPackage !== undefined)
    group.packages.set(ofPackage, (group.packages.get(ofPackage) ?? 0) + size);
}

const NAMED = 3;

function recognised({ kind, layer, visible, path, bytes, files, packages }: Group): Recognised {
  const names = [...packages].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more packages` : "";
  const title = names.length > 0 ? `${kind.title}: ${names.slice(0, NAMED).join(", ")}${more}` : kind.title;
  return { kind: kind.kind, title, path, layer, bytes, files, visible, rules: kind.rules, advice: kind.advice };
}

function commonFolder(a: string, b: string): string {
  let folder = a;
  while (folder !== "" && folder !== b && !b.startsWith(`${folder}/`)) folder = folderOf(folder);
  return folder;
}

const BY_FOLDER: ReadonlyMap<string, Kind> = new Map(
  FOLDER_KINDS.flatMap((kind) => (kind.folders ?? []).map((folder) => [folder, kind] as const)),
);
/** By the last name, so that nearly every folder is done with one look. */
const BY_END = Map.groupBy(
  FOLDER_KINDS.flatMap((kind) => (kind.anywhere ?? []).map((end) => ({ kind, end }))),
  ({ end }) => nameOf(end),
);

/** Folders remembered at most, and the longest of their names: archives can name more than memory holds and time allows. */
const MAX_KNOWN = 300_000;
const MAX_FOLDER = 1_000;

/** What the folder of a path is known as: asked once for each folder. */
function folderHits(development: ReadonlySet<string>): (path: string) => Hit | undefined {
  const known = new Map<string, Hit | undefined>();
  let lastFolder: string | undefined;
  let last: Hit | undefined;

  const own = (folder: string): Hit | undefined => {
    const whole = BY_FOLDER.get(folder);
    if (whole) return { kind: whole, anchor: folder };
    const ends = BY_END.get(nameOf(folder));
    const fits = ends?.find(({ end }) => folder === end || folder.endsWith(`/${end}`));
    if (fits) return { kind: fits.kind, anchor: folder };
    return development.has(folder) ? { kind: DEVELOPMENT_DEPENDENCIES, anchor: modulesFolder(folder) } : undefined;
  };
  const hit = (folder: string): Hit | undefined => {
    if (folder === "" || folder.length > MAX_FOLDER) return undefined;
    if (known.has(folder)) return known.get(folder);
    const found = hit(folderOf(folder)) ?? own(folder);
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(folder, found);
    return found;
  };
  return (path) => {
    const cut = path.lastIndexOf("/");
    if (lastFolder === undefined || cut !== lastFolder.length || !path.startsWith(lastFolder)) {
      lastFolder = path.slice(0, Math.max(0, cut));
      last = hit(lastFolder);
    }
    return last;
  };
}

/** `srv/node_modules` of `srv/node_modules/@types/node`: packages of one folder are told of together. */
const modulesFolder = (folder: string): string =>
  folder.slice(0, folder.indexOf("node_modules") + "node_modules".length);
