/** Reads an image, and the one it is compared with, and works out what `dockwright image` tells. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { inspect } from "../../core/findings/inspect.ts";
import { defaultSettings } from "../../core/findings/settings.ts";
import { fileChanges, layerPairs } from "../../core/image/changes.ts";
import { type Costs, costsOf } from "../../core/image/costs.ts";
import { diveJson, diveOf, type DiveVerdict, evaluateDive } from "../../core/image/dive.ts";
import { factsOfImage, factsOfOutline, type ImageFacts } from "../../core/image/facts.ts";
import { historyRows } from "../../core/image/history-rows.ts";
import type { Image } from "../../core/image/image.ts";
import { type BuiltFrom, layerRows, type LineOf, originsOf, totalBytes } from "../../core/image/layer-rows.ts";
import type { ImageChanges, LayerRow } from "../../core/image/rows.ts";
import { suggestionsOf } from "../../core/image/suggestions.ts";
import { wholeView } from "../../core/image/views.ts";
import type { Finding } from "../../core/rule.ts";
import { parseYaml, type YamlNode } from "../../core/text/yaml.ts";
import { type FileFailure, failureOf } from "../../effects/files/failure.ts";
import { readText } from "../../effects/files/read.ts";
import { createLayerCache, layerCacheFolder } from "../../effects/image/cache.ts";
import { keepYoungSpaceSmall } from "../../effects/image/memory.ts";
import { outlineOf, readSource } from "../../effects/image/source.ts";
import type { Args } from "../args.ts";
import { type Io, UsageError } from "../io.ts";
import { locator } from "../locate.ts";
import { registriesOf } from "../options.ts";
import { type Parts, registryOptions } from "../parts.ts";
import { complain } from "../complain.ts";
import type { Account, RegistryAccount } from "./account.ts";
import { chooseSource } from "./choose-source.ts";
import { createReadProgress } from "./progress.ts";

export type Told =
  | { readonly account: Account /** The JSON of dive. @throws UsageError */; readonly dive: () => string }
  | { readonly failure: FileFailure };

/** @throws UsageError, ImageError, EngineError, RegistryError, and the signal's reason */
export async function accountFor(name: string, args: Args, io: Io, parts: Parts): Promise<Told> {
  keepYoungSpaceSmall();
  const source = await sourceOf(args, io, parts);
  if (source && "failure" in source) return source;
  const wanted = await diveRules(args, io);
  if (wanted && "failure" in wanted) return wanted;

  const read = await readImage(name, args, io);
  const { facts, files } = read;
  const origins = originsOf(facts, source);
  const layers = layerRows(facts, origins, source?.lineOf ?? nowhere);
  const other = args.value("against");
  const against = other === undefined ? undefined : await readImage(other, args, io);
  const account: Account = {
    image: name,
    digest: facts.digest ?? facts.configDigest,
    platform: facts.platform,
    sizeMeaning: facts.sizeMeaning,
    bytes: totalBytes(facts),
    compressedBytes: compressedBytes(facts),
    wastedBytes: facts.files?.wasted.bytes,
    files: facts.files?.count,
    dockerfile: args.value("file"),
    layers,
    history: historyRows(facts, origins),
    suggestions: suggestionsOf(facts, origins, source && { ...source, offers: true }),
    wasted: facts.files?.wasted ?? NONE,
    duplicates: facts.files?.duplicates ?? NONE,
    ...(read.ofRegistry && { registry: await registryAccount(name, args, io) }),
    ...(against &&
      other !== undefined && { against: { image: other, changes: changesOf(against, read, layers, source) } }),
    ...(wanted && { dive: verdicts(files, wanted.rules) }),
  };
  return { account, dive: () => `${JSON.stringify(diveJson(...ofDive(files)), undefined, 2)}\n` };
}

const NONE = { rows: [], count: 0, bytes: 0 };
const nowhere: LineOf = () => ({ line: 0, endLine: 0 });

interface Read {
  readonly facts: ImageFacts;
  /** Undefined of an outline. */
  readonly files: { readonly image: Image; readonly costs: Costs } | undefined;
  readonly ofRegistry: boolean;
}

async function readImage(name: string, args: Args, io: Io): Promise<Read> {
  const { signal, env } = io;
  const source = await chooseSource(name, args, io);
  const ofRegistry = source.kind === "registry";
  const options = {
    signal,
    env,
    platform: args.value("platform"),
    registry: await registryOptions(env, registryWishes(args)),
  };
  if (args.has("outline") && source.kind !== "path")
    return { facts: factsOfOutline(await outlineOf(source, options)), files: undefined, ofRegistry };
  const progress = createReadProgress(io, name);
  const cache = createLayerCache({ folder: layerCacheFolder(env) });
  try {
    const image = await readSource(source, { ...options, cache, onProgress: progress.show });
    const costs = costsOf(image, signal);
    await cache.settled();
    return { facts: factsOfImage(image, costs), files: { image, costs }, ofRegistry };
  } finally {
    progress.end();
  }
}

