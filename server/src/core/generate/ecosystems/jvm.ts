/** Java and Kotlin, built by Maven or Gradle: a JDK builds, a JRE runs; Spring Boot's archive is taken apart into layers. */
import { type GradleBuild, readGradle, readGradleSettings } from "../../model/project/gradle.ts";
import { type Pom, readPom, runnableArchive } from "../../model/project/pom.ts";
import { type App, isPlain, notPlain, type Outcome, type Refusal, refuse } from "../app.ts";
import { sourcesOf } from "../files.ts";
import { choosePort, healthPathIn, listeningOf, portLines } from "../listening.ts";
import { chooseProbe } from "../probes.ts";
import { chooseRelease, IMAGES } from "../releases.ts";
import { saidVersion } from "../said.ts";
import { account, cache, cmd, copy, fileOf, from, healthcheck, OWNER, run } from "../text.ts";

const SOURCES = /\.(?:java|kt)$|(?:^|\/)application[^/]*\.(?:properties|ya?ml)$/;
const MAVEN = "3.9";
const GRADLE = "8";

/** What the build makes, and how it starts. */
interface Archive {
  readonly build: string;
  readonly image: string;
  readonly caches: readonly string[];
  /** Relative to the folder it is built in: a jar, or a folder with everything. */
  readonly path: string;
  readonly kind: "jar" | "folder";
  /** Spring Boot's version, where it makes an archive with layers. */
  readonly boot: string | undefined;
  readonly start: readonly string[];
  readonly framework: string | undefined;
  readonly libraries: readonly string[];
}

export function maven(app: App): Outcome {
  const { files, notes } = app;
  const pom = readPom(files.read("pom.xml") ?? "");
  if (!pom) return refuse("pom.xml is no project of Maven");
  if (pom.packaging === "pom" || pom.modules.length > 0)
    return refuse(
      `pom.xml is that of several modules (${pom.modules.join(", ")}), and nothing says which one the image is for: choose the folder of one that builds alone`,
    );
  if (pom.packaging === "war" && pom.springBoot === undefined)
    return refuse(
      "the project makes a war, which runs inside a server: write the Dockerfile by hand, FROM tomcat or jetty",
    );
  const parent = files.paths.includes("../pom.xml") ? undefined : pom.parent;
  if (parent !== undefined && parent.groupId !== "org.springframework.boot" && app.found.within !== undefined)
    return refuse(
      `its parent ${parent.artifactId} is in a folder around it: choose that folder, or write the Dockerfile by hand`,
    );
  const path = runnableArchive(pom);
  if (path === undefined)
    return refuse("the name of the archive cannot be told from pom.xml, because a property of another file is in it");
  const java = javaVersion(app, pom.javaVersion, "pom.xml");
  const reason = whyNotRunnable(pom);
  if (reason !== undefined) return refuse(reason);
  const quarkus = path.startsWith("quarkus-app/");
  const boot = quarkus ? undefined : bootVersion(pom);
  notes.note(
    "tests",
    "Tests are not run while the image is built",
    "they belong before it, and may need what a build has not",
  );
  return made(app, java, {
    build: "mvn --batch-mode --no-transfer-progress package -DskipTests",
    image: `maven:${MAVEN}-eclipse-temurin-${java}`,
    caches: [cache("/root/.m2/repository", true)],
    path: quarkus ? "target/quarkus-app" : `target/${path}`,
    kind: quarkus ? "folder" : "jar",
    boot,
    start: quarkus ? ["java", "-jar", "quarkus-run.jar"] : ["java", "-jar", "app.jar"],
    framework: quarkus ? "Quarkus" : boot === undefined ? undefined : "Spring Boot",
    libraries: pom.dependencies
      .filter(({ scope }) => scope !== "test")
      .map(({ groupId, artifactId }) => `${groupId}:${artifactId}`),
  });
}

const hasPlugin = (pom: Pom, name: string): boolean => pom.plugins.some(({ artifactId }) => artifactId === name);

const bootVersion = (pom: Pom): string | undefined =>
  hasPlugin(pom, "spring-boot-maven-plugin") ? pom.springBoot : undefined;

