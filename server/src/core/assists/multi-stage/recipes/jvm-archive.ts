/** Which archive a Maven or Gradle build makes, and whether it is the one that starts. */
import type { Answer } from "../../../model/dockerfile/flow/need.ts";
import { files, matches, overlap } from "../../../model/dockerfile/flow/place.ts";
import type { Instruction } from "../../../model/dockerfile/model.ts";
import { readPom, runnableArchive } from "../../../model/project/pom.ts";
import { carriedFile } from "../carried.ts";
import { fileOfImage } from "../look.ts";
import type { Carried, Case } from "../recipe.ts";

/** The archive as it is copied; a text where what starts is not what is built. */
export function archiveOf(it: Case, builds: readonly Answer[], path: string): Carried | string {
  const by = writerOf(it, builds, path);
  if (!by) return `${path} is not what the build is seen to write`;
  const folder = /^(.*)\/target\/[^/]+$/.exec(path)?.[1];
  const text = folder === undefined ? undefined : fileOfImage(it, `${folder}/pom.xml`);
  const pom = text === undefined ? undefined : readPom(text);
  const archive = pom && runnableArchive(pom);
  if (archive?.includes("/") && path.endsWith(archive)) return `${archive} needs the folders beside it`;
  if (archive !== undefined && !path.endsWith(`/target/${archive}`))
    return `Maven writes target/${archive}, and ${path} is started`;
  if (pom && !archive) return "the name of the archive depends on properties that are not in pom.xml";
  if (pom && isThin(pom) && !hasFat(pom))
    return "the archive holds the project's own classes only, and where its libraries are is not known";
  return carriedFile(path, by);
}

/** It depends on others, and no plugin puts them into the archive. */
const isThin = ({ dependencies }: NonNullable<ReturnType<typeof readPom>>): boolean =>
  dependencies.some(({ scope }) => scope !== "test" && scope !== "provided");

const hasFat = ({ plugins }: NonNullable<ReturnType<typeof readPom>>): boolean =>
  plugins.some(({ artifactId }) =>
    /^(?:spring-boot-maven-plugin|maven-shade-plugin|maven-assembly-plugin|micronaut-maven-plugin|quarkus-maven-plugin)$/.test(
      artifactId,
    ),
  );

function writerOf({ needs }: Case, builds: readonly Answer[], path: string): Instruction | undefined {
  const copier = needs.answers.findLast(
    ({ effect }) =>
      /^(?:cp|mv)$/.test(effect.command?.name ?? "") &&
      effect.writes !== "anything" &&
      effect.writes.some((place) => overlap(place, files(path))),
  );
  const writer = builds.findLast(
    ({ effect }) =>
      effect.writes !== "anything" &&
      effect.writes.some((place) => place.kind === "files" && matches(place.pattern, path)),
  );
  return copier?.effect.instruction ?? writer?.effect.instruction;
}
