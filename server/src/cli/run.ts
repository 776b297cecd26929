/** One run of the command line, from its arguments to its exit code. */
import { parse } from "./args.ts";
import type { Command } from "./commands/command.ts";
import { complain } from "./complain.ts";
import { commandHelp, generalHelp } from "./help.ts";
import { EXIT, type Io, UsageError } from "./io.ts";
import { HOME } from "../core/rules/page.ts";
import { didYouMean, nearest } from "../core/text/nearest.ts";
import { defaultParts, type Parts } from "./parts.ts";
import { VERSION } from "./version.ts";

/** Parts that are not given are the real ones. Never rejects. */
export async function run(
  argv: readonly string[],
  io: Io,
  parts: Partial<Parts>,
  commands: readonly Command[],
): Promise<number> {
  try {
    return await dispatch(argv, io, { ...defaultParts(io), ...parts }, commands);
  } catch (error) {
    if (io.signal.aborted) {
      complain(io, "stopped");
      return EXIT.interrupted;
    }
    if (error instanceof UsageError) complain(io, error.message);
    else complain(io, `this should not have happened; please report it at ${HOME}/issues\n${traceOf(error)}`);
    return EXIT.trouble;
  }
}

async function dispatch(
  [first, ...rest]: readonly string[],
  io: Io,
  parts: Parts,
  commands: readonly Command[],
): Promise<number> {
  if (first === undefined) {
    io.stderr.write(generalHelp(commands));
    return EXIT.trouble;
  }
  if (first === "--version" || first === "-V") {
    io.stdout.write(`${VERSION}\n`);
    return EXIT.clean;
  }
  if (first === "--help" || first === "-h" || first === "help") {
    const about = rest[0] === undefined ? undefined : commandNamed(rest[0], commands);
    io.stdout.write(about ? commandHelp(about) : generalHelp(commands));
    return EXIT.clean;
  }
  const command = commandNamed(first, commands);
  const args = parse(rest, command.options);
  if (args.has("help")) {
    io.stdout.write(commandHelp(command));
    return EXIT.clean;
  }
  return command.run(args, io, parts);
}

/** @throws UsageError */
function commandNamed(name: string, commands: readonly Command[]): Command {
  const found = commands.find((command) => command.name === name);
  if (found) return found;
  const names = commands.map((command) => command.name);
  if (name.startsWith("-")) throw new UsageError(`the command comes first: dockwright check ${name} …`);
  if (nearest(name, names)) throw new UsageError(`unknown command ${name}${didYouMean(name, names)}`);
  throw new UsageError(`unknown command ${name}; commands are ${names.join(", ")}, as in: dockwright check ${name}`);
}

const traceOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
