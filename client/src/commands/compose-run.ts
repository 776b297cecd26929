/** Runs what a code lens over a service offers, as a task in a terminal: a program with its arguments, never a shell. */
import { ProcessExecution, Task, TaskRevealKind, tasks, TaskScope, Uri, window, workspace } from "vscode";
import type { ComposeCommand, ComposeCommandParams } from "../../../server/src/lsp/messages.ts";
import type { Parts } from "./command.ts";

export async function composeRun(
  { client, log }: Parts,
  verb: unknown,
  uri: unknown,
  service?: unknown,
): Promise<void> {
  if (typeof verb !== "string" || typeof uri !== "string" || !workspace.isTrusted) return;
  const params: ComposeCommandParams = { verb, uri, ...(typeof service === "string" && { service }) };
  const command = await client.sendRequest<ComposeCommand | null>("dockwright/composeCommand", params);
  if (!command) {
    void window.showInformationMessage("Nothing here can run this compose file, the log says why");
    return;
  }
  const document = client.protocol2CodeConverter.asUri(uri);
  const unsaved = workspace.textDocuments.find((open) => open.uri.toString() === document.toString() && open.isDirty);
  if (unsaved) await unsaved.save();
  log.info(`Runs ${[command.program, ...command.args].join(" ")}`);
  await tasks.executeTask(taskFor(command, document, verb, params.service));
}

function taskFor({ program, args }: ComposeCommand, document: Uri, verb: string, service: string | undefined): Task {
  const folder = workspace.getWorkspaceFolder(document);
  const task = new Task(
    { type: "process" },
    folder ?? TaskScope.Workspace,
    service === undefined ? `compose ${verb}` : `compose ${verb} ${service}`,
    "Dockwright",
    new ProcessExecution(program, [...args], { cwd: Uri.joinPath(document, "..").fsPath }),
    [],
  );
  task.presentationOptions = { reveal: TaskRevealKind.Always, clear: false };
  return task;
}