const registryWishes = (args: Args) => ({ offline: args.has("offline"), ...registriesOf(args) });

/** What the image is told of without is not worth failing for. */
async function registryAccount(name: string, args: Args, io: Io): Promise<RegistryAccount> {
  const { createRegistry } = await import("../../effects/registry/registry.ts");
  const { RegistryError } = await import("../../effects/registry/errors.ts");
  const registry = createRegistry(await registryOptions(io.env, registryWishes(args)));
  const { digest, created, labels, platforms } = await registry.overview(name, io.signal);
  const evidence = await registry.evidence(name, io.signal).catch((error: unknown) => {
    if (!(error instanceof RegistryError)) throw error;
    complain(io, `whether ${name} has signatures and SBOMs is not known: ${error.message}`);
    return undefined;
  });
  return { digest, created, labels: Object.fromEntries(labels), platforms, evidence };
}

function compressedBytes({ layers }: ImageFacts): number | undefined {
  const sizes = layers.map((layer) => layer.compressedBytes);
  return sizes.includes(undefined) || sizes.length === 0
    ? undefined
    : sizes.reduce<number>((sum, bytes = 0) => sum + bytes, 0);
}

function changesOf(a: Read, b: Read, rowsB: readonly LayerRow[], source: BuiltFrom | undefined): ImageChanges {
  const rowsA = layerRows(a.facts, originsOf(a.facts, source), nowhere);
  const index = ({ image, costs }: NonNullable<Read["files"]>) =>
    wholeView(
      image.layers.map(({ entries }) => entries),
      costs.wasted,
    );
  return {
    layers: layerPairs(rowsA, rowsB),
    ...(a.files && b.files && fileChanges(index(a.files), index(b.files))),
    bytes: totalBytes(b.facts) - totalBytes(a.facts),
  };
}

interface Source extends BuiltFrom {
  readonly findings: readonly Finding[];
  readonly lineOf: LineOf;
}

async function sourceOf(
  args: Args,
  io: Io,
  { rules }: Parts,
): Promise<Source | { readonly failure: FileFailure } | undefined> {
  const file = args.value("file");
  if (file === undefined) return undefined;
  const read = await readText(resolve(io.cwd, file));
  if ("failure" in read) return { failure: { ...read.failure, path: file } };
  const settings = { ...defaultSettings, profile: "all", inlineIgnores: false } as const;
  const { document, findings } = inspect(read.text, rules, settings, new Map());
  if (document.language !== "dockerfile") throw new UsageError(`${file} is no Dockerfile; --file names one`);
  const locate = locator(read.text);
  const lineOf: LineOf = (span) => {
    const { line, endLine } = locate(span);
    return { line: line - 1, endLine: endLine - 1 };
  };
  return { dockerfile: document, target: args.value("target"), findings, lineOf };
}

type DiveRules = Readonly<Record<string, unknown>>;

async function diveRules(
  args: Args,
  io: Io,
): Promise<{ readonly rules: DiveRules } | { readonly failure: FileFailure } | undefined> {
  const file = args.value("dive-ci");
  if (file === undefined) return undefined;
  try {
    const { root, problems } = parseYaml(await readFile(resolve(io.cwd, file), "utf8"));
    const rules = root?.kind === "map" ? root.entries.find(({ key }) => key === "rules")?.value : undefined;
    if (problems.length > 0 || rules?.kind !== "map")
      return { failure: { path: file, message: "has no map of rules; it is as dive reads .dive-ci" } };
    return { rules: Object.fromEntries(rules.entries.map(({ key, value }) => [key, plain(value)])) };
  } catch (error) {
    return { failure: failureOf(file, error) };
  }
}

const plain = (node: YamlNode): unknown => (node.kind === "scalar" ? node.value : undefined);

const verdicts = (files: Read["files"], rules: DiveRules): readonly DiveVerdict[] =>
  evaluateDive(ofDive(files)[1], rules);

function ofDive(files: Read["files"]): readonly [Image, ReturnType<typeof diveOf>] {
  if (!files) throw new UsageError("dive's numbers are about files; leave --outline out");
  return [files.image, diveOf(files.image)];
}
