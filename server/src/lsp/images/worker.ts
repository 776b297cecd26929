/**
 * The thread that reads images, works out what they cost and keeps the last few, so that the server's own thread never waits for any of
 * it. One image is read with all its files at a time.
 */
import { parentPort } from "node:worker_threads";
import { fileChanges } from "../../core/image/changes.ts";
import { costsOf } from "../../core/image/costs.ts";
import { factsOfImage, factsOfOutline, type ImageFacts } from "../../core/image/facts.ts";
import { createLayerCache, layerCacheFolder } from "../../effects/image/cache.ts";
import { EngineError } from "../../effects/image/engine-error.ts";
import { ImageError } from "../../effects/image/error.ts";
import { outlineOf, readSource } from "../../effects/image/source.ts";
import { RegistryError } from "../../effects/registry/errors.ts";
import { registryOptions } from "../registry-options.ts";
import { createKept, type View } from "./kept.ts";
import type { CallName, Calls, FromThread, ToThread } from "./thread-messages.ts";

interface Work {
  readonly signal: AbortSignal;
  /** Also true while this thread could not be told. */
  readonly throwIfAborted: () => void;
  readonly onProgress: (done: number, total: number | undefined) => void;
  readonly log: (message: string) => void;
}

type Handlers = { readonly [K in CallName]: (asks: Calls[K]["asks"], work: Work) => Promise<Calls[K]["answers"]> };

/** What a person is told. */
class Failure extends Error {}
const TOLD = [Failure, ImageError, EngineError, RegistryError];

const PROGRESS_MS = 100;

const kept = createKept();
const cache = createLayerCache({ folder: layerCacheFolder(process.env) });
let reading: Promise<unknown> = Promise.resolve();

const PUT_AWAY = "The image was put away to make room for others; open it again";

const handlers: Handlers = {
  async open({ image: id, source, deep, registry: settings }, work): Promise<ImageFacts> {
    const registry = registryOptions(settings, work.log);
    const { signal, onProgress } = work;
    const options = { signal, onProgress, registry, cache };
    if (!deep && source.kind !== "path") return factsOfOutline(await outlineOf(source, options));
    const before = reading;
    const read = (async () => {
      await before.catch(() => {});
      work.throwIfAborted();
      return readSource(source, options);
    })();
    reading = read;
    const image = await read;
    const costs = costsOf(image, work);
    kept.keep(id, { layers: image.layers.map(({ entries }) => entries), wasted: costs.wasted });
    return factsOfImage(image, costs);
  },

  async folder({ image, question, against }) {
    const { layer } = question;
    const view = against ? kept.against(image, layer, against.image, against.layer) : kept.view(image, layer);
    if (!view) throw new Failure(PUT_AWAY);
    return view.page(question);
  },

  async changes({ a, b }) {
    return fileChanges(whole(a).index, whole(b).index);
  },

  async close({ image }) {
    kept.drop(image);
    return null;
  },
};

function whole(id: string): View {
  const view = kept.view(id, null);
  if (!view) throw new Failure(PUT_AWAY);
  return view;
}

if (parentPort) {
  const port = parentPort;
  const send = (message: FromThread): void => port.postMessage(message);
  const running = new Map<number, AbortController>();

  const handle = async <K extends CallName>({
    call,
    does,
    asks,
    cancelled,
  }: {
    call: number;
    does: K;
    asks: Calls[K]["asks"];
    cancelled: SharedArrayBuffer;
  }): Promise<void> => {
    const controller = new AbortController();
    running.set(call, controller);
    const flag = new Int32Array(cancelled);
    let said = 0;
    const work: Work = {
      signal: controller.signal,
      throwIfAborted() {
        if (Atomics.load(flag, 0) === 1) controller.abort();
        controller.signal.throwIfAborted();
      },
      onProgress(bytes, total) {
        const now = performance.now();
        if (now - said < PROGRESS_MS) return;
        said = now;
        send({ call, bytes, ...(total !== undefined && { total }) });
      },
      log: (message) => send({ log: message }),
    };
    try {
      work.throwIfAborted(); // cancelled while others were being answered
      send({ call, answer: await handlers[does](asks, work) });
    } catch (error) {
      if (error instanceof Error && TOLD.some((kind) => error instanceof kind)) send({ call, failure: error.message });
      else send({ call, fault: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    } finally {
      running.delete(call);
    }
  };

  port.on("message", (message: ToThread) => {
    if ("cancel" in message) running.get(message.cancel)?.abort();
    else void handle(message);
  });
}
