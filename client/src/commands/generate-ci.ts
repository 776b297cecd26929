/** Writes a GitHub Actions workflow or GitLab CI jobs for this project, after a look at them; a file that is there is compared, and replaced only on request. */
import { isAbsolute, relative } from "node:path";
import {
  commands,
  extensions,
  FileType,
  type QuickPickItem,
  Uri,
  window,
  workspace,
  type WorkspaceFolder,
} from "vscode";
import { ALL_ACTIONS, askCommit, type Commits, commitIn, isUnresolved } from "../ci/actions.ts";
import { GITHUB_PATH, githubWorkflow } from "../ci/github.ts";
import { GITLAB_PATH, gitlabPipeline } from "../ci/gitlab.ts";
import { type Buildable, imagesOf } from "../ci/images.ts";
import { type CiProject, SEVERITIES, type Severity } from "../ci/project.ts";
import { imageName, remoteOf, type Remote, repositoryFor } from "../ci/names.ts";
import { previewOf, showPreview } from "../preview.ts";
import { factsOf } from "../tasks/run-build.ts";
import { ask, withProgress } from "../work.ts";
import type { Parts } from "./command.ts";

type Provider = "github" | "gitlab";

interface Service {
  readonly label: string;
  readonly path: string;
  readonly text: (project: CiProject, commits: Commits) => string;
}

const SERVICES: Readonly<Record<Provider, Service>> = {
  github: { label: "GitHub Actions", path: GITHUB_PATH, text: githubWorkflow },
  gitlab: { label: "GitLab CI", path: GITLAB_PATH, text: gitlabPipeline },
};

const DOCKERFILES = "**/{Dockerfile,Containerfile,Dockerfile.*,*.Dockerfile,*.dockerfile}";
const NOT_LOOKED_INTO = "**/{node_modules,.git,vendor,.venv}/**";
const MAX_FILES = 100;

/** @param given `{ provider }` of a keybinding */
export async function generateCi(parts: Parts, given?: unknown): Promise<void> {
  const folder = await chooseFolder();
  if (!folder) return;
  const remote = await remoteHere(folder);
  const provider = providerIn(given) ?? (await chooseProvider(folder, remote));
  if (!provider) return;
  const files = await chooseDockerfiles(folder);
  if (!files) return;
  const builds = await Promise.all(files.map((file) => buildable(parts, folder, file)));
  const first = repositoryFor(remote, folder.name, provider);
  const repository = await window.showInputBox({
    title: "Where the images are published",
    prompt: "Registry and repository, without tag; where there are several images each adds its name",
    value: first,
    validateInput: (text) =>
      imageName(text) ? undefined : "Registry and repository in lower case, such as ghcr.io/owner/name",
    ignoreFocusOut: true,
  });
  if (repository === undefined) return;
  const severity = await chooseSeverity();
  if (!severity) return;
  const project: CiProject = {
    images: imagesOf(builds, repository, folder.name),
    defaultBranch: (await branchHere(folder)) ?? "main",
    platforms: ["linux/amd64"],
    severity,
    version: String(extensions.getExtension("dockwright.dockwright")?.packageJSON.version ?? "latest"),
  };
  await offer(parts, folder, SERVICES[provider], project);
}

const providerIn = (given: unknown): Provider | undefined => {
  const named = typeof given === "object" && given !== null && "provider" in given ? given.provider : undefined;
  return named === "github" || named === "gitlab" ? named : undefined;
};

async function chooseFolder(): Promise<WorkspaceFolder | undefined> {
  const folders = workspace.workspaceFolders ?? [];
  if (folders.length > 1) return window.showWorkspaceFolderPick();
  if (folders.length === 0)
    void window.showInformationMessage("Open the project's folder first, then run this command again");
  return folders[0];
}

/** The service of the remote, or of the files that are there, stands first. */
async function chooseProvider(folder: WorkspaceFolder, remote: Remote | undefined): Promise<Provider | undefined> {
  const gitlab = remote?.host.includes("gitlab") || (await exists(Uri.joinPath(folder.uri, GITLAB_PATH)));
  const order: readonly Provider[] = gitlab ? ["gitlab", "github"] : ["github", "gitlab"];
  const items = order.map((provider) => ({
    label: SERVICES[provider].label,
    description: SERVICES[provider].path,
    provider,
  }));
  return (await window.showQuickPick(items, { title: "CI files for", ignoreFocusOut: true }))?.provider;
}

async function chooseDockerfiles(folder: WorkspaceFolder): Promise<readonly string[] | undefined> {
  const found = await workspace.findFiles(pattern(folder, DOCKERFILES), NOT_LOOKED_INTO, MAX_FILES);
  const paths = found
    .map((uri) => uri.path.slice(folder.uri.path.length + 1))
    .filter((path) => !/\.dockerignore$/i.test(path))
    .toSorted((a, b) => a.split("/").length - b.split("/").length || a.localeCompare(b));
  if (paths.length === 0) {
    void window.showInformationMessage(`There is no Dockerfile in ${folder.name} to make CI files for`);
    return undefined;
  }
  if (paths.length === 1) return paths;
  const items = paths.map((label) => ({ label, picked: true }));
  const title = "Which images are published?";
  const chosen = await window.showQuickPick(items, { title, canPickMany: true, ignoreFocusOut: true });
  return chosen && chosen.length > 0 ? chosen.map(({ label }) => label) : undefined;
}

