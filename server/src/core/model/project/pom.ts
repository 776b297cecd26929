/** pom.xml → what Maven makes of it: the archive's name, its kind, Spring Boot's version, modules, plugins. */
import { childAt, childrenOf, readXml, type XmlElement, xmlTextAt } from "./xml.ts";

export interface MavenPlugin {
  readonly artifactId: string;
  readonly version: string | undefined;
  readonly goals: readonly string[];
  /** Texts of its configuration, those of its executions included: `classifier` → `exec`. */
  readonly configuration: ReadonlyMap<string, string>;
}

export interface MavenDependency {
  readonly groupId: string;
  readonly artifactId: string;
  readonly version: string | undefined;
  readonly scope: string | undefined;
}

export interface Pom {
  readonly groupId: string | undefined;
  readonly artifactId: string | undefined;
  /** Undefined where a property that is not in this file decides. */
  readonly version: string | undefined;
  /** `jar` where none is written. */
  readonly packaging: string;
  /** What the archive is called without its ending: `artifactId-version` unless set. Undefined where nobody can tell. */
  readonly finalName: string | undefined;
  readonly parent: MavenDependency | undefined;
  /** From the parent, the imported dependencies or the plugin. */
  readonly springBoot: string | undefined;
  readonly javaVersion: string | undefined;
  readonly modules: readonly string[];
  readonly plugins: readonly MavenPlugin[];
  readonly dependencies: readonly MavenDependency[];
  readonly hasProfiles: boolean;
}

export function readPom(text: string): Pom | undefined {
  const project = readXml(text);
  if (project?.name !== "project") return undefined;
  const fill = createProperties(project);
  const textAt = (...path: readonly string[]): string | undefined => fill(xmlTextAt(project, ...path));
  const parent = dependencyOf(childAt(project, "parent"), fill);
  const artifactId = textAt("artifactId");
  const version = textAt("version") ?? (childAt(project, "version") ? undefined : parent?.version);
  const plugins = pluginsOf(childAt(project, "build", "plugins"), fill);
  const named = childAt(project, "build", "finalName") ? textAt("build", "finalName") : joined(artifactId, version);
  return {
    groupId: textAt("groupId") ?? parent?.groupId,
    artifactId,
    version,
    packaging: textAt("packaging") ?? "jar",
    finalName: named,
    parent,
    springBoot: springBootOf(project, parent, plugins, fill),
    javaVersion:
      ["maven.compiler.release", "java.version", "maven.compiler.target", "maven.compiler.source"]
        .map((name) => textAt("properties", name))
        .find((each) => each !== undefined) ??
      plugins.find(({ artifactId: name }) => name === "maven-compiler-plugin")?.configuration.get("release"),
    modules: childrenOf(childAt(project, "modules"), "module").flatMap((each) => fill(each.text) ?? []),
    plugins,
    dependencies: childrenOf(childAt(project, "dependencies"), "dependency").flatMap(
      (each) => dependencyOf(each, fill) ?? [],
    ),
    hasProfiles: (childAt(project, "profiles")?.children.length ?? 0) > 0,
  };
}

/**
 * The archive that runs, below `target`; undefined where nobody can tell. What a plugin makes beside the plain jar is called
 * otherwise: with a classifier, or in a folder of its own.
 */
export function runnableArchive(pom: Pom): string | undefined {
  const { finalName, packaging } = pom;
  if (packaging !== "jar" && packaging !== "war") return undefined;
  const plugin = (name: string): MavenPlugin | undefined => pom.plugins.find(({ artifactId }) => artifactId === name);
  if (plugin("quarkus-maven-plugin")) return "quarkus-app/quarkus-run.jar";
  if (finalName === undefined) return undefined;
  const boot = plugin("spring-boot-maven-plugin");
  const assembly = plugin("maven-assembly-plugin");
  const shade = plugin("maven-shade-plugin");
  const own = (boot ?? shade)?.configuration;
  const name = own?.get("finalName") ?? finalName;
  if (boot) return `${name}${suffix(own?.get("classifier"))}.${packaging}`;
  if (shade)
    return own?.get("shadedArtifactAttached") === "true"
      ? `${name}${suffix(own.get("shadedClassifierName") ?? "shaded")}.jar`
      : `${name}.jar`;
  if (assembly) {
    const assembled = assembly.configuration.get("finalName") ?? finalName;
    const reference = assembly.configuration.get("descriptorRef");
    if (assembly.configuration.get("appendAssemblyId") === "false") return `${assembled}.jar`;
    return reference === undefined ? undefined : `${assembled}-${reference}.jar`;
  }
  return `${finalName}.${packaging}`;
}

