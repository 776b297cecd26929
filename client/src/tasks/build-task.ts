/** The task type `dockwright`: a build in a terminal of its own, with what came of it in Problems and a notification. */
import {
  commands,
  CustomExecution,
  Disposable,
  EventEmitter,
  type Progress,
  ProgressLocation,
  type Pseudoterminal,
  Range,
  Task,
  TaskGroup,
  TaskRevealKind,
  tasks,
  TaskScope,
  Uri,
  window,
  workspace,
  type WorkspaceFolder,
} from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import { type BuildEvent, isBuildStep } from "../build/events.ts";
import { summaryOf } from "../build/summary.ts";
import { paint, terminalText } from "../build/terminal.ts";
import { adviceOn } from "../build/trouble.ts";
import { showSizes } from "../views/layers/after-build.ts";
import { type BuildDefinition, nameOf, TASK_TYPE } from "./definition.ts";
import { type BuildResult, runBuild } from "./run-build.ts";
import { followEdits } from "./problems.ts";

/** Dockerfiles that become tasks of the list without anybody having written them down. */
const DOCKERFILES = "**/{Dockerfile,Dockerfile.*,*.Dockerfile,*.dockerfile,Containerfile,Containerfile.*}";
const MAX_TASKS = 50;

export const registerBuildTasks = (client: BaseLanguageClient): Disposable =>
  Disposable.from(
    followEdits(),
    tasks.registerTaskProvider(TASK_TYPE, {
      async provideTasks(token) {
        const files = await workspace.findFiles(DOCKERFILES, undefined, MAX_TASKS, token);
        return files.flatMap((uri) => {
          const folder = workspace.getWorkspaceFolder(uri);
          if (!folder || uri.path.endsWith(".dockerignore")) return [];
          return [buildTask(client, { type: TASK_TYPE, dockerfile: workspace.asRelativePath(uri, false) }, folder)];
        });
      },
      resolveTask(task) {
        // oxlint-disable-next-line typescript/consistent-type-assertions -- the schema of package.json asks for it, the run checks it
        const definition = task.definition as BuildDefinition;
        if (typeof definition.dockerfile !== "string") return undefined;
        const folder = typeof task.scope === "object" ? task.scope : workspace.workspaceFolders?.[0];
        const resolved = buildTask(client, definition, folder);
        return new Task(definition, task.scope ?? TaskScope.Workspace, task.name, "Dockwright", resolved.execution);
      },
    }),
  );

export function buildTask(
  client: BaseLanguageClient,
  definition: BuildDefinition,
  folder: WorkspaceFolder | undefined,
): Task {
  const task = new Task(
    definition,
    folder ?? TaskScope.Workspace,
    nameOf(definition),
    "Dockwright",
    // Variables such as ${workspaceFolder} have their values in what comes in here.
    new CustomExecution(async (resolved) =>
      // oxlint-disable-next-line typescript/consistent-type-assertions -- the same definition
      buildTerminal(client, resolved as BuildDefinition, folder?.uri.fsPath),
    ),
    [],
  );
  task.group = TaskGroup.Build;
  task.presentationOptions = { reveal: TaskRevealKind.Always, clear: true };
  return task;
}

function buildTerminal(
  client: BaseLanguageClient,
  definition: BuildDefinition,
  folder: string | undefined,
): Pseudoterminal {
  const writing = new EventEmitter<string>();
  const closing = new EventEmitter<number>();
  const controller = new AbortController();
  const write = (text: string): void => writing.fire(text);
  const line = (text: string): void => write(`${text.replaceAll(/\r?\n/g, "\r\n")}\r\n`);
  const cancel = (): void => controller.abort(new Error("cancelled"));

  const run = async (): Promise<number> => {
    const text = terminalText();
    const result = await withProgress(definition, cancel, (report) =>
      runBuild({
        definition,
        folder: folder ?? Uri.joinPath(Uri.file(definition.dockerfile), "..").fsPath,
        client,
        signal: controller.signal,
        onStart({ command, engine, leftOut }) {
          line(paint.dim(`${engine}\n${command}`));
          if (leftOut.length > 0) line(paint.yellow(`Left out, because this engine has none: ${leftOut.join(", ")}`));
        },
        onEvent(event) {
          write(text(event));
          report(event);
        },
      }),
    );
    if (result.kind === "built")
      void showSizes(client, result).catch((error: unknown) =>
        client.warn(`No sizes of ${result.image}`, error, false),
      );
    return tell(result, line);
  };

  return {
    onDidWrite: writing.event,
    onDidClose: closing.event,
    async open() {
      try {
        closing.fire(await run());
      } catch (error) {
        if (controller.signal.aborted) line(paint.yellow("Cancelled"));
        else tellError(`${nameOf(definition)}: ${error instanceof Error ? error.message : String(error)}`, line);
        closing.fire(controller.signal.aborted ? 130 : 1);
      }
    },
    close: cancel,
    handleInput(keys) {
      if (keys === "\u0003") cancel();
    },
  };
}

