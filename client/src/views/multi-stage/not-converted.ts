/** Why a Dockerfile stays as it is, and what would help instead, with buttons that do it. */
import { commands, type TextDocument, window, workspace } from "vscode";
import type { MultiStageAnswer } from "../../../../server/src/lsp/messages.ts";

type NotConverted = Exclude<MultiStageAnswer, { readonly outcome: "converted" }>;

/** What a button runs, with the file in front of the person. */
const BUTTONS: Readonly<Record<NotConverted["outcome"], Readonly<Record<string, string>>>> = {
  refused: { "Show Refactorings": "editor.action.refactor" },
  "no benefit": {
    "Show Problems": "workbench.actions.view.problems",
    "Fix All Safe Problems": "dockwright.fixAllSafe",
  },
};

export async function tellNotConverted(document: TextDocument, answer: NotConverted): Promise<void> {
  const buttons = BUTTONS[answer.outcome];
  const choice = await window.showInformationMessage(messageOf(document, answer), ...Object.keys(buttons));
  const command = choice === undefined ? undefined : buttons[choice];
  if (command === undefined) return;
  await window.showTextDocument(document);
  await commands.executeCommand(command);
}

function messageOf({ uri }: TextDocument, answer: NotConverted): string {
  const name = workspace.asRelativePath(uri);
  if (answer.outcome === "refused") return `${name} is not converted: ${answer.reason}.`;
  const help = answer.instead.length === 0 ? "" : ` What would help instead: ${answer.instead.join("; ")}.`;
  return `${name} gains nothing from a second stage: ${answer.reason}.${help}`;
}
