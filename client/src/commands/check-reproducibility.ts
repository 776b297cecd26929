/** Builds a Dockerfile twice without a cache and shows what differs, with the lines that make it differ and the rules that help. */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { CancellationTokenSource, commands, type Uri, window, workspace } from "vscode";
import { ProgressType } from "vscode-languageclient";
import type { ComparedImages, CompareImagesParams } from "../../../server/src/lsp/messages.ts";
import { failureOf, withEnding } from "../build/failure.ts";
import { commitTimeInvocation, readCommitTime } from "../build/git.ts";
import type { BuildOptions } from "../build/options.ts";
import { reproducibilityText, verdict } from "../build/reproducibility.ts";
import { buildTwice } from "../build/twice.ts";
import { builderHere, engineHere, whereHere } from "../engine.ts";
import { runProgram } from "../process.ts";
import { commandLink, showReport } from "../report-page.ts";
import { optionsOf } from "../tasks/definition.ts";
import { dockerfileFor } from "../tasks/dockerfile.ts";
import { factsOf } from "../tasks/run-build.ts";
import { withSecrets } from "../tasks/secret-args.ts";
import { withProgress, type Work } from "../work.ts";
import { definitionFor, folderOf } from "./build-image.ts";
import type { Parts } from "./command.ts";

const BUILD_MS = 6 * 60 * 60_000;
const QUESTION_MS = 20_000;
const KEPT = 256 * 1024;
/** As engines name what they lack. */
const EPOCH = "SOURCE_DATE_EPOCH";
const SHARE = new ProgressType<number>();

/** `file`: a Uri or an address; `stage`: the stage to build, the last by default. */
export async function checkReproducibility(parts: Parts, file?: unknown, stage?: unknown): Promise<void> {
  const uri = await dockerfileFor(file);
  if (!uri) return;
  const document = await workspace.openTextDocument(uri);
  if (document.isDirty) await document.save();
  const target = typeof stage === "string" ? stage : undefined;
  const facts = await factsOf(parts.client, uri);
  const definition = await definitionFor(parts.context, uri, facts, target);
  if (!definition) return;
  const found = await engineHere();
  if (!found.engine) {
    void window.showErrorMessage(found.why);
    return;
  }
  const { engine, detail } = found;
  const name = workspace.asRelativePath(uri);

  await withProgress(parts, `Checking reproducibility of ${name}`, async (work) => {
    const commit = await commitTime(dirname(uri.fsPath), work.signal);
    // Both builds get the same time, whichever it is.
    const seconds = commit ?? Math.floor(Date.now() / 1000);
    const all = optionsOf(definition, {
      folder: folderOf(uri),
      defaultTag: "",
      commitTime: seconds,
      metadataFile: "",
      builder: builderHere(),
      dockerContext: whereHere().dockerContext,
      withSecrets: (args) => withSecrets(uri.fsPath, args),
    });
    const options: BuildOptions = {
      ...withoutResults(all),
      sourceDateEpoch: seconds,
      ...(target !== undefined && { target }),
    };
    const leftOut = engine.lacks(options);
    const folder = await mkdtemp(join(tmpdir(), "dockwright-reproducibility-"));
    try {
      const twice = await buildTwice({
        engine,
        options,
        folder,
        name: `dockwright-reproducibility-${randomUUID().slice(0, 8)}`,
        signal: work.signal,
        say: work.say,
        run: (invocation, signal, onOutput) =>
          runProgram(invocation, {
            signal,
            timeoutMs: BUILD_MS,
            maxBytes: KEPT,
            ...(onOutput && {
              onStdout: (text) => onOutput("stdout", text),
              onStderr: (text) => onOutput("stderr", text),
            }),
          }),
      });
      if (twice.kind === "failed") {
        const ended = withEnding(twice.report, twice.outcome);
        const { message, advice, place } = failureOf(ended, facts);
        parts.log.error(`The ${twice.which} build of ${name} failed\n${ended.text}`);
        const line = place === undefined ? "" : ` (line ${place.line + 1})`;
        void window.showErrorMessage(
          `The ${twice.which} build of ${name} failed${line}: ${message}${advice === undefined ? "" : `. ${advice}`}`,
        );
        return;
      }
      work.say("comparing the images");
      const { report, failure } = await compared(parts, { a: twice.a, b: twice.b, uri, target: options.target }, work);
      if (!report) {
        void window.showErrorMessage(failure ?? "The images could not be compared, the log says why");
        return;
      }
      const text = reproducibilityText({
        name,
        engine: `${engine.title} ${detail}`,
        report,
        epoch: leftOut.includes(EPOCH) ? undefined : { seconds, ofCommit: commit !== undefined },
        leftOut,
        rewritten: twice.rewritten,
        lineLink: (line) => commandLink("dockwright.openLine", uri.toString(), line),
        ruleLink: (rule) => commandLink("dockwright.explainRule", rule),
      });
      await showReport(uri.toString(), `Reproducibility of ${basename(uri.fsPath)}`, text);
      void tell(verdict(report), uri, report.layers);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

/** The builds are made to be compared: nothing of them is kept, and nothing is sent anywhere. */
function withoutResults({
  cacheFrom: _from,
  cacheTo: _to,
  output: _output,
  metadataFile: _file,
  sbom: _sbom,
  ...options
}: BuildOptions): BuildOptions {
  const { platforms, ...rest } = options;
  const [platform] = platforms ?? [];
  return { ...rest, tags: [], ...(platform !== undefined && { platforms: [platform] }) };
}

async function commitTime(folder: string, signal: AbortSignal): Promise<number | undefined> {
  const { code, stdout } = await runProgram(commitTimeInvocation(folder), { signal, timeoutMs: QUESTION_MS });
  return code === 0 ? readCommitTime(stdout) : undefined;
}

interface Pair {
  readonly a: string;
  readonly b: string;
  readonly uri: Uri;
  readonly target: string | undefined;
}

async function compared(
  { client }: Parts,
  { a, b, uri, target }: Pair,
  { say, signal }: Work,
): Promise<ComparedImages> {
  const progress = randomUUID();
  const listening = client.onProgress(SHARE, progress, (share) =>
    say(`comparing the images, ${Math.round(share * 100)} %`),
  );
  const cancelling = new CancellationTokenSource();
  const cancel = (): void => cancelling.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  const params: CompareImagesParams = {
    ...{ a, b, progress },
    uri: client.code2ProtocolConverter.asUri(uri),
    ...(target !== undefined && { target }),
  };
  try {
    return await client.sendRequest<ComparedImages>("dockwright/compareImages", params, cancelling.token);
  } finally {
    signal.removeEventListener("abort", cancel);
    cancelling.dispose();
    listening.dispose();
  }
}

async function tell(
  sentence: string,
  uri: Uri,
  layers: NonNullable<ComparedImages["report"]>["layers"],
): Promise<void> {
  const [rule] = layers.flatMap(({ rules }) => rules);
  const [line] = layers.flatMap(({ madeBy }) => madeBy.flatMap((maker) => maker.line ?? []));
  const explain = rule === undefined ? [] : [`Explain ${rule}`];
  const goTo = line === undefined ? [] : [`Go to Line ${line + 1}`];
  const chosen = await window.showInformationMessage(sentence, ...goTo, ...explain);
  if (chosen === undefined) return;
  if (chosen === explain[0]) await commands.executeCommand("dockwright.explainRule", rule);
  else await commands.executeCommand("dockwright.openLine", uri.toString(), line ?? 0);
}
