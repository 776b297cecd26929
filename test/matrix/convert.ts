/** A project's Dockerfile as Dockwright makes stages of it, its build context read from the folder. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { contextFor } from "../../server/src/core/assists/multi-stage/context.ts";
import { type Conversion, convertToMultiStage } from "../../server/src/core/assists/multi-stage/convert.ts";
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";
import { filesAtOnce } from "../../server/src/effects/finders.ts";

export const PROJECTS_FOLDER = join(import.meta.dirname, "../projects");

export const originalIn = (folder: string): string => readFileSync(join(folder, "Dockerfile"), "utf8");

export function convertedIn(folder: string, text = originalIn(folder)): Conversion {
  const look = filesAtOnce();
  const dockerfile = parseDockerfile(text, "Dockerfile");
  return convertToMultiStage(
    dockerfile,
    contextFor(dockerfile, (question) => look(question, folder)),
  );
}
