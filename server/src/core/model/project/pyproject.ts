/** pyproject.toml → which tool manages and builds the project, what it depends on, what it can run. */
import { normalised, type PythonRequirement, readPythonRequirement } from "./python-requirement.ts";
import { readToml } from "./toml.ts";
import { at, fieldsOf, flagAt, isFields, itemsOf, namedTexts, textAt, textOf, textsOf } from "./values.ts";

export type PythonManager = "poetry" | "uv" | "pdm" | "hatch" | "rye" | "pixi";

export interface Pyproject {
  readonly name: string | undefined;
  /** Undefined also where it is worked out at build time. */
  readonly version: string | undefined;
  readonly requiresPython: string | undefined;
  /** What installs it, as far as a table of the tool's own or its build backend says; several tools may use one file. */
  readonly manager: PythonManager | undefined;
  /** `poetry.core.masonry.api`; undefined where nothing is said, which means setuptools. */
  readonly buildBackend: string | undefined;
  /** False: it is installed for its dependencies alone (poetry's and uv's `package = false`). */
  readonly isPackage: boolean | undefined;
  readonly dependencies: readonly PythonRequirement[];
  readonly extras: ReadonlyMap<string, readonly PythonRequirement[]>;
  /** Of development: `dev`, `test`. */
  readonly groups: ReadonlyMap<string, readonly PythonRequirement[]>;
  /** Command → what it calls. */
  readonly scripts: ReadonlyMap<string, string>;
  /** Files the build of the package reads: readme, licence, where its version stands. */
  readonly readFiles: readonly string[];
  /** What is worked out at build time: `version`. */
  readonly dynamic: readonly string[];
  /** The version comes from git's history: the build needs `.git`, or a variable in its place. */
  readonly versionFromGit: boolean;
  readonly workspaceMembers: readonly string[];
  /** It has a table of that name: `[tool.black]`. */
  readonly tools: readonly string[];
}

/** Undefined where the text is no TOML. */
export function readPyproject(text: string): Pyproject | undefined {
  const data = readToml(text);
  if (!isFields(data)) return undefined;
  const project = at(data, "project");
  const tool = fieldsOf(at(data, "tool"));
  const poetry = tool["poetry"];
  const buildBackend = textAt(data, "build-system", "build-backend");
  const dynamic = textsOf(at(project, "dynamic"));
  return {
    name: textAt(project, "name") ?? textAt(poetry, "name"),
    version: textAt(project, "version") ?? (dynamic.includes("version") ? undefined : textAt(poetry, "version")),
    requiresPython: textAt(project, "requires-python") ?? pythonOf(poetry),
    manager: managerOf(tool, buildBackend),
    buildBackend,
    isPackage: flagAt(poetry, "package-mode") ?? flagAt(tool["uv"], "package") ?? flagAt(tool["pdm"], "distribution"),
    dependencies: [
      ...read(at(project, "dependencies")),
      ...poetryRequirements(at(poetry, "dependencies"), (each) => !isOptional(each)),
    ],
    extras: new Map([...poetryExtras(poetry), ...named(at(project, "optional-dependencies"), read)]),
    groups: groupsOf(data, tool),
    scripts: new Map([
      ...namedTexts(at(poetry, "scripts")),
      ...namedTexts(at(project, "scripts")),
      ...namedTexts(at(project, "gui-scripts")),
    ]),
    readFiles: readFilesOf(project, poetry, tool),
    dynamic,
    versionFromGit: isVersionFromGit(tool, at(data, "build-system", "requires")),
    workspaceMembers: textsOf(at(tool, "uv", "workspace", "members")),
    tools: Object.keys(tool),
  };
}

const MANAGERS: readonly PythonManager[] = ["poetry", "pdm", "rye", "pixi", "uv", "hatch"];

const BACKENDS: readonly (readonly [RegExp, PythonManager])[] = [
  [/^poetry[._]/, "poetry"],
  [/^pdm\./, "pdm"],
  [/^uv_build/, "uv"],
];

/** A table says more than the backend: uv and pdm build with many. hatchling alone says nothing about who installs. */
const managerOf = (tool: object, backend: string | undefined): PythonManager | undefined =>
  MANAGERS.find((name) => Object.hasOwn(tool, name) && !(name === "hatch" && backend !== undefined)) ??
  BACKENDS.find(([pattern]) => pattern.test(backend ?? ""))?.[1];

/** Of poetry: a text, or a table that says more. */
function pythonOf(poetry: unknown): string | undefined {
  const python = at(poetry, "dependencies", "python");
  return textOf(python) ?? textAt(python, "version");
}

