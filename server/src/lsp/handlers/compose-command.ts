/** `dockwright/composeCommand`: the program and its arguments for a code lens. The client runs them as a task, without a shell. */
import { composeArguments, isVerb } from "../../core/features/compose/code-lens.ts";
import { filesToRun } from "../../core/features/compose/files.ts";
import { openCompose, withFiles } from "../compose-files.ts";
import { invalidParams } from "../guard.ts";
import type { ComposeCommand } from "../messages.ts";
import { fieldsOf, stringOf } from "../read.ts";
import type { Session } from "../session.ts";

/** Null where nothing may or can be run. */
export async function composeCommand(
  session: Session,
  params: unknown,
  signal: AbortSignal,
): Promise<ComposeCommand | null> {
  const fields = fieldsOf(params);
  const [verb, uri, service] = [stringOf(fields?.["verb"]), stringOf(fields?.["uri"]), stringOf(fields?.["service"])];
  if (verb === undefined || !isVerb(verb) || uri === undefined) throw invalidParams("A verb and an address are needed");
  const open = await openCompose(session, uri, "codeLens");
  const engine = await session.composeEngine();
  if (!open || engine === undefined) return null;
  // An argument is a name that the file has, and not whatever somebody sends.
  if (service !== undefined && !open.compose.services.some(({ name }) => name === service))
    throw invalidParams(`There is no service ${service} in ${uri}`);
  const { result } = await withFiles(session, open, { signal, reach: "named" }, filesToRun);
  return { program: engine, args: composeArguments(result, verb, service) };
}
