/** What a manifest says an install reads besides it: files it includes, and reasons why the manifest alone is not enough. */
import { readComposerJson } from "../../model/project/composer.ts";
import { readGemfile } from "../../model/project/gemfile.ts";
import { readGoMod } from "../../model/project/go-mod.ts";
import { localDependencies, readPackageJson } from "../../model/project/package-json.ts";
import { readPipfile } from "../../model/project/pipfile.ts";
import { readPom } from "../../model/project/pom.ts";
import { readPyproject } from "../../model/project/pyproject.ts";
import { readRequirements } from "../../model/project/requirements.ts";
import type { ShellCommand } from "../../model/dockerfile/shell.ts";
import { baseName, besides } from "./late-installs.ts";
import { listed } from "./places.ts";

/** Paths in the build context that are copied along, or a clause why that is not enough. */
export type Needs = readonly string[] | string;

type Reader = (text: string, path: string, command: ShellCommand) => Needs;

const pathDependencies = (text: string, path: string): Needs =>
  /\bpath:\s*["']?[.\w/]/.test(text) ? `${path} takes a dependency from the build context` : [];

const READERS: readonly (readonly [name: RegExp, reader: Reader])[] = [
  [/^package\.json$/, packageJson],
  [/^go\.mod$/, goMod],
  [/^Gemfile$/, gemfile],
  [/^pyproject\.toml$/, pyproject],
  [/^Pipfile$/, pipfile],
  [/^composer\.json$/, composer],
  [/^pom\.xml$/, pom],
  [/^(?:mix\.exs|pubspec\.yaml)$/, pathDependencies],
];

/** Manifests of pip may have any name. */
export function needsOfManifest(path: string, text: string, command: ShellCommand): Needs {
  const name = baseName(path);
  const reader = READERS.find(([pattern]) => pattern.test(name))?.[1] ?? requirements;
  return reader(text, path, command);
}

/** Scripts of package.json that npm, Yarn, pnpm and bun run when they install. */
const WITH_INSTALL = ["preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare"];
/** They look at nothing of the source, or do nothing where there is no repository. */
const HARMLESS =
  /^(?:(?:npx )?(?:-y )?only-allow [\w-]+|husky(?: install)?(?: ?\|\| ?(?:true|exit 0|:))?|echo [\w '"!.-]*|true)$/;

function packageJson(text: string, path: string, { args }: ShellCommand): Needs {
  const project = readPackageJson(text);
  if (!project) return `${path} cannot be read`;
  if (project.workspaces.length > 0) return `${path} has workspaces, whose manifests the install reads too`;
  const local = localDependencies(project);
  if (local.length > 0) return `${path} takes ${listed(local.map(({ name }) => name))} from the build context`;
  if (text.includes('"patchedDependencies"')) return `${path} names patches, which the install reads too`;
  if (args.some(({ value }) => value === "--ignore-scripts")) return [];
  const script = WITH_INSTALL.find((name) => {
    const body = project.scripts.get(name)?.trim() ?? "";
    return body !== "" && !HARMLESS.test(body);
  });
  return script === undefined ? [] : `the ${script} script of ${path} runs with the install and may need the source`;
}

function goMod(text: string, path: string): Needs {
  const local = readGoMod(text)?.replaces.find(({ folder }) => folder !== undefined);
  return local ? `${path} replaces ${local.path} with a folder of the build context` : [];
}

function gemfile(text: string, path: string): Needs {
  const { gems, gemspec, includes } = readGemfile(text);
  if (gemspec) return `${path} reads a gemspec, which is in the build context`;
  if (includes.length > 0) return `${path} reads ${listed(includes)}`;
  const local = gems.find((gem) => gem.path !== undefined);
  return local ? `${path} takes ${local.name} from the build context` : [];
}

/** Tables of poetry, uv and pdm write it differently: the words are enough. */
function pyproject(text: string, path: string): Needs {
  const project = readPyproject(text);
  if (!project) return `${path} cannot be read`;
  if (project.workspaceMembers.length > 0 || /\bworkspace\s*=\s*true/.test(text))
    return `${path} has a workspace, whose manifests the install reads too`;
  return /[{\s,]path\s*=\s*["']|file:\/\//.test(text) ? `${path} takes a dependency from the build context` : [];
}

function pipfile(text: string, path: string): Needs {
  const project = readPipfile(text);
  if (!project) return `${path} cannot be read`;
  const local = [...project.packages, ...project.devPackages].find((each) => each.editable || each.path !== undefined);
  return local ? `${path} takes ${local.name ?? "a package"} from the build context` : [];
}

function composer(text: string, path: string): Needs {
  const project = readComposerJson(text);
  if (!project) return `${path} cannot be read`;
  return project.pathRepositories.length > 0 ? `${path} takes packages from the build context` : [];
}

function pom(text: string, path: string): Needs {
  const project = readPom(text);
  if (!project) return `${path} cannot be read`;
  return project.modules.length > 0 ? `${path} has modules, whose manifests Maven reads too` : [];
}

function requirements(text: string, path: string): Needs {
  const { requirements: wanted, includes, constraints, variables } = readRequirements(text);
  const local = wanted.find((each) => each.editable || each.path !== undefined);
  if (local) return `${path} installs ${local.path ?? local.name ?? "a package"} from the build context`;
  if (variables.length > 0) return `${path} is filled in with ${listed(variables)}`;
  const more = [...includes, ...constraints].filter((each) => !each.includes("://"));
  const elsewhere = more.find((each) => /[/\\]|\.\./.test(each.replace(/^\.\//, "")));
  if (elsewhere !== undefined) return `${path} includes ${elsewhere}, which is in another folder`;
  return more.map((each) => besides(path, each.replace(/^\.\//, "")));
}
