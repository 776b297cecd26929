/** Builds a Dockerfile as a task. Asks what nobody can know, and remembers the answers for the file. */
import { type ExtensionContext, type QuickPickItem, tasks, Uri, window, workspace } from "vscode";
import type { BuildFacts, MountFact, ServiceFact } from "../../../server/src/lsp/messages.ts";
import { defaultTag } from "../build/defaults.ts";
import { isSecretName } from "../build/options.ts";
import { argsToAsk, secretsToAsk, servicesToAsk, stageAt, tagOfStage } from "../build/questions.ts";
import { buildTask } from "../tasks/build-task.ts";
import { type BuildDefinition, pathFor, type SecretDefinition, TASK_TYPE } from "../tasks/definition.ts";
import { dockerfileFor, remember, rememberedFor } from "../tasks/dockerfile.ts";
import { branchOf, factsOf } from "../tasks/run-build.ts";
import { keepSecret, secretsKept } from "../tasks/secret-args.ts";
import type { Parts } from "./command.ts";

/** `file`: a Uri or an address; `stage`: what a code lens stands over. */
export async function buildImage(parts: Parts, file?: unknown, stage?: unknown): Promise<void> {
  const uri = await dockerfileFor(file);
  if (!uri) return;
  const { client, context } = parts;
  const document = await workspace.openTextDocument(uri);
  if (document.isDirty) await document.save();
  const facts = await factsOf(client, uri);
  const chosen = await stageFor(uri, facts, typeof file === "string", stage);
  if (!chosen) return;
  const { stage: target } = chosen;
  const definition = await definitionFor(context, uri, facts, target);
  if (!definition) return;
  await remember(context, uri, definition);
  const tags = (definition.tags ?? []).map((tag) => (target === undefined ? tag : tagOfStage(tag, target)));
  const wanted = { ...definition, tags, ...(target !== undefined && { target }) };
  await tasks.executeTask(buildTask(client, wanted, workspace.getWorkspaceFolder(uri)));
}

interface Wanted {
  /** Absent for the whole file. */
  readonly stage?: string;
}

/** A code lens has said it; otherwise the cursor may. Undefined when a person gave up. */
async function stageFor(
  uri: Uri,
  facts: BuildFacts | undefined,
  fromLens: boolean,
  given: unknown,
): Promise<Wanted | undefined> {
  if (typeof given === "string") return { stage: given };
  const editor = window.activeTextEditor;
  if (fromLens || !facts || editor?.document.uri.toString() !== uri.toString()) return {};
  const { active } = editor.selection;
  const here = stageAt(facts, active.line);
  // Where an editor opens is no choice.
  if (here === undefined || (active.line === 0 && active.character === 0)) return {};
  const items: readonly (QuickPickItem & Wanted)[] = [
    { label: `Stage ${here}`, description: "where the cursor is", stage: here },
    { label: "The whole file", description: "its last stage" },
  ];
  return window.showQuickPick(items, { placeHolder: "What to build" });
}

/** What was said before, and answers to what is new; undefined when a question was not answered. */
export async function definitionFor(
  context: ExtensionContext,
  uri: Uri,
  facts: BuildFacts | undefined,
  target: string | undefined,
): Promise<BuildDefinition | undefined> {
  const folder = workspace.getWorkspaceFolder(uri)?.uri.fsPath;
  const before = rememberedFor(context, uri) ?? { type: TASK_TYPE, dockerfile: pathFor(uri.fsPath, folder) };
  const tags = before.tags?.length ? before.tags : [await tagFor(uri)];
  if (!facts) return { ...before, tags };
  const place = await placeFor(facts, target, folder, before.context);
  if (!place) return undefined;
  const buildArgs = await askArgs(uri.fsPath, facts, before);
  if (!buildArgs) return undefined;
  const secrets = await askSecrets(facts, before, folder);
  if (!secrets) return undefined;
  const ssh = facts.ssh.map(({ id }) => id);
  return {
    ...before,
    tags,
    ...place,
    ...(Object.keys(buildArgs).length > 0 && { buildArgs }),
    ...(secrets.length > 0 && { secrets }),
    ...(ssh.length > 0 && before.ssh === undefined && { ssh }),
  };
}

/** Where paths of a build begin: the workspace folder, or the Dockerfile's own where it is in none. */
export const folderOf = (uri: Uri): string =>
  workspace.getWorkspaceFolder(uri)?.uri.fsPath ?? Uri.joinPath(uri, "..").fsPath;

