/** What the language server says of an image when somebody points at it: before its registry was asked, and after that. */
import type { Hover } from "vscode-languageserver/node";
import { createAnswers } from "../../server/src/effects/answers.ts";
import { registryFinders } from "../../server/src/effects/finders.ts";
import { recallFinders } from "../../server/src/effects/registry/recalled.ts";
import { createRegistry } from "../../server/src/effects/registry/registry.ts";
import { startEditor } from "../lsp/editor.ts";

/** @param folder of the cache */
export async function hoversOn(
  image: string,
  folder: string,
): Promise<{ readonly before: string; readonly after: string }> {
  const options = { trusted: true, env: {}, home: "/nonexistent", cache: { folder } };
  const editor = await startEditor({
    rules: [],
    answers: () => createAnswers({ ...registryFinders(createRegistry(options)), ...recallFinders(options) }),
  });
  editor.open(`FROM ${image}\n`);
  const position = { line: 0, character: 6 };
  const hover = async (): Promise<string> => {
    const found = await editor.request<Hover>("textDocument/hover", { textDocument: { uri: editor.uri }, position });
    return (found.contents as { readonly value: string }).value;
  };
  const before = await hover();
  await editor.request("dockwright/lookUpImage", { uri: editor.uri, position });
  return { before, after: await hover() };
}
