/** *.csproj, *.fsproj, *.vbproj and Directory.Build.props → what `dotnet publish` makes: literals without a condition only. */
import { childrenOf, readXml, type XmlElement } from "./xml.ts";

export interface DotnetProject {
  /** `Microsoft.NET.Sdk.Web`, `Microsoft.NET.Sdk.Worker`. */
  readonly sdk: string | undefined;
  /** Undefined where not set: the project file's name then. */
  readonly assemblyName: string | undefined;
  /** One or several. */
  readonly targetFrameworks: readonly string[];
  /** `Exe`, `Library`, `WinExe`. */
  readonly outputType: string | undefined;
  readonly publishAot: boolean | undefined;
  readonly selfContained: boolean | undefined;
  readonly publishSingleFile: boolean | undefined;
  readonly publishTrimmed: boolean | undefined;
  readonly invariantGlobalization: boolean | undefined;
  readonly runtimeIdentifier: string | undefined;
  readonly packages: ReadonlyMap<string, string>;
  /** Other projects it needs, relative to its folder, with forward slashes. */
  readonly projects: readonly string[];
  readonly frameworkReferences: readonly string[];
  /** Properties that a condition decides, which are unknown here. */
  readonly conditional: readonly string[];
}

export function readDotnetProject(text: string): DotnetProject | undefined {
  const project = readXml(text);
  if (project?.name !== "Project") return undefined;
  const { properties, conditional } = propertiesOf(project);
  const flag = (name: string): boolean | undefined => {
    const value = properties.get(name)?.toLowerCase();
    return value === "true" ? true : value === "false" ? false : undefined;
  };
  const items = childrenOf(project, "ItemGroup").flatMap(({ children }) => children);
  const included = (name: string): readonly string[] =>
    items.filter((item) => item.name === name).flatMap(({ attributes }) => attributes.get("Include") ?? []);
  return {
    sdk: sdkOf(project),
    assemblyName: properties.get("AssemblyName"),
    targetFrameworks: (properties.get("TargetFrameworks") ?? properties.get("TargetFramework") ?? "")
      .split(";")
      .map((each) => each.trim())
      .filter(Boolean),
    outputType: properties.get("OutputType"),
    publishAot: flag("PublishAot"),
    selfContained: flag("SelfContained"),
    publishSingleFile: flag("PublishSingleFile"),
    publishTrimmed: flag("PublishTrimmed"),
    invariantGlobalization: flag("InvariantGlobalization"),
    runtimeIdentifier: properties.get("RuntimeIdentifier"),
    packages: new Map(
      items.flatMap((item): [string, string][] => {
        const name = item.attributes.get("Include");
        if (item.name !== "PackageReference" || name === undefined) return [];
        return [
          [name, item.attributes.get("Version") ?? item.children.find((child) => child.name === "Version")?.text ?? ""],
        ];
      }),
    ),
    projects: included("ProjectReference").map((path) => path.replaceAll("\\", "/")),
    frameworkReferences: included("FrameworkReference"),
    conditional,
  };
}

/** An attribute, or an element of its own. */
const sdkOf = (project: XmlElement): string | undefined =>
  (project.attributes.get("Sdk") ?? childrenOf(project, "Sdk")[0]?.attributes.get("Name"))?.split("/")[0];

function propertiesOf(project: XmlElement): {
  readonly properties: ReadonlyMap<string, string>;
  readonly conditional: readonly string[];
} {
  const properties = new Map<string, string>();
  const conditional = new Set<string>();
  for (const group of childrenOf(project, "PropertyGroup"))
    for (const { name, attributes, text } of group.children) {
      const isUnknown = group.attributes.has("Condition") || attributes.has("Condition") || /[$@%]\(/.test(text);
      if (isUnknown) conditional.add(name);
      else properties.set(name, text);
    }
  for (const name of conditional) properties.delete(name);
  return { properties, conditional: [...conditional] };
}