/** A plain jar runs when its manifest names a class and it needs no other jar. */
function whyNotRunnable(pom: Pom): string | undefined {
  if (
    ["quarkus-maven-plugin", "spring-boot-maven-plugin", "maven-shade-plugin", "maven-assembly-plugin"].some((name) =>
      hasPlugin(pom, name),
    )
  )
    return undefined;
  const main = pom.plugins.find(({ artifactId }) => artifactId === "maven-jar-plugin")?.configuration.get("mainClass");
  if (main === undefined)
    return "nothing makes an archive that can be started: neither spring-boot-maven-plugin nor maven-shade-plugin is used, and maven-jar-plugin has no mainClass";
  const needed = pom.dependencies.filter(({ scope }) => scope !== "test" && scope !== "provided");
  return needed.length === 0
    ? undefined
    : `the jar starts with ${main} and needs ${needed[0]?.artifactId}, which is not in it: maven-shade-plugin or spring-boot-maven-plugin puts everything into one archive`;
}

export function gradle(app: App): Outcome {
  const { files, notes } = app;
  const kotlin = files.paths.includes("build.gradle.kts");
  const build = readGradle(files.read(kotlin ? "build.gradle.kts" : "build.gradle") ?? "");
  const settings = readGradleSettings(files.read("settings.gradle.kts") ?? files.read("settings.gradle") ?? "");
  if (settings.includes.length > 0)
    return refuse(
      `settings.gradle is that of several projects (${settings.includes.join(", ")}), and nothing says which one the image is for: write the Dockerfile by hand`,
    );
  if (app.found.within !== undefined)
    return refuse("its settings.gradle is in a folder around it, so that the folder alone cannot be built");
  const plugin = (id: string) => build.plugins.find((each) => each.id === id);
  const boot = plugin("org.springframework.boot");
  const name = settings.name ?? (files.name === "" ? undefined : files.name);
  const archive = boot ? bootJar(build, name) : undefined;
  if (archive && "refusal" in archive) return archive;
  const shadow = plugin("com.gradleup.shadow") ?? plugin("com.github.johnrengelman.shadow");
  const application = plugin("application");
  if (!boot && !application)
    return refuse(
      shadow
        ? "the plugin shadow is used without the plugin application, so that no class is named to start with"
        : "nothing makes a program that can be started: neither org.springframework.boot nor the plugin application is used",
    );
  if (settings.name === undefined)
    notes.note(
      "project-name",
      `The project is called ${name ?? "app"}`,
      "no settings.gradle says another name than the folder's, in which the image builds as well",
      true,
    );
  const java = javaVersion(app, build.javaVersion, kotlin ? "build.gradle.kts" : "build.gradle");
  const wrapper = /distributionUrl=.*gradle-(\d+\.\d+(?:\.\d+)?)-/.exec(
    files.read("gradle/wrapper/gradle-wrapper.properties") ?? "",
  )?.[1];
  if (wrapper === undefined)
    notes.note("gradle-version", `Gradle ${GRADLE}`, "there is no wrapper that says which Gradle it is for", true);
  else notes.note("gradle-version", `Gradle ${wrapper}`, "gradle-wrapper.properties says so");
  const libraries = build.dependencies
    .filter(({ configuration }) => !/test/i.test(configuration))
    .map(({ notation }) => notation);
  const common = {
    image: `gradle:${wrapper ?? GRADLE}-jdk${java}`,
    caches: [cache("/home/gradle/.gradle", true)],
    libraries,
  };
  if (archive)
    return made(app, java, {
      ...common,
      build: "gradle --no-daemon bootJar",
      path: `build/libs/${archive.name}`,
      kind: "jar",
      boot: boot?.version ?? "3.3",
      start: ["java", "-jar", "app.jar"],
      framework: "Spring Boot",
    });
  return made(app, java, {
    ...common,
    build: "gradle --no-daemon installDist",
    path: `build/install/${name ?? files.name}`,
    kind: "folder",
    boot: undefined,
    start: [`bin/${name ?? files.name}`],
    framework: undefined,
  });
}

function bootJar({ archives, version }: GradleBuild, name: string | undefined): { readonly name: string } | Refusal {
  const own = { ...archives.get(""), ...archives.get("bootJar") };
  if (own.fileName !== undefined) return { name: own.fileName };
  const base = own.baseName ?? name;
  if (base === undefined)
    return refuse("the name of the archive cannot be told, because no settings.gradle says the project's name");
  const parts = [base, own.version ?? version, own.classifier].filter((part) => part !== undefined && part !== "");
  return { name: `${parts.join("-")}.jar` };
}

