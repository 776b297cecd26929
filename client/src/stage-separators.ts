/** A thin line above each stage of a Dockerfile that is shown. The server says where: it knows the settings, and who else draws them. */
import { Disposable, extensions, Range, type TextEditor, ThemeColor, window, workspace } from "vscode";
import { type BaseLanguageClient, State } from "vscode-languageclient";
import type { StageSeparatorsParams } from "../../server/src/lsp/messages.ts";

/** Behind the last key. */
const PAUSE_MS = 150;

export function drawStageSeparators(client: BaseLanguageClient): Disposable {
  const line = window.createTextEditorDecorationType({
    isWholeLine: true,
    borderWidth: "1px 0 0 0",
    borderStyle: "solid",
    borderColor: new ThemeColor("editorRuler.foreground"),
  });
  const timers = new Map<TextEditor, NodeJS.Timeout | number>();

  const draw = async (editor: TextEditor): Promise<void> => {
    const { document } = editor;
    const { version } = document;
    const uri = client.code2ProtocolConverter.asUri(document.uri);
    const lines = client.isRunning()
      ? await client.sendRequest<readonly number[]>("dockwright/stageSeparators", {
          uri,
        } satisfies StageSeparatorsParams)
      : [];
    // What was changed meanwhile is asked about again.
    if (document.version === version)
      editor.setDecorations(
        line,
        lines.map((at) => new Range(at, 0, at, 0)),
      );
  };
  const later = (editor: TextEditor, pause = PAUSE_MS): void => {
    if (editor.document.languageId !== "dockerfile") {
      editor.setDecorations(line, []);
      return;
    }
    clearTimeout(timers.get(editor));
    const timer = setTimeout(() => {
      timers.delete(editor);
      // A server that goes away meanwhile is started again, and then asked again.
      draw(editor).catch(() => {});
    }, pause);
    timers.set(editor, timer);
  };
  const all = (): void => {
    for (const editor of window.visibleTextEditors) later(editor);
  };
  all();
  return Disposable.from(
    line,
    window.onDidChangeVisibleTextEditors((editors) => {
      for (const editor of timers.keys()) if (!editors.includes(editor)) clearTimeout(timers.get(editor));
      for (const editor of editors) later(editor, 0);
    }),
    workspace.onDidChangeTextDocument(({ document }) => {
      for (const editor of window.visibleTextEditors) if (editor.document === document) later(editor);
    }),
    workspace.onDidOpenTextDocument((document) => {
      for (const editor of window.visibleTextEditors) if (editor.document === document) later(editor);
    }),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("dockwright.dockerfile")) all();
    }),
    extensions.onDidChange(all),
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Running) all();
    }),
    new Disposable(() => {
      for (const timer of timers.values()) clearTimeout(timer);
    }),
  );
}
