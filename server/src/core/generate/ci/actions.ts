/**
 * The GitHub actions a workflow uses. Each is pinned by commit; until that is known a placeholder stands there, which no run
 * can take for a commit. Commits are asked of the action's own repository, never remembered here.
 */
export interface Action {
  /** `owner/name` on github.com. */
  readonly repository: string;
  readonly release: string;
}

export const ACTIONS = {
  checkout: { repository: "actions/checkout", release: "v5" },
  node: { repository: "actions/setup-node", release: "v5" },
  qemu: { repository: "docker/setup-qemu-action", release: "v3" },
  buildx: { repository: "docker/setup-buildx-action", release: "v3" },
  login: { repository: "docker/login-action", release: "v3" },
  build: { repository: "docker/build-push-action", release: "v6" },
  sbom: { repository: "anchore/sbom-action", release: "v0" },
  scan: { repository: "anchore/scan-action", release: "v6" },
  cosign: { repository: "sigstore/cosign-installer", release: "v3" },
} as const satisfies Readonly<Record<string, Action>>;

export const ALL_ACTIONS: readonly Action[] = Object.values(ACTIONS);

/** Commits by repository. */
export type Commits = ReadonlyMap<string, string>;

export const placeholder = ({ release }: Action): string => `COMMIT-OF-${release}`;

/** What stands behind `uses:`. */
export function pinned(action: Action, commits: Commits): string {
  const commit = commits.get(action.repository);
  return commit === undefined
    ? `${action.repository}@${placeholder(action)}`
    : `${action.repository}@${commit} # ${action.release}`;
}

export const isUnresolved = (commits: Commits): boolean =>
  ALL_ACTIONS.some(({ repository }) => !commits.has(repository));
