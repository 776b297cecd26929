/** One reading of an image in a process of its own, bundled as it ships: `walk` with tar-stream alone, or `analyse`. Prints seconds and memory. */
import { createReadStream, readFileSync } from "node:fs";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { extract } from "tar-stream";
import { createBrowser } from "../../server/src/core/image/browse.ts";
import { costsOf } from "../../server/src/core/image/costs.ts";
import { factsOfImage } from "../../server/src/core/image/facts.ts";
import { wholeView } from "../../server/src/core/image/views.ts";
import { keepYoungSpaceSmall } from "../../server/src/effects/image/memory.ts";
import { readImage } from "../../server/src/effects/image/read.ts";

export interface Reading {
  readonly entries: number;
  /** Of the walk, or of the reading with all digests. */
  readonly seconds: number;
  /** With all that is told of the image: waste, duplicates, what could go. */
  readonly analysed?: number;
  /** With its files as a tree, and the first rows of that. */
  readonly firstRows?: number;
  /** The largest there was until it was analysed, and until the end. */
  readonly analysedPeakBytes?: number;
  readonly peakBytes: number;
}

type Result = Omit<Reading, "peakBytes">;

/** The outer archive and the archives in it, every byte passed over: by default in the pieces Node reads a file in. */
async function walk(path: string, pieceBytes: number | undefined): Promise<Result> {
  const began = performance.now();
  let entries = 0;
  const through = async (source: Readable, isLayer: (size: number) => boolean): Promise<void> => {
    const parser = extract();
    parser.on("entry", ({ size = 0 }, body, next) => {
      if (isLayer(size)) {
        through(body, () => false).then(() => next(), next);
        return;
      }
      entries++;
      body.on("end", next);
      body.resume();
    });
    await pipeline(source, parser);
  };
  const options = pieceBytes === undefined ? {} : { highWaterMark: pieceBytes };
  await through(createReadStream(path, options), (size) => size > 1_000_000);
  return { entries, seconds: (performance.now() - began) / 1000 };
}

async function analyse(path: string): Promise<Result> {
  keepYoungSpaceSmall();
  const began = performance.now();
  const since = (): number => (performance.now() - began) / 1000;
  const image = await readImage(path);
  const seconds = since();
  const costs = costsOf(image);
  const analysed = since();
  const analysedPeakBytes = peak();
  factsOfImage(image, costs);
  const page = createBrowser(
    wholeView(
      image.layers.map((layer) => layer.entries),
      costs.wasted,
    ),
  )({
    path: "",
    sort: "size",
    onlyWasted: false,
    from: 0,
    count: 200,
  });
  if (page.rows.length === 0) throw new Error("no rows");
  const entries = image.layers.reduce((sum, layer) => sum + layer.entries.length, 0);
  return { entries, seconds, analysed, firstRows: since(), analysedPeakBytes };
}

/** On systems without it the largest there was, as the system counts it. */
function peak(): number {
  if (process.platform !== "linux") return process.resourceUsage().maxRSS * 1024;
  return Number(/^VmHWM:\s*(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? Number.NaN) * 1024;
}

async function main(): Promise<void> {
  const [what, path = "", pieceBytes] = process.argv.slice(2);
  const result =
    what === "walk" ? await walk(path, pieceBytes === undefined ? undefined : Number(pieceBytes)) : await analyse(path);
  console.log(JSON.stringify({ ...result, peakBytes: peak() } satisfies Reading));
}

void main();
