/** Pushing an image with the engine there is, and the digest the registry has it under. */
import { docker } from "../engines/docker.ts";
import type { Where } from "../engines/engine.ts";
import type { Invocation, Outcome } from "../process.ts";
import { parseJson } from "../sbom/json.ts";
import { lastLines } from "../sbom/tools.ts";
import { fieldsOf, listOf, textOf } from "../scanners/json.ts";
import { isDigest, readReference } from "./reference.ts";

/** `nerdctl` and `docker` say the digest, `podman` and `buildah` write it where they are told. */
export type PushEngine = "docker" | "podman" | "buildah" | "nerdctl";

export interface PushOptions {
  readonly engine: PushEngine;
  readonly image: string;
  /** Where podman and buildah write the digest to. */
  readonly digestFile: string;
  /** Plain HTTP; Docker's daemon has a setting of its own for it. */
  readonly insecure?: boolean;
  /** Of Docker. */
  readonly where?: Where;
}

const FLAGS: Readonly<Record<PushEngine, (options: PushOptions) => readonly string[]>> = {
  docker: () => [],
  nerdctl: ({ insecure }) => (insecure ? ["--insecure-registry"] : []),
  podman: writesDigest,
  buildah: writesDigest,
};

function writesDigest({ digestFile, insecure = false }: PushOptions): readonly string[] {
  return [`--digestfile=${digestFile}`, ...(insecure ? ["--tls-verify=false"] : [])];
}

export function push(options: PushOptions): Invocation {
  if (!readReference(options.image)) throw new Error(`${options.image} is no image reference`);
  return at(options.engine, ["push", ...FLAGS[options.engine](options), "--", options.image], options.where);
}

/** The digest as the engine said it; undefined when it did not. */
export function pushedDigest({ stdout, stderr }: Outcome, written: string | undefined): string | undefined {
  const said =
    written?.trim() ??
    /\bdigest: (sha256:[0-9a-f]{64})\b/.exec(stdout)?.[1] ??
    /manifest-(sha256:[0-9a-f]{64})\b/.exec(`${stdout}\n${stderr}`)?.[1];
  return said !== undefined && isDigest(said) ? said : undefined;
}

/** Why it was not pushed; undefined when it was. */
export function pushFailure({ code, stderr, missing }: Outcome, engine: PushEngine): string | undefined {
  if (code === 0) return undefined;
  if (missing) return `${engine} is not installed`;
  if (/denied|unauthorized|no basic auth|authentication required/i.test(stderr))
    return `The registry wants a login that may push: ${engine} login, then try again`;
  return lastLines(stderr) || `${engine} ended with ${code} and said nothing`;
}

const at = (engine: PushEngine, args: readonly string[], where: Where = {}): Invocation =>
  engine === "docker" ? docker(args, where) : { command: engine, args };

/** What is here under a name: its id, and the digests registries have it under. */
export function inspectImage(engine: PushEngine, image: string, where?: Where): Invocation {
  if (!readReference(image)) throw new Error(`${image} is no image reference`);
  return at(engine, ["inspect", "--type", "image", "--", image], where);
}

/** Asks the registry which digest a reference has, with the buildx that Docker comes with. */
export function registryDigest(image: string, where?: Where): Invocation {
  if (!readReference(image)) throw new Error(`${image} is no image reference`);
  return docker(["buildx", "imagetools", "inspect", "--format", "{{json .Manifest}}", "--", image], where);
}

export function digestIn(outcome: Outcome): string | undefined {
  const digest = textOf(fieldsOf(parseJson(outcome.stdout))["digest"]);
  return outcome.code === 0 && digest !== undefined && isDigest(digest) ? digest : undefined;
}

/** The digest the image is under, or will be pushed as, where the engine knows it: Docker's containerd store does before the push. */
export function localDigest(inspected: string, repository: string): string | undefined {
  const first = fieldsOf(listOf(parseJson(inspected))[0]);
  const pushedAs = listOf(first["RepoDigests"])
    .flatMap((each) => textOf(each) ?? [])
    .find((each) => each.startsWith(`${repository}@`));
  const digest = pushedAs?.slice(repository.length + 1);
  return digest !== undefined && isDigest(digest) ? digest : undefined;
}
