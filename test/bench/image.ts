/**
 * How fast an image of 1 GB and 200,000 files is read and analysed, beside what tar-stream alone takes to walk through the same file in
 * the same run; and how much memory that takes. Each reading is a process of its own, by turns, after one that does not count.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { mustRun } from "../../scripts/process.ts";
import { type LargeImage, writeLargeImage } from "../image/large-image.ts";
import type { Reading } from "./image-child.ts";

const IMAGE: LargeImage = { files: 200_000, layers: 12, bytesPerFile: 5_300 };
const TURNS = 5;
/** The pieces our own reader takes a file in. */
const LARGE_PIECES = 1024 * 1024;

const root = join(import.meta.dirname, "../..");
const BUNDLES: Readonly<Record<string, string>> = {
  "image-child.cjs": "test/bench/image-child.ts",
  "digest-worker.js": "server/src/effects/image/digest-worker.ts",
};

export interface ImageTimes {
  readonly archiveBytes: number;
  readonly entries: number;
  /** Seconds, medians. */
  readonly walk: number;
  /** With larger pieces than it takes by itself. */
  readonly walkInLargePieces: number;
  readonly read: number;
  readonly analysed: number;
  readonly firstRows: number;
  /** The largest of all turns. */
  readonly analysedPeakBytes: number;
  readonly peakBytes: number;
}

export async function imageTimes(): Promise<ImageTimes> {
  const folder = await mkdtemp(join(tmpdir(), "dockwright-bench-image-"));
  try {
    const path = join(folder, "image.tar");
    const known = await writeLargeImage(path, IMAGE);
    for (const [name, entry] of Object.entries(BUNDLES))
      await build({
        absWorkingDir: root,
        entryPoints: [entry],
        outfile: join(folder, name),
        bundle: true,
        platform: "node",
        format: "cjs",
        target: "node22",
        logLevel: "warning",
        define: { "import.meta.dirname": "__dirname", "import.meta.filename": "__filename" },
      });
    const child = async (...words: readonly string[]): Promise<Reading> => {
      const { stdout } = await mustRun(process.execPath, [join(folder, "image-child.cjs"), ...words]);
      const reading = JSON.parse(stdout) as Reading;
      if (reading.entries !== known.entries && words[0] !== "walk") throw new Error("not all entries were read");
      return reading;
    };
    const turns: { readonly walk: Reading; readonly large: Reading; readonly ours: Reading }[] = [];
    for (let turn = 0; turn <= TURNS; turn++) {
      const walk = await child("walk", path);
      const large = await child("walk", path, String(LARGE_PIECES));
      const ours = await child("analyse", path);
      if (turn > 0) turns.push({ walk, large, ours });
    }
    return {
      archiveBytes: known.archiveBytes,
      entries: known.entries,
      walk: median(turns.map(({ walk }) => walk.seconds)),
      walkInLargePieces: median(turns.map(({ large }) => large.seconds)),
      read: median(turns.map(({ ours }) => ours.seconds)),
      analysed: median(turns.map(({ ours }) => ours.analysed ?? Number.NaN)),
      firstRows: median(turns.map(({ ours }) => ours.firstRows ?? Number.NaN)),
      analysedPeakBytes: Math.max(...turns.map(({ ours }) => ours.analysedPeakBytes ?? Number.NaN)),
      peakBytes: Math.max(...turns.map(({ ours }) => ours.peakBytes)),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Rows of a table: what, measured, goal. */
export function imageTable(times: ImageTimes): string {
  const { archiveBytes, entries, walk, walkInLargePieces, read, analysed, firstRows, analysedPeakBytes, peakBytes } =
    times;
  const speed = (seconds: number): string =>
    `${(archiveBytes / 1e6 / seconds).toFixed(0)} MB/s (${seconds.toFixed(2)} s)`;
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
  const ratio = (of: number, to: number): string => `${((100 * of) / to).toFixed(0)} %`;
  const rows: readonly (readonly [string, string, string])[] = [
    ["tar-stream alone, outer archive and layers", speed(walk), ""],
    ["tar-stream alone, in pieces of 1 MiB", speed(walkInLargePieces), ""],
    ["dockwright, read with the digests of layers and files", speed(read), ""],
    ["dockwright, read and analysed: waste, duplicates, what could go", speed(analysed), ""],
    ["speed of reading against tar-stream", ratio(walk, read), "≥ 60 %"],
    ["speed of reading against tar-stream in pieces of 1 MiB", ratio(walkInLargePieces, read), ""],
    ["speed of reading and analysing against tar-stream", ratio(walk, analysed), ""],
    ["until the first rows of the whole file tree", `${firstRows.toFixed(2)} s`, ""],
    ["first rows after the analysis", `${(firstRows - analysed).toFixed(2)} s`, "< 1 s"],
    ["peak memory (VmHWM) of reading and analysing, largest of all turns", megabytes(analysedPeakBytes), "< 300 MB"],
    ["peak memory with the whole file tree besides", megabytes(peakBytes), ""],
  ];
  return [
    `| image of ${(archiveBytes / 1e9).toFixed(2)} GB, ${entries} entries, uncompressed | measured | goal |`,
    "|---|---|---|",
    ...rows.map((row) => `| ${row.join(" | ")} |`),
  ].join("\n");
}

if (import.meta.main) console.log(imageTable(await imageTimes()));
