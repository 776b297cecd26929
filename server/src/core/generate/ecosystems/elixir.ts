/** Elixir: a release, on the small image of the same Elixir, so that its libraries are those it was built with. */
import { readMixExs } from "../../model/project/mix-exs.ts";
import { type App, type Outcome, refuse } from "../app.ts";
import { sourcesOf } from "../files.ts";
import { choosePort, healthPathIn, listeningOf } from "../listening.ts";
import { chooseProbe } from "../probes.ts";
import { chooseRelease, IMAGES } from "../releases.ts";
import { saidVersion } from "../said.ts";
import { account, cache, cmd, copy, env, fileOf, from, healthcheck, OWNER, run } from "../text.ts";

const SOURCES = /\.exs?$/;

export function elixir(app: App): Outcome {
  const { files, notes } = app;
  const mix = readMixExs(files.read("mix.exs") ?? "");
  if (!mix) return refuse("mix.exs declares no project literally");
  if (mix.appsPath !== undefined)
    return refuse(
      "mix.exs is that of an umbrella of several applications, and nothing says which release the image is for",
    );
  if (mix.releases === undefined) return refuse("mix.exs declares its releases in a way that only running it tells");
  if (mix.dependencies.some(({ path }) => path?.startsWith("..")))
    return refuse("a dependency comes from a folder outside of this one");
  const names = mix.releases.length > 0 ? mix.releases : mix.app === undefined ? [] : [mix.app];
  if (names.length === 0) return refuse("mix.exs names no application");
  const release = notes.choose(
    "program",
    names.length > 1 ? `there are ${names.length} releases` : "it is the only release",
    names.length > 1,
    names.map((id) => ({ id, label: id, what: `The image runs the release ${id}` })),
  );
  const said = saidVersion(files, "elixir");
  const version = chooseRelease(notes, "elixir", {
    said: said && { ...said, version: said.version.split(".").slice(0, 2).join(".") },
    ...(mix.elixir !== undefined && { range: { text: mix.elixir, by: "mix.exs" } }),
  });
  const phoenix = mix.dependencies.some(({ name }) => name === "phoenix");
  const texts = sourcesOf(files, SOURCES);
  const listening = listeningOf([], "ruby");
  const serves = phoenix || mix.dependencies.some(({ name }) => /^(?:plug_cowboy|bandit|cowboy)$/.test(name));
  const port = choosePort(notes, { ...listening, listens: serves }, 4000, phoenix ? "Phoenix" : undefined);
  const probe = chooseProbe(
    notes,
    port,
    "bash",
    healthPathIn(texts) ?? (phoenix ? { path: "/", by: "Phoenix" } : undefined),
  );
  const locked = files.paths.includes("mix.lock");
  if (!locked && mix.dependencies.length > 0)
    notes.note(
      "lock-file",
      "There is no mix.lock: mix takes the newest versions of the day",
      "two builds of the same sources may differ; run mix deps.get and keep its lock file",
      true,
    );
  const deploys = mix.aliases.includes("assets.deploy");
  const configuration = ["config/config.exs", "config/prod.exs"].filter((path) => files.paths.includes(path));
  if (phoenix)
    notes.note("server", "PHX_SERVER is set, so that the release starts the web server", "Phoenix starts it only then");
  notes.note(
    "runtime-base",
    `The release runs on elixir:${version}-slim`,
    "a release needs the libraries of the system it was built on, and this image has certainly the same",
  );
  const mounts = [cache("/root/.hex/packages"), cache("/root/.cache/rebar3")];
  return {
    ecosystem: phoenix ? "Elixir (Phoenix)" : "Elixir",
    dockerfile: fileOf(
      app.image(IMAGES.syntax),
      [
        from(app.image(`elixir:${version}`), "build"),
        env({ MIX_ENV: "prod" }),
        "WORKDIR /app",
        copy(["mix.exs", ...(locked ? ["mix.lock"] : [])], "./"),
        run(
          [
            "mix local.hex --force",
            "mix local.rebar --force",
            `mix deps.get --only prod${locked ? " --check-locked" : ""}`,
          ],
          mounts,
        ),
        ...(configuration.length > 0 ? [copy(configuration, "./config/")] : []),
        run(["mix deps.compile"], mounts),
        copy(["."], "."),
        run(
          [
            ...(deploys
              ? ["mix assets.setup", "mix assets.deploy"].filter(
                  (step) => step.endsWith("deploy") || mix.aliases.includes("assets.setup"),
                )
              : []),
            "mix compile",
            `mix release ${release}`,
          ],
          mounts,
        ),
      ],
      [
        from(app.image(`elixir:${version}-slim`)),
        run(account("debian")),
        env({ LANG: "C.UTF-8", ...(phoenix && { PHX_SERVER: "true" }), RELEASE_TMP: "/tmp" }),
        "WORKDIR /app",
        copy([`/app/_build/prod/rel/${release}`], "./", "--from=build"),
        `USER ${OWNER}`,
        ...(port === undefined ? [] : [`ENV PORT=${port}`, `EXPOSE ${port}`]),
        healthcheck(probe),
        cmd([`bin/${release}`, "start"]),
      ],
    ),
    port,
    probe,
    writes: [],
    init: false,
    sets: ["LANG", "PHX_SERVER", "RELEASE_TMP", "MIX_ENV", "PORT"],
    libraries: { from: "hex", names: mix.dependencies.map(({ name }) => name) },
    sources: SOURCES,
  };
}
