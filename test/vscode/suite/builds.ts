/** Builds as the suites start them, and the real Docker that test/vscode/run.ts has started. */
import * as vscode from "vscode";
import { runProgram, setTrusted } from "../../../client/src/process.ts";

/** What the builder said, not our rules. */
export const builderProblems = (uri: vscode.Uri): readonly vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(uri).filter(({ source }) => source === "Docker with buildx");

/** Runs to the end what starts a task, and gives its exit code. */
export async function untilBuilt(start: () => Thenable<unknown>): Promise<number | undefined> {
  const ended = Promise.withResolvers<number | undefined>();
  const listening = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
    if (execution.task.definition.type === "dockwright") ended.resolve(exitCode);
  });
  try {
    await start();
    return await ended.promise;
  } finally {
    listening.dispose();
  }
}

export const build = (uri: vscode.Uri): Promise<number | undefined> =>
  untilBuilt(() => vscode.commands.executeCommand("dockwright.buildImage", uri));

export const docker = async (
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> => {
  setTrusted(() => vscode.workspace.isTrusted);
  return runProgram({ command: "docker", args }, { signal: new AbortController().signal, timeoutMs: 30_000 });
};
