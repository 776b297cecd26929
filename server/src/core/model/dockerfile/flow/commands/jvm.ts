/** Java and its kin: Maven, Gradle, the JDK's own tools. */
import { type Call, has, pathOf, placesOf, type Row, takes, valueOf } from "../call.ts";
import { everythingBelow, files, pathFrom } from "../place.ts";
import { cleans, NOTHING, TREE } from "./acts.ts";

const MAVEN_REPOSITORY = "~/.m2/**";
const mavenActs: Row["acts"] = {
  "*": (call) => {
    const goals = call.operands.map(({ value }) => value);
    const only = goals.every((goal) =>
      /^(?:dependency:|org\.apache\.maven\.plugins:maven-dependency-plugin|verify$|validate$)/.test(goal),
    );
    const fetches = only && goals.some((goal) => goal.includes("dependency"));
    const own = valueOf(call, "-f", "--file");
    const folder =
      own === undefined
        ? call.around
        : { ...call.around, folder: own.endsWith(".xml") ? pathFrom(pathOf(call, own), "..") : pathOf(call, own) };
    const at: Call = { ...call, around: folder };
    if (goals.every((goal) => goal === "clean"))
      return { does: "cleanup", reads: [], writes: placesOf(at, "target/** */target/**") };
    const reads = placesOf(at, fetches ? `pom.xml */pom.xml .mvn/** ${MAVEN_REPOSITORY}` : `./** ${MAVEN_REPOSITORY}`);
    const writes = placesOf(at, fetches ? MAVEN_REPOSITORY : `target/** */target/** **/target/** ${MAVEN_REPOSITORY}`);
    return { does: fetches ? "dependencies" : "build", reads, writes, usual: !fetches };
  },
  "": NOTHING,
};

const GRADLE_HOME = "$GRADLE_USER_HOME/**";
export const JVM: readonly Row[] = [
  {
    programs: "mvn mvnw mvnd",
    syntax: takes("fPplsTtb", "file activate-profiles projects settings threads"),
    local: true,
    acts: mavenActs,
  },
  {
    programs: "gradle gradlew",
    syntax: takes("bcpxgPDI", "build-file project-dir exclude-task gradle-user-home init-script console"),
    folder: "-p --project-dir",
    local: true,
    acts: {
      "": (call) =>
        has(call, "--version", "-v", "--stop")
          ? { does: "nothing", reads: [], writes: [] }
          : {
              does: "build",
              reads: placesOf(call, `./** ${GRADLE_HOME}`),
              writes: placesOf(call, `./** ${GRADLE_HOME}`),
              usual: true,
            },
      "dependencies|dependencyInsight|downloadDependencies|resolveDependencies|wrapper": {
        does: "dependencies",
        reads: "./**",
        writes: `${GRADLE_HOME} .gradle/**`,
        usual: true,
      },
      clean: cleans("build/** */build/**"),
      "*": {
        does: "build",
        reads: `./** ${GRADLE_HOME}`,
        writes: `build/** .gradle/** **/build/** ${GRADLE_HOME}`,
        usual: true,
      },
    },
  },
  {
    programs: "sbt lein ant bazel bazelisk mill clojure clj kotlinc scalac groovyc",
    local: true,
    acts: {
      "*": {
        ...TREE,
        reads: `./** ~/.m2/** ~/.ivy2/** $XDG_CACHE_HOME/**`,
        writes: `./** ~/.m2/** ~/.ivy2/** $XDG_CACHE_HOME/**`,
      },
      "": NOTHING,
    },
  },
  {
    programs: "javac",
    syntax: {
      short: "d",
      long: new Set([
        "-cp",
        "-classpath",
        "--class-path",
        "--release",
        "-source",
        "-target",
        "--source",
        "--target",
        "-sourcepath",
        "-encoding",
      ]),
    },
    acts: {
      "": NOTHING,
      "*": (call) => {
        const out = valueOf(call, "-d");
        const beside = call.operands.map(({ value }) => files(pathOf(call, value.replace(/[^/]*$/, "*.class"))));
        return {
          does: "build",
          reads: placesOf(call, "@all ./**"),
          writes: out === undefined ? beside : [files(everythingBelow(pathOf(call, out)))],
        };
      },
    },
  },
  {
    programs: "jar",
    syntax: takes(""),
    acts: {
      // The letters come first, dash or not; with `f` the file is the next word.
      "*": (call) => {
        const words = call.command.args.map(({ value }) => value);
        const letters = (words[0] ?? "").replace(/^-/, "");
        const archive = words[1];
        if (archive === undefined || !letters.includes("f")) return undefined;
        const file = files(pathOf(call, archive));
        if (letters.startsWith("x")) return { does: "files", reads: [file], writes: placesOf(call, "./**") };
        if (letters.startsWith("t")) return { does: "nothing", reads: [file], writes: [] };
        return { does: "build", reads: placesOf(call, "./**"), writes: [file] };
      },
    },
  },
  {
    programs: "java",
    syntax: { short: "", long: new Set(["-jar", "-cp", "-classpath"]) },
    acts: {
      "": NOTHING,
      // Spring Boot's own tool: takes the layers of a jar apart.
      "*": (call) => {
        const words = call.command.args.map(({ value }) => value);
        const jar = words[words.indexOf("-jar") + 1];
        if (words.includes("-version") || words.includes("--version"))
          return { does: "nothing", reads: [], writes: [] };
        if (jar === undefined || !words.some((word) => word.startsWith("-Djarmode="))) return undefined;
        const at = words.indexOf("--destination");
        const into = at === -1 ? "." : (words[at + 1] ?? ".");
        return {
          does: "build",
          reads: [files(pathOf(call, jar))],
          writes: [files(everythingBelow(pathOf(call, into)))],
        };
      },
    },
  },
  {
    programs: "jlink jpackage native-image",
    syntax: takes("o", "output module-path add-modules compress dest"),
    acts: {
      "*": { does: "build", reads: "./**", writes: "@--output,-o,--dest|./**" },
      "": { does: "build", reads: "./**", writes: "@--output,-o,--dest|./**" },
    },
  },
  { programs: "jdeps jshell keytool jarsigner", acts: { "*": NOTHING, "": NOTHING } },
];
