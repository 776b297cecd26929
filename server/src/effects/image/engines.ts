/** The engines there are: how each one says what an image is, what its layers' sizes are, and how it gives the image. Pure: arguments and texts. */
import { layersAmong } from "../../core/image/history.ts";
import type { Step } from "../../core/image/image.ts";
import { asObject, asText, type JsonObject, member, parseObject } from "../registry/json.ts";
import { stepOf } from "./assemble.ts";
import type { Engine, SizeMeaning } from "./source-types.ts";

/** What an engine says of an image before it gives it. */
export interface Inspected {
  /** The engine's own name of it, which no other image has. */
  readonly id: string | undefined;
  readonly digest: string | undefined;
  readonly configDigest: string | undefined;
  readonly platform: string | undefined;
  readonly names: readonly string[];
  readonly diffIds: readonly string[];
  /** Undefined where `sizes` says it. */
  readonly history: readonly Step[] | undefined;
  /** All of it, about: for progress. */
  readonly bytes: number | undefined;
  /** Of each layer, where it is said already. */
  readonly layerBytes: readonly (number | undefined)[] | undefined;
  /** Images for several platforms may be meant. */
  readonly isIndex: boolean;
}

/** A layer's or a step's size in the engine's own measure. */
export interface Sized {
  readonly step: Step;
  readonly bytes: number;
}

interface Sizes {
  readonly args: (image: string) => readonly string[];
  /** From the first step to the last. */
  readonly read: (stdout: string) => readonly Sized[];
}

export interface EngineCommands {
  /** Before everything else. */
  readonly atContext: (context: string) => readonly string[];
  readonly inspect: (image: string) => readonly string[];
  /** Undefined for what cannot be understood. */
  readonly readInspected: (stdout: string) => Inspected | undefined;
  readonly sizes: Sizes | undefined;
  readonly sizeMeaning: SizeMeaning;
  readonly sizeNote: string;
  /** Where its sizes may be others: arguments, and whether the answer says so. */
  readonly otherSizes: { readonly args: readonly string[]; readonly when: RegExp; readonly note: string } | undefined;
  /** Prints an archive. */
  readonly save: (image: string, inspected: Inspected) => readonly string[];
  /** It puts files into TMPDIR, which it leaves there when it is stopped. */
  readonly leavesFiles: boolean;
  /** It opens `/dev/stdout` itself. */
  readonly opensStdout: boolean;
}

const JSON_FORMAT = "{{json .}}";
const DISK_USAGE = "disk usage of containerd's snapshots, in whole blocks";
const TAR_BYTES = "bytes of the layers' tar archives";

export const ENGINES: Readonly<Record<Engine, EngineCommands>> = {
  docker: {
    atContext: (context) => ["--context", context],
    inspect: (image) => ["image", "inspect", "--format", JSON_FORMAT, "--", image],
    readInspected: (stdout) => ofDocker(parseObject(stdout)),
    sizes: {
      args: (image) => ["history", "--no-trunc", "--human=false", "--format", JSON_FORMAT, "--", image],
      read: (stdout) => stdout.split("\n").flatMap(sizedLine).toReversed(),
    },
    sizeMeaning: "content",
    sizeNote: "bytes of the files, and in layers that were pulled the lengths of symbolic links",
    otherSizes: {
      args: ["info", "--format", "{{json .DriverStatus}}"],
      when: /io\.containerd\.snapshotter/,
      note: DISK_USAGE,
    },
    // One of several platforms is enough; the daemons that tell of an index know the option.
    save: (image, { isIndex, platform }) => [
      ...["image", "save", ...(isIndex && platform !== undefined ? ["--platform", platform] : [])],
      ...["--", image],
    ],
    leavesFiles: false,
    opensStdout: false,
  },
  podman: {
    atContext: (context) => ["--connection", context],
    inspect: (image) => ["image", "inspect", "--format", JSON_FORMAT, "--", image],
    readInspected: (stdout) => ofDocker(firstOf(stdout)),
    sizes: {
      args: (image) => ["history", "--no-trunc", "--format", "json", "--", image],
      read: sizedList,
    },
    sizeMeaning: "snapshot",
    sizeNote: TAR_BYTES,
    otherSizes: undefined,
    // Of its formats the one that is not put together on disk first.
    save: (image) => ["save", "--quiet", "--format", "docker-archive", "--", image],
    leavesFiles: true,
    opensStdout: false,
  },
  nerdctl: {
    atContext: (context) => ["--namespace", context],
    inspect: (image) => ["image", "inspect", "--mode=dockercompat", "--format", JSON_FORMAT, "--", image],
    readInspected: (stdout) => ofDocker(parseObject(stdout)),
    sizes: {
      args: (image) => ["image", "history", "--no-trunc", "--human=false", "--format", JSON_FORMAT, "--", image],
      read: (stdout) => stdout.split("\n").flatMap(sizedLine).toReversed(),
    },
    sizeMeaning: "snapshot",
    sizeNote: DISK_USAGE,
    otherSizes: undefined,
    save: (image) => ["save", "--", image],
    leavesFiles: false,
    opensStdout: false,
  },
  buildah: {
    atContext: () => [],
    inspect: (image) => ["inspect", "--type", "image", "--", image],
    readInspected: (stdout) => ofBuildah(parseObject(stdout)),
    sizes: undefined,
    sizeMeaning: "snapshot",
    sizeNote: TAR_BYTES,
    otherSizes: undefined,
    save: (image) => ["push", "--quiet", "--", image, "docker-archive:/dev/stdout"],
    leavesFiles: true,
    opensStdout: true,
  },
};

