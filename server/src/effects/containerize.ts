/** A project's folder → the files that build and run it in a container, with digests where registries say them. Writes nothing. */
import type { Choices } from "../core/assists/multi-stage/recipe.ts";
import { remoteOf } from "../core/generate/ci/names.ts";
import { type FileKind, type NoPlan, type Plan, planOf } from "../core/generate/plan.ts";
import type { Answer } from "../core/rule.ts";
import { repositoryOf } from "./files/git-config.ts";
import { readProject } from "./files/project-files.ts";

export interface ContainerizeWishes {
  /** The application's folder, relative to the project's. */
  readonly folder?: string | undefined;
  readonly choices: Choices;
  readonly kinds?: readonly FileKind[];
  /** The release of dockwright that CI files run. */
  readonly version: string;
  /** Asks a registry; without it none is asked. */
  readonly askDigest?: ((image: string) => Promise<Answer>) | undefined;
  readonly signal: AbortSignal;
}

export interface Containerization {
  readonly plan: Plan | NoPlan;
  /** Why images have no digest, where a registry was asked. */
  readonly unanswered: readonly { readonly image: string; readonly reason: string }[];
}

/** @throws where the folder cannot be read, or `signal` aborts */
export async function containerize(project: string, wishes: ContainerizeWishes): Promise<Containerization> {
  const { folder, choices, kinds, version, askDigest, signal } = wishes;
  const files = await readProject(project, signal);
  const repository = repositoryOf(project);
  const ci = {
    remote: remoteOf(repository?.remote ?? ""),
    branch: repository?.branch,
    isBelow: repository !== undefined && repository.root !== project,
    version,
    commits: new Map<string, string>(),
  };
  const digests = new Map<string, string>();
  const planned = (): Plan | NoPlan =>
    planOf(files, { folder, choices, kinds, ci, digest: (image) => digests.get(image) });
  const first = planned();
  if (first.outcome === "refused" || !askDigest) return { plan: first, unanswered: [] };
  const unanswered: { image: string; reason: string }[] = [];
  await Promise.all(
    first.unpinned.map(async (image) => {
      const answer = await askDigest(image);
      if (typeof answer === "string") digests.set(image, answer);
      else unanswered.push({ image, reason: answer.unknown });
    }),
  );
  return { plan: digests.size === 0 ? first : planned(), unanswered };
}
