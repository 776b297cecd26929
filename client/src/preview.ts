/** Texts to look at that are no files: what would be written, what was compared. Read-only, under an address of our own. */
import {
  type Disposable,
  EventEmitter,
  languages,
  type TextDocument,
  type TextEditor,
  Uri,
  window,
  workspace,
} from "vscode";

const PREVIEW_SCHEME = "dockwright-preview";
const texts = new Map<string, string>();
const changed = new EventEmitter<Uri>();

export const providePreviews = (): Disposable =>
  workspace.registerTextDocumentContentProvider(PREVIEW_SCHEME, {
    onDidChange: changed.event,
    provideTextDocumentContent: ({ path }) => texts.get(path) ?? "",
  });

/** The address of the text, under which it can be compared with a file. No document shows what stood under that name before. */
export async function previewOf(name: string, text: string): Promise<Uri> {
  const uri = Uri.from({ scheme: PREVIEW_SCHEME, path: `/${name}` });
  texts.set(uri.path, text);
  const document = await workspace.openTextDocument(uri);
  if (!holds(document, text)) await replaced(document, text);
  return uri;
}

export async function showPreview(name: string, text: string, language: string): Promise<TextEditor> {
  const document = await workspace.openTextDocument(await previewOf(name, text));
  await languages.setTextDocumentLanguage(document, language);
  return window.showTextDocument(document, { preview: true });
}

/** Documents have one kind of line ending. */
const holds = (document: TextDocument, text: string): boolean =>
  document.getText().replaceAll("\r\n", "\n") === text.replaceAll(/\r\n?/g, "\n");

/** Longer than this, and the older text is what there is. */
const PATIENCE_MS = 5_000;

/** An open document asks for its text anew when it is told that it changed, and takes it a moment later. */
async function replaced(document: TextDocument, text: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const listening = workspace.onDidChangeTextDocument((event) => {
    if (event.document.uri.toString() === document.uri.toString() && holds(event.document, text)) resolve();
  });
  const timer = setTimeout(resolve, PATIENCE_MS);
  try {
    changed.fire(document.uri);
    await promise;
  } finally {
    clearTimeout(timer);
    listening.dispose();
  }
}
