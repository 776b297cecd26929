/** Rust: a program built with cargo's caches beside it, on the Debian it was linked with. */
import { binariesOf, nativeCrates, readCargoToml } from "../../model/project/cargo-toml.ts";
import { type App, isPlain, notPlain, type Outcome, refuse } from "../app.ts";
import { sourcesOf } from "../files.ts";
import { choosePort, healthPathIn, listeningOf, portLines } from "../listening.ts";
import { chooseProbe } from "../probes.ts";
import { chooseRelease, IMAGES, SUITE } from "../releases.ts";
import { saidVersion } from "../said.ts";
import {
  aptInstall,
  cache,
  cmd,
  copy,
  env,
  fileOf,
  from,
  healthcheck,
  installLinked,
  linkedPackages,
  run,
  unpinnedPackages,
} from "../text.ts";

const ENDING = /\.rs$/;
const ASSETS = ["templates", "static", "public", "views", "assets", "migrations", "locales", "Rocket.toml"];
const SERVERS: ReadonlySet<string> = new Set([
  "axum",
  "actix-web",
  "rocket",
  "warp",
  "hyper",
  "tide",
  "poem",
  "salvo",
  "tonic",
  "tiny_http",
  "rouille",
]);

export function rust(app: App): Outcome {
  const { files, notes } = app;
  const cargo = readCargoToml(files.read("Cargo.toml") ?? "");
  if (!cargo) return refuse("Cargo.toml is no TOML");
  if (cargo.name === undefined)
    return refuse(
      "Cargo.toml is that of a workspace alone, and nothing says which of its programs the image is for: write the Dockerfile by hand, with cargo build --package",
    );
  const outside = cargo.dependencies.find(({ path }) => path?.startsWith("..") === true);
  if (outside)
    return refuse(
      `${outside.name} comes from ${outside.path}, which is outside of this folder: choose the folder around both`,
    );
  const binaries = binariesOf(cargo, files.paths);
  const [first] = binaries;
  if (first === undefined) return refuse("Cargo.toml makes no program: there is neither src/main.rs nor a [[bin]]");
  const several = binaries.length > 1 && cargo.defaultRun === undefined;
  const order =
    cargo.defaultRun === undefined
      ? binaries
      : [cargo.defaultRun, ...binaries.filter((name) => name !== cargo.defaultRun)];
  const program = notes.choose(
    "program",
    several
      ? `there are ${binaries.length} programs, and no default-run says which one the image is for`
      : cargo.defaultRun === undefined
        ? "it is the only program"
        : "default-run says so",
    several,
    order.map((id) => ({ id, label: id, what: `The image runs ${id}` })),
  );
  if (!isPlain(program)) return notPlain("the program", program);
  const said = saidVersion(files, "rust");
  const version = chooseRelease(notes, "rust", said ? { said } : {});
  const texts = sourcesOf(files, ENDING);
  const listening = listeningOf(texts, "rust");
  const serves = cargo.dependencies.some(({ name }) => SERVERS.has(name));
  const rocket = cargo.dependencies.some(({ name }) => name === "rocket");
  const port = choosePort(
    notes,
    { ...listening, listens: listening.listens || serves },
    rocket ? 8000 : 8080,
    rocket ? "Rocket" : undefined,
  );
  const probe = chooseProbe(notes, port, "bash", healthPathIn(texts));
  const builds = [...new Set([...nativeCrates(cargo).values()].flat())].filter((name) => !IN_IMAGE.has(name));
  const locked = files.paths.includes("Cargo.lock");
  if (!locked)
    notes.note(
      "lock-file",
      "There is no Cargo.lock: cargo takes the newest versions of the day",
      "two builds of the same sources may differ; cargo generate-lockfile writes it",
      true,
    );
  const assets = ASSETS.filter((path) =>
    files.paths.some((each) => each === path || (each.startsWith(`${path}/`) && !ENDING.test(each))),
  );
  if (assets.length > 0)
    notes.note(
      "assets",
      `${assets.join(", ")} go along with the program`,
      "programs usually read them while they run",
      true,
    );
  notes.note(
    "cache",
    "cargo's target folder is a cache, and the program is copied out of it in the same RUN",
    "nothing of a cache is in the image",
  );
  return {
    ecosystem: "Rust",
    dockerfile: fileOf(
      app.image(IMAGES.syntax),
      [
        from(app.image(`rust:${version}-${SUITE}`), "build"),
        ...(builds.length > 0 ? [unpinnedPackages(notes), run(aptInstall(builds))] : []),
        "WORKDIR /src",
        copy(["."], "."),
        run(
          [
            `cargo build --release${locked ? " --locked" : ""} --bin ${program}`,
            `install -D target/release/${program} /out/${program}`,
          ],
          [cache("/usr/local/cargo/registry"), cache("/usr/local/cargo/git/db"), cache("/src/target", true)],
        ),
        ...linkedPackages(`/out/${program}`),
      ],
      [
        from(app.image(IMAGES.debian)),
        installLinked("build"),
        "WORKDIR /app",
        copy(["/etc/ssl/certs/ca-certificates.crt"], "/etc/ssl/certs/", "--from=build"),
        copy([`/out/${program}`], "./", "--from=build"),
        ...assets.map((path) => copy([path], `./${path}`)),
        "USER 65532:65532",
        ...(rocket ? [env({ ROCKET_ADDRESS: "0.0.0.0" })] : []),
        ...portLines(port, texts),
        healthcheck(probe),
        cmd([`./${program}`]),
      ],
    ),
    port,
    probe,
    writes: [],
    init: false,
    sets: ["PORT", "ROCKET_ADDRESS"],
    libraries: {
      from: "cargo",
      names: cargo.dependencies.filter(({ kind }) => kind === "normal").map(({ name }) => name),
    },
    sources: ENDING,
  };
}

/** The full image brings them (buildpack-deps). */
const IN_IMAGE: ReadonlySet<string> = new Set([
  "libssl-dev",
  "pkg-config",
  "libpq-dev",
  "default-libmysqlclient-dev",
  "libsqlite3-dev",
]);
