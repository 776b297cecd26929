/** One build from beginning to end: the engine, the questions that have to be answered first, and what came of it. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TextDocument, Uri, window, workspace } from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import type { BuildFacts, BuildFactsParams, NewChecksParams } from "../../../server/src/lsp/messages.ts";
import { defaultTag } from "../build/defaults.ts";
import type { BuildEvent, BuildReport, BuildWarning } from "../build/events.ts";
import { type BuildFailure, failureOf, withEnding } from "../build/failure.ts";
import { branchInvocation, commitTimeInvocation, readCommitTime } from "../build/git.ts";
import { readMetadata } from "../build/metadata.ts";
import type { BuildOptions } from "../build/options.ts";
import { pushesOf } from "../build/pushes.ts";
import { DISK_FULL } from "../build/trouble.ts";
import { builderHere, engineHere, lookAgain, whereHere } from "../engine.ts";
import type { Engine } from "../engines/engine.ts";
import { type Invocation, type Outcome, runProgram } from "../process.ts";
import { type BuildDefinition, dockerfileOf, optionsOf } from "./definition.ts";
import { withSecrets } from "./secret-args.ts";
import { wholeOutput } from "./whole-output.ts";
import { clearProblems, showFailure, showWarnings } from "./problems.ts";

export interface BuildRun {
  readonly definition: BuildDefinition;
  readonly folder: string;
  readonly client: BaseLanguageClient;
  readonly signal: AbortSignal;
  readonly onEvent: (event: BuildEvent) => void;
  /** The command line and what the engine cannot do, for the terminal. */
  readonly onStart: (lines: {
    readonly command: string;
    readonly engine: string;
    readonly leftOut: readonly string[];
  }) => void;
}

export type BuildResult =
  | {
      readonly kind: "built";
      readonly image: string;
      readonly dockerfile: Uri;
      readonly target?: string;
      readonly report: BuildReport;
      readonly ms: number;
      readonly bytes?: number;
      readonly digest?: string;
    }
  | {
      readonly kind: "failed";
      readonly image: string;
      readonly failure: BuildFailure;
      /** Where it is shown in Problems. */
      readonly at?: { readonly uri: Uri; readonly line: number };
    }
  /** Nothing was started. */
  | { readonly kind: "refused"; readonly why: string };

const BUILD_DEADLINE_MS = 6 * 60 * 60_000;
const QUESTION_DEADLINE_MS = 20_000;
/** What is kept of the output itself; the reader sees all of it. */
const KEPT = 256 * 1024;

/** By Dockerfile. */
const running = new Set<string>();

/** @throws the signal's reason when it is cancelled */
export async function runBuild(run: BuildRun): Promise<BuildResult> {
  const dockerfile = dockerfileOf(run.definition, run.folder);
  if (running.has(dockerfile))
    return { kind: "refused", why: `${dockerfile} is being built already: wait for that build, or cancel it` };
  running.add(dockerfile);
  const work = await mkdtemp(join(tmpdir(), "dockwright-build-"));
  try {
    return await buildIn(work, dockerfile, run);
  } finally {
    running.delete(dockerfile);
    await rm(work, { recursive: true, force: true });
  }
}

async function buildIn(work: string, dockerfile: string, run: BuildRun): Promise<BuildResult> {
  const { definition, folder, client, signal } = run;
  const uri = Uri.file(dockerfile);
  const document = await openDocument(uri);
  if (!document) return { kind: "refused", why: `${dockerfile} cannot be read` };
  const found = await engineHere();
  if (!found.engine) return { kind: "refused", why: found.why };
  const { engine } = found;

  const metadataFile = join(work, "metadata.json");
  const options = optionsOf(definition, {
    folder,
    metadataFile,
    defaultTag: defaultTag(dockerfile, await branchOf(dirname(dockerfile), signal)),
    commitTime: definition.sourceDateEpoch === "commit" ? await commitTimeOf(dirname(dockerfile), signal) : undefined,
    builder: builderHere(),
    dockerContext: whereHere().dockerContext,
    withSecrets: (args) => withSecrets(dockerfile, args),
  });
  const [image = "image"] = options.tags;
  if (!(await mayPush(image, options))) return { kind: "refused", why: "Nothing was built and nothing was pushed" };

  const facts = await factsOf(client, uri);
  clearProblems(uri);
  await using whole = await wholeOutput(options.output);
  const invocation = engine.build({ ...options, ...(whole.output !== undefined && { output: whole.output }) });
  run.onStart({
    command: shown(invocation),
    engine: `${engine.title} ${found.detail}`,
    leftOut: engine.lacks(options),
  });
  const began = performance.now();
  const { outcome, report } = await follow(engine, invocation, run);
  const ms = performance.now() - began;

  const warnings = await newWarnings(client, uri, report.warnings);
  showWarnings(document, warnings, engine.title);
  if (outcome.code !== 0) {
    const said = failureOf(withEnding(report, outcome), facts);
    const failure = said.advice === undefined && (await whole.isDiskFull()) ? { ...said, advice: DISK_FULL } : said;
    // It may have gone away in the middle of the build.
    if (!failure.place) lookAgain();
    const range = showFailure(document, failure, engine.title);
    return { kind: "failed", image, failure, ...(range && { at: { uri, line: range.start.line } }) };
  }
  await whole.keep();
  const metadata = readMetadata(await readFile(metadataFile, "utf8").catch(() => ""));
  const bytes = options.output === undefined ? await sizeOf(engine, image, signal) : undefined;
  const { digest } = metadata;
  return {
    kind: "built",
    image,
    dockerfile: uri,
    ...(options.target !== undefined && { target: options.target }),
    report,
    ms,
    ...(bytes !== undefined && { bytes }),
    ...(digest !== undefined && { digest }),
  };
}

