/** The one fence around every handler: exactly one answer, whatever happens inside. */
import {
  type CancellationToken,
  ErrorCodes,
  LSPErrorCodes,
  type RemoteConsole,
  ResponseError,
} from "vscode-languageserver/node";

type Handler<S, P, R> = (session: S, params: P, signal: AbortSignal) => R | Promise<R>;

export interface Fence<S extends object> {
  /** The session: undefined before `initialize`, `closed` after `shutdown`. */
  readonly session: () => S | "closed" | undefined;
  readonly console: RemoteConsole;
}

/** What was asked about is not what is open any more; the client asks again. */
export const contentModified = (): ResponseError<never> =>
  new ResponseError(LSPErrorCodes.ContentModified, "The document was changed or closed meanwhile");

export const invalidParams = (message: string): ResponseError<never> =>
  new ResponseError(ErrorCodes.InvalidParams, message);

/**
 * Cancelled: answered at once, and the signal tells the handler to stop. Crashed: logged, answered with `empty`.
 * A `ResponseError` the handler throws is the answer.
 */
export function guardRequest<S extends object, P, R>(
  fence: Fence<S>,
  method: string,
  handler: Handler<S, P, R>,
  empty: (params: P) => R,
): (params: P, token: CancellationToken) => Promise<R | ResponseError<never>> {
  return async (params, token) => {
    const session = fence.session();
    if (session === undefined)
      return new ResponseError(ErrorCodes.ServerNotInitialized, `${method} was sent before initialize`);
    if (session === "closed") return new ResponseError(ErrorCodes.InvalidRequest, `${method} was sent after shutdown`);
    if (token.isCancellationRequested) return cancelled(method);

    const controller = new AbortController();
    const asked = Promise.withResolvers<ResponseError<never>>();
    const listening = token.onCancellationRequested(() => {
      controller.abort();
      asked.resolve(cancelled(method));
    });
    const answer = async (): Promise<R | ResponseError<never>> => {
      try {
        return await handler(session, params, controller.signal);
      } catch (error) {
        if (isAnswer(error)) return error;
        if (controller.signal.aborted) return cancelled(method);
        fence.console.error(`${method} failed: ${described(error)}`);
        return empty(params);
      } finally {
        listening.dispose();
      }
    };
    return Promise.race([answer(), asked.promise]);
  };
}

/** For what nobody waits for: a crash is logged under the name given. */
export async function guardTask(console: RemoteConsole, name: string, task: () => void | Promise<void>): Promise<void> {
  try {
    await task();
  } catch (error) {
    console.error(`${name} failed: ${described(error)}`);
  }
}

export const described = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);

const isAnswer = (error: unknown): error is ResponseError<never> => error instanceof ResponseError;

const cancelled = (method: string): ResponseError<never> =>
  new ResponseError(LSPErrorCodes.RequestCancelled, `${method} was cancelled`);
