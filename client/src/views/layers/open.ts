/** Asks the server to read an image, with progress and a way to cancel. */
import { randomUUID } from "node:crypto";
import { CancellationTokenSource } from "vscode";
import { type BaseLanguageClient, ProgressType } from "vscode-languageclient";
import type { ImageSource, OpenedAnswer, OpenImageParams, OpenProgress } from "../../../../server/src/lsp/messages.ts";

/** An image to be shown. */
export interface LayersRequest {
  readonly source: ImageSource;
  /** The Dockerfile it was built from, as the server knows it. */
  readonly uri?: string | undefined;
  /** The stage that was built. */
  readonly target?: string | undefined;
}

const SHARE = new ProgressType<OpenProgress>();

/** The answer has a failure, never an exception, unless the work was cancelled. */
export async function openImage(
  client: BaseLanguageClient,
  { source, uri, target }: LayersRequest,
  { deep, signal, onProgress }: { deep: boolean; signal: AbortSignal; onProgress: (progress: OpenProgress) => void },
): Promise<OpenedAnswer> {
  const progress = randomUUID();
  const params: OpenImageParams = {
    ...{ source, deep, progress },
    ...(uri !== undefined && { uri }),
    ...(target !== undefined && { target }),
  };
  const listening = client.onProgress(SHARE, progress, onProgress);
  const cancelling = new CancellationTokenSource();
  const cancel = (): void => cancelling.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  try {
    signal.throwIfAborted();
    return await client.sendRequest<OpenedAnswer>("dockwright/openImage", params, cancelling.token);
  } catch (error) {
    signal.throwIfAborted();
    return { failure: error instanceof Error ? error.message : String(error) };
  } finally {
    signal.removeEventListener("abort", cancel);
    cancelling.dispose();
    listening.dispose();
  }
}

/** As people call it. */
export const nameOf = ({ source }: LayersRequest): string => (source.kind === "path" ? source.path : source.image);
