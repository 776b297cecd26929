/** The engine of this window: found once, looked for again when settings change, and what the status item says of it. */
import { Disposable, LanguageStatusSeverity, languages, type LogOutputChannel, workspace } from "vscode";
import type { EngineName, Where } from "./engines/engine.ts";
import { findEngine, type FoundEngine, type NoEngine } from "./engines/find.ts";
import { runProgram } from "./process.ts";

const DEADLINE_MS = 20_000;
const SETTINGS = ["dockwright.engine", "dockwright.builder", "dockwright.dockerContext"];

let found: Promise<FoundEngine | NoEngine> | undefined;
let shown: (() => void) | undefined;

/** A setting that is empty says nothing. */
const setting = (name: string): string | undefined =>
  workspace.getConfiguration("dockwright").get<string>(name) || undefined;

export const whereHere = (): Where => ({ dockerContext: setting("dockerContext") });
export const builderHere = (): string | undefined => setting("builder");

/** What builds here. Asks programs, so only in a workspace that is trusted. */
export async function engineHere(): Promise<FoundEngine | NoEngine> {
  if (!workspace.isTrusted) return { why: "No program is started until the workspace is trusted" };
  const where = whereHere();
  const wanted = workspace.getConfiguration("dockwright").get<EngineName | "auto">("engine", "auto");
  const asked = (found ??= findEngine(wanted, where, (invocation) =>
    runProgram(invocation, { signal: new AbortController().signal, timeoutMs: DEADLINE_MS }),
  ));
  const engine = await asked;
  // One that did not answer may be started meanwhile.
  if (!engine.engine && found === asked) found = undefined;
  shown?.();
  return engine;
}

/** Forgets what was found: the engine has gone away. */
export function lookAgain(): void {
  found = undefined;
}

/** The status item shows what was found; it looks for nothing before somebody opens a Dockerfile or a compose file. */
export function watchEngine(log: LogOutputChannel): Disposable {
  const item = languages.createLanguageStatusItem("dockwright.engine", [
    { language: "dockerfile" },
    { language: "dockercompose" },
  ]);
  item.name = "Dockwright: Engine";
  item.command = { title: "Select builder", command: "dockwright.selectBuilder" };
  let said = "";

  const show = async (): Promise<void> => {
    if (!workspace.isTrusted) {
      item.text = "No engine in Restricted Mode";
      item.detail = "trust the workspace to build";
      return;
    }
    const engine = await (found ?? engineHere());
    item.severity = engine.engine ? LanguageStatusSeverity.Information : LanguageStatusSeverity.Warning;
    item.text = engine.engine ? engine.engine.title : "No engine";
    const builder = engine.engine?.name === "docker-buildx" ? builderHere() : undefined;
    item.detail = engine.engine
      ? [engine.detail, ...(builder === undefined ? [] : [`builder ${builder}`])].join(", ")
      : engine.why;
    const line = engine.engine ? `Builds with ${item.text} ${item.detail}` : engine.why;
    if (line !== said) log.info(line);
    if (engine.engine) for (const silent of line === said ? [] : engine.silent) log.info(`Does not answer: ${silent}`);
    said = line;
  };
  shown = () => void show();

  const isOpen = (): boolean =>
    workspace.textDocuments.some(({ languageId }) => languageId === "dockerfile" || languageId === "dockercompose");
  const showWhenOpen = (): void => {
    if (isOpen()) void show();
  };
  showWhenOpen();
  return Disposable.from(
    item,
    new Disposable(() => {
      shown = undefined;
    }),
    workspace.onDidOpenTextDocument(showWhenOpen),
    workspace.onDidGrantWorkspaceTrust(showWhenOpen),
    workspace.onDidChangeConfiguration((event) => {
      if (!SETTINGS.some((name) => event.affectsConfiguration(name))) return;
      lookAgain();
      showWhenOpen();
    }),
  );
}