function javaVersion(app: App, written: string | undefined, by: string): string {
  const said = saidVersion(app.files, "java");
  const number = (text: string): string => text.replace(/^1\./, "").split(".")[0] ?? text;
  if (said) return chooseRelease(app.notes, "java", { said: { ...said, version: number(said.version) } });
  return chooseRelease(
    app.notes,
    "java",
    written === undefined || !/^[\d.]+$/.test(written) ? {} : { said: { version: number(written), by } },
  );
}

/** Spring Boot 3.3 and later take an archive apart by themselves; what starts it moved in 3.2. */
function layers(
  boot: string,
): { readonly extract: string; readonly start: readonly string[]; readonly folders: readonly string[] } | undefined {
  const [major = 0, minor = 0] = boot.split(".").map(Number);
  const folders = ["dependencies", "spring-boot-loader", "snapshot-dependencies", "application"];
  if (major > 3 || (major === 3 && minor >= 3))
    return {
      extract: "java -Djarmode=tools -jar app.jar extract --layers --destination /layers",
      start: ["java", "-jar", "app.jar"],
      folders,
    };
  if (major === 3 || (major === 2 && minor >= 3)) {
    const launcher =
      major === 3 && minor >= 2
        ? "org.springframework.boot.loader.launch.JarLauncher"
        : "org.springframework.boot.loader.JarLauncher";
    return {
      extract: "java -Djarmode=layertools -jar app.jar extract --destination /layers",
      start: ["java", launcher],
      folders,
    };
  }
  return undefined;
}

function made(app: App, java: string, archive: Archive): Outcome {
  const { files, notes } = app;
  if (!isPlain(archive.path)) return notPlain("what the build makes", archive.path);
  const texts = sourcesOf(files, SOURCES);
  const web = archive.libraries.some((name) =>
    /spring-boot-starter-web|quarkus-(?:rest|resteasy|vertx)|micronaut-http-server|io\.javalin|spark-core|ktor-server|jetty-server/.test(
      name,
    ),
  );
  const listening = listeningOf(texts, "jvm");
  const port = choosePort(
    notes,
    { ...listening, listens: listening.listens || web },
    8080,
    web && archive.framework !== undefined ? archive.framework : undefined,
  );
  const actuator = archive.libraries.some((name) => name.includes("spring-boot-starter-actuator"));
  const probe = chooseProbe(
    notes,
    port,
    "curl",
    actuator ? { path: "/actuator/health", by: "Spring Boot's actuator" } : healthPathIn(texts),
  );
  const split = archive.boot === undefined ? undefined : layers(archive.boot);
  const copied = archive.kind === "jar" ? `cp ${archive.path} app.jar` : `mkdir /out && cp -r ${archive.path}/. /out/`;
  if (split)
    notes.note(
      "layers",
      "Spring Boot's archive is taken apart into layers",
      "a change of the sources then changes the smallest of them alone",
    );
  const jar = split ? [`${archive.build}`, copied, split.extract] : [archive.build, copied];
  const start = split ? split.start : archive.start;
  return {
    ecosystem: archive.framework === undefined ? "Java" : `Java (${archive.framework})`,
    dockerfile: fileOf(
      app.image(IMAGES.syntax),
      [from(app.image(archive.image), "build"), "WORKDIR /src", copy(["."], "."), run(jar, archive.caches)],
      [
        from(app.image(`eclipse-temurin:${java}-jre`)),
        run(account("debian")),
        "WORKDIR /app",
        ...(split
          ? split.folders.map((folder) => copy([`/layers/${folder}/`], "./", "--from=build"))
          : [
              archive.kind === "jar"
                ? copy(["/src/app.jar"], "./", "--from=build")
                : copy(["/out/"], "./", "--from=build"),
            ]),
        `USER ${OWNER}`,
        ...portLines(port, texts),
        healthcheck(probe, 30),
        cmd(start),
      ],
    ),
    port,
    probe,
    writes: [],
    init: false,
    sets: ["PORT"],
    libraries: { from: "maven", names: archive.libraries },
    sources: SOURCES,
  };
}
