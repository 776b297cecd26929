/** What is linked against a libc, or belongs to an interpreter, goes to a stage that has the same. */
import { familyByName, knownBase } from "../../model/dockerfile/bases.ts";
import type { Effect } from "../../model/dockerfile/flow/effect.ts";
import { covers, type Files, overlaps } from "../../model/dockerfile/flow/place.ts";
import { effectsOf } from "../../model/dockerfile/flow/walk.ts";
import { settingBefore } from "../../model/dockerfile/before.ts";
import type { Dockerfile, Stage } from "../../model/dockerfile/model.ts";
import { rootBase } from "../../model/dockerfile/stages.ts";
import { parseImageRef } from "../../model/image-ref.ts";
import { copiedFrom } from "./copied-from.ts";
import { type Condition, type Declared, type Fault, newFaults } from "./declared.ts";

export const sameDistribution: Condition<Pick<Declared, "static">> = (before, after, declared) =>
  declared.static === true ? [] : newDifferences(before, after, declared);

const newDifferences = newFaults((dockerfile) =>
  copiedFrom(dockerfile).flatMap(({ instruction, from, source }): readonly Fault[] => {
    const to = dockerfile.stages[instruction.stage];
    if (instruction.name === "RUN" || !to) return [];
    const kind = linkedKind(dockerfile, from, source);
    if (kind === undefined) return [];
    const reason = difference(systemOf(dockerfile, from), systemOf(dockerfile, to), kind);
    const what = source.pattern.replace(/\/\*\*$/, "");
    return reason === undefined ? [] : [{ key: `${what} ${reason}`, reason: `${what} ${reason}` }];
  }),
);

/** What makes a difference to where it runs: a program, or packages of a language with parts that were compiled. */
type Kind = "program" | "packages";

interface System {
  readonly libc: "glibc" | "musl" | "none" | undefined;
  /** `bookworm`, `alpine 3.22`. */
  readonly release: string | undefined;
  /** `python 3.12`, where the image is an interpreter's. */
  readonly interpreter: { readonly name: string; readonly version: string } | undefined;
}

function difference(one: System, other: System, kind: Kind): string | undefined {
  if (one.libc !== undefined && other.libc !== undefined && one.libc !== other.libc && one.libc !== "none")
    return other.libc === "none"
      ? `is linked against ${one.libc}, and the image it goes to has no libc`
      : `is built against ${one.libc}, and the image it goes to has ${other.libc}`;
  if (one.release !== undefined && other.release !== undefined && one.release !== other.release)
    return `is built on ${one.release}, and the image it goes to is ${other.release}`;
  const [from, to] = [one.interpreter, other.interpreter];
  if (kind === "packages" && from && to && from.name === to.name && from.version !== to.version)
    return `belongs to ${from.name} ${from.version}, and the image it goes to has ${to.version}`;
  return undefined;
}

/** Programs that make programs linked against the libc, unless they are told otherwise. */
const COMPILERS: ReadonlySet<string> = new Set(
  "gcc g++ cc c++ clang clang++ make cmake ninja meson cargo rustc ghc cabal stack swift swiftc gfortran nim crystal dub zig mix rebar3".split(
    " ",
  ),
);
const PACKAGES =
  /\/(?:node_modules|site-packages|dist-packages|\.?venv|virtualenv|bundle|gems)(?:\/|$)|^\/usr\/local\/lib\/python[\d.*]*(?:\/|$)/;
/** Programs that make the environment a folder is. */
const ENVIRONMENTS = /^(?:venv|virtualenv)$/;

/** Undefined: nothing of the libc is known to be in it. */
function linkedKind(dockerfile: Dockerfile, stage: Stage, source: Files): Kind | undefined {
  if (PACKAGES.test(source.pattern)) return "packages";
  const writers = effectsOf(dockerfile, stage).filter(
    ({ writes }) => writes !== "anything" && overlaps(writes, [source]),
  );
  if (writers.some((effect) => makesEnvironment(effect, source))) return "packages";
  return writers.some((effect) => links(dockerfile, effect)) ? "program" : undefined;
}

function makesEnvironment({ command, writes }: Effect, source: Files): boolean {
  if (!command || writes === "anything") return false;
  const { name = "", args } = command;
  const words = args.map(({ value }) => value);
  const made =
    ENVIRONMENTS.test(name) ||
    (/^python[\d.]*$/.test(name) && words[0] === "-m" && ENVIRONMENTS.test(words[1] ?? "")) ||
    (name === "uv" && words[0] === "venv") ||
    (/^pip[\d.]*$/.test(name) && words.some((word) => /^--(?:target|prefix|user|root)\b|^-t$/.test(word)));
  return made && writes.some((place) => covers(place, source) || covers(source, place));
}

