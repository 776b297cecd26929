/** What an image starts: ENTRYPOINT and CMD, its own and those of its base image, and HEALTHCHECK. */
import { lastOf } from "../facts.ts";
import type { Dockerfile, Instruction, Stage } from "../model.ts";
import { parseDockerfile } from "../parse.ts";
import { commandsOf } from "../shell.ts";
import { patternOf } from "./around.ts";
import { scopeAt } from "../scope.ts";
import type { StageEnd } from "./walk.ts";

/** A base image's own CMD is a shell or an interpreter to type into, unless it is a server. */
export const BASE_CMD = "CMD of the base image";

export interface Started {
  /** Program and arguments. */
  readonly argv: readonly string[];
  /** `CMD`, `ENTRYPOINT`, `HEALTHCHECK`, or what leads there. */
  readonly by: string;
}

export interface Starts {
  readonly started: readonly Started[];
  readonly inherited: readonly string[] | undefined;
  readonly shell: boolean;
}

export function startsOf(dockerfile: Dockerfile, stage: Stage, end: StageEnd | undefined, unknown: string[]): Starts {
  const entrypoint = lastOf(dockerfile, stage, "ENTRYPOINT");
  const cmd = lastOf(dockerfile, stage, "CMD");
  // An ENTRYPOINT takes the CMD of the images below away (dispatchEntrypoint in BuildKit's convert.go).
  const ownCmd = cmd && entrypoint && cmd.stage < entrypoint.stage ? undefined : cmd;
  const started: Started[] = [];
  let shell = false;
  const from = (instruction: Instruction): readonly Started[] => {
    const argvs = argvsOf(dockerfile, instruction);
    if (!instruction.json) shell = true;
    return argvs.map((argv) => ({ argv, by: instruction.name }));
  };
  const inherited = entrypoint ? [] : end?.inherited.entrypoint;
  const [before] = entrypoint?.json ? from(entrypoint) : [];
  if (entrypoint && !entrypoint.json) started.push(...from(entrypoint));
  else if (ownCmd) {
    const commands = from(ownCmd);
    if (!before) started.push(...commands);
    else {
      const words = ownCmd.json ? (commands[0]?.argv ?? []) : [];
      started.push({ argv: [...before.argv, ...words], by: "ENTRYPOINT" });
      // An entrypoint script ends in what CMD says most often.
      if (words[0] !== undefined && !words[0].startsWith("-") && mayRunCmd(before.argv))
        started.push({ argv: words, by: "CMD" });
      if (!ownCmd.json) started.push(...commands);
    }
  } else if (before) started.push(before);
  else if (end?.inherited.cmd === undefined) unknown.push("what the base image starts is not known");
  else if (end.inherited.cmd.length > 0) started.push({ argv: end.inherited.cmd, by: BASE_CMD });
  if (inherited === undefined) unknown.push("whether the base image has an ENTRYPOINT is not known");
  else if (started.length > 0 && TAKES_CMD.test(inherited.join(" ")))
    started.splice(0, 1, { argv: [...inherited, ...(started[0]?.argv ?? [])], by: "ENTRYPOINT of the base image" });
  const health = lastOf(dockerfile, stage, "HEALTHCHECK");
  if (health) started.push(...healthcheckArgvs(dockerfile, health).map((argv) => ({ argv, by: "HEALTHCHECK" })));
  return { started, inherited, shell };
}

/** Interpreters of distroless images, for which CMD is the program. */
const TAKES_CMD = /(?:^|\/)(?:java -jar|node|python3)$/;

const mayRunCmd = ([program = ""]: readonly string[]): boolean =>
  /\.sh$|entrypoint|^\.\/|\/(?:bin\/)?(?:tini|dumb-init)$|^(?:tini|dumb-init)$/.test(program) ||
  (program.startsWith("/") && !/\/bin\//.test(program));

/** Each command as program and arguments; those of a shell form, and of `sh -c "…"`, are several. */
function argvsOf(dockerfile: Dockerfile, instruction: Instruction): readonly (readonly string[])[] {
  const get = (text: string): string => patternOf(text, (name) => scopeAt(dockerfile, instruction).get(name)).text;
  if (instruction.json) {
    const argv = instruction.json.elements.map(({ text }) => text);
    const [program = "", option = "", script] = argv;
    if (/^(?:.*\/)?(?:ba|da|a)?sh$/.test(program) && /^-\w*c$/.test(option) && script !== undefined)
      return scriptArgvs(script);
    return argv.length === 0 ? [] : [argv];
  }
  return commandsOf(dockerfile, instruction).flatMap((command) =>
    command.nameWord === undefined || command.name === "cd" || command.name === "exec"
      ? []
      : [[get(command.nameWord.value), ...command.args.map(({ value }) => get(value))]],
  );
}

/** The commands of a shell script that is no part of a Dockerfile. */
export function scriptArgvs(script: string): readonly (readonly string[])[] {
  const marker = "END_OF_SCRIPT";
  if (script.includes(marker)) return [];
  const wrapped = parseDockerfile(`FROM scratch\nRUN <<'${marker}'\n${script}\n${marker}\n`);
  return wrapped.instructions
    .filter(({ name }) => name === "RUN")
    .flatMap((run) => commandsOf(wrapped, run))
    .flatMap((command) => {
      if (command.nameWord === undefined || SHELL_WORDS.has(command.name ?? "")) return [];
      const words = [command.nameWord, ...command.args].map(
        ({ value }) => patternOf(value, () => ({ hidden: true })).text,
      );
      return [words];
    });
}

const SHELL_WORDS: ReadonlySet<string> = new Set(
  "exec set cd export echo printf test [ [[ true false : exit return local shift unset trap umask wait read readonly eval command type hash".split(
    " ",
  ),
);

function healthcheckArgvs(dockerfile: Dockerfile, instruction: Instruction): readonly (readonly string[])[] {
  const [first, ...rest] = instruction.words;
  if (first?.text.toUpperCase() !== "CMD") return [];
  const written = rest.map(({ text }) => text).join(" ");
  if (!written.startsWith("[")) return argvsOf(dockerfile, instruction);
  try {
    const argv: unknown = JSON.parse(written);
    return Array.isArray(argv) && argv.every((word) => typeof word === "string") && argv.length > 0 ? [argv] : [];
  } catch {
    return [];
  }
}
