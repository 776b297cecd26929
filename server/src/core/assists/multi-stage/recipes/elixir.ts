/** Elixir: a release of `mix release`, which brings Erlang along and needs the libraries of the distribution it was made on. */
import { matches, pathFrom } from "../../../model/dockerfile/flow/place.ts";
import { onlyBuilds } from "../artefact.ts";
import { type BuildBase, buildBase, runtimeBase, slimTag } from "../base.ts";
import { librarySteps } from "../libraries.ts";
import { commandsNamed, startedBy, variable, workdir } from "../look.ts";
import { type Case, type Recipe, refused, type RuntimeBase, type Verdict } from "../recipe.ts";

export const elixir: Recipe = {
  name: "Elixir",
  recognise(it) {
    const base = buildBase(it);
    const mixes = commandsNamed(it, /^mix$/);
    const isElixir = base?.name === "elixir" || base?.repository === "hexpm/elixir";
    if (!isElixir && mixes.length === 0) return undefined;
    if (startedBy(it).some(({ argv }) => /(?:^|\/)(?:mix|iex|elixir)$/.test(argv[0] ?? "")))
      return refused(
        "it starts mix, which needs Elixir and the sources: make a release with mix release, and start that",
      );
    if (base === undefined || !isElixir) return refused("Elixir comes from somewhere else than the image elixir");
    const release = mixes.filter(({ effect }) => effect.command?.args.some(({ value }) => value === "release")).at(-1);
    if (!release) return refused("no mix release makes what starts");
    return split(it, base, release.effect.instruction, release.effect.command?.args.map(({ value }) => value) ?? []);
  },
};

function split(it: Case, base: BuildBase, at: Case["stage"]["from"], options: readonly string[]): Verdict {
  const folder = workdir(it);
  const program = startedBy(it)[0]?.argv[0];
  if (folder === undefined || program === undefined || !program.includes("/"))
    return refused("what starts is not a program of the release");
  const path = pathFrom(folder, program);
  const own = /^(.*)\/bin\/[^/]+$/.exec(path)?.[1];
  const option = options.indexOf("--path");
  const told = option === -1 ? undefined : pathFrom(folder, options[option + 1] ?? "");
  if (own === undefined || (own !== told && !matches("/**/_build/*/rel/*", own)))
    return refused(`${program} is not in the folder that mix release writes`);
  const runtime = runtimeOf(base);
  if (typeof runtime === "string") return refused(runtime);
  const steps =
    runtime.packages === undefined
      ? undefined
      : librarySteps(
          it,
          runtime.packages,
          `find ${own} -type f \\( -name '*.so*' -o -name beam.smp -o -name inet_gethost \\) -exec ldd {} +`,
        );
  const language = variable(it, "LANG") === undefined && !/elixir/.test(runtime.image) ? ["ENV LANG=C.UTF-8"] : [];
  return {
    is: "split",
    split: {
      ecosystem: "Elixir",
      runtime,
      carried: [{ from: own, to: own, folder: true, at, writable: true }],
      side: onlyBuilds(it),
      // Assets are in the release; Erlang is no Node.
      purpose: (name) => (/^(?:nodejs|npm|yarn|git|inotify-tools|rebar3?)$/.test(name) ? "build" : undefined),
      // The images of hexpm have none.
      ...(base.repository === "hexpm/elixir" && { changes: ["ENTRYPOINT"] }),
      ...(language.length > 0 && { environment: language }),
      ...(steps && { buildEnd: steps.build, head: steps.runtime }),
      decisions: [
        {
          id: "files",
          what: `${own} is copied`,
          why: "the release holds the program, its dependencies and Erlang",
          doubtful: false,
          alternatives: [],
        },
      ],
    },
  };
}

/** A text where the distribution is not known. */
function runtimeOf(base: BuildBase): RuntimeBase | string {
  if (base.repository === "hexpm/elixir") {
    const debian = /-debian-(\w+-\d{8})(?:-slim)?$/.exec(base.tag)?.[1];
    if (debian !== undefined) return runtimeBase(`debian:${debian}-slim`, `the Debian of ${base.written}`);
    const alpine = /-alpine-(\d+\.\d+(?:\.\d+)?)$/.exec(base.tag)?.[1];
    if (alpine !== undefined) return runtimeBase(`alpine:${alpine}`, `the Alpine of ${base.written}`);
    return `the tag of ${base.written} does not say on which distribution it is made`;
  }
  const slim = base.variant === "full" ? slimTag(base) : base.written;
  return slim === undefined
    ? `it is not known what the slim variant of ${base.written} is called`
    : runtimeBase(slim, "the same distribution, whose release no tag of the image says; Elixir in it is not used");
}