/** As `docker image inspect` says it, and podman and nerdctl after it. */
function ofDocker(of: JsonObject | undefined): Inspected | undefined {
  const layers = member(asObject(member(of, "RootFS")), "Layers");
  if (!of) return undefined;
  const id = asText(member(of, "Id"));
  const descriptor = asObject(member(of, "Descriptor"));
  const history = member(of, "History");
  return {
    id,
    digest: asText(member(descriptor, "digest")) ?? asText(member(of, "Digest")),
    configDigest: descriptor || id === undefined ? undefined : `sha256:${id.replace("sha256:", "")}`,
    platform: platformOf(member(of, "Os"), member(of, "Architecture"), member(of, "Variant")),
    names: textsOf(member(of, "RepoTags")),
    diffIds: textsOf(layers),
    history: Array.isArray(history) ? history.map(stepOf) : undefined,
    bytes: numberOf(member(of, "Size")),
    layerBytes: undefined,
    isIndex: /image\.index|manifest\.list/.test(asText(member(descriptor, "mediaType")) ?? ""),
  };
}

function ofBuildah(of: JsonObject | undefined): Inspected | undefined {
  const image = asObject(member(of, "OCIv1"));
  if (!of || !image) return undefined;
  const manifest = parseObject(asText(member(of, "Manifest")) ?? "");
  const layers = listOf(member(manifest, "layers")).map(asObject);
  const sizes = layers.map((layer) => {
    const stored = asText(member(layer, "mediaType"))?.endsWith("tar") === true;
    return stored ? numberOf(member(layer, "size")) : undefined;
  });
  const id = asText(member(of, "FromImageID"));
  const name = asText(member(of, "FromImage"));
  const history = member(image, "history");
  return {
    id,
    digest: asText(member(of, "FromImageDigest")),
    configDigest: id && `sha256:${id}`,
    platform: platformOf(member(image, "os"), member(image, "architecture"), member(image, "variant")),
    names: name === undefined ? [] : [name],
    diffIds: textsOf(member(asObject(member(image, "rootfs")), "diff_ids")),
    history: listOf(history).map(stepOf),
    bytes: sizes.reduce((sum, size = 0) => (sum ?? 0) + size, 0) || undefined,
    layerBytes: sizes,
    isIndex: false,
  };
}

/** The steps of an engine that does not say which of them made a layer. */
export function historyOf(sized: readonly Sized[], layers: number): readonly Step[] {
  const made = layersAmong(
    sized.map(({ step, bytes }) => ({ ...step, bytes })),
    layers,
  );
  return sized.map(({ step }, at) => ({ ...step, empty: made[at] !== true }));
}

/** A line of `history` in JSON, of docker and nerdctl. */
function sizedLine(line: string): readonly Sized[] {
  const of = parseObject(line);
  const createdBy = of && member(of, "CreatedBy");
  if (typeof createdBy !== "string") return [];
  const step = {
    ...{ createdBy, created: asText(member(of, "CreatedAt")), comment: asText(member(of, "Comment")) },
    empty: member(of, "Snapshot") === "<missing>",
  };
  return [{ step, bytes: Number(member(of, "Size")) || 0 }];
}

function sizedList(stdout: string): readonly Sized[] {
  return listIn(stdout)
    .map((of) => ({ step: stepOf({ created_by: member(of, "CreatedBy") }), bytes: numberOf(member(of, "size")) ?? 0 }))
    .toReversed();
}

function platformOf(...fields: readonly unknown[]): string | undefined {
  const [os, architecture, variant] = fields.map(asText);
  if (os === undefined || architecture === undefined) return undefined;
  return [os, architecture, ...(variant === undefined ? [] : [variant])].join("/");
}

const listIn = (text: string): readonly (JsonObject | undefined)[] =>
  listOf(member(parseObject(`{"all":${text}}`), "all")).map(asObject);

/** podman 4.3 prints a list whatever the format. */
const firstOf = (stdout: string): JsonObject | undefined => parseObject(stdout) ?? listIn(stdout)[0];

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const textsOf = (value: unknown): readonly string[] => listOf(value).filter((each) => typeof each === "string");
const numberOf = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