/** A notification that says which step is being made, and can cancel. */
const withProgress = (
  definition: BuildDefinition,
  cancel: () => void,
  run: (report: (event: BuildEvent) => void) => Promise<BuildResult>,
): Thenable<BuildResult> =>
  window.withProgress(
    {
      location: ProgressLocation.Notification,
      title: `Building ${definition.tags?.[0] ?? definition.dockerfile}`,
      cancellable: true,
    },
    (progress, token) => {
      token.onCancellationRequested(cancel);
      return run(reporter(progress));
    },
  );

function reporter(progress: Progress<{ message?: string; increment?: number }>): (event: BuildEvent) => void {
  const known = new Set<string>();
  const over = new Set<string>();
  const names = new Map<string, string>();
  let shown = "";
  let percent = 0;
  const say = (message: string): void => {
    if (message === shown) return;
    shown = message;
    progress.report({ message });
  };
  return (event) => {
    if (event.kind === "progress" && event.total > 0)
      say(`${names.get(event.step) ?? ""} ${event.what} ${Math.floor((event.current / event.total) * 100)} %`);
    if (event.kind !== "step") return;
    const { step } = event;
    const [name = ""] = step.name.split("\n");
    names.set(step.id, name);
    if (step.state === "running") say(name);
    if (!isBuildStep(step)) return;
    known.add(step.id);
    if (step.state !== "waiting" && step.state !== "running") over.add(step.id);
    // Steps become known while others are over: the bar never goes back.
    const share = Math.max(percent, (over.size / known.size) * 100);
    progress.report({ increment: share - percent });
    percent = share;
  };
}

/** What went wrong on this side of the engine: a disk that is full, for one. */
function tellError(message: string, line: (text: string) => void): void {
  const advice = adviceOn(message);
  line(paint.red(message));
  if (advice !== undefined) line(paint.yellow(advice));
  void window.showErrorMessage(advice === undefined ? message : `${message}. ${advice}`);
}

/** The last lines of the terminal, and a notification; gives the exit code. */
function tell(result: BuildResult, line: (text: string) => void): number {
  switch (result.kind) {
    case "refused":
      line(paint.yellow(result.why));
      void window.showWarningMessage(result.why);
      return 1;
    case "failed": {
      const { failure, image, at } = result;
      line(paint.red(`${image} was not built: ${failure.message}`));
      if (failure.advice !== undefined) line(paint.yellow(failure.advice));
      void offerLine(`${image} was not built: ${failure.message}. ${failure.advice ?? ""}`.trim(), at);
      return 1;
    }
    case "built": {
      const summary = summaryOf({ name: result.image, ...result });
      line(paint.green(summary));
      if (result.digest !== undefined) line(paint.dim(result.digest));
      void offerNext(summary, result);
      return 0;
    }
  }
}

async function offerLine(message: string, at: { readonly uri: Uri; readonly line: number } | undefined): Promise<void> {
  const show = `Show Line ${(at?.line ?? 0) + 1}`;
  const chosen = await window.showErrorMessage(message, ...(at ? [show] : []));
  if (chosen !== show || !at) return;
  await window.showTextDocument(at.uri, { selection: new Range(at.line, 0, at.line, 0) });
}

type Built = Extract<BuildResult, { readonly kind: "built" }>;

/** What can be done with an image, where the command for it is there. */
const NEXT = [
  { title: "Show Layers", command: "dockwright.showLayers" },
  { title: "Scan", command: "dockwright.scanImage" },
] as const;

async function offerNext(summary: string, { image, dockerfile, target }: Built): Promise<void> {
  const registered = new Set(await commands.getCommands(true));
  const offered = NEXT.filter(({ command }) => registered.has(command));
  const chosen = await window.showInformationMessage(summary, ...offered.map(({ title }) => title));
  const next = offered.find(({ title }) => title === chosen);
  if (next) await commands.executeCommand(next.command, image, dockerfile.toString(), target);
}
