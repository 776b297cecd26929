/** Which image a person means: a file or folder that is there, one of an engine on this machine, one of a registry. */
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { EngineError } from "../../effects/image/engine-error.ts";
import { ImageError } from "../../effects/image/error.ts";
import type { Engine, ImageSource } from "../../effects/image/source.ts";
import type { Args, Option } from "../args.ts";
import type { Io } from "../io.ts";

const ENGINES: readonly Engine[] = ["docker", "podman", "nerdctl", "buildah"];

export const FROM: Option = {
  name: "from",
  value: "WHERE",
  choices: ["auto", "path", ...ENGINES, "registry"],
  help: "where the image is: path, docker, podman, nerdctl, buildah or registry; by default the first of them that has it",
};

/** What nobody would call an image in a registry. */
const LOOKS_LIKE_PATH = /^(?:\.{0,2}[/\\]|[A-Za-z]:[/\\])|\.(?:tar|tgz|tar\.gz|tar\.zst)$/i;

/** @throws ImageError, and the signal's reason */
export async function chooseSource(image: string, args: Args, io: Io): Promise<ImageSource> {
  const wish = args.value("from") ?? "auto";
  const platform = args.value("platform");
  const path: ImageSource = { kind: "path", path: resolve(io.cwd, image) };
  const remote: ImageSource = { kind: "registry", image, ...(platform !== undefined && { platform }) };
  if (wish === "path") return path;
  if (wish === "registry") return remote;
  const named = ENGINES.find((engine) => engine === wish);
  if (named) return { kind: "engine", engine: named, image };

  const found = await stat(path.path).catch(() => undefined);
  if (found || LOOKS_LIKE_PATH.test(image)) return path;
  for (const engine of ENGINES) {
    const source: ImageSource = { kind: "engine", engine, image };
    if (await has(source, io)) return source;
  }
  if (!args.has("offline")) return remote;
  throw new ImageError("missing", `${image} is no file here, and no engine on this machine has an image of that name`);
}

/** An engine that is not there, or does not run, has it not. */
async function has(source: ImageSource, { signal, env }: Io): Promise<boolean> {
  // Loaded here: the table of commands needs the option above at every start.
  const { outlineOf } = await import("../../effects/image/source.ts");
  try {
    await outlineOf(source, { signal, env });
    return true;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ImageError || error instanceof EngineError) return false;
    throw error;
  }
}
