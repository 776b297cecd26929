/** What a person may ask for instead of one archive on a JRE: Spring Boot's layers, a runtime of jlink. */
import { readGradle } from "../../../model/project/gradle.ts";
import { readPom } from "../../../model/project/pom.ts";
import { type BuildBase, runtimeBase } from "../base.ts";
import type { Alternative, Carried, Case, Decision, RuntimeBase } from "../recipe.ts";

export interface Chosen {
  readonly runtime: RuntimeBase;
  readonly carried: readonly Carried[];
  readonly buildEnd?: readonly string[];
  readonly environment?: readonly string[];
  readonly decisions: readonly Decision[];
  /** What there is instead of the archive as one file. */
  readonly layered: readonly Alternative[];
}

const LAYERS = "layers";
const JLINK = "jlink";
const BASE = "runtime-base";
const EXTRACTED = "/tmp/extracted";
const JAVA = "/opt/java/runtime";

export function chosen(it: Case, base: BuildBase, runtime: RuntimeBase, carried: readonly Carried[]): Chosen {
  const [archive, other] = carried;
  const canLayer = archive !== undefined && other === undefined && !archive.folder && hasLayers(it);
  const layered = canLayer && it.choices.get("files") === LAYERS && archive ? inLayers(archive) : undefined;
  const plain: Alternative = { id: "one", label: "the archive as one file" };
  const small = linked(it, base, runtime);
  return {
    runtime: small?.runtime ?? runtime,
    carried: [...(small?.carried(carried) ?? []), ...(layered?.carried ?? carried)],
    ...((layered || small) && { buildEnd: [...(layered?.build ?? []), ...(small?.build ?? [])] }),
    ...(small && { environment: [`ENV JAVA_HOME=${JAVA} PATH=${JAVA}/bin:$PATH`] }),
    decisions: baseDecision(base, small?.runtime ?? runtime, small !== undefined),
    layered: !canLayer
      ? []
      : layered
        ? [plain]
        : [
            {
              id: LAYERS,
              label:
                "Spring Boot's layers one by one: a change of the program leaves those of its libraries as they are",
            },
          ],
  };
}

/** `jarmode=tools`, which takes an archive apart, came with Spring Boot 3.3. */
function hasLayers({ context }: Case): boolean {
  const pom = context.read("pom.xml");
  const gradle = context.read("build.gradle") ?? context.read("build.gradle.kts");
  const version =
    (pom === undefined ? undefined : readPom(pom)?.springBoot) ??
    (gradle === undefined
      ? undefined
      : readGradle(gradle).plugins.find(({ id }) => id === "org.springframework.boot")?.version);
  const [major = 0, minor = 0] = (version ?? "").split(".").map(Number);
  return major > 3 || (major === 3 && minor >= 3);
}

/** In the order in which they change: libraries seldom, the program with every build. */
const NAMES = ["dependencies", "spring-boot-loader", "snapshot-dependencies", "application"];

function inLayers({ from, to, at }: Carried): {
  readonly build: readonly string[];
  readonly carried: readonly Carried[];
} {
  const folder = to.slice(0, to.lastIndexOf("/")) || "/";
  return {
    build: [`RUN java -Djarmode=tools -jar ${from} extract --layers --destination ${EXTRACTED}`],
    carried: NAMES.map((name) => ({ from: `${EXTRACTED}/${name}`, to: `${folder}/`, folder: true, at })),
  };
}

interface Linked {
  readonly runtime: RuntimeBase;
  readonly build: readonly string[];
  carried(archives: readonly Carried[]): readonly Carried[];
}

/** The same Ubuntu without Java, where the tag says which. */
const plainBase = ({ suite }: BuildBase): string | undefined =>
  suite === "noble" || suite === "jammy" || suite === "focal"
    ? `ubuntu:${suite}`
    : suite === undefined
      ? undefined
      : `debian:${suite}-slim`;

/** Everything of Java SE, and what libraries often ask for besides. */
const MODULES = "java.se,jdk.crypto.ec,jdk.localedata,jdk.management,jdk.unsupported,jdk.zipfs";

function linked({ choices }: Case, base: BuildBase, runtime: RuntimeBase): Linked | undefined {
  const image = plainBase(base);
  if (image === undefined || choices.get(BASE) !== JLINK) return undefined;
  return {
    runtime: runtimeBase(image, `a runtime of the modules of Java SE, made with jlink, instead of ${runtime.image}`),
    build: [`RUN jlink --add-modules ${MODULES} --strip-debug --no-header-files --no-man-pages --output ${JAVA}`],
    carried: (archives) => archives.slice(0, 1).map(({ at }) => ({ from: JAVA, to: JAVA, folder: true, at })),
  };
}

const baseDecision = (base: BuildBase, runtime: RuntimeBase, small: boolean): readonly Decision[] =>
  plainBase(base) === undefined
    ? []
    : [
        {
          id: BASE,
          what: `the last stage is built on ${runtime.image}`,
          why: runtime.why,
          doubtful: small,
          alternatives: small
            ? [{ id: "jre", label: "a JRE" }]
            : [{ id: JLINK, label: "a runtime made with jlink, of the modules of Java SE alone" }],
        },
      ];
