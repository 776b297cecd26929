/** Build Image with Options: all there is to say about a build, as a list to go through; runs it, or saves it in tasks.json. */
import { type QuickPickItem, QuickPickItemKind, tasks, type Uri, window, workspace } from "vscode";
import type { BuildFacts } from "../../../server/src/lsp/messages.ts";
import { problemOfTag } from "../build/defaults.ts";
import { isSecretName } from "../build/options.ts";
import { buildTask } from "../tasks/build-task.ts";
import { type BuildDefinition, nameOf } from "../tasks/definition.ts";
import { dockerfileFor, remember } from "../tasks/dockerfile.ts";
import { factsOf } from "../tasks/run-build.ts";
import { keepSecret } from "../tasks/secret-args.ts";
import { definitionFor } from "./build-image.ts";
import type { Parts } from "./command.ts";

export async function buildImageWithOptions({ client, context }: Parts, file?: unknown): Promise<void> {
  const uri = await dockerfileFor(file);
  if (!uri) return;
  await workspace.openTextDocument(uri);
  const facts = await factsOf(client, uri);
  let definition = await definitionFor(context, uri, facts, undefined);
  while (definition) {
    const current: BuildDefinition = definition;
    const chosen = await window.showQuickPick(itemsFor(uri.fsPath, current, facts), {
      title: nameOf(current),
      placeHolder: "Choose an option to change it",
      ignoreFocusOut: true,
    });
    if (!chosen) return;
    if (chosen.edit) {
      const change = await chosen.edit(current);
      definition = change ? without({ ...current, ...change }) : current;
      continue;
    }
    await remember(context, uri, current);
    if (chosen.save === true) await saveTask(uri, current);
    else await tasks.executeTask(buildTask(client, current, workspace.getWorkspaceFolder(uri)));
    return;
  }
}

type Change = { readonly [K in keyof BuildDefinition]?: BuildDefinition[K] | undefined };

interface Item extends QuickPickItem {
  /** What the person changes; undefined when nothing. */
  readonly edit?: (definition: BuildDefinition) => Promise<Change | undefined>;
  readonly save?: boolean;
}

/** What was emptied is gone: JSON, which tasks are kept as, has no undefined. */
const without = (change: Change): BuildDefinition =>
  // oxlint-disable-next-line typescript/consistent-type-assertions -- a copy of what it was
  JSON.parse(JSON.stringify(change)) as BuildDefinition;

function itemsFor(dockerfile: string, definition: BuildDefinition, facts: BuildFacts | undefined): readonly Item[] {
  const args = Object.entries(definition.buildArgs ?? {}).map(
    ([name, value]) => `${name}=${isSecretName(name) ? "…" : (value ?? "(environment)")}`,
  );
  const secrets = (definition.secrets ?? []).map(({ id, file, variable }) => `${id} from ${file ?? variable ?? id}`);
  return [
    { label: "$(play) Build" },
    { label: "$(save) Save in tasks.json", save: true },
    { label: "Options", kind: QuickPickItemKind.Separator },
    option("Tags", definition.tags, editList("tags", "Names of the image, separated by blanks", problemOfTag)),
    option("Stage", definition.target ?? "the last one", editStage(facts)),
    option(
      "Context",
      definition.context ?? "the Dockerfile's folder",
      editText("context", "The folder COPY reads from, seen from the workspace folder; empty for the Dockerfile's own"),
    ),
    option("Build arguments", args, editArgs(dockerfile, facts)),
    option(
      "Platforms",
      definition.platforms,
      editList("platforms", "Such as linux/amd64 linux/arm64; empty for the engine's own", problemOfPlatform),
    ),
    option("Secrets", secrets, async () => ({ secrets: undefined })),
    option(
      "Cache from",
      definition.cacheFrom,
      editList("cacheFrom", "Such as type=registry,ref=… type=gha type=local,src=…"),
    ),
    option(
      "Cache to",
      definition.cacheTo,
      editList("cacheTo", "Such as type=inline type=registry,ref=…,mode=max type=gha type=local,dest=…"),
    ),
    option("Provenance", definition.provenance ?? "the engine's own choice", editProvenance),
    flag("SBOM attestation", "sbom", definition),
    flag("Without cache", "noCache", definition),
    flag("Pull newer base images", "pull", definition),
    option(
      "SOURCE_DATE_EPOCH",
      definition.sourceDateEpoch === "commit"
        ? "the last commit's time"
        : (definition.sourceDateEpoch?.toString() ?? "off"),
      async ({ sourceDateEpoch }) => ({
        sourceDateEpoch: sourceDateEpoch === undefined ? "commit" : undefined,
      }),
    ),
    option(
      "Network of RUN",
      definition.network ?? "the engine's own choice",
      editText("network", "default, none or host; empty for the engine's own choice"),
    ),
    option(
      "Output",
      definition.output ?? "the engine's images",
      editText(
        "output",
        "Such as type=oci,dest=image.tar, seen from the workspace folder; empty to keep the image in the engine",
      ),
    ),
  ];
}

