/** Select Builder: the engine, a builder of buildx or a context of Docker, written into the settings. */
import { commands, ConfigurationTarget, type QuickPickItem, QuickPickItemKind, window, workspace } from "vscode";
import { builderHere, engineHere, lookAgain, whereHere } from "../engine.ts";
import { buildersInvocation, contextsInvocation, readBuilders, readContexts } from "../engines/builders.ts";
import { ENGINES } from "../engines/find.ts";
import { type Invocation, runProgram } from "../process.ts";
import type { Parts } from "./command.ts";

const DEADLINE_MS = 20_000;

interface Choice extends QuickPickItem {
  readonly settings?: Settings;
  readonly command?: string;
}

/** An empty one says nothing. */
interface Settings {
  readonly engine: string;
  readonly builder: string;
  readonly dockerContext: string;
}

export async function selectBuilder({ log }: Parts): Promise<void> {
  const chosen = await window.showQuickPick(choices(), {
    placeHolder: "Where to build",
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (chosen?.command !== undefined) return void (await commands.executeCommand(chosen.command));
  if (!chosen?.settings) return;
  await choose(chosen.settings);
  const engine = await engineHere();
  if (!engine.engine) void window.showWarningMessage(engine.why);
  else log.info(`Chosen: ${chosen.label}`);
}

/** For this workspace where one is open: another project may be built elsewhere. */
export async function choose(settings: Settings): Promise<void> {
  const target = workspace.workspaceFolders ? ConfigurationTarget.Workspace : ConfigurationTarget.Global;
  const config = workspace.getConfiguration("dockwright");
  for (const [name, value] of Object.entries(settings)) {
    const wanted = value === "" || value === "auto" ? undefined : value;
    if (config.get(name) !== (wanted ?? config.inspect(name)?.defaultValue)) await config.update(name, wanted, target);
  }
  lookAgain();
}

async function choices(): Promise<readonly Choice[]> {
  const [builders, contexts] = await Promise.all([ask(buildersInvocation()), ask(contextsInvocation())]);
  const { dockerContext } = whereHere();
  const config = workspace.getConfiguration("dockwright");
  const engine = config.get<string>("engine", "auto");
  const mark = (is: boolean): string => (is ? "$(check) " : "");
  const auto = engine === "auto" && builderHere() === undefined && dockerContext === undefined;
  return [
    {
      label: `${mark(auto)}Automatic`,
      description: "the first engine that answers, where Docker builds by itself",
      settings: { engine: "auto", builder: "", dockerContext: "" },
    },
    separator("Engines"),
    ...ENGINES.map(({ name, title }) => ({
      label: `${mark(engine === name)}${title}`,
      settings: { engine: name, builder: "", dockerContext: "" },
    })),
    separator("Builders of docker buildx"),
    ...readBuilders(builders).map(({ name, driver, current, detail }) => ({
      label: `${mark(builderHere() === name)}${name}`,
      description: [driver, ...(current ? ["buildx uses it"] : [])].join(" · "),
      detail,
      settings: { engine: "docker-buildx", builder: name, dockerContext: dockerContext ?? "" },
    })),
    { label: "$(add) Create builder…", command: "dockwright.createBuilder" },
    separator("Docker contexts"),
    ...readContexts(contexts).map(({ name, current, endpoint, description }) => ({
      label: `${mark(dockerContext === name)}${name}`,
      description: [endpoint, ...(current ? ["docker uses it"] : [])].join(" · "),
      detail: description,
      settings: { engine: "auto", builder: "", dockerContext: name },
    })),
  ];
}

const separator = (label: string): Choice => ({ label, kind: QuickPickItemKind.Separator });

/** Nothing to list where there is no docker. */
async function ask(invocation: Invocation): Promise<string> {
  const { code, stdout } = await runProgram(invocation, {
    signal: new AbortController().signal,
    timeoutMs: DEADLINE_MS,
  });
  return code === 0 ? stdout : "";
}
