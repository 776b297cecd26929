/** The view *Layers*: a webview whose page is dist/layers.js and may load nothing else. */
import { randomBytes } from "node:crypto";
import { commands, Disposable, type LogOutputChannel, Uri, type WebviewView, window, workspace } from "vscode";
import { LAYERS_VIEW, type LayersForPanel } from "./layers.ts";
import type { PanelCommand, ToHost, ToPanel } from "./messages.ts";
import { pageOf } from "./page.ts";

const COMMANDS: Readonly<Record<PanelCommand, (layers: LayersForPanel) => unknown>> = {
  show: () => commands.executeCommand("dockwright.showLayersOf"),
  again: (layers) => layers.again(),
  trust: () => commands.executeCommand("workbench.trust.manage"),
  leaveComparison: (layers) => layers.endComparison(),
};

export function createLayersView(layers: LayersForPanel, extension: Uri, log: LogOutputChannel): Disposable {
  const dist = Uri.joinPath(extension, "dist");

  const resolve = (view: WebviewView): void => {
    const { webview } = view;
    webview.options = { enableScripts: true, localResourceRoots: [dist] };
    const address = (name: string): string => webview.asWebviewUri(Uri.joinPath(dist, name)).toString();
    const send = (message: ToPanel): void => void webview.postMessage(message);
    const receiving = webview.onDidReceiveMessage((message: ToHost) => {
      receive(message, send).catch((error: unknown) => log.error("The view Layers", String(error)));
    });
    // What is sent to a page that is hidden is lost; it is told all of it when it comes again.
    const listening = layers.listen((message) => {
      if (view.visible) send(message);
    });
    view.onDidDispose(() => {
      receiving.dispose();
      listening.dispose();
    });
    webview.html = pageOf({
      title: "Layers",
      ...{ script: address("layers.js"), style: address("layers.css"), source: webview.cspSource },
      nonce: randomBytes(16).toString("base64url"),
    });
  };

  async function receive(message: ToHost, send: (message: ToPanel) => void): Promise<void> {
    switch (message.kind) {
      case "ready":
        return layers.tellAll();
      case "page":
        return send({ kind: "page", request: message.request, page: await layers.page(message.question) });
      case "line":
        return layers.showLine(message.layer);
      case "fix":
        return send({
          kind: "said",
          suggestion: message.suggestion,
          text: await layers.fix(message.suggestion),
        });
      case "explain":
        return void (await commands.executeCommand("dockwright.explainRule", message.rule));
      case "read":
        return layers.readFiles();
      case "cancel":
        return layers.cancel();
      case "view":
        return layers.keepView(message.view);
      case "command":
        return void (await COMMANDS[message.command](layers));
    }
  }

  return Disposable.from(
    window.registerWebviewViewProvider(LAYERS_VIEW, { resolveWebviewView: resolve }),
    workspace.onDidGrantWorkspaceTrust(() => layers.tellAll()),
  );
}
