/** The workflow that *Generate CI* writes, with the commits of its actions to be filled in. */
import { ALL_ACTIONS, placeholder } from "../../server/src/core/generate/ci/actions.ts";
import { githubWorkflow } from "../../server/src/core/generate/ci/github.ts";
import type { Snippet } from "./snippet.ts";
import { type Stop, withTabStops } from "./tab-stops.ts";

export function ciSnippets(version: string): readonly Snippet[] {
  const text = githubWorkflow({
    images: [{ name: "app", repository: "ghcr.io/owner/repository", dockerfile: "Dockerfile", context: "." }],
    defaultBranch: "main",
    platforms: ["linux/amd64"],
    severity: "high",
    version,
  });
  const used = ALL_ACTIONS.filter(({ repository }) => text.includes(`${repository}@`));
  const commits = used.map((action): Stop => ({ at: new RegExp(`${action.repository}@(${placeholder(action)})`) }));
  const stops: readonly Stop[] = [
    { at: /"(ghcr\.io\/owner\/repository)"/ },
    { at: /branches: \["(main)"\]/ },
    { at: /file: "(Dockerfile)"/ },
    ...commits,
  ];
  return [
    {
      prefix: "ci-github-actions",
      description:
        "Workflow that builds, scans, signs and publishes an image; each action is named by the commit you fill in",
      body: withTabStops(text, stops),
    },
  ];
}
