/** The preview of *Convert to Multi-Stage*: VS Code's own difference, and beside it a page with what was decided and why. */
import { randomBytes } from "node:crypto";
import {
  commands,
  type Disposable,
  languages,
  Position,
  Range,
  TabInputTextDiff,
  type TextDocument,
  Uri,
  ViewColumn,
  type WebviewPanel,
  window,
  workspace,
  WorkspaceEdit,
} from "vscode";
import type { MultiStageResult } from "../../../../server/src/lsp/messages.ts";
import type { Parts } from "../../commands/command.ts";
import { keepOriginal } from "../../commands/verify-refactoring.ts";
import { previewOf } from "../../preview.ts";
import { pageOf } from "../layers/page.ts";
import { askForStages } from "./ask.ts";
import type { ToHost, ToPage } from "./messages.ts";
import { tellNotConverted } from "./not-converted.ts";

const TITLE = "Convert to Multi-Stage";

/** One at a time: what is begun takes the place of what was shown. */
let open: Preview | undefined;

export const closeMultiStagePreview = (): Disposable => ({ dispose: () => open?.close() });

interface Preview {
  readonly close: () => void;
}

/** Nothing is written before the person says so. */
export async function previewMultiStage(parts: Parts, document: TextDocument): Promise<void> {
  const first = await askForStages(parts.client, document, new Map());
  if (!first) return;
  if (first.outcome !== "converted") return tellNotConverted(document, first);
  open?.close();
  open = show(parts, document.uri, { result: first, before: document.getText() });
}

/** A conversion, and the text it is of. */
interface Made {
  readonly result: MultiStageResult;
  readonly before: string;
}

/** By decision: the alternative, and what it does. */
type Choices = ReadonlyMap<string, { readonly id: string; readonly label: string }>;

