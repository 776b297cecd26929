/** Scans as people start them: the scanner that is there, a progress that can be cancelled, what went wrong in words, the view. */
import { basename } from "node:path";
import { type CancellationToken, commands, env, type Memento, ProgressLocation, Uri, window, workspace } from "vscode";
import type { ImageAnswer, ImageAnswerParams } from "../../../../server/src/lsp/messages.ts";
import type { Parts } from "../../commands/command.ts";
import { engineHere, whereHere } from "../../engine.ts";
import { lookupsIn } from "../../lookups.ts";
import { runProgram } from "../../process.ts";
import { scanCache } from "../../scanners/cache.ts";
import { findScanner, type Found, SCANNERS, type Wanted, whyNone } from "../../scanners/find.ts";
import { tagOf } from "../../scanners/image-name.ts";
import { contentsText, type DockerfilePlace, nameOf, type Report, type Target } from "../../scanners/report.ts";
import { scan, ScanFailure } from "../../scanners/scan.ts";
import { compromised } from "../../scanners/scanner.ts";
import { exceeded, thresholdsOf } from "../../scanners/thresholds.ts";
import { FINDINGS_VIEW } from "./view.ts";

export interface Job {
  readonly target: Target;
  readonly dockerfile?: DockerfilePlace;
  /** The open file whose settings hold, where the image has no place in it. */
  readonly askedFrom?: string;
  readonly again?: boolean;
}

export interface Outcome {
  readonly job: Job;
  readonly report?: Report;
  /** Why there is none. */
  readonly failure?: string;
}

const running = new Set<string>();

/** Scans one after the other and shows the reports. Undefined when there is no scanner or a person cancelled. */
export async function scanAll(
  parts: Parts,
  title: string,
  jobs: readonly Job[],
): Promise<readonly Outcome[] | undefined> {
  const fresh = jobs.filter(({ target }) => !running.has(nameOf(target)));
  if (fresh.length === 0) {
    void window.showInformationMessage(`${jobs.map(({ target }) => nameOf(target)).join(", ")}: being scanned already`);
    return undefined;
  }
  for (const { target } of fresh) running.add(nameOf(target));
  try {
    return await window.withProgress(
      { location: ProgressLocation.Notification, title, cancellable: true },
      async (progress, token) => {
        const signal = signalOf(token);
        try {
          progress.report({ message: "looking for a scanner" });
          const found = await scanner(parts, fresh[0], signal);
          if (!found) return undefined;
          const outcomes: Outcome[] = [];
          for (const job of fresh) {
            progress.report({
              message: `${found.scanner.title}: ${shortName(job.target)}`,
              increment: 100 / (fresh.length + 1),
            });
            outcomes.push(await scanOne(parts, found, job, signal));
          }
          return outcomes;
        } catch (error) {
          if (signal.aborted) return undefined;
          throw error;
        }
      },
    );
  } finally {
    for (const { target } of fresh) running.delete(nameOf(target));
  }
}

async function scanOne(parts: Parts, found: Found, job: Job, signal: AbortSignal): Promise<Outcome> {
  const { target, dockerfile, again } = job;
  const config = workspace.getConfiguration("dockwright", resourceOf(job));
  const ignoreFile = await ignoreFileOf(found, job);
  const request = {
    target,
    offline: lookupsIn(config) === "off",
    engines: await enginesHere(),
    where: whereHere(),
    digest: (image: string) => digestOf(parts, job, image),
    ...(ignoreFile !== undefined && { ignoreFile }),
    ...(dockerfile && { dockerfile }),
    ...(again !== undefined && { again }),
  };
  const { log, context } = parts;
  const cache = scanCache(Uri.joinPath(context.globalStorageUri, "scans").fsPath);
  try {
    const info = (line: string): void => log.info(line);
    const report = await scan(found, request, { run: runProgram, cache, log: info, now: Date.now }, signal);
    await parts.findings.add(report);
    return { job, report };
  } catch (error) {
    if (!(error instanceof ScanFailure)) throw error;
    log.error(error.message);
    return { job, failure: error.message };
  }
}

/** One message for all: the failures, or what is over a threshold, or what was found. */
export async function tellOutcomes(outcomes: readonly Outcome[]): Promise<void> {
  const failures = outcomes.flatMap(({ failure }) => failure ?? []);
  const reports = outcomes.flatMap(({ report }) => report ?? []);
  if (reports.length > 0) await commands.executeCommand(`${FINDINGS_VIEW}.focus`);
  if (failures.length > 0) {
    void window.showErrorMessage(failures.join(". "), "Show log").then((choice) => {
      if (choice !== undefined) void commands.executeCommand("dockwright.showLog");
    });
    if (reports.length === 0) return;
  }
  const thresholds = thresholdsOf(workspace.getConfiguration("dockwright").get("scan.thresholds"));
  const over = reports.flatMap(({ target, findings }) => {
    const what = exceeded(findings, thresholds);
    return what === undefined ? [] : [`${shortName(target)}: ${what}`];
  });
  const warnings = [...new Set(reports.flatMap((report) => report.warnings))];
  if (over.length > 0) void window.showWarningMessage(`Over dockwright.scan.thresholds: ${over.join("; ")}`);
  if (warnings.length > 0) void window.showWarningMessage(warnings.join(". "));
  if (over.length > 0 || warnings.length > 0) return;
  const found = reports.map(({ target, findings }) => `${shortName(target)}: ${contentsText(findings)}`);
  void window.showInformationMessage(found.join("; "));
}

