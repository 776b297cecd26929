/** `dockwright/ciProject` and `dockwright/ciFile`: CI files, written from what the client found out about the project. */
import { type CiProject, SEVERITIES } from "../../core/generate/ci/project.ts";
import { type Buildable, imagesOf } from "../../core/generate/ci/images.ts";
import { remoteOf, repositoryFor } from "../../core/generate/ci/names.ts";
import { CI_SERVICES, providerOf, PROVIDERS } from "../../core/generate/ci-file.ts";
import { invalidParams } from "../guard.ts";
import type { CiFile, CiProjectFacts } from "../messages.ts";
import { fieldsOf, stringOf } from "../read.ts";
import type { Session } from "../session.ts";

export function ciProject(_session: Session, params: unknown): CiProjectFacts {
  const fields = fieldsOf(params);
  const folder = stringOf(fields?.["folder"]);
  if (folder === undefined) throw invalidParams("The name of a folder is needed");
  const remote = remoteOf(stringOf(fields?.["remote"]) ?? "");
  return {
    likely: providerOf(remote, []) ?? "github",
    services: PROVIDERS.map((provider) => {
      const { label, path, actions } = CI_SERVICES[provider];
      return { provider, label, path, actions, repository: repositoryFor(remote, folder, provider) };
    }),
  };
}

export function ciFile(_session: Session, params: unknown): CiFile {
  const fields = fieldsOf(params);
  const text = (name: string): string | undefined => stringOf(fields?.[name]);
  const provider = PROVIDERS.find((each) => each === text("provider"));
  const severity = SEVERITIES.find((each) => each === text("severity"));
  const [repository, folder, defaultBranch, version] = ["repository", "folder", "defaultBranch", "version"].map(text);
  const files = buildables(fields?.["files"]);
  if (
    !provider ||
    !severity ||
    !files ||
    repository === undefined ||
    folder === undefined ||
    defaultBranch === undefined ||
    version === undefined
  )
    throw invalidParams("A provider, a repository, the Dockerfiles and what is known of the project are needed");
  const project: CiProject = {
    images: imagesOf(files, repository, folder),
    defaultBranch,
    platforms: ["linux/amd64"],
    severity,
    ...(fields?.["fixableOnly"] === true && { fixableOnly: true }),
    version,
  };
  return { text: CI_SERVICES[provider].text(project, commitsIn(fields?.["commits"])) };
}

export const commitsIn = (given: unknown): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(fieldsOf(given) ?? {}).flatMap(([repository, commit]) =>
      typeof commit === "string" && /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(commit)
        ? [[repository, commit] as const]
        : [],
    ),
  );

function buildables(given: unknown): readonly Buildable[] | undefined {
  if (!Array.isArray(given)) return undefined;
  const files = given.flatMap((each: unknown): readonly Buildable[] => {
    const dockerfile = stringOf(fieldsOf(each)?.["dockerfile"]);
    const services = fieldsOf(each)?.["services"];
    return dockerfile === undefined
      ? []
      : [{ dockerfile, services: Array.isArray(services) ? services.flatMap(serviceIn) : [] }];
  });
  return files.length === given.length ? files : undefined;
}

function serviceIn(given: unknown): Buildable["services"] {
  const fields = fieldsOf(given);
  const [service, context, target] = ["service", "context", "target"].map((name) => stringOf(fields?.[name]));
  return service === undefined
    ? []
    : [{ service, ...(context !== undefined && { context }), ...(target !== undefined && { target }) }];
}
