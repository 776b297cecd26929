/** The sizes of an image that was just built stand at the instructions of its Dockerfile, by what the engine says of its layers at once. */
import { type Uri, workspace } from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import type { CloseImageParams } from "../../../../server/src/lsp/messages.ts";
import { engineSource } from "./engine-source.ts";
import { openImage } from "./open.ts";

export interface JustBuilt {
  readonly image: string;
  readonly dockerfile: Uri;
  readonly target?: string | undefined;
}

/** Nobody waits for it, and nobody is told when there are none: an image that went to a registry is in no engine. */
export async function showSizes(client: BaseLanguageClient, { image, dockerfile, target }: JustBuilt): Promise<void> {
  const uri = dockerfile.toString();
  const wish = workspace.getConfiguration("dockwright", dockerfile).get<string>("layers.sizes");
  const isOpen = workspace.textDocuments.some((document) => document.uri.toString() === uri);
  const source = wish === "off" || !isOpen ? undefined : await engineSource(image);
  if (!source) return;
  const { signal } = new AbortController();
  const opened = await openImage(client, { source, uri, target }, { deep: false, signal, onProgress() {} });
  if (!opened.image) return client.info(`No sizes of ${image}: ${opened.failure}`);
  // The server keeps what it shows.
  const params: CloseImageParams = { id: opened.image.id };
  await client.sendRequest("dockwright/closeImage", params);
}
