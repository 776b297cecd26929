/** The CI file of a project: which service it is for, where the images go, and its text. */
import { ALL_ACTIONS, type Action, type Commits, isUnresolved } from "./ci/actions.ts";
import { GITHUB_PATH, githubWorkflow } from "./ci/github.ts";
import { GITLAB_PATH, gitlabPipeline } from "./ci/gitlab.ts";
import { imagesOf } from "./ci/images.ts";
import { type Remote, repositoryFor } from "./ci/names.ts";
import type { CiProject } from "./ci/project.ts";
import type { ProjectFiles } from "./files.ts";
import type { Notes } from "./notes.ts";

export const PROVIDERS = ["github", "gitlab"] as const;
export type Provider = (typeof PROVIDERS)[number];

interface Service {
  readonly label: string;
  readonly path: string;
  readonly text: (project: CiProject, commits: Commits) => string;
  /** What its file names by commit. */
  readonly actions: readonly Action[];
}

export const CI_SERVICES: Readonly<Record<Provider, Service>> = {
  github: { label: "GitHub Actions", path: GITHUB_PATH, text: githubWorkflow, actions: ALL_ACTIONS },
  gitlab: { label: "GitLab CI", path: GITLAB_PATH, text: gitlabPipeline, actions: [] },
};

export interface CiWish {
  /** Where the project's sources are, as git has it. */
  readonly remote: Remote | undefined;
  readonly branch: string | undefined;
  /** The repository begins above the project's folder, where its CI files belong. */
  readonly isBelow?: boolean;
  /** The release of dockwright that checks. */
  readonly version: string;
  readonly commits: Commits;
}

/** Where the sources are, else what the project's files are for already; undefined where neither says. */
export function providerOf(remote: Remote | undefined, paths: readonly string[]): Provider | undefined {
  const host = remote?.host ?? "";
  return (
    PROVIDERS.find((provider) => host.split(".").some((part) => part.startsWith(provider))) ??
    (paths.includes(GITLAB_PATH)
      ? "gitlab"
      : paths.some((path) => path.startsWith(".github/workflows/"))
        ? "github"
        : undefined)
  );
}

export function ciFileFor(
  files: ProjectFiles,
  folder: string,
  { remote, branch, isBelow, version, commits }: CiWish,
  notes: Notes,
): { readonly path: string; readonly text: string } | undefined {
  if (isBelow) {
    notes.note(
      "ci",
      "No CI file is written",
      "the repository begins above this folder, and CI files belong there: open its top folder, and choose this one",
      false,
    );
    return undefined;
  }
  const likely = providerOf(remote, files.paths);
  const file = (id: Provider) => ({
    id,
    label: CI_SERVICES[id].label,
    what: `${CI_SERVICES[id].label} builds, scans, signs and publishes the image`,
  });
  const none = { id: "none", label: "no CI file", what: "No CI file is written" };
  const others = PROVIDERS.filter((each) => each !== likely).map(file);
  const chosen = notes.choose(
    "ci",
    likely === undefined
      ? "neither a remote of git nor a file here says which service runs CI for the project"
      : `the ${remote ? `sources are on ${remote.host}` : "project has files of it"}`,
    false,
    likely === undefined ? [none, ...others] : [file(likely), ...others, none],
  );
  const provider = PROVIDERS.find((each) => each === chosen);
  if (!provider) return undefined;
  const repository = repositoryFor(remote, files.name, provider);
  if (!remote)
    notes.note(
      "repository",
      `Images are published as ${repository}`,
      "no remote of git says another name: put the right one into the CI file",
      true,
    );
  if (provider === "github" && isUnresolved(commits))
    notes.note(
      "actions",
      "Actions are named by placeholders that no run takes for a commit",
      "nobody has asked github.com for the commits; *Generate CI* does, or the comment in the file says how",
      true,
    );
  const dockerfile = folder === "" ? "Dockerfile" : `${folder}/Dockerfile`;
  const project: CiProject = {
    images: imagesOf([{ dockerfile, services: [] }], repository, files.name),
    defaultBranch: branch ?? "main",
    platforms: ["linux/amd64"],
    severity: "high",
    version,
  };
  return { path: CI_SERVICES[provider].path, text: CI_SERVICES[provider].text(project, commits) };
}
