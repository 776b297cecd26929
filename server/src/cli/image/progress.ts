/** How far an image is read, on one line of a terminal that is gone when it is done. */
import { bytesText } from "../../core/text/bytes.ts";
import type { Io } from "../io.ts";
import { printable } from "../printable.ts";

/** What takes less needs no line. */
const QUIET_MS = 1_000;
const EVERY_MS = 100;

export function createReadProgress(
  { stderr, stderrIsTTY = false }: Pick<Io, "stderr" | "stderrIsTTY">,
  image: string,
  now: () => number = () => performance.now(),
): { readonly show: (done: number, total: number | undefined) => void; readonly end: () => void } {
  const began = now();
  let shown = 0;
  return {
    show(done, total) {
      const at = now();
      if (!stderrIsTTY || at - began < QUIET_MS || at - shown < EVERY_MS) return;
      shown = at;
      const of = total === undefined ? "" : ` of ${bytesText(total)}`;
      stderr.write(`\r\u001b[Kreading ${printable(image)}: ${bytesText(done)}${of}`);
    },
    end() {
      if (shown > 0) stderr.write("\r\u001b[K");
    },
  };
}
