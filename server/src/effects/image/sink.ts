/** Where bytes go, piece by piece: the parts an archive is read with are put together from these, so that no piece is kept longer than needed. */

export interface Sink {
  /**
   * A promise says: no more until it is fulfilled. Throws or rejects when the bytes cannot be what they should be. The piece is the
   * caller's again afterwards: what is to last is copied.
   */
  write(chunk: Uint8Array): void | Promise<void>;
  /** Nothing more comes. Done when all of it is worked through. */
  end(): void | Promise<void>;
  /** Gives up what it holds; neither `write` nor `end` follows. */
  destroy(): void;
}

/** Feeds everything into a sink. Aborting the signal or an error destroys both. */
export async function pour(
  source: AsyncIterable<Uint8Array>,
  into: Sink,
  signal?: AbortSignal,
  onBytes?: (count: number) => void,
): Promise<void> {
  try {
    for await (const chunk of source) {
      signal?.throwIfAborted();
      onBytes?.(chunk.length);
      await into.write(chunk);
    }
    signal?.throwIfAborted();
    await into.end();
  } catch (error) {
    into.destroy();
    throw error;
  }
}

/** Holds the first bytes back until there are enough to tell what they are, then hands all of them to the sink chosen. */
export function sniffing(needed: number, choose: (head: Uint8Array) => Sink): Sink {
  const held: Uint8Array[] = [];
  let count = 0;
  let chosen: Sink | undefined;
  const decide = (): void | Promise<void> => {
    const head = held.length === 1 && held[0] ? held[0] : Buffer.concat(held);
    held.length = 0;
    chosen = choose(head);
    return head.length > 0 ? chosen.write(head) : undefined;
  };
  return {
    write(chunk) {
      if (chosen) return chosen.write(chunk);
      count += chunk.length;
      const enough = count >= needed;
      held.push(enough ? chunk : Uint8Array.from(chunk));
      return enough ? decide() : undefined;
    },
    async end() {
      if (!chosen) await decide();
      await chosen?.end();
    },
    destroy: () => chosen?.destroy(),
  };
}

/** Done when all of them are, and failed when one of them has. */
export function together(...steps: readonly (void | Promise<void>)[]): void | Promise<void> {
  const waiting = steps.filter((step) => step instanceof Promise);
  return waiting.length === 0 ? undefined : Promise.all(waiting).then(() => undefined);
}

/** Takes everything and does nothing with it. */
export const nowhere: Sink = { write() {}, end() {}, destroy() {} };
