/** Texts to look at that are no files: what would be written, what was compared. Read-only, under an address of our own. */
import { type Disposable, EventEmitter, languages, type TextEditor, Uri, window, workspace } from "vscode";

export const PREVIEW_SCHEME = "dockwright-preview";
const texts = new Map<string, string>();
const changed = new EventEmitter<Uri>();

export const providePreviews = (): Disposable =>
  workspace.registerTextDocumentContentProvider(PREVIEW_SCHEME, {
    onDidChange: changed.event,
    provideTextDocumentContent: ({ path }) => texts.get(path) ?? "",
  });

/** The address of the text, under which it can also be compared with a file. */
export function previewOf(name: string, text: string): Uri {
  const uri = Uri.from({ scheme: PREVIEW_SCHEME, path: `/${name}` });
  texts.set(uri.path, text);
  changed.fire(uri);
  return uri;
}

export async function showPreview(name: string, text: string, language: string): Promise<TextEditor> {
  const document = await workspace.openTextDocument(previewOf(name, text));
  await languages.setTextDocumentLanguage(document, language);
  return window.showTextDocument(document, { preview: true });
}
