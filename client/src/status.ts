/** The language status item: how many findings the open file has, and whether registries may be asked. */
import { Disposable, LanguageStatusSeverity, languages, window, workspace } from "vscode";
import { type BaseLanguageClient, State } from "vscode-languageclient";
import type { StatusParams, WaitingParams } from "../../server/src/lsp/messages.ts";

const SHOW_LOG = { title: "Show log", command: "dockwright.showLog" };
const RESTART = { title: "Restart server", command: "dockwright.restartServer" };

export function createStatus(client: BaseLanguageClient): Disposable {
  const item = languages.createLanguageStatusItem("dockwright.status", [
    { language: "dockerfile" },
    { language: "dockercompose" },
    { pattern: "**/*.{dockerignore,containerignore}" },
  ]);
  item.name = "Dockwright";
  const latest = new Map<string, StatusParams>();
  let waitingFor: WaitingParams["images"] = [];

  const show = (): void => {
    item.busy = client.state === State.Starting || waitingFor.length > 0;
    item.severity = LanguageStatusSeverity.Information;
    item.command = SHOW_LOG;
    if (client.state === State.Starting) {
      item.text = "Dockwright is starting";
      item.detail = "";
      return;
    }
    if (client.state !== State.Running) {
      item.severity = LanguageStatusSeverity.Error;
      item.text = "Dockwright is not running";
      item.detail = "the log says why";
      item.command = RESTART;
      return;
    }
    const document = window.activeTextEditor?.document;
    const status = document && latest.get(client.code2ProtocolConverter.asUri(document.uri));
    item.text = status ? textOf(status) : "Dockwright";
    const [image, ...more] = waitingFor;
    if (image !== undefined) {
      item.detail = `asking a registry about ${image}${more.length > 0 ? ` and ${more.length} more` : ""}`;
      return;
    }
    item.detail = !workspace.isTrusted ? "offline, Restricted Mode" : status?.offline ? "offline" : "online";
  };

  show();
  return Disposable.from(
    item,
    client.onDidChangeState(() => {
      if (client.state !== State.Running) {
        latest.clear();
        waitingFor = [];
      }
      show();
    }),
    client.onNotification("dockwright/status", (status: StatusParams) => {
      latest.set(status.uri, status);
      show();
    }),
    client.onNotification("dockwright/waiting", ({ images }: WaitingParams) => {
      waitingFor = images;
      show();
    }),
    workspace.onDidCloseTextDocument(({ uri }) => latest.delete(client.code2ProtocolConverter.asUri(uri))),
    workspace.onDidGrantWorkspaceTrust(show),
    window.onDidChangeActiveTextEditor(show),
  );
}

/** "2 errors, 3 warnings", the gravest first. */
function textOf({ findings }: StatusParams): string {
  const parts = (["error", "warning", "info", "hint"] as const)
    .filter((severity) => findings[severity] > 0)
    .map((severity) => `${findings[severity]} ${NAMES[severity][findings[severity] === 1 ? 0 : 1]}`);
  return parts.length === 0 ? "No findings" : parts.join(", ");
}

const NAMES = {
  error: ["error", "errors"],
  warning: ["warning", "warnings"],
  info: ["note", "notes"],
  hint: ["hint", "hints"],
} as const;