const pattern = (folder: WorkspaceFolder, glob: string) => ({
  baseUri: folder.uri,
  base: folder.uri.fsPath,
  pattern: glob,
});

/** What compose files of the project say about how it is built; a context outside of the project is left out. */
async function buildable({ client }: Parts, folder: WorkspaceFolder, dockerfile: string): Promise<Buildable> {
  const uri = Uri.joinPath(folder.uri, dockerfile);
  await workspace.openTextDocument(uri);
  const facts = await factsOf(client, uri);
  const services = (facts?.services ?? []).flatMap(({ service, target, context }) => {
    const from = context === undefined ? undefined : relative(folder.uri.fsPath, context).replaceAll("\\", "/");
    if (from !== undefined && (from === ".." || from.startsWith("../") || isAbsolute(from))) return [];
    return [{ service, ...(target !== undefined && { target }), ...(from !== undefined && { context: from || "." }) }];
  });
  return { dockerfile, services };
}

async function chooseSeverity(): Promise<Severity | undefined> {
  const items = SEVERITIES.map((severity) => ({
    label: severity,
    description:
      severity === "critical" ? "these alone stop the publication" : `${severity} and graver ones stop the publication`,
    severity,
  }));
  return (
    await window.showQuickPick(items, { title: "Which vulnerabilities stop the publication?", ignoreFocusOut: true })
  )?.severity;
}

async function offer(parts: Parts, folder: WorkspaceFolder, service: Service, project: CiProject): Promise<void> {
  const target = Uri.joinPath(folder.uri, service.path);
  let commits: Commits = new Map();
  for (;;) {
    const text = service.text(project, commits);
    const there = await exists(target);
    await look(target, text, there);
    const choice = await window.showQuickPick(choices(service, there, commits), {
      title: there ? `${service.path} is there: the difference is shown` : `${service.path} would be written as shown`,
      ignoreFocusOut: true,
    });
    if (choice?.does === "resolve") {
      commits = (await withProgress(parts, "Asking github.com for the actions' commits", resolved)) ?? commits;
      continue;
    }
    if (choice?.does === "write") await write(target, text, service.path);
    return;
  }
}

interface Choice extends QuickPickItem {
  readonly does: "write" | "resolve" | "nothing";
}

const choices = (service: Service, there: boolean, commits: Commits): readonly Choice[] => [
  { label: there ? "Replace the file…" : "Write the file", does: "write" },
  ...(service === SERVICES.github && isUnresolved(commits)
    ? [
        {
          label: "Resolve the actions' commits first",
          description: "asks github.com with git",
          does: "resolve",
        } as const,
      ]
    : []),
  { label: "Leave it at the preview", does: "nothing" },
];

async function look(target: Uri, text: string, there: boolean): Promise<void> {
  const name = target.path.split("/").at(-1) ?? "";
  if (!there) await showPreview(name, text, "yaml");
  else await commands.executeCommand("vscode.diff", target, previewOf(name, text), `${name}: now ↔ generated`);
}

/** Looked again, for the file may have come meanwhile. */
async function write(target: Uri, text: string, path: string): Promise<void> {
  if (await exists(target)) {
    const detail = "What is in it now is lost, unless it is in version control.";
    const choice = await window.showWarningMessage(`Replace ${path}?`, { modal: true, detail }, "Replace");
    if (choice !== "Replace") return;
  }
  await workspace.fs.writeFile(target, Buffer.from(text));
  await window.showTextDocument(target);
}

async function resolved({ run, say }: Parameters<Parameters<typeof withProgress>[2]>[0]): Promise<Commits> {
  const commits = new Map<string, string>();
  for (const action of ALL_ACTIONS) {
    say(`${action.repository} ${action.release}`);
    const outcome = await run(askCommit(action));
    if (outcome.missing) throw new Error("git is not on PATH, and the actions' commits are asked for with it");
    const commit = commitIn(outcome, action);
    if (commit !== undefined) commits.set(action.repository, commit);
  }
  const left = ALL_ACTIONS.filter(({ repository }) => !commits.has(repository)).map(({ repository }) => repository);
  if (left.length > 0)
    void window.showWarningMessage(`These are still to be resolved, the log says why: ${left.join(", ")}`);
  return commits;
}

async function exists(uri: Uri): Promise<boolean> {
  try {
    return ((await workspace.fs.stat(uri)).type & FileType.File) !== 0;
  } catch {
    return false;
  }
}

const git = (folder: WorkspaceFolder, ...args: readonly string[]) =>
  ask({
    command: "git",
    args: ["-C", folder.uri.fsPath, ...args],
    env: { GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0" },
  });

async function remoteHere(folder: WorkspaceFolder): Promise<Remote | undefined> {
  const { code, stdout } = await git(folder, "config", "--get", "remote.origin.url");
  return code === 0 ? remoteOf(stdout) : undefined;
}

/** What the remote's HEAD is, else the branch that is checked out. */
async function branchHere(folder: WorkspaceFolder): Promise<string | undefined> {
  const remote = await git(folder, "symbolic-ref", "--short", "--quiet", "refs/remotes/origin/HEAD");
  if (remote.code === 0) return remote.stdout.trim().replace(/^origin\//, "") || undefined;
  const local = await git(folder, "symbolic-ref", "--short", "--quiet", "HEAD");
  return local.code === 0 ? local.stdout.trim() || undefined : undefined;
}
