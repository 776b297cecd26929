/** Whose the project's folder is: a COPY gives away what is in a folder, and not the folder itself where it is there already. */
import { covers, everythingBelow, files, matches } from "../../../model/dockerfile/flow/place.ts";
import { isRoot, usersOf } from "../../../model/dockerfile/facts.ts";
import type { Instruction } from "../../../model/dockerfile/model.ts";
import type { ShellCommand } from "../../../model/dockerfile/shell.ts";
import type { Case, RuntimeBase } from "../recipe.ts";
import type { NodeFacts } from "./node-facts.ts";

export interface Owner {
  /** Commands that give the whole folder away: for the last stage they give the folder alone. */
  readonly commands: ReadonlySet<ShellCommand>;
  readonly inRuntime: ReadonlyMap<Instruction, string>;
  /** Behind everything that is copied. */
  readonly lines: readonly string[];
}

const isContextCopy = ({ name, flags }: Instruction): boolean =>
  (name === "COPY" || name === "ADD") && !flags.some((flag) => flag.name === "--from" || flag.name === "--chown");

const writesBelow = ({ needs }: Case, copy: Instruction, root: string): boolean =>
  needs.answers.some(
    ({ effect: { instruction, writes } }) =>
      instruction === copy &&
      writes !== "anything" &&
      writes.every((place) => place.kind === "files" && covers(files(everythingBelow(root)), place)),
  );

/** `last` makes what is carried; `writable`: whoever runs has to write there. */
export function ownerOf(
  it: Case,
  { root }: NodeFacts,
  runtime: RuntimeBase,
  { last, writable }: { readonly last: Instruction; readonly writable: boolean },
): Owner {
  const commands = new Set<ShellCommand>();
  const inRuntime = new Map<Instruction, string>();
  for (const { effect } of it.needs.answers) {
    const { command, instruction, writes } = effect;
    if (command?.name !== "chown" || writes === "anything") continue;
    if (!writes.some((place) => place.kind === "files" && matches(place.pattern, root))) continue;
    const owner = command.args.find(({ value }) => !value.startsWith("-"));
    if (!owner) continue;
    commands.add(command);
    inRuntime.set(instruction, `${instruction.keyword.text} chown ${owner.text} ${root}`);
  }
  const { account } = runtime;
  const isOurs = usersOf(it.dockerfile, it.stage).every(({ name }) => name !== undefined && isRoot(name));
  const given = writable && isOurs && commands.size === 0 && account !== undefined && it.choices.get("user") !== "root";
  if (!given) return { commands, inRuntime, lines: [] };
  // Folders of the build context are there to be written in as well.
  for (const copy of it.stage.instructions)
    if (copy.index > last.index && isContextCopy(copy) && writesBelow(it, copy, root))
      inRuntime.set(
        copy,
        `${copy.keyword.text} --chown=${account}:${account}${it.dockerfile.text.slice(copy.keyword.span.end, copy.span.end)}`,
      );
  return { commands, inRuntime, lines: [`RUN chown ${account}:${account} ${root}`] };
}