const option = (
  label: string,
  value: string | readonly string[] | undefined,
  edit: NonNullable<Item["edit"]>,
): Item => {
  const description = typeof value === "string" ? value : (value ?? []).join(" ");
  return { label, description: description === "" ? "none" : description, edit };
};

const flag = (label: string, key: "sbom" | "noCache" | "pull", definition: BuildDefinition): Item =>
  option(label, definition[key] === true ? "on" : "off", async (now) => ({
    [key]: now[key] === true ? undefined : true,
  }));

const editText =
  (key: "context" | "network" | "output", prompt: string): NonNullable<Item["edit"]> =>
  async (definition) => {
    const value = await window.showInputBox({ prompt, value: definition[key] ?? "", ignoreFocusOut: true });
    return value === undefined ? undefined : { [key]: value.trim() === "" ? undefined : value.trim() };
  };

const editList =
  (
    key: "tags" | "platforms" | "cacheFrom" | "cacheTo",
    prompt: string,
    problemOf: (each: string) => string | undefined = () => undefined,
  ): NonNullable<Item["edit"]> =>
  async (definition) => {
    const wordsOf = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== "");
    const value = await window.showInputBox({
      prompt,
      value: (definition[key] ?? []).join(" "),
      ignoreFocusOut: true,
      validateInput: (text) =>
        wordsOf(text)
          .map(problemOf)
          .find((problem) => problem !== undefined),
    });
    if (value === undefined) return undefined;
    const words = wordsOf(value);
    return { [key]: words.length === 0 ? undefined : words };
  };

const problemOfPlatform = (platform: string): string | undefined =>
  /^[a-z0-9]+\/[a-z0-9_]+(?:\/[a-z0-9.]+)?$/.test(platform)
    ? undefined
    : `${platform} is no platform: linux/amd64 is one`;

const editStage =
  (facts: BuildFacts | undefined): NonNullable<Item["edit"]> =>
  async () => {
    const last = "The last one";
    const stages = (facts?.stages ?? [])
      .slice(0, -1)
      .map(({ name, index, base }) => ({ label: name ?? String(index), description: `FROM ${base}` }));
    const chosen = await window.showQuickPick([{ label: last }, ...stages], { placeHolder: "Stage to build" });
    return chosen && { target: chosen.label === last ? undefined : chosen.label };
  };

const editArgs =
  (dockerfile: string, facts: BuildFacts | undefined): NonNullable<Item["edit"]> =>
  async ({ buildArgs = {} }) => {
    const items = (facts?.args ?? []).map(({ name, default: fallback }) => ({
      label: name,
      description: isSecretName(name) ? "" : (buildArgs[name] ?? fallback ?? ""),
    }));
    const chosen = await window.showQuickPick(items, { placeHolder: "Build argument to set" });
    if (!chosen) return undefined;
    const name = chosen.label;
    const value = await window.showInputBox({
      title: `ARG ${name}`,
      prompt: "Empty: its default",
      value: isSecretName(name) ? "" : (buildArgs[name] ?? ""),
      password: isSecretName(name),
      ignoreFocusOut: true,
    });
    if (value === undefined) return undefined;
    const { [name]: _, ...others } = buildArgs;
    if (value !== "" && isSecretName(name)) {
      keepSecret(dockerfile, name, value);
      return { buildArgs: { ...others, [name]: null } };
    }
    return { buildArgs: value === "" ? others : { ...others, [name]: value } };
  };

async function editProvenance(): Promise<Change | undefined> {
  const items = [
    { label: "The engine's own choice", value: undefined },
    { label: "max", description: "with build arguments and sources", value: "max" as const },
    { label: "min", value: "min" as const },
    { label: "off", value: "off" as const },
  ];
  const chosen = await window.showQuickPick(items, { placeHolder: "Provenance attestation" });
  return chosen && { provenance: chosen.value };
}

/** Beside what is there; a task of the same name is replaced. */
async function saveTask(uri: Uri, definition: BuildDefinition): Promise<void> {
  const folder = workspace.getWorkspaceFolder(uri);
  if (!folder) {
    void window.showInformationMessage("tasks.json belongs to a workspace folder, and this file is in none");
    return;
  }
  const label = nameOf(definition);
  const config = workspace.getConfiguration("tasks", folder.uri);
  const kept = config.inspect<readonly { readonly label?: string }[]>("tasks")?.workspaceFolderValue ?? [];
  const before = Array.isArray(kept) ? kept.filter((each) => each?.label !== label) : [];
  if (config.inspect("version")?.workspaceFolderValue === undefined) await config.update("version", "2.0.0", undefined);
  // Without an empty list VS Code asks, at every run, which problems to look for in the output.
  const task = { label, ...definition, group: "build", problemMatcher: [] };
  await config.update("tasks", [...before, task], undefined);
  void window.showInformationMessage(`Saved in .vscode/tasks.json as "${label}"`);
}
