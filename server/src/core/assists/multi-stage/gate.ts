/** What no recipe converts, whatever it is written in; each with its reason. */
import {
  baseImageOf,
  familyUnder,
  lastOf,
  startArguments,
  startedPrograms,
  startsInteractively,
} from "../../model/dockerfile/facts.ts";
import { contextSources } from "../../model/dockerfile/copies.ts";
import { INSTRUCTIONS } from "../../model/dockerfile/instructions.ts";
import type { Dockerfile } from "../../model/dockerfile/model.ts";
import { commandsOf } from "../../model/dockerfile/shell.ts";
import { type BuildContext, noBenefit, refused, type Verdict } from "./recipe.ts";

/** Programs that look after several services, or give people a shell. */
const SUPERVISORS: ReadonlySet<string> = new Set(
  "supervisord supervisor s6-svscan runsvdir my_init init systemd cron crond sshd pm2-runtime".split(" "),
);
/** Bases and tools whose files lie all over the image. */
const WHOLE_IMAGE =
  /(?:^|\/)(?:cuda|pytorch|tensorflow|miniconda3?|anaconda3?|condaforge|mambaforge|micromamba|jupyter|texlive|steamcmd|devcontainers)(?:[/:]|$)|nvidia\//;

/** Programs that build other people's projects. */
const TOOLS = /^(?:.*\/)?(?:gradle|mvn|ant|sbt|cargo|rustc|go|gcc|make|cmake|npm|yarn|dotnet|composer|bundle|mix)$/;
/** Such an image has a script of its own at most. */
const SCRIPT = /\.sh$|entrypoint|\.(?:xml|conf)$/;

/** Undefined when a recipe may look. */
export function gate(dockerfile: Dockerfile, context: BuildContext): Verdict | undefined {
  const [stage, second] = dockerfile.stages;
  if (!stage) return refused("there is no FROM");
  if (second) return noBenefit("the file has several stages already");
  const [problem] = dockerfile.problems;
  if (problem) return refused(`the file does not build as it is: ${problem.message}`);
  if (stage.instructions.at(-1)?.open === true) return refused("the file ends in the middle of an instruction");
  if (stage.base.kind === "scratch") return noBenefit("an image from scratch has nothing of a build in it");
  if (/(?:^|[.\-_])dev(?:el(?:op(?:ment)?)?)?(?:[.\-_]|$)/i.test(context.dockerfile ?? ""))
    return refused("its name says that it is for development, where compilers and tools are wanted");
  if (familyUnder(dockerfile, stage) === "windows") return refused("Windows images are not converted");
  const image = stage.base.kind === "image" ? stage.base.reference : (stage.image?.text ?? "");
  if (WHOLE_IMAGE.test(image)) return refused(`${image} is an environment of its own: its parts cannot be told apart`);
  if (/onbuild/.test(image)) return refused("the base image has ONBUILD instructions, which nobody sees from here");
  if (stage.instructions.some(({ name }) => name === "ONBUILD"))
    return refused("the image is there for others to build on: ONBUILD");
  if (stage.instructions.some(({ name }) => !INSTRUCTIONS.has(name)))
    return refused("it has a line that is no instruction");
  const base = baseImageOf(dockerfile, stage);
  if (!lastOf(dockerfile, stage, "CMD") && !lastOf(dockerfile, stage, "ENTRYPOINT")) {
    const serves = base?.port !== undefined || (base?.name === "php" && /fpm|apache/.test(image));
    if (!serves) return refused("nothing says what the image starts: neither CMD nor ENTRYPOINT");
  } else if (startsInteractively(dockerfile, stage)) return refused("it starts a shell or an interpreter to work in");
  const supervisor = startedPrograms(dockerfile, stage).find((program) => SUPERVISORS.has(program));
  if (supervisor !== undefined)
    return refused(`${supervisor} starts several programs, and which files each of them needs is not known`);
  const [program, ...more] = startArguments(dockerfile, stage);
  if (
    more.length === 0 &&
    TOOLS.test(program ?? "") &&
    !contextSources(dockerfile).some(({ path }) => !SCRIPT.test(path))
  )
    return refused(`it starts ${program} and holds no project: an image of a tool, for others to build with`);
  const conda = stage.instructions.some((run) =>
    commandsOf(dockerfile, run).some(({ name }) => /^(?:conda|mamba|micromamba)$/.test(name ?? "")),
  );
  if (conda) return refused("conda's packages lie in one environment with the tools that install them");
  return undefined;
}
