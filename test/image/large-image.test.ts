/** The image the benchmark is taken on, smaller: what is told of it is exactly what was put in. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { costsOf } from "../../server/src/core/image/costs.ts";
import { readImage } from "../../server/src/effects/image/read.ts";
import { type Known, writeLargeImage } from "./large-image.ts";

let folder = "";
let path = "";
let known: Known;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "dockwright-large-"));
  path = join(folder, "image.tar");
  known = await writeLargeImage(path, { files: 4_000, layers: 4, bytesPerFile: 12_000 });
});
after(() => rm(folder, { recursive: true, force: true }));

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

test("waste by how it came about, duplicates, what is recognised", async () => {
  const image = await readImage(path);
  const costs = costsOf(image);
  assert.equal(sum(image.layers.map(({ entries }) => entries.length)), known.entries);
  assert.ok(known.storedBytes > 40_000_000 && known.storedBytes < 60_000_000, `${known.storedBytes}`);
  assert.equal(costs.storedBytes, known.storedBytes);
  const wasted = (how: string): number =>
    sum(costs.wasted.filter((each) => each.how === how).map(({ bytes }) => bytes));
  assert.deepEqual(
    [wasted("removed"), wasted("metadata"), wasted("replaced")],
    [known.removedBytes, known.metadataBytes, known.replacedBytes],
  );
  assert.equal(costs.wastedBytes, known.removedBytes + known.metadataBytes + known.replacedBytes);
  assert.equal(sum(costs.duplicates.map(({ wastedBytes }) => wastedBytes)), known.duplicateBytes);
  const lists = costs.recognised.filter(({ kind }) => kind === "apt-lists");
  assert.ok(known.listBytes > 0);
  assert.equal(sum(lists.map(({ bytes }) => bytes)), known.listBytes);
});

test("without hashes the sizes are the same, and nothing is told of content", async () => {
  const image = await readImage(path, { hashFiles: false });
  const costs = costsOf(image);
  assert.equal(costs.wastedBytes, known.removedBytes + known.metadataBytes + known.replacedBytes);
  assert.deepEqual(costs.duplicates, []);
  assert.ok(image.layers.every(({ entries }) => entries.every(({ sha256 }) => sha256 === undefined)));
});
