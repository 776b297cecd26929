/** *Verify Refactoring*: the server builds and runs a Dockerfile before and after, and a page shows what differs. */
import { randomUUID } from "node:crypto";
import { basename, dirname } from "node:path";
import { CancellationTokenSource, type TextDocument, Uri, window, workspace } from "vscode";
import { ProgressType } from "vscode-languageclient";
import type { VerifiedRefactoring, VerifyProgress, VerifyRefactoringParams } from "../../../server/src/lsp/messages.ts";
import { committedTextInvocation } from "../build/git.ts";
import { sentence, verificationText } from "../build/verification.ts";
import { engineHere, whereHere } from "../engine.ts";
import type { EngineName } from "../engines/engine.ts";
import { runProgram } from "../process.ts";
import { showReport } from "../report-page.ts";
import { dockerfileFor } from "../tasks/dockerfile.ts";
import { withProgress, type Work } from "../work.ts";
import type { Parts } from "./command.ts";

const QUESTION_MS = 20_000;
const PROGRESS = new ProgressType<VerifyProgress>();

/** What runs what an engine has built; the others only build, or were never tried. */
const RUNS: Readonly<Partial<Record<EngineName, "docker" | "podman">>> = {
  "docker-buildx": "docker",
  "docker-classic": "docker",
  podman: "podman",
};

/** What the preview of a conversion knows. */
interface Given {
  readonly original: string;
  readonly result: string;
  /** A folder's path. */
  readonly context?: string;
  /** The Dockerfile's. */
  readonly path?: string;
}

interface Pair extends Given {
  readonly name: string;
  /** What the original is, in words. */
  readonly about: string;
}

/** By address: what Dockerfiles were before they were converted, for as long as this window is open. */
const originals = new Map<string, string>();

/** Keeps what a Dockerfile was, to compare with later. */
export function keepOriginal(uri: Uri, text: string): void {
  originals.set(uri.toString(), text);
}

/** @param about both texts; or the Dockerfile, a Uri or an address; without it the open one */
export async function verifyRefactoring(parts: Parts, about?: unknown): Promise<void> {
  const pair = isGiven(about) ? pairGiven(about) : await pairOf(about);
  if (!pair) return;
  const found = await engineHere();
  if (!found.engine) {
    void window.showErrorMessage(found.why);
    return;
  }
  const { title, name } = found.engine;
  const runs = RUNS[name];
  if (!runs) {
    void window.showErrorMessage(
      `Verifying builds and runs with Docker or Podman, and ${title} is what builds here; set dockwright.engine to one of them`,
    );
    return;
  }
  const answer = await withProgress(parts, `Verifying ${pair.name}`, (work) => verified(parts, pair, runs, work));
  if (!answer) return;
  const { verification, failure } = answer;
  if (!verification) {
    void window.showErrorMessage(failure ?? "It could not be verified, the log says why");
    return;
  }
  const text = verificationText({
    ...{ name: pair.name, original: pair.about, verification },
    engine: `${title} ${found.detail}`,
  });
  await showReport(`verification of ${pair.name}`, `Refactoring of ${basename(pair.name)}`, text);
  const told = `${pair.name}: ${sentence(verification)}`;
  if (verification.outcome === "same") void window.showInformationMessage(told);
  else void window.showWarningMessage(told);
}

async function verified(
  { client }: Parts,
  { original, result, context, path }: Pair,
  engine: "docker" | "podman",
  { say, signal }: Work,
): Promise<VerifiedRefactoring> {
  const progress = randomUUID();
  const settings = workspace.getConfiguration("dockwright.verify");
  const { dockerContext } = whereHere();
  const network = settings.get<string>("network", "");
  const params: VerifyRefactoringParams = {
    ...{ original, result, progress },
    ...(context !== undefined && { context }),
    ...(path !== undefined && { path }),
    engine: {
      name: engine,
      ...(engine === "docker" && dockerContext !== undefined && { context: dockerContext }),
    },
    environment: settings.get<Readonly<Record<string, string>>>("environment", {}),
    paths: settings.get<readonly string[]>("paths", []),
    ...(network !== "" && { network }),
  };
  const listening = client.onProgress(PROGRESS, progress, ({ message }) => say(message));
  const cancelling = new CancellationTokenSource();
  const cancel = (): void => cancelling.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  try {
    return await client.sendRequest<VerifiedRefactoring>("dockwright/verifyRefactoring", params, cancelling.token);
  } finally {
    signal.removeEventListener("abort", cancel);
    cancelling.dispose();
    listening.dispose();
  }
}

const isGiven = (value: unknown): value is Given =>
  typeof value === "object" && value !== null && "original" in value && "result" in value;

const pairGiven = (given: Given): Pair => ({
  ...given,
  name: given.path === undefined ? "the Dockerfile" : workspace.asRelativePath(given.path),
  about: "as it was before the conversion",
});

/** The open text against what it was. */
async function pairOf(file: unknown): Promise<Pair | undefined> {
  const uri = await dockerfileFor(file);
  if (!uri) return undefined;
  const document = await workspace.openTextDocument(uri);
  const before = await originalOf(document);
  if (!before) return undefined;
  return {
    ...before,
    result: document.getText(),
    path: uri.fsPath,
    name: workspace.asRelativePath(uri),
  };
}

/** Before it was converted in this window; else as the last commit has it; else what the person names. */
async function originalOf(document: TextDocument): Promise<Pick<Pair, "original" | "about"> | undefined> {
  const now = document.getText();
  const kept = originals.get(document.uri.toString());
  if (kept !== undefined && kept !== now) return { original: kept, about: "as it was before the conversion" };
  const { fsPath } = document.uri;
  const { code, stdout, truncated } = await runProgram(committedTextInvocation(dirname(fsPath), basename(fsPath)), {
    ...{ signal: new AbortController().signal, timeoutMs: QUESTION_MS },
  });
  if (code === 0 && !truncated && stdout.replaceAll("\r\n", "\n") !== now.replaceAll("\r\n", "\n"))
    return { original: stdout, about: "as the last commit has it" };
  const [chosen] =
    (await window.showOpenDialog({
      title: "Dockerfile to compare with, the original",
      openLabel: "Compare With",
      defaultUri: Uri.joinPath(document.uri, ".."),
    })) ?? [];
  if (!chosen) return undefined;
  const text = new TextDecoder().decode(await workspace.fs.readFile(chosen));
  return { original: text, about: workspace.asRelativePath(chosen) };
}
