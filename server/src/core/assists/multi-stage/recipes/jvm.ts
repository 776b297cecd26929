/** Java and its kin: an archive built with Maven, Gradle or the JDK's own tools, started on a JRE of the same release. */
import { archiveOf } from "./jvm-archive.ts";
import type { Answer } from "../../../model/dockerfile/flow/need.ts";
import { pathFrom } from "../../../model/dockerfile/flow/place.ts";
import { type BuildBase, buildBase, runtimeBase, startsAlike } from "../base.ts";
import { onlyBuilds } from "../artefact.ts";
import { argumentPlaces, carriedFile } from "../carried.ts";
import { chosen } from "./jvm-choices.ts";
import { commandsNamed, startedBy, workdir } from "../look.ts";
import { type Carried, type Case, noBenefit, type Recipe, refused, type RuntimeBase, type Verdict } from "../recipe.ts";

const BUILDERS = /^(?:mvn|mvnw|mvnd|gradle|gradlew|javac|jar|sbt|lein|ant|kotlinc)$/;
const JDKS =
  /^(?:eclipse-temurin|maven|gradle|openjdk|amazoncorretto|sapmachine|ibm-semeru-runtimes|bellsoft\/liberica-openjdk-[\w-]+|azul\/zulu-openjdk(?:-[\w-]+)?)$/;

export const jvm: Recipe = {
  name: "Java",
  recognise(it) {
    const base = buildBase(it);
    const repository = base?.repository.replace(/^docker\.io\/(?:library\/)?/, "") ?? "";
    const builds = commandsNamed(it, BUILDERS).filter(
      ({ effect }) =>
        effect.does === "build" || (effect.does === "unknown" && /^(?:javac|jar)$/.test(effect.command?.name ?? "")),
    );
    const isJdk = JDKS.test(repository);
    if (!isJdk && builds.length === 0) return undefined;
    if (base === undefined) return refused("a variable hides the base image");
    const dev = startedBy(it).find(({ argv }) => /(?:^|\/)(?:mvnw?|gradlew?|sbt|lein)$/.test(argv[0] ?? ""));
    if (dev)
      return refused(
        `it starts ${dev.argv.slice(0, 2).join(" ")}, which compiles when the container starts: build an archive in a RUN, and start that`,
      );
    if (builds.length === 0) return prebuilt(it, base);
    if (builds.some(({ effect }) => /^(?:sbt|lein|ant|kotlinc)$/.test(effect.command?.name ?? "")))
      return refused("what sbt, lein and ant write is said by the project's own build");
    if (!isJdk)
      return refused(
        `Java comes from somewhere else than an image of a JDK: which JRE fits ${base.written} is not known`,
      );
    return split(it, base, repository, builds);
  },
};

/** An archive of the build context on a JDK: one stage is enough. */
const prebuilt = (it: Case, base: BuildBase): Verdict =>
  noBenefit(
    "nothing is built here: no command compiles or packs anything",
    ...(/jre/.test(base.tag) || it.stage.base.kind !== "image"
      ? []
      : [`a JRE instead of the JDK of ${base.written}, when nothing compiles at run time`]),
    "a USER that is not root",
  );

function split(it: Case, base: BuildBase, repository: string, builds: readonly Answer[]): Verdict {
  const start = startedBy(it).find(({ argv }) => /(?:^|\/)java$/.test(argv[0] ?? ""));
  if (!start) return refused("what starts is not java itself, and what a script or a server needs is not known");
  const folder = workdir(it) ?? "/";
  const at = builds.at(-1)?.effect.instruction;
  if (!at) return refused("no command builds an archive");
  const started = carriedOf(it, start.argv, folder, builds);
  if (typeof started === "string") return refused(started);
  const carried = [
    ...started,
    ...argumentPlaces(it, at).filter(
      ({ to }) => !started.some((each) => each.to === to || to.startsWith(`${each.to}/`)),
    ),
  ];
  const plain = runtimeOf(base, repository);
  if (typeof plain === "string") return refused(plain);
  const own = chosen(it, base, plain, carried);
  const { runtime } = own;
  if (it.stage.base.kind === "image" && !startsAlike(it.stage.base.reference, runtime.image))
    return refused(`${runtime.image} starts its command in another way than ${base.written}`);
  const number = takenNumber(it, runtime.image);
  if (number !== undefined)
    return refused(
      `${number} takes the number 1000, which is that of the user ubuntu in ${runtime.image}: take another`,
    );
  const tool = start.argv.find((word) => /^-(?:agentlib:jdwp|Xrunjdwp)/.test(word));
  if (tool !== undefined) return refused(`it starts with ${tool}: an image to debug in needs the JDK`);
  return {
    is: "split",
    split: {
      ecosystem: `Java (${toolText(builds)})`,
      runtime,
      carried: own.carried,
      ...(own.buildEnd && { buildEnd: own.buildEnd }),
      ...(own.environment && { environment: own.environment }),
      side: onlyBuilds(it),
      // The image gradle keeps its downloads in a volume, which what runs knows nothing of.
      ...(repository === "gradle" && { changes: ["VOLUME"] }),
      decisions: [
        ...own.decisions,
        {
          id: "files",
          what: `${carried.map(({ to }) => to).join(", ")} ${carried.length === 1 ? "is" : "are"} copied`,
          why:
            it.context.paths === undefined
              ? `${start.by} starts it; other files it may read are not known: the project could not be read`
              : `${start.by} starts it`,
          doubtful: it.context.paths === undefined,
          alternatives: own.layered,
        },
      ],
    },
  };
}