/** The scanner to use; says why there is none. */
async function scanner(parts: Parts, job: Job | undefined, signal: AbortSignal): Promise<Found | undefined> {
  const config = workspace.getConfiguration("dockwright", job && resourceOf(job));
  const [engine = "docker"] = await enginesHere();
  const wanted: Wanted = {
    scanner: config.get("scan.scanner", "auto"),
    containerImage: config.get("scan.containerImage", "").trim(),
    engine,
    where: whereHere(),
  };
  const [named] = SCANNERS.filter(({ name }) => wanted.containerImage.toLowerCase().includes(name));
  const tampered = named && compromised(named, tagOf(wanted.containerImage) ?? "");
  if (tampered !== undefined) {
    void window.showErrorMessage(`dockwright.scan.containerImage: ${tampered}`);
    return undefined;
  }
  const found = await findScanner(wanted, runProgram, signal);
  if (found) return (await mayRun(parts.context.globalState, found)) ? found : undefined;
  const { message, page } = whyNone(wanted);
  parts.log.warn(message);
  void window.showErrorMessage(message, "How to install", "Settings").then((choice) => {
    if (choice === "How to install") void env.openExternal(Uri.parse(page));
    if (choice === "Settings") void commands.executeCommand("workbench.action.openSettings", "dockwright.scan");
  });
  return undefined;
}

/** A release that was tampered with runs only when somebody insists, once for each release. */
async function mayRun(memory: Memento, { scanner: { name }, scanner: of, versions }: Found): Promise<boolean> {
  const warning = compromised(of, versions.version);
  if (warning === undefined) return true;
  const key = `ran-compromised-${name}-${versions.version}`;
  if (memory.get(key) === true) return true;
  const run = "Run it anyway";
  if ((await window.showWarningMessage(warning, { modal: true }, run)) !== run) return false;
  await memory.update(key, true);
  return true;
}

/** Which programs may have an image: the one of the engine that was chosen, else first that of what builds images here. */
async function enginesHere(): Promise<readonly string[]> {
  const chosen = workspace.getConfiguration("dockwright").get("engine", "auto");
  const program = PROGRAMS[chosen === "auto" ? ((await engineHere()).engine?.name ?? "") : chosen];
  if (chosen !== "auto" && program !== undefined) return [program];
  return [...new Set([program ?? "docker", "docker", "podman"])];
}

/** Buildah keeps its images where Podman has its own. */
const PROGRAMS: Readonly<Record<string, string>> = {
  "docker-buildx": "docker",
  "docker-classic": "docker",
  podman: "podman",
  buildah: "podman",
  nerdctl: "nerdctl",
};

function resourceOf({ target, dockerfile, askedFrom }: Job): Uri | undefined {
  const address = dockerfile?.uri ?? askedFrom;
  if (address !== undefined) return Uri.parse(address);
  return target.kind === "folder" ? Uri.file(target.folder) : undefined;
}

/** The folder of the workspace a report belongs to: that of its file, else the first. */
export const folderOf = (job: Pick<Job, "target" | "dockerfile">): Uri | undefined => {
  const resource = resourceOf(job);
  return ((resource && workspace.getWorkspaceFolder(resource)) ?? workspace.workspaceFolders?.[0])?.uri;
};

async function ignoreFileOf({ scanner: { ignoreFiles } }: Found, job: Job): Promise<string | undefined> {
  const folder = folderOf(job);
  if (folder?.scheme !== "file") return undefined;
  for (const name of ignoreFiles) {
    const file = Uri.joinPath(folder, name);
    try {
      await workspace.fs.stat(file);
      return file.fsPath;
    } catch {
      // not there
    }
  }
  return undefined;
}

/** What the image's registry says, where the server may ask it. */
async function digestOf({ client }: Parts, job: Job, image: string): Promise<string | undefined> {
  const resource = resourceOf(job);
  if (!resource) return undefined;
  const uri = client.code2ProtocolConverter.asUri(resource);
  const params: ImageAnswerParams = { uri, ask: "digest", image };
  return (await client.sendRequest<ImageAnswer>("dockwright/imageAnswer", params)).value;
}

export const shortName = (target: Target): string =>
  target.kind === "image" ? target.image : basename(target.folder) || target.folder;

export function signalOf(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}
