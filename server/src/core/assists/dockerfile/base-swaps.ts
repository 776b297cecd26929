/** Smaller relatives of base images, and what each of them lacks: slim, a JRE, distroless for a static binary. */
import { settingBefore } from "../../model/dockerfile/before.ts";
import { usersOf } from "../../model/dockerfile/facts.ts";
import { runtimeOf } from "../../model/dockerfile/flow/runtime.ts";
import type { Dockerfile, Stage } from "../../model/dockerfile/model.ts";
import { programsWithin } from "../../model/dockerfile/programs.ts";
import { finalStage, lineageInstructions, sourceStage } from "../../model/dockerfile/stages.ts";
import { type BuildBase, buildBase, slimTag } from "../multi-stage/base.ts";

/** One base in place of another. */
export interface Swap {
  readonly image: string;
  /** Programs the smaller image lacks, each with Debian's packages that bring it back. */
  readonly missing: Readonly<Record<string, readonly string[]>>;
  /** The same for people. */
  readonly without: string;
  /** What installed packages load and compile with is gone as well. */
  readonly libraries: boolean;
  /** Known already to be impossible. */
  readonly refusal?: string;
  /** What has to be started, as the file says, for nothing else to be needed. */
  readonly starts?: string;
  /** The distribution is another one: what is installed with its package manager would not be found. */
  readonly otherDistribution?: boolean;
}

/** What a stage could be built on instead; none where a variable hides what it is built on. */
export function swapsFor(dockerfile: Dockerfile, stage: Stage): readonly Swap[] {
  const base = buildBase({ stage });
  if (!stage.image || !base || base.written.includes("$")) return [];
  return [slimOf(base), jreOf(base), distrolessOf(dockerfile, stage, base)].filter((swap) => swap !== undefined);
}

/** What buildpack-deps has and the slim images have not (Dockerfiles of docker-library/buildpack-deps). */
export const BUILDPACK: Readonly<Record<string, readonly string[]>> = {
  curl: ["curl"],
  wget: ["wget"],
  git: ["git", "git-core"],
  hg: ["mercurial"],
  svn: ["subversion"],
  ssh: ["openssh-client"],
  scp: ["openssh-client"],
  "ssh-keygen": ["openssh-client"],
  "ssh-keyscan": ["openssh-client"],
  gpg: ["gnupg", "gpg"],
  gcc: ["gcc", "build-essential"],
  cc: ["gcc", "build-essential"],
  "g++": ["g++", "build-essential"],
  "c++": ["g++", "build-essential"],
  make: ["make", "build-essential"],
  autoconf: ["autoconf"],
  automake: ["automake"],
  autoreconf: ["autoconf"],
  libtoolize: ["libtool"],
  patch: ["patch", "build-essential"],
  "pkg-config": ["pkg-config", "pkgconf"],
  unzip: ["unzip"],
  bzip2: ["bzip2"],
  xz: ["xz-utils"],
  file: ["file"],
  ps: ["procps"],
  top: ["procps"],
  pgrep: ["procps"],
  pkill: ["procps"],
  convert: ["imagemagick"],
  identify: ["imagemagick"],
  magick: ["imagemagick"],
  mogrify: ["imagemagick"],
  pg_config: ["libpq-dev"],
  mysql_config: ["default-libmysqlclient-dev", "libmariadb-dev"],
};

const LANGUAGES: ReadonlySet<string> = new Set(["node", "python", "ruby"]);

function slimOf(base: BuildBase): Swap | undefined {
  const { name, variant, tag, repository } = base;
  if (variant !== "full" || name === undefined || /windows|nanoserver|onbuild|slim/.test(tag)) return undefined;
  if (name === "debian") {
    const plain = tag === "" || tag === "latest" ? "stable" : tag;
    return {
      image: `${repository}:${plain}-slim`,
      missing: {},
      without: "manual pages, documents and locales",
      libraries: false,
    };
  }
  const image = LANGUAGES.has(name) ? slimTag(base) : undefined;
  if (image === undefined) return undefined;
  // Debian's own Python comes with what is in the full images; python and ruby have their own, which slim keeps.
  const missing = name === "node" ? { ...BUILDPACK, python3: ["python3"], python: ["python3"] } : BUILDPACK;
  return { image, missing, without: "curl, wget, git, compilers and -dev packages", libraries: true };
}

const JDK_TOOLS: Swap["missing"] = Object.fromEntries(
  (
    "javac jar javadoc javap jlink jmod jpackage jdeps jdeprscan jshell jcmd jstack jmap jps jstat jinfo jconsole jarsigner jhsdb " +
    "mvn mvnw gradle gradlew ant sbt lein"
  )
    .split(" ")
    .map((tool) => [tool, []]),
);
/** Releases that have a JRE. */
const JRE = /^(8|11|17|21|25)(?=$|[-.u_+])/;

