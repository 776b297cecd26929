/** Runs BuildKit's checks on a Dockerfile without building it; in Problems stands what no rule of ours says already. */
import { dirname } from "node:path";
import { commands, Range, type Uri, window, workspace } from "vscode";
import { checkInvocation, readCheck } from "../build/check.ts";
import type { BuildOptions } from "../build/options.ts";
import { builderHere, engineHere, whereHere } from "../engine.ts";
import { type BuildDefinition, optionsOf, TASK_TYPE } from "../tasks/definition.ts";
import { dockerfileFor, rememberedFor } from "../tasks/dockerfile.ts";
import { clearProblems, showFailure, showWarnings } from "../tasks/problems.ts";
import { factsOf, newWarnings } from "../tasks/run-build.ts";
import { withSecrets } from "../tasks/secret-args.ts";
import { withProgress } from "../work.ts";
import type { Parts } from "./command.ts";

/** What the problems are said to come from. */
const SOURCE = "BuildKit";

/** By Dockerfile. */
const running = new Set<string>();

/** @param file a Uri or an address */
export async function checkBuild(parts: Parts, file?: unknown): Promise<void> {
  const uri = await dockerfileFor(file);
  if (!uri) return;
  const { fsPath } = uri;
  const name = workspace.asRelativePath(uri);
  if (running.has(fsPath)) {
    void window.showInformationMessage(`${name} is being checked already`);
    return;
  }
  const found = await engineHere();
  if (found.engine?.name !== "docker-buildx") {
    const why = found.engine ? `Here builds ${found.engine.title}, which has none` : found.why;
    void window.showErrorMessage(`BuildKit's checks need Docker with buildx. ${why}`);
    return;
  }
  running.add(fsPath);
  try {
    await checkFile(parts, uri, name);
  } finally {
    running.delete(fsPath);
  }
}

async function checkFile(parts: Parts, uri: Uri, name: string): Promise<void> {
  const document = await workspace.openTextDocument(uri);
  // The engine reads the file.
  if (document.isDirty) await document.save();
  const outcome = await withProgress(parts, `Checking the build of ${name}`, async ({ run }) =>
    run(checkInvocation(await optionsFor(parts, uri))),
  );
  if (!outcome) return;
  const check = readCheck(outcome);
  if (typeof check === "string") {
    void window.showErrorMessage(`${name} was not checked: ${check}`, "Show log").then((choice) => {
      if (choice !== undefined) void commands.executeCommand("dockwright.showLog");
    });
    return;
  }
  const { warnings, error } = check;
  const fresh = await newWarnings(parts.client, uri, warnings);
  clearProblems(uri);
  showWarnings(document, fresh, SOURCE);
  const range = error && showFailure(document, { ...error, lastLines: [] }, SOURCE, "The build would fail here");
  if (error) {
    const show = "Show Line";
    const chosen = await window.showErrorMessage(
      `${name} would not be built: ${error.message}`,
      ...(range ? [show] : []),
    );
    if (chosen === show && range)
      await window.showTextDocument(document, { selection: new Range(range.start, range.start) });
    return;
  }
  void window.showInformationMessage(`${name}: ${told(warnings.length, fresh.length)}`);
}

function told(all: number, fresh: number): string {
  if (all === 0) return "BuildKit's checks find nothing";
  const checks = all === 1 ? "1 warning of BuildKit's checks" : `${all} warnings of BuildKit's checks`;
  if (fresh === 0) return `${checks}, nothing that Dockwright does not say already or was told not to`;
  return `${checks}; ${fresh === all ? (fresh === 1 ? "it is" : "they are") : `${fresh} of them new,`} in Problems`;
}

/** As the last build of the file was asked for; else from the service that builds it, or the folder it is in. */
async function optionsFor({ client, context }: Parts, uri: Uri): Promise<BuildOptions> {
  const remembered = rememberedFor(context, uri);
  if (remembered) return optionsAt(uri, { ...remembered, type: TASK_TYPE });
  const [service] = (await factsOf(client, uri))?.services ?? [];
  return optionsAt(uri, {
    type: TASK_TYPE,
    dockerfile: uri.fsPath,
    ...(service?.context !== undefined && { context: service.context }),
    ...(service?.target !== undefined && { target: service.target }),
  });
}

const optionsAt = (uri: Uri, definition: BuildDefinition): BuildOptions =>
  optionsOf(definition, {
    folder: workspace.getWorkspaceFolder(uri)?.uri.fsPath ?? dirname(uri.fsPath),
    defaultTag: "",
    commitTime: undefined,
    metadataFile: "",
    builder: builderHere(),
    dockerContext: whereHere().dockerContext,
    withSecrets: (args) => withSecrets(uri.fsPath, args),
  });