async function openDocument(uri: Uri): Promise<TextDocument | undefined> {
  try {
    const document = await workspace.openTextDocument(uri);
    // The engine reads the file.
    if (document.isDirty) await document.save();
    return document;
  } catch {
    return undefined;
  }
}

export const factsOf = async (client: BaseLanguageClient, uri: Uri): Promise<BuildFacts | undefined> => {
  const params: BuildFactsParams = { uri: client.code2ProtocolConverter.asUri(uri) };
  return (await client.sendRequest<BuildFacts | null>("dockwright/buildFacts", params)) ?? undefined;
};

async function follow(
  engine: Engine,
  invocation: Invocation,
  { signal, onEvent }: BuildRun,
): Promise<{ readonly outcome: Outcome; readonly report: BuildReport }> {
  const reader = engine.reader();
  const read = (stream: "stdout" | "stderr") => (text: string) => {
    for (const event of reader.read(stream, text)) onEvent(event);
  };
  const outcome = await runProgram(invocation, {
    signal,
    timeoutMs: BUILD_DEADLINE_MS,
    maxBytes: KEPT,
    onStdout: read("stdout"),
    onStderr: read("stderr"),
  });
  for (const event of reader.end()) onEvent(event);
  return { outcome, report: reader.report() };
}

/** A modal that names what would be sent where; nothing to ask when nothing would be. */
async function mayPush(image: string, options: BuildOptions): Promise<boolean> {
  const pushes = pushesOf(options);
  if (pushes.length === 0) return true;
  const detail = `This build sends ${pushes.join("\nand ")}.`;
  const push = "Build and Push";
  return (await window.showWarningMessage(`Push what is built as ${image}?`, { modal: true, detail }, push)) === push;
}

/** What no rule of ours says already. */
export async function newWarnings(
  client: BaseLanguageClient,
  uri: Uri,
  warnings: readonly BuildWarning[],
): Promise<readonly BuildWarning[]> {
  const placed = warnings.filter(({ place }) => place);
  if (placed.length === 0) return [];
  const params: NewChecksParams = {
    uri: client.code2ProtocolConverter.asUri(uri),
    checks: placed.map(({ code = "", place }) => ({ code, line: place?.line ?? 0, endLine: place?.endLine ?? 0 })),
  };
  const fresh = new Set(await client.sendRequest<readonly number[]>("dockwright/newChecks", params));
  return placed.filter((_, at) => fresh.has(at));
}

const askQuietly = (invocation: Invocation, signal: AbortSignal): Promise<Outcome> =>
  runProgram(invocation, { signal, timeoutMs: QUESTION_DEADLINE_MS });

export async function branchOf(folder: string, signal: AbortSignal): Promise<string | undefined> {
  const { code, stdout } = await askQuietly(branchInvocation(folder), signal);
  return code === 0 ? stdout.trim() : undefined;
}

async function commitTimeOf(folder: string, signal: AbortSignal): Promise<number | undefined> {
  const { code, stdout } = await askQuietly(commitTimeInvocation(folder), signal);
  return code === 0 ? readCommitTime(stdout) : undefined;
}

async function sizeOf(engine: Engine, image: string, signal: AbortSignal): Promise<number | undefined> {
  const { code, stdout } = await askQuietly(engine.inspect(image, whereHere()), signal);
  return code === 0 ? engine.readImage(stdout)?.bytes : undefined;
}

/** For people; nobody runs this text. */
const shown = ({ command, args }: Invocation): string =>
  [command, ...args]
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(" ");
