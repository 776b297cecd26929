/** Open Dockerfiles, for what is done while somebody edits them: the model of the newest text, which does not wait for the rules. */
import type { Dockerfile } from "../core/model/dockerfile/model.ts";
import type { DockerfileFeature } from "./messages.ts";
import type { Modelled, Session } from "./session.ts";

export interface OpenDockerfile {
  readonly opened: Modelled;
  readonly dockerfile: Dockerfile;
}

/** Where the feature is switched on; undefined for everything else. */
export async function openDockerfile(
  session: Session,
  uri: string,
  feature: DockerfileFeature,
): Promise<OpenDockerfile | undefined> {
  if (session.open(uri)?.language !== "dockerfile") return undefined;
  const opened = await session.model(uri);
  if (opened?.document.language !== "dockerfile" || !opened.config.dockerfile[feature]) return undefined;
  return { opened, dockerfile: opened.document };
}