const suffix = (classifier: string | undefined): string => (classifier === undefined ? "" : `-${classifier}`);

const joined = (artifactId: string | undefined, version: string | undefined): string | undefined =>
  artifactId === undefined || version === undefined ? undefined : `${artifactId}-${version}`;

type Fill = (text: string | undefined) => string | undefined;

/** Properties refer to each other; longer values are no names. */
const MAX_VALUE = 1000;

/** `${…}` replaced by properties of this file; undefined where one of them is not in it. */
function createProperties(project: XmlElement): Fill {
  const known = new Map<string, string | undefined>();
  const properties = new Map(childAt(project, "properties")?.children.map(({ name, text }) => [name, text]));
  const property = (name: string): string | undefined => {
    if (known.has(name)) return known.get(name);
    // One that refers to itself stays unknown.
    known.set(name, undefined);
    const own = name.replace(/^(?:project|pom)\./, "");
    const written =
      properties.get(name) ??
      (own === name ? undefined : (xmlTextAt(project, ...own.split(".")) ?? inherited(project, own)));
    const value = fill(written);
    known.set(name, value);
    return value;
  };
  const fill: Fill = (text) => {
    if (text === undefined || !text.includes("${")) return text;
    if (text.length > MAX_VALUE) return undefined;
    let isKnown = true;
    const filled = text.replace(/\$\{([^{}]*)\}/g, (_, name: string) => {
      const value = property(name.trim());
      if (value === undefined) isKnown = false;
      return value ?? "";
    });
    return isKnown && filled.length <= MAX_VALUE ? filled : undefined;
  };
  return fill;
}

const inherited = (project: XmlElement, name: string): string | undefined =>
  name === "version" || name === "groupId" ? xmlTextAt(project, "parent", name) : undefined;

function dependencyOf(element: XmlElement | undefined, fill: Fill): MavenDependency | undefined {
  const groupId = fill(xmlTextAt(element, "groupId"));
  const artifactId = fill(xmlTextAt(element, "artifactId"));
  if (groupId === undefined || artifactId === undefined) return undefined;
  return {
    groupId,
    artifactId,
    version: fill(xmlTextAt(element, "version")),
    scope: fill(xmlTextAt(element, "scope")),
  };
}

const pluginsOf = (plugins: XmlElement | undefined, fill: Fill): readonly MavenPlugin[] =>
  childrenOf(plugins, "plugin").flatMap((plugin) => {
    const artifactId = fill(xmlTextAt(plugin, "artifactId"));
    if (artifactId === undefined) return [];
    const executions = childrenOf(childAt(plugin, "executions"), "execution");
    const configurations = [plugin, ...executions].map((each) => childAt(each, "configuration"));
    return [
      {
        artifactId,
        version: fill(xmlTextAt(plugin, "version")),
        goals: executions.flatMap((each) => childrenOf(childAt(each, "goals"), "goal").map(({ text }) => text)),
        configuration: new Map(
          configurations
            .flatMap((each) => [
              ...(each?.children ?? []),
              ...(childAt(each, "descriptorRefs")?.children ?? []),
              ...(childAt(each, "archive", "manifest")?.children ?? []),
            ])
            .flatMap(({ name, text }): [string, string][] => {
              const value = fill(text);
              return value === undefined || value === "" ? [] : [[name, value]];
            }),
        ),
      },
    ];
  });

function springBootOf(
  project: XmlElement,
  parent: MavenDependency | undefined,
  plugins: readonly MavenPlugin[],
  fill: Fill,
): string | undefined {
  if (parent?.artifactId === "spring-boot-starter-parent") return parent.version;
  const imported = childrenOf(childAt(project, "dependencyManagement", "dependencies"), "dependency")
    .map((each) => dependencyOf(each, fill))
    .find((each) => each?.artifactId === "spring-boot-dependencies");
  return imported?.version ?? plugins.find(({ artifactId }) => artifactId === "spring-boot-maven-plugin")?.version;
}
