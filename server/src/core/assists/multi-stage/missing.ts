/** Programs that the last stage uses and that its smaller base does not have: packages of the distribution bring them back. */
import { knownBase } from "../../model/dockerfile/bases.ts";
import { BUILDPACK } from "../dockerfile/base-swaps.ts";
import { buildBase } from "./base.ts";
import { installedPackages } from "./look.ts";
import type { Case, Split } from "./recipe.ts";
import type { Refused, Sided } from "./sided.ts";

export interface Missing {
  /** Commands of its RUNs need them: they come first. */
  readonly early: readonly string[];
  readonly late: readonly string[];
}

const NOTHING: Missing = { early: [], late: [] };

/** Images made on buildpack-deps, or with much of it. */
const BUILT_ON: ReadonlySet<string> = new Set(
  "buildpack-deps elixir erlang gcc golang gradle haskell maven node perl pypy python ruby rust".split(" "),
);
/** Its images have curl and git on every distribution. */
const DOTNET = "mcr.microsoft.com/dotnet/sdk";
const COMPILES = /^(?:gcc|cc|g\+\+|c\+\+|make|auto\w+|libtoolize|pkg-config|pg_config|mysql_config)$/;
const ALSO: Readonly<Record<string, readonly string[]>> = { "apt-key": ["gnupg", "gpg"] };

export function missingPrograms(it: Case, split: Split, instructions: readonly Sided[]): Missing | Refused {
  const { runtime } = split;
  const base = buildBase(it);
  const after = knownBase(runtime.image.replace(/\$\{?\w+\}?/g, "1"));
  if (base === undefined || runtime.image === base.written) return NOTHING;
  const isSdk = base.repository === DOTNET;
  if (!isSdk && (base.variant !== "full" || !BUILT_ON.has(base.name ?? "") || after?.family === "alpine"))
    return NOTHING;
  const there = new Set([...installedPackages(it), ...(split.packages ?? [])]);
  const packageOf = (program: string): string | undefined => {
    const names = Object.hasOwn(BUILDPACK, program) ? BUILDPACK[program] : ALSO[program];
    if (
      !names ||
      (isSdk && !/^(?:curl|wget|git)$/.test(program)) ||
      names.some((name) => there.has(name)) ||
      after?.probers.some((each) => each === program)
    )
      return undefined;
    return names[0];
  };
  const inRuns = instructions
    .flatMap(({ parts }) => parts.filter(({ run, cleanup }) => run && !cleanup))
    .flatMap(({ part }) => part.commands.map(({ name = "" }) => name));
  const started = it.needs.runtime.started.map(({ argv: [program = ""] }) =>
    program.slice(program.lastIndexOf("/") + 1),
  );
  const lost = [...started, ...inRuns].find((program) => packageOf(program) !== undefined);
  if (lost !== undefined && runtime.packages === undefined)
    return { refused: `${lost} is used when it runs, and ${runtime.image} does not have it` };
  const compiler = started.find((program) => COMPILES.test(program) && packageOf(program) !== undefined);
  if (compiler !== undefined) return { refused: `${compiler} is started when the container starts` };
  const early = new Set(inRuns.flatMap((program) => packageOf(program) ?? []));
  // What is fetched from servers is fetched with their certificates known.
  if (early.has("curl") || early.has("wget")) early.add("ca-certificates");
  const late = new Set(started.flatMap((program) => packageOf(program) ?? []).filter((name) => !early.has(name)));
  return { early: [...early].filter((name) => !there.has(name)), late: [...late] };
}
