/** `dockwright init`: a configuration file to go on from, with what hadolint's file says where there is one; or a project's container files. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { renderStarter } from "../../core/config/write.ts";
import { SCHEMA_URL } from "../../core/config/schema.ts";
import { HADOLINT_NAMES, OWN_NAMES } from "../../core/config/names.ts";
import { createConfigs, type LoadedConfig } from "../../effects/config/load.ts";
import { failureOf } from "../../effects/files/failure.ts";
import { readText } from "../../effects/files/read.ts";
import { placed } from "../choose-rules.ts";
import { complain } from "../complain.ts";
import { CONTAINERIZE, containerizeProject, ONLY_WITH_CONTAINERIZE } from "../containerize.ts";
import { EXIT, type Io, UsageError } from "../io.ts";
import { HELP } from "../options.ts";
import type { Parts } from "../parts.ts";
import type { Command } from "./command.ts";

export const init: Command = {
  name: "init",
  summary: "write a .dockwright.yaml to go on from, or what a project needs to run in a container",
  usage: "[options]",
  details: `Written into the current folder. Where that has a .hadolint.yaml, what it says is carried over,
and what could not be is named.

With --containerize: reads the project and writes Dockerfile, .dockerignore, compose.yaml and a CI file, with what was
decided and why. What is not known is refused or asked, never guessed: nothing is written before doubtful decisions are
taken (--choose, --yes). A file that is there and differs is shown as a diff and left alone.

Exit code: 0 written, 1 something is left to be decided or was left alone (with --diff: something would change), 2 there
is a configuration already, nothing could be known of the project, or a file could not be written.`,
  options: [
    { name: "stdout", help: "print it and write nothing" },
    { name: "force", help: "replace what is there" },
    ...CONTAINERIZE,
    HELP,
  ],
  async run(args, io, parts) {
    const { rules } = parts;
    if (args.positionals.length > 0) throw new UsageError("init takes no argument; it writes into the current folder");
    if (args.has("containerize")) return containerizeProject(args, io, parts);
    const stray = ONLY_WITH_CONTAINERIZE.find((name) => args.has(name));
    if (stray !== undefined) throw new UsageError(`--${stray} goes with --containerize`);
    if (!args.has("force") && !args.has("stdout")) await refuseSecond(io.cwd);
    const theirs = await hadolintIn(io, rules);
    const text = renderStarter({
      schema: SCHEMA_URL,
      ...(theirs && { from: { name: theirs.name, read: theirs.config.read } }),
    });
    if (args.has("stdout")) io.stdout.write(text);
    else {
      await writeFile(join(io.cwd, OWN), text).catch((error: unknown) => {
        throw new UsageError(`${OWN} could not be written: ${failureOf(OWN, error).message}`);
      });
      io.stdout.write(`${OWN} written${theirs ? `, with what ${theirs.name} says` : ""}\n`);
    }
    if (!theirs) return EXIT.clean;
    const { read, text: source } = theirs.config;
    const left = [...read.problems, ...read.notes].toSorted((a, b) => a.span.start - b.span.start);
    for (const line of placed(left, source, theirs.name)) complain(io, `not carried over: ${line}`);
    return EXIT.clean;
  },
};

const [OWN = ""] = OWN_NAMES;

async function refuseSecond(cwd: string): Promise<void> {
  for (const name of OWN_NAMES) {
    if ("text" in (await readText(join(cwd, name))))
      throw new UsageError(`there is ${name} already; --force replaces it`);
  }
}

interface Theirs {
  readonly name: string;
  readonly config: LoadedConfig;
}

async function hadolintIn({ cwd, env }: Io, rules: Parts["rules"]): Promise<Theirs | undefined> {
  const configs = createConfigs(rules, { ...env });
  for (const name of HADOLINT_NAMES) {
    const config = await configs.at(join(cwd, name), "hadolint");
    if (config.failure === undefined) return { name, config };
  }
  return undefined;
}
