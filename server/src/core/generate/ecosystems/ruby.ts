/** Ruby: gems installed on the full image, the application and its gems on the small one. */
import { readGemfile } from "../../model/project/gemfile.ts";
import { readGemfileLock } from "../../model/project/gemfile-lock.ts";
import { rubyNatives } from "../../model/project/ruby-native.ts";
import { type App, type Outcome, refuse } from "../app.ts";
import { sourcesOf } from "../files.ts";
import { choosePort, healthPathIn, listeningOf } from "../listening.ts";
import { chooseProbe } from "../probes.ts";
import { chooseRelease, IMAGES } from "../releases.ts";
import { saidVersion } from "../said.ts";
import {
  account,
  aptInstall,
  cache,
  cmd,
  copy,
  env,
  fileOf,
  from,
  healthcheck,
  OWNER,
  run,
  unpinnedPackages,
} from "../text.ts";

const SOURCES = /\.(?:rb|ru)$/;

export function ruby(app: App): Outcome {
  const { files, notes } = app;
  const gemfile = readGemfile(files.read("Gemfile") ?? "");
  const lock = readGemfileLock(files.read("Gemfile.lock") ?? "");
  if (!lock)
    return refuse(
      "there is no Gemfile.lock, which says the versions and the platforms of the gems: run bundle lock --add-platform x86_64-linux aarch64-linux and keep it",
    );
  if (lock.paths.some((path) => path.startsWith(".."))) return refuse("a gem comes from a folder outside of this one");
  if (!lock.platforms.some((platform) => /linux|^ruby$/.test(platform)))
    return refuse(
      `Gemfile.lock is for ${lock.platforms.join(", ")} alone: run bundle lock --add-platform x86_64-linux aarch64-linux`,
    );
  const rails = lock.gems.has("railties") || lock.gems.has("rails");
  if (
    rails &&
    app.beside.some(({ ecosystem }) => ecosystem === "node") &&
    /"build"\s*:/.test(files.read("package.json") ?? "")
  )
    return refuse(
      "assets are built with Node.js inside of Rails' assets:precompile, which needs both languages in one stage: write the Dockerfile by hand, rails generate dockerfile helps",
    );
  const said =
    saidVersion(files, "ruby") ?? (lock.ruby === undefined ? undefined : { version: lock.ruby, by: "Gemfile.lock" });
  const exact =
    gemfile.ruby !== undefined && /^[\d.]+$/.test(gemfile.ruby) ? { version: gemfile.ruby, by: "Gemfile" } : undefined;
  const version = chooseRelease(notes, "ruby", {
    said: said ?? exact,
    ...(gemfile.ruby !== undefined && { range: { text: gemfile.ruby, by: "Gemfile" } }),
  });
  const start = startFor(app, rails, lock.gems);
  if (start === undefined)
    return refuse("there is neither Rails nor a config.ru with puma among the gems, so that nothing says what starts");
  const native = [...rubyNatives(lock.gems.keys())];
  const program = native.find(([, { runs }]) => runs.some((each) => /^a (?:browser|JavaScript)/.test(each)));
  if (program)
    return refuse(`${program[0]} needs ${program[1].runs[0]}, which the image has not: write the Dockerfile by hand`);
  const runs = [...new Set(native.flatMap(([, each]) => each.runs).map((name) => PACKAGES[name] ?? name))].filter(
    (name) => name !== "libyaml-0-2",
  );
  const builds = [...new Set(native.filter(([, { prebuilt }]) => !prebuilt).flatMap(([, each]) => each.builds))].filter(
    (name) => !IN_IMAGE.has(name),
  );
  if (runs.length > 0)
    notes.note("runtime-packages", `The image that runs gets ${runs.join(", ")}`, "gems load these libraries");
  const texts = sourcesOf(files, SOURCES);
  const port = choosePort(
    notes,
    { ...listeningOf(rails ? [] : texts, "ruby"), ports: [], listens: true, loopback: undefined },
    start.port,
    start.by,
  );
  const probe = chooseProbe(
    notes,
    port,
    "ruby",
    healthPathIn(texts) ??
      (rails && major(lock.gems.get("railties") ?? lock.gems.get("rails")) ? { path: "/up", by: "Rails" } : undefined),
  );
  const precompiles = rails && (lock.gems.has("sprockets-rails") || lock.gems.has("propshaft"));
  if (precompiles)
    notes.note(
      "assets",
      "Assets are compiled while the image is built, with SECRET_KEY_BASE_DUMMY",
      "Rails 7.1 and later do without the real key then",
    );
  const bundle = { BUNDLE_FROZEN: "true", BUNDLE_WITHOUT: "development:test" };
  const rack = rails ? { RAILS_ENV: "production", RAILS_LOG_TO_STDOUT: "1" } : { RACK_ENV: "production" };
  const writes = rails ? ["tmp", "log", "storage"] : [];
  const companions = [".ruby-version", ".tool-versions"].filter(
    (path) => files.paths.includes(path) && gemfile.rubyFile === path,
  );
  return {
    ecosystem: rails ? "Ruby on Rails" : "Ruby (Rack)",
    dockerfile: fileOf(
      app.image(IMAGES.syntax),
      [
        from(app.image(`ruby:${version}`), "build"),
        ...(builds.length > 0 ? [unpinnedPackages(notes), run(aptInstall(builds))] : []),
        env({ ...bundle, BUNDLE_GLOBAL_GEM_CACHE: "true", ...rack }),
        "WORKDIR /app",
        copy(["Gemfile", "Gemfile.lock", ...companions], "./"),
        run(["bundle install"], [cache("/root/.bundle/cache")]),
        copy(["."], "."),
        ...(precompiles ? ["RUN SECRET_KEY_BASE_DUMMY=1 bundle exec rails assets:precompile"] : []),
      ],
      [
        from(app.image(`ruby:${version}-slim`)),
        ...(runs.length > 0 ? [unpinnedPackages(notes)] : []),
        run([...(runs.length > 0 ? aptInstall(runs) : []), ...account("debian")]),
        env({ ...bundle, ...rack }),
        "WORKDIR /app",
        copy(["/usr/local/bundle"], "/usr/local/bundle", "--from=build"),
        copy(["/app"], "/app", "--from=build"),
        ...(writes.length > 0 ? [run([`mkdir -p ${writes.join(" ")}`, `chown ${OWNER} ${writes.join(" ")}`])] : []),
        `USER ${OWNER}`,
        `EXPOSE ${port}`,
        healthcheck(probe, 20),
        cmd(start.words(port ?? start.port)),
      ],
    ),
    port,
    probe,
    writes: writes.map((folder) => `/app/${folder}`),
    init: false,
    sets: [...Object.keys(bundle), ...Object.keys(rack)],
    libraries: {
      from: "rubygems",
      names: gemfile.gems
        .filter(({ groups }) => !groups.every((group) => /^(?:development|test)$/.test(group)) || groups.length === 0)
        .map(({ name }) => name),
    },
    sources: SOURCES,
  };
}

