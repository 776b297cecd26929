/** Programs a build makes and the image starts: which file it is, what of a distribution it needs, on which side commands are. */
import { type Artefact, bringsData, bringsStarted } from "./carried.ts";
import { lastOf } from "../../model/dockerfile/facts.ts";
import type { Answer } from "../../model/dockerfile/flow/need.ts";
import { matches, pathFrom } from "../../model/dockerfile/flow/place.ts";
import type { Instruction } from "../../model/dockerfile/model.ts";
import type { ShellCommand } from "../../model/dockerfile/shell.ts";
import { configures, isRuntimeFolder, setsSources, setsSystem, staysFolder } from "./kept.ts";
import { fileOfImage, healthPrograms, keptPackages, startedBy, workdir } from "./look.ts";
import type { Case, Side } from "./recipe.ts";

/** The program of ENTRYPOINT or CMD that one of these commands writes; undefined when none of them certainly does. */
export function startedArtefact(it: Case, builds: readonly Answer[]): Artefact | undefined {
  const folder = workdir(it);
  const { path: folders } = it.needs.runtime;
  for (const { argv } of startedBy(it)) {
    const [program = ""] = argv;
    const paths = program.includes("/")
      ? folder === undefined && !program.startsWith("/")
        ? []
        : [pathFrom(folder ?? "/", program)]
      : folders.map((each) => pathFrom(each, program));
    for (const path of paths) {
      const at = lastWriter(builds, path) ?? lastWriter(it.needs.answers.filter(isMove), path);
      if (at) return { path, at };
    }
  }
  return undefined;
}

/** `cp target/release/app /usr/local/bin/app`. */
const isMove = ({ effect }: Answer): boolean => /^(?:cp|mv|install|ln)$/.test(effect.command?.name ?? "");

function lastWriter(answers: readonly Answer[], path: string): Instruction | undefined {
  return answers.findLast(
    ({ effect }) =>
      effect.writes !== "anything" &&
      effect.writes.some(
        (place) =>
          place.kind === "files" && place.realm === "image" && !isCache(place.pattern) && matches(place.pattern, path),
      ) &&
      !effect.lost.some(({ place, to }) => to !== "volume" && place.kind === "files" && matches(place.pattern, path)),
  )?.effect.instruction;
}

const isCache = (pattern: string): boolean => /(?:^|\/)\.cache\/|\/pkg\/mod\//.test(pattern);

/** What a program on its own still needs of a distribution: a shell, packages, a user the file makes. Empty: nothing. */
export function distributionNeeds(it: Case): readonly string[] {
  const { needs } = it;
  const needsOf: string[] = [];
  if (needs.runtime.needsShell) needsOf.push("a shell");
  const script = scriptOf(it);
  if (script !== undefined) needsOf.push(`a shell for ${script}`);
  const packages = keptPackages(it);
  if (packages.length > 0) needsOf.push(`the packages ${packages.join(", ")}`);
  const tools = healthPrograms(it).filter((name) =>
    /^(?:curl|wget|sh|bash|nc|test|\[)$/.test(name.slice(name.lastIndexOf("/") + 1)),
  );
  if (tools.length > 0) needsOf.push(`${tools.join(", ")} for its HEALTHCHECK`);
  if (needs.answers.some(({ effect, need }) => effect.does === "accounts" && need !== "build"))
    needsOf.push("the account the file makes");
  if (needs.answers.some((answer) => staysFolder(it, answer))) needsOf.push("folders that RUN makes");
  if (needs.answers.some((answer) => setsSystem(answer) || configures(answer))) needsOf.push("what RUN sets in /etc");
  return needsOf;
}

/** A script it starts, or a shell in exec form; what a script starts is told by the script's name. */
function scriptOf(it: Case): string | undefined {
  const shell = ["ENTRYPOINT", "CMD"]
    .map((name) => lastOf(it.dockerfile, it.stage, name))
    .find((start) => /^\[\s*"(?:\/\S*\/)?(?:ba|da|a)?sh"/.test(start?.args.text ?? ""));
  if (shell) return shell.name;
  for (const { argv, by } of startedBy(it)) {
    const [program = ""] = argv;
    const name = program.slice(program.lastIndexOf("/") + 1);
    if (
      /\.(?:ba)?sh$|entrypoint/.test(name) ||
      fileOfImage(it, pathFrom(workdir(it) ?? "/", program))?.startsWith("#!")
    )
      return program;
    if (!/^(?:CMD|ENTRYPOINT)$/.test(by)) return by;
  }
  return undefined;
}

/** For recipes whose program stands alone: all commands build, but accounts, packages and folders for what runs. */
export const onlyBuilds =
  (it: Case) =>
  (instruction: Instruction, command: ShellCommand | undefined): Side | undefined => {
    if (instruction.name === "COPY" || instruction.name === "ADD")
      return bringsData(it, instruction) || bringsStarted(it, instruction) ? "both" : "build";
    if (instruction.name !== "RUN") return undefined;
    const answer = it.needs.answers.find(
      ({ effect }) => effect.instruction === instruction && effect.command === command,
    );
    if (!answer) return "build";
    const { effect } = answer;
    if (
      effect.does === "packages" ||
      effect.does === "accounts" ||
      effect.does === "cleanup" ||
      effect.does === "nothing"
    )
      return undefined;
    if (effect.does === "download") return undefined;
    if (setsSystem(answer) || configures(answer)) return "both";
    if (setsSources(answer)) return keptPackages(it).length > 0 ? "both" : "build";
    if (isRuntimeFolder(answer) && answer.need === "run") return undefined;
    return staysFolder(it, answer) ? "both" : "build";
  };

/** Data that the full images have and the slim ones do not: certificates for TLS, time zones. */
export const commonData = (it: Case): readonly string[] => {
  const own = keptPackages(it);
  return ["ca-certificates", "tzdata"].filter((name) => !own.includes(name));
};
