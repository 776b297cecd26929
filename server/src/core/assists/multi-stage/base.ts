/** The image a file is built on, and its smaller relatives. */
import { inheritedFrom } from "../../model/dockerfile/flow/inherited.ts";
import { knownBase } from "../../model/dockerfile/bases.ts";
import type { Case, RuntimeBase } from "./recipe.ts";

export type Variant = "full" | "slim" | "alpine";

export interface BuildBase {
  /** As written: variables and digest included. */
  readonly written: string;
  /** As written, without tag and digest: `docker.io/library/python`. */
  readonly repository: string;
  /** As written; empty where there is none. */
  readonly tag: string;
  /** As bases.ts knows it: `python`; with variables put in. */
  readonly name: string | undefined;
  readonly variant: Variant;
  /** Of Debian or Ubuntu, as the tag says it: `bookworm`. */
  readonly suite: string | undefined;
  /** The suite, where the version tells it as well: the same libraries are in its `slim`. */
  readonly release: string | undefined;
}

const SUITES = /\b(trixie|bookworm|bullseye|buster|stretch|jessie|noble|jammy|focal|bionic|xenial)\b/;

/** Undefined where a variable hides which image it is, and for scratch. */
export function buildBase({ stage }: Pick<Case, "stage">): BuildBase | undefined {
  const { base, image } = stage;
  const written = image?.text;
  if (written === undefined || base.kind === "scratch" || base.kind === "stage") return undefined;
  const [plain = ""] = written.split("@");
  const colon = plain.indexOf(":", plain.lastIndexOf("/") + 1);
  // `${X:-y}` in the name hides it; a variable in the tag does not.
  const at = colon === -1 || /\$\{[^}]*$/.test(plain.slice(0, colon)) ? -1 : colon;
  const repository = at === -1 ? plain : plain.slice(0, at);
  const tag = at === -1 ? "" : plain.slice(at + 1);
  if (repository.includes("$") && base.kind !== "image") return undefined;
  const reference = base.kind === "image" ? base.reference : repository;
  const known = /\$/.test(reference) ? undefined : knownBase(reference);
  const resolved = base.kind === "image" ? base.reference : written;
  const said = `${tag} ${resolved.slice(resolved.lastIndexOf("/") + 1)}`;
  return {
    written,
    repository,
    tag,
    name: known?.name,
    variant: /alpine/.test(said) ? "alpine" : /slim/.test(said) ? "slim" : "full",
    suite: SUITES.exec(said)?.[1],
    release: SUITES.exec(said)?.[1] ?? releaseOf(known?.name, tag),
  };
}

/**
 * Tags that name no suite stay on the one that was the default when their version was last built: official images went over to
 * bookworm in June 2023 and to trixie in August 2025. Versions that were built on both sides of a change are left out.
 */
const RELEASES: Readonly<Record<string, readonly (readonly [from: number, to: number, suite: string])[]>> = {
  golang: [
    [17, 18, "bullseye"],
    [21, 22, "bookworm"],
    [25, 27, "trixie"],
  ],
  rust: [
    [57, 68, "bullseye"],
    [71, 88, "bookworm"],
    [90, 99, "trixie"],
  ],
};

function releaseOf(name: string | undefined, tag: string): string | undefined {
  const minor = /^1\.(\d+)(?:\.\d+)?(?:-slim)?$/.exec(tag)?.[1];
  if (name === undefined || minor === undefined || !Object.hasOwn(RELEASES, name)) return undefined;
  return RELEASES[name]?.find(([from, to]) => from <= Number(minor) && Number(minor) <= to)?.[2];
}

/** The same image's `slim` tag: official images keep language and distribution, and leave compilers and headers out. */
export function slimTag({ repository, tag, suite, name }: BuildBase): string | undefined {
  if (repository.includes("$")) return undefined;
  if (/^\$\{?\w+\}?$/.test(tag)) return `${repository}:${tag}-slim`;
  if (tag === "" || tag === "latest") return `${repository}:slim`;
  if (/slim|alpine|windows|nanoserver/.test(tag)) return undefined;
  if (suite === undefined) return `${repository}:${tag}-slim`;
  // Node alone puts it behind the suite: `22-bookworm-slim`, `3.12-slim-bookworm`.
  return name === "node"
    ? tag.endsWith(suite)
      ? `${repository}:${tag}-slim`
      : undefined
    : `${repository}:${tag.replace(suite, `slim-${suite}`)}`;
}

/** What the last stage has to be told of an image, from what bases.ts knows of it. */
export function runtimeBase(image: string, why: string): RuntimeBase {
  const plain = image.replace(/\$\{?\w+\}?/g, "1");
  const known = knownBase(plain);
  const shell = known?.hasShell ?? true;
  return {
    image,
    why,
    hasShell: shell,
    packages: !shell ? undefined : known?.family === "alpine" ? "apk" : known?.family === "debian" ? "apt" : undefined,
    user: known?.user ?? "root",
    account: known?.account?.name,
  };
}

/** Entrypoints that end in starting what they are given. */
const HANDS_OVER =
  /(?:^|\/)(?:docker-entrypoint\.sh|__cacert_entrypoint\.sh|mvn-entrypoint\.sh|docker-php-entrypoint)$/;

/** Both images start a CMD in the same way. */
export function startsAlike(before: string, after: string): boolean {
  const [one, other] = [before, after].map((image) => inheritedFrom(image.replace(/\$\{?\w+\}?/g, "1")).entrypoint);
  const isPlain = (entrypoint: readonly string[] | undefined): boolean =>
    entrypoint !== undefined &&
    (entrypoint.length === 0 || (entrypoint.length === 1 && HANDS_OVER.test(entrypoint[0] ?? "")));
  return (isPlain(one) && isPlain(other)) || (one !== undefined && JSON.stringify(one) === JSON.stringify(other));
}