function show(parts: Parts, uri: Uri, first: Made): Preview {
  const { client, log, context } = parts;
  const name = uri.path.split("/").at(-1) ?? "Dockerfile";
  const dist = Uri.joinPath(context.extensionUri, "dist");
  let made = first;
  let choices: Choices = new Map();
  let difference: Uri | undefined;
  let isClosed = false;

  const column = window.activeTextEditor?.viewColumn ?? ViewColumn.One;
  const panel = window.createWebviewPanel(
    "dockwright.multiStage",
    TITLE,
    { viewColumn: ViewColumn.Beside, preserveFocus: false },
    { enableScripts: true, localResourceRoots: [dist] },
  );
  const send = (message: ToPage): void => void panel.webview.postMessage(message);
  const say = (text: string): void => send({ kind: "said", text });
  /** The texts of the difference as they are now. */
  async function compared(): Promise<readonly [Uri, Uri]> {
    const [left, right] = await Promise.all([
      previewOf(`multi-stage/before/${name}`, made.before),
      previewOf(`multi-stage/after/${name}`, made.result.text),
    ]);
    for (const side of [left, right]) {
      const document = await workspace.openTextDocument(side);
      if (document.languageId !== "dockerfile") await languages.setTextDocumentLanguage(document, "dockerfile");
    }
    return [left, right];
  }

  async function showDifference(preserveFocus: boolean): Promise<void> {
    const [left, right] = await compared();
    if (isClosed) return;
    difference = right;
    await commands.executeCommand("vscode.diff", left, right, `${name}: one stage ↔ several`, {
      ...{ viewColumn: column, preview: false, preserveFocus },
    });
  }

  function tell(): void {
    const { result } = made;
    const { ecosystem, decisions, dropped } = result;
    const stages = result.text.match(/^\s*FROM\s/gim)?.length ?? 0;
    send({
      kind: "shown",
      shown: {
        ...{ name, ecosystem, decisions, dropped, stages },
        chosen: [...choices].map(([decision, { label }]) => ({ decision, label })),
        restricted: !workspace.isTrusted,
      },
    });
  }

  /** Works it out again with other choices; what cannot be is told, and the preview stays as it was. */
  async function anew(wanted: Choices): Promise<boolean> {
    const document = await workspace.openTextDocument(uri);
    const before = document.getText();
    const answer = await askForStages(client, document, new Map([...wanted].map(([key, { id }]) => [key, id])));
    if (!answer || isClosed) return false;
    if (answer.outcome !== "converted") {
      say(`Not possible: ${answer.reason}`);
      return false;
    }
    choices = wanted;
    made = { result: answer, before };
    tell();
    await compared();
    return true;
  }

  async function apply(): Promise<void> {
    const document = await workspace.openTextDocument(uri);
    const { result, before } = made;
    const edit = new WorkspaceEdit();
    for (const { range, newText } of result.edits) edit.replace(uri, rangeOf(range), newText);
    const same = document.version === result.version && document.getText() === before;
    if (!same || !(await workspace.applyEdit(edit))) {
      if (await anew(choices)) say(`${name} was changed meanwhile: look the preview over again, it is of the new text`);
      return;
    }
    keepOriginal(uri, before);
    preview.close();
    await window.showTextDocument(document, { viewColumn: column, preview: false });
  }

  /** Without an alternative: as it is decided without the person. */
  async function choose(decision: string, alternative?: string): Promise<void> {
    const wanted = new Map(choices);
    const found = made.result.decisions
      .find(({ id }) => id === decision)
      ?.alternatives.find(({ id }) => id === alternative);
    if (found) wanted.set(decision, found);
    else wanted.delete(decision);
    if (await anew(wanted)) say("The preview is up to date");
  }

  async function receive(message: ToHost): Promise<void> {
    switch (message.kind) {
      case "ready":
        return tell();
      case "choose":
        return choose(message.decision, message.alternative);
      case "reset":
        return choose(message.decision);
      case "trust":
        return void (await commands.executeCommand("workbench.trust.manage"));
      case "difference":
        return showDifference(false);
      case "apply":
        return apply();
      case "verify":
        // As a command it waits for trust.
        return commands.executeCommand("dockwright.verifyRefactoring", {
          ...{ original: made.before, result: made.result.text, context: Uri.parse(made.result.context).fsPath },
          ...(uri.scheme === "file" && { path: uri.fsPath }),
        });
      case "cancel":
        return preview.close();
    }
  }

  const attempt = (work: Promise<unknown>): void =>
    void work.catch((error: unknown) => {
      log.error(TITLE, error instanceof Error ? error : String(error));
      say(`It failed, the log says why: ${error instanceof Error ? error.message : String(error)}`);
    });
  const receiving = panel.webview.onDidReceiveMessage((message: ToHost) => attempt(receive(message)));
  // The server is told first, and reads the project from now on.
  const trusting = workspace.onDidGrantWorkspaceTrust(() => attempt(anew(choices)));
  const preview: Preview = {
    close() {
      if (isClosed) return;
      isClosed = true;
      if (open === preview) open = undefined;
      receiving.dispose();
      trusting.dispose();
      panel.dispose();
      void closeDifference(difference);
    },
  };
  panel.onDidDispose(() => preview.close());
  loadPage(panel, dist);
  attempt(showDifference(true).then(() => isClosed || panel.reveal()));
  return preview;
}

function loadPage({ webview }: WebviewPanel, dist: Uri): void {
  const address = (name: string): string => webview.asWebviewUri(Uri.joinPath(dist, name)).toString();
  webview.html = pageOf({
    title: TITLE,
    ...{ script: address("multi-stage.js"), style: address("multi-stage.css"), source: webview.cspSource },
    nonce: randomBytes(16).toString("base64url"),
  });
}

async function closeDifference(modified: Uri | undefined): Promise<void> {
  const shown = modified?.toString();
  const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
  await window.tabGroups.close(
    tabs.filter(({ input }) => input instanceof TabInputTextDiff && input.modified.toString() === shown),
  );
}

type PlainRange = MultiStageResult["edits"][number]["range"];

const rangeOf = ({ start, end }: PlainRange): Range =>
  new Range(new Position(start.line, start.character), new Position(end.line, end.character));