function links(dockerfile: Dockerfile, { command, does, instruction }: Effect): boolean {
  const name = command?.name;
  if (!command || name === undefined || does !== "build") return false;
  const words = command.args.map(({ value }) => value);
  const isSet = (variable: string, value: RegExp): boolean =>
    value.test(
      command.assignments.find((each) => each.name === variable)?.value ??
        settingBefore(dockerfile, instruction, variable)?.value ??
        "",
    );
  // Where there is a C compiler, Go links programs that use the network or accounts against the libc; golang's alpine images have none.
  if (name === "go")
    return (
      !isSet("CGO_ENABLED", /^0$/) &&
      (isSet("CGO_ENABLED", /^1$/) || !isAlpine(dockerfile, instruction.stage)) &&
      !words.some((word) => /-static\b/.test(word))
    );
  if (!COMPILERS.has(name)) return false;
  if (words.some((word) => /(?:^|[-=])static\b|-musl\b|crt-static/.test(word))) return false;
  return !isSet("RUSTFLAGS", /crt-static/) && !isSet("LDFLAGS", /-static\b/);
}

const isAlpine = (dockerfile: Dockerfile, index: number): boolean => {
  const stage = dockerfile.stages[index];
  return stage !== undefined && systemOf(dockerfile, stage).libc === "musl";
};

const SUITE = /\b(trixie|bookworm|bullseye|buster|stretch|jessie|plucky|oracular|noble|jammy|focal|bionic|xenial)\b/;
const NUMBERED: Readonly<Record<string, string>> = {
  "debian 13": "trixie",
  "debian 12": "bookworm",
  "debian 11": "bullseye",
  "debian 10": "buster",
  "ubuntu 24.04": "noble",
  "ubuntu 22.04": "jammy",
  "ubuntu 20.04": "focal",
  "ubuntu 18.04": "bionic",
};
const INTERPRETERS: Readonly<Record<string, RegExp>> = {
  python: /^\d+\.\d+/,
  pypy: /^\d+\.\d+/,
  node: /^\d+/,
  ruby: /^\d+\.\d+/,
  php: /^\d+\.\d+/,
};

/** Suite or version of the distribution, as the image's name tells it: `bookworm`, `Alpine 3.22`. */
export const releaseUnder = (dockerfile: Dockerfile, stage: Stage): string | undefined =>
  systemOf(dockerfile, stage).release;

function systemOf(dockerfile: Dockerfile, stage: Stage): System {
  const base = rootBase(dockerfile, stage);
  if (base.kind === "scratch") return { libc: "none", release: undefined, interpreter: undefined };
  const found = base.kind === "image" ? parseImageRef(base.reference) : undefined;
  if (base.kind !== "image" || !found?.ok) return { libc: undefined, release: undefined, interpreter: undefined };
  const known = knownBase(base.reference);
  const { path, tag = "" } = found.ref;
  const version = known && INTERPRETERS[known.name]?.exec(tag)?.[0];
  return {
    libc: libcOf(base.reference, path),
    release: releaseOf(path, tag),
    interpreter: known && version !== undefined ? { name: known.name, version } : undefined,
  };
}

function libcOf(reference: string, path: string): System["libc"] {
  if (path.startsWith("distroless/static")) return "none";
  // busybox comes with either libc.
  if (path.endsWith("busybox")) return undefined;
  const family = knownBase(reference)?.family ?? familyByName(reference);
  if (family === undefined || family === "windows") return undefined;
  return family === "alpine" ? "musl" : "glibc";
}

function releaseOf(path: string, tag: string): string | undefined {
  const suite = SUITE.exec(tag)?.[1];
  if (suite !== undefined) return suite;
  const name = path.slice(path.lastIndexOf("/") + 1);
  const alpine = /alpine-?(\d+\.\d+)/.exec(tag)?.[1] ?? (name === "alpine" ? /^(\d+\.\d+)/.exec(tag)?.[1] : undefined);
  if (alpine !== undefined) return `Alpine ${alpine}`;
  const debian = /-debian(\d+)$/.exec(name)?.[1] ?? (name === "debian" ? /^(\d+)/.exec(tag)?.[1] : undefined);
  if (debian !== undefined) return NUMBERED[`debian ${debian}`];
  const ubuntu = name === "ubuntu" ? /^(\d+\.\d+)/.exec(tag)?.[1] : /ubuntu-?(\d+\.\d+)/.exec(tag)?.[1];
  return ubuntu === undefined ? undefined : NUMBERED[`ubuntu ${ubuntu}`];
}