/** Images of Temurin that name no distribution are made on Ubuntu's noble, whose user ubuntu has the number 1000. */
const takenNumber = ({ needs }: Case, image: string): string | undefined =>
  /eclipse-temurin:/.test(image) && !/alpine|jammy|focal|ubi/.test(image)
    ? needs.answers.find(
        ({ effect: { command, does } }) =>
          does === "accounts" && command?.args.some(({ value }) => /(?:^|=)1000$/.test(value)),
      )?.effect.command?.name
    : undefined;

const toolText = (builds: readonly Answer[]): string => {
  const name = builds.at(-1)?.effect.command?.name ?? "";
  return name.startsWith("mvn") ? "Maven" : name.startsWith("gradle") ? "Gradle" : "JDK";
};

/** The archive behind -jar, or the class path's entries; a text where nobody can tell. */
function carriedOf(
  it: Case,
  argv: readonly string[],
  folder: string,
  builds: readonly Answer[],
): readonly Carried[] | string {
  const at = builds.at(-1)?.effect.instruction;
  if (!at) return "no command builds anything";
  const jar = argv[argv.indexOf("-jar") + 1];
  if (argv.includes("-jar") && jar !== undefined) {
    if (/[*$]/.test(jar)) return `which archive ${jar} is, is not known`;
    const path = pathFrom(folder, jar);
    const known = archiveOf(it, builds, path);
    return typeof known === "string" ? known : [known];
  }
  const option = argv.findIndex((word) => /^(?:-cp|-classpath|--class-path)$/.test(word));
  const entries = option === -1 ? [] : (argv[option + 1] ?? "").split(":").filter((entry) => entry !== "");
  if (entries.length === 0)
    return "classes are started from the working folder, and which other files they need is not known";
  if (entries.some((entry) => /[$]/.test(entry))) return "a variable hides the class path";
  return entries.map((entry) => {
    const path = pathFrom(folder, entry.replace(/\/\*$/, ""));
    return entry.endsWith(".jar") ? carriedFile(path, at) : { from: path, to: path, folder: true, at };
  });
}

/** The JRE of the same release, on the same distribution; a text where nobody can tell. */
function runtimeOf(base: BuildBase, repository: string): RuntimeBase | string {
  const why = `the Java of ${base.written} without compiler and build tool`;
  const { tag } = base;
  if (repository === "eclipse-temurin") {
    const jre = /-jdk/.test(tag)
      ? tag.replace("-jdk", "-jre")
      : /^\d[\d.]*(?:_\d+)?(?:-(?:alpine|noble|jammy|focal|ubi\S*)\S*)?$/.test(tag)
        ? tag.replace(/^(\d[\d._]*)/, "$1-jre")
        : undefined;
    return jre === undefined
      ? `it is not known what the JRE of ${base.written} is called`
      : runtimeBase(`${base.repository}:${jre}`, why);
  }
  if (repository === "maven" || repository === "gradle") {
    const said =
      repository === "maven"
        ? /(?:^|-)(?:eclipse-temurin|openjdk|amazoncorretto|sapmachine|ibm-semeru)-(\d+)/.exec(tag)?.[1]
        : /(?:^|-)jdk(\d+)/.exec(tag)?.[1];
    if (said === undefined)
      return `the tag of ${base.written} does not say which Java it has: write it, as in ${repository === "maven" ? "maven:3.9-eclipse-temurin-21" : "gradle:8-jdk21"}`;
    return runtimeBase(`eclipse-temurin:${said}-jre${base.variant === "alpine" ? "-alpine" : ""}`, why);
  }
  if (repository === "openjdk") {
    const version = /^(\d+)/.exec(tag)?.[1];
    if (version === undefined) return `the tag of ${base.written} does not say which Java it is`;
    return runtimeBase(
      `eclipse-temurin:${version}-jre${base.variant === "alpine" ? "-alpine" : ""}`,
      `${why}; the image openjdk is no longer made`,
    );
  }
  return `it is not known what the JRE of ${base.written} is called`;
}