function jreOf({ name, tag, repository, variant }: BuildBase): Swap | undefined {
  if (name !== "eclipse-temurin" && name !== "openjdk" && name !== "amazoncorretto") return undefined;
  const release = JRE.exec(tag)?.[1];
  if (release === undefined || /jre|headless|windows|nanoserver/.test(tag)) return undefined;
  const common = {
    missing: JDK_TOOLS,
    without: "javac, jar, jcmd and the other tools of the JDK",
    libraries: false,
    starts: "java",
  };
  if (name === "eclipse-temurin") {
    const plain = tag.includes("-jdk")
      ? tag.replace("-jdk", "-jre")
      : tag.replace(/^[^-]+/, (version) => `${version}-jre`);
    return { ...common, image: `${repository}:${plain}` };
  }
  const image = `eclipse-temurin:${release}-jre${variant === "alpine" ? "-alpine" : ""}`;
  return { ...common, image, otherDistribution: variant !== "alpine" };
}

/** Nothing but what a static binary may look for: certificates, time zones, accounts. */
export const STATIC = "gcr.io/distroless/static-debian13";
const PLAIN_BASES: ReadonlySet<string> = new Set(["debian", "ubuntu", "alpine", "busybox"]);
const NO_FILES: ReadonlySet<string> = new Set(
  "FROM COPY ENV ARG WORKDIR EXPOSE LABEL USER ENTRYPOINT CMD VOLUME STOPSIGNAL MAINTAINER".split(" "),
);

/** Only the last stage, where a binary that needs no library is all that is started. */
function distrolessOf(dockerfile: Dockerfile, stage: Stage, { name }: BuildBase): Swap | undefined {
  if (finalStage(dockerfile) !== stage || name === undefined || !PLAIN_BASES.has(name)) return undefined;
  const { started } = runtimeOf(dockerfile, stage);
  const [program] = started[0]?.argv ?? [];
  const origin = program === undefined ? undefined : staticStage(dockerfile, stage, program);
  if (!origin) return undefined;
  const swap = {
    image: STATIC,
    missing: {},
    without: "a shell, a package manager and every other tool",
    libraries: false,
  };
  const other = stage.instructions.find((each) => !NO_FILES.has(each.name));
  if (other) return { ...swap, refusal: `${other.name} needs a shell or a program of the image` };
  const shell = stage.instructions.find((each) => (each.name === "CMD" || each.name === "ENTRYPOINT") && !each.json);
  if (shell)
    return {
      ...swap,
      refusal: `${shell.name} is in shell form, and there is no shell: write it as a JSON array first`,
    };
  if (started.some(({ argv }) => argv[0] !== program))
    return { ...swap, refusal: "it starts more than the one binary" };
  const user = usersOf(dockerfile, stage).at(-1);
  if (user && !/^(?:\d+|root|nonroot|nobody)$/.test(user.name ?? ""))
    return { ...swap, refusal: `there is no account ${user.name ?? "of that name"}: write USER in numbers first` };
  const owner = stage.instructions
    .flatMap(({ flags }) => flags.filter((flag) => flag.name === "--chown"))
    .map((flag) => flag.value?.text ?? "")
    .find((each) => !/^(?:\d+|root|nonroot|nobody)(?::(?:\d+|root|nonroot|nobody))?$/.test(each));
  if (owner !== undefined)
    return { ...swap, refusal: `--chown names ${owner}, an account it does not have: write numbers first` };
  return swap;
}

/** The stage a started program is copied from, if all that is built there is static. */
function staticStage(dockerfile: Dockerfile, stage: Stage, program: string): Stage | undefined {
  const name = program.slice(program.lastIndexOf("/") + 1);
  for (const copy of stage.instructions) {
    const from = copy.name === "COPY" ? copy.flags.find((flag) => flag.name === "--from")?.value?.text : undefined;
    const target = copy.words.at(-1)?.text ?? "";
    const names = copy.words.some(({ text }) => text.slice(text.lastIndexOf("/") + 1) === name);
    const source =
      from !== undefined && names && target !== "" ? sourceStage(dockerfile, stage.index, from) : undefined;
    if (source && buildsStatic(dockerfile, source)) return source;
  }
  return undefined;
}

function buildsStatic(dockerfile: Dockerfile, stage: Stage): boolean {
  const builds = lineageInstructions(dockerfile, stage)
    .filter(({ name }) => name === "RUN")
    .flatMap((run) =>
      programsWithin(dockerfile, run)
        .filter(
          ({ command: { name, args } }) =>
            (name === "go" && /^(?:build|install)$/.test(args[0]?.value ?? "")) ||
            (name === "cargo" && /^(?:build|install)$/.test(args[0]?.value ?? "")),
        )
        .map(({ command }) => ({ run, command })),
    );
  return (
    builds.length > 0 &&
    builds.every(({ run, command }) =>
      command.name === "go"
        ? (command.assignments.find(({ name }) => name === "CGO_ENABLED")?.value ??
            settingBefore(dockerfile, run, "CGO_ENABLED")?.value) === "0" || /\bCGO_ENABLED=0\b/.test(run.args.text)
        : command.args.some(({ value }) => /-linux-musl/.test(value)),
    )
  );
}
