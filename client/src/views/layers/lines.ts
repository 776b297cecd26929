/** Between the layers of an image and the lines of its Dockerfile: a layer's line shown, the cursor's layer told. */
import {
  Disposable,
  OverviewRulerLane,
  Range,
  type TextEditor,
  TextEditorRevealType,
  ThemeColor,
  type Uri,
  window,
  workspace,
} from "vscode";
import type { ImageLine } from "../../../../server/src/lsp/messages.ts";

export interface Lines extends Disposable {
  /** The Dockerfile of the image that is shown, and where its layers are in it. */
  readonly follow: (uri: Uri | undefined, lines: readonly ImageLine[]) => void;
  readonly lineOf: (layer: number) => ImageLine | undefined;
  /** Shows the layer's line, highlighted, and leaves the focus where it is. */
  readonly show: (layer: number) => Promise<void>;
}

interface Listeners {
  readonly onLayer: (layer: number) => void;
  /** The Dockerfile was edited, and nothing more for a moment. */
  readonly onEdited: () => void;
}

const RESTING_MS = 400;

export function createLines({ onLayer, onEdited }: Listeners): Lines {
  const highlight = window.createTextEditorDecorationType({
    backgroundColor: new ThemeColor("editor.rangeHighlightBackground"),
    borderColor: new ThemeColor("editor.rangeHighlightBorder"),
    overviewRulerColor: new ThemeColor("editorOverviewRuler.rangeHighlightForeground"),
    overviewRulerLane: OverviewRulerLane.Full,
    isWholeLine: true,
  });
  let uri: Uri | undefined;
  let lines: readonly ImageLine[] = [];
  /** The line a click has led to: that the cursor is there is no news. */
  let shown: number | undefined;
  let resting: ReturnType<typeof setTimeout> | undefined;

  const isOurs = (editor: TextEditor | undefined): boolean => editor?.document.uri.toString() === uri?.toString();
  const clear = (): void => {
    shown = undefined;
    for (const editor of window.visibleTextEditors) editor.setDecorations(highlight, []);
  };

  const selecting = window.onDidChangeTextEditorSelection(({ textEditor, selections: [selection] }) => {
    if (!uri || !isOurs(textEditor) || !selection) return;
    const { line } = selection.active;
    if (line === shown) return;
    clear();
    // Of several on one line the uppermost, which is what the line has come to.
    const found = lines.findLast((each) => each.line <= line && line <= each.endLine);
    if (found) onLayer(found.layer);
  });
  const editing = workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
    if (contentChanges.length === 0 || document.uri.toString() !== uri?.toString()) return;
    clearTimeout(resting);
    resting = setTimeout(onEdited, RESTING_MS);
  });

  return {
    follow(now, where) {
      if (now?.toString() !== uri?.toString()) clear();
      uri = now;
      lines = where;
    },
    lineOf: (layer) => lines.find((each) => each.layer === layer),
    async show(layer) {
      const found = lines.find((each) => each.layer === layer);
      if (!uri || !found) return;
      const document = await workspace.openTextDocument(uri);
      const last = document.lineCount - 1;
      const range = document.validateRange(
        new Range(Math.min(found.line, last), 0, Math.min(found.endLine, last), Number.MAX_SAFE_INTEGER),
      );
      clear();
      shown = range.start.line;
      const open = window.visibleTextEditors.find((editor) => isOurs(editor));
      const editor = await window.showTextDocument(document, {
        preserveFocus: true,
        selection: new Range(range.start, range.start),
        ...(open?.viewColumn !== undefined && { viewColumn: open.viewColumn }),
      });
      editor.revealRange(range, TextEditorRevealType.InCenterIfOutsideViewport);
      editor.setDecorations(highlight, [range]);
    },
    dispose: () => {
      clearTimeout(resting);
      Disposable.from(highlight, selecting, editing).dispose();
    },
  };
}