const read = (list: unknown): readonly PythonRequirement[] =>
  textsOf(list).flatMap((written) => readPythonRequirement(written) ?? []);

const named = (
  groups: unknown,
  readGroup: (group: unknown) => readonly PythonRequirement[],
): ReadonlyMap<string, readonly PythonRequirement[]> =>
  new Map(Object.entries(fieldsOf(groups)).map(([name, group]) => [name, readGroup(group)]));

/** Groups that include each other again and again would fill the memory. */
const MAX_INCLUDED = 10_000;

/** PEP 735 and what the tools had before it; a group that includes another has what that one has. */
function groupsOf(data: unknown, tool: unknown): ReadonlyMap<string, readonly PythonRequirement[]> {
  const standard = fieldsOf(at(data, "dependency-groups"));
  const found = new Map(named(standard, read));
  let left = MAX_INCLUDED;
  for (const [name, group] of Object.entries(standard))
    for (const item of itemsOf(group)) {
      const included = found.get(textAt(item, "include-group") ?? "") ?? [];
      left -= included.length;
      if (included.length > 0 && left > 0) found.set(name, [...(found.get(name) ?? []), ...included]);
    }
  const older: readonly (readonly [string, readonly PythonRequirement[]])[] = [
    ["dev", read(at(tool, "uv", "dev-dependencies"))],
    ["dev", poetryRequirements(at(tool, "poetry", "dev-dependencies"))],
    ...named(at(tool, "pdm", "dev-dependencies"), read),
    ...Object.entries(fieldsOf(at(tool, "poetry", "group"))).map(
      ([name, group]) => [name, poetryRequirements(at(group, "dependencies"))] as const,
    ),
  ];
  for (const [name, requirements] of older)
    if (requirements.length > 0) found.set(name, [...(found.get(name) ?? []), ...requirements]);
  return found;
}

/** `flask = "^3.0"`, `lib = { path = "../lib", develop = true }`, or a list of such tables. */
function poetryRequirements(
  table: unknown,
  isWanted: (written: unknown) => boolean = () => true,
): readonly PythonRequirement[] {
  return Object.entries(fieldsOf(table)).flatMap(([name, written]) => {
    if (normalised(name) === "python" || !isWanted(written)) return [];
    const one: unknown = Array.isArray(written) ? written[0] : written;
    const git = textAt(one, "git");
    const version = textOf(one) ?? textAt(one, "version") ?? "";
    return [
      {
        name: normalised(name),
        extras: textsOf(at(one, "extras")).map(normalised),
        specifier: version === "*" ? "" : version,
        marker: textAt(one, "markers"),
        url: git === undefined ? textAt(one, "url") : `git+${git}`,
        vcs: git !== undefined,
        path: textAt(one, "path") ?? textAt(one, "file"),
      },
    ];
  });
}

/** Only an extra asks for it. */
const isOptional = (written: unknown): boolean => flagAt(written, "optional") === true;

/** `[tool.poetry.extras]`: name → names of optional dependencies. */
function poetryExtras(poetry: unknown): ReadonlyMap<string, readonly PythonRequirement[]> {
  const all = new Map(poetryRequirements(at(poetry, "dependencies")).map((each) => [each.name, each]));
  return named(at(poetry, "extras"), (group) => textsOf(group).flatMap((name) => all.get(normalised(name)) ?? []));
}

function readFilesOf(project: unknown, poetry: unknown, tool: unknown): readonly string[] {
  const dynamic = at(tool, "setuptools", "dynamic");
  return [
    ...texts(at(project, "readme")),
    ...texts(at(project, "readme", "file")),
    ...texts(at(poetry, "readme")),
    ...texts(at(project, "license", "file")),
    ...texts(at(project, "license-files")),
    ...texts(at(tool, "hatch", "version", "path")),
    ...["version", "dependencies", "readme"].flatMap((name) => texts(at(dynamic, name, "file"))),
  ];
}

/** One text or a list of them. */
const texts = (value: unknown): readonly string[] => (typeof value === "string" ? [value] : textsOf(value));

const isVersionFromGit = (tool: Readonly<Record<string, unknown>>, requires: unknown): boolean =>
  Object.hasOwn(tool, "setuptools_scm") ||
  Object.hasOwn(tool, "setuptools-git-versioning") ||
  Object.hasOwn(tool, "poetry-dynamic-versioning") ||
  textAt(tool, "hatch", "version", "source") === "vcs" ||
  textAt(tool, "pdm", "version", "source") === "scm" ||
  read(requires).some(({ name }) => name === "setuptools-scm" || name === "hatch-vcs" || name === "versioneer");