/** The field's words, as Debian calls them. */
const PACKAGES: Readonly<Record<string, string>> = {
  libvips: "libvips42t64",
  "libvips or imagemagick": "libvips42t64",
};

/** The full image brings them (buildpack-deps). */
const IN_IMAGE: ReadonlySet<string> = new Set([
  "libpq-dev",
  "default-libmysqlclient-dev",
  "libsqlite3-dev",
  "libxml2-dev",
  "libxslt1-dev",
  "libyaml-dev",
  "libffi-dev",
  "libmagickwand-dev",
  "pkg-config",
  "libcurl4-openssl-dev",
]);

/** From 7.1 on there is a page that says whether it is up. */
const major = (version: string | undefined): boolean => {
  const [first = 0, second = 0] = (version ?? "").split(".").map(Number);
  return first > 7 || (first === 7 && second >= 1);
};

function startFor(
  { files, notes }: App,
  rails: boolean,
  gems: ReadonlyMap<string, string>,
): { readonly words: (port: number) => readonly string[]; readonly port: number; readonly by: string } | undefined {
  if (rails) {
    notes.note("start", "It starts Rails' server", "rails is among the gems");
    return {
      words: (port) => ["bundle", "exec", "rails", "server", "--binding=0.0.0.0", `--port=${port}`],
      port: 3000,
      by: "Rails",
    };
  }
  if (!files.paths.includes("config.ru") || !gems.has("puma")) return undefined;
  notes.note("start", "puma starts config.ru", "there is a config.ru, and puma is among the gems");
  return { words: (port) => ["bundle", "exec", "puma", `--bind=tcp://0.0.0.0:${port}`], port: 9292, by: "puma" };
}