export const tagFor = async (uri: Uri): Promise<string> =>
  defaultTag(uri.fsPath, await branchOf(Uri.joinPath(uri, "..").fsPath, new AbortController().signal));

/** Where compose builds it, when a service does; asked when services differ. What a person said before stays. */
async function placeFor(
  facts: BuildFacts,
  target: string | undefined,
  folder: string | undefined,
  before: string | undefined,
): Promise<Pick<BuildDefinition, "context" | "target"> | undefined> {
  const fits = ({ context = "" }: ServiceFact): boolean => before === undefined || pathFor(context, folder) === before;
  const services = servicesToAsk(facts, target).filter(fits);
  const [first] = services;
  if (!first) return {};
  const items = services.map((service) => ({
    label: service.service,
    description: [service.context ?? "", ...(service.target === undefined ? [] : [`stage ${service.target}`])].join(
      " · ",
    ),
    service,
  }));
  const chosen =
    services.length === 1
      ? first
      : (await window.showQuickPick(items, { placeHolder: "Services build this file in several ways: as which?" }))
          ?.service;
  if (!chosen) return undefined;
  return {
    ...(chosen.context !== undefined && { context: pathFor(chosen.context, folder) }),
    ...(chosen.target !== undefined && target === undefined && { target: chosen.target }),
  };
}

async function askArgs(
  dockerfile: string,
  facts: BuildFacts,
  before: Omit<BuildDefinition, "target">,
): Promise<BuildDefinition["buildArgs"]> {
  const kept = secretsKept(dockerfile).map((name) => [name, null] as const);
  const args: Record<string, string | null> = { ...before.buildArgs, ...Object.fromEntries(kept) };
  for (const { name, line } of argsToAsk(facts, { buildArgs: args })) {
    const fromEnvironment = process.env[name] !== undefined;
    const value = await window.showInputBox({
      title: `ARG ${name}`,
      prompt: `Line ${line + 1} has no default. ${fromEnvironment ? `Empty: the variable ${name} of the environment.` : "Empty: it stays unset."}`,
      password: isSecretName(name),
      ignoreFocusOut: true,
    });
    if (value === undefined) return undefined;
    // Without a value the engine looks into the environment, and leaves it out when there is none.
    const isSecret = isSecretName(name) && value !== "";
    if (isSecret) keepSecret(dockerfile, name, value);
    args[name] = value === "" || isSecret ? null : value;
  }
  return args;
}

async function askSecrets(
  facts: BuildFacts,
  before: Omit<BuildDefinition, "target">,
  folder: string | undefined,
): Promise<readonly SecretDefinition[] | undefined> {
  const secrets = [...(before.secrets ?? [])];
  for (const fact of secretsToAsk(facts, before)) {
    const secret = await askSecret(fact, folder);
    if (secret === "cancelled") return undefined;
    if (secret) secrets.push(secret);
  }
  return secrets;
}

async function askSecret(
  { id, line, required }: MountFact,
  folder: string | undefined,
): Promise<SecretDefinition | "cancelled" | undefined> {
  const variables = [id, id.toUpperCase().replaceAll(/\W/g, "_")].filter(
    (name, at, all) => process.env[name] !== undefined && all.indexOf(name) === at,
  );
  const items: readonly (QuickPickItem & { readonly from: "file" | "variable" | "none"; readonly name?: string })[] = [
    ...variables.map((name) => ({
      label: `Variable ${name}`,
      description: "set in the environment",
      from: "variable" as const,
      name,
    })),
    { label: "A file…", from: "file" },
    { label: "A variable of the environment…", from: "variable" },
    ...(required ? [] : [{ label: "Leave it out", from: "none" as const }]),
  ];
  const chosen = await window.showQuickPick(items, {
    title: `Secret ${id} (line ${line + 1})`,
    placeHolder: "Where it comes from; its value is not kept",
    ignoreFocusOut: true,
  });
  if (!chosen) return "cancelled";
  if (chosen.from === "none") return undefined;
  if (chosen.from === "file") {
    const files = await window.showOpenDialog({
      title: `Secret ${id}`,
      openLabel: "Use as Secret",
      ...(folder !== undefined && { defaultUri: Uri.file(folder) }),
    });
    return files?.[0] ? { id, file: pathFor(files[0].fsPath, folder) } : "cancelled";
  }
  const variable =
    chosen.name ??
    (await window.showInputBox({ title: `Secret ${id}`, prompt: "Name of the variable", ignoreFocusOut: true }));
  return variable ? { id, variable } : "cancelled";
}
