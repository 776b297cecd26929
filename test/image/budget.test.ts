/** Budgets of images: sizes as people write them, and the layer that breaks a budget. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { budgetOf, type BudgetWish, type Measured, overBudget } from "../../server/src/core/image/budget.ts";
import { bytesText, readBytes, readShare, shareText } from "../../server/src/core/text/bytes.ts";

test("sizes are shown as Docker shows them", () => {
  const shown = [0, 999, 999.4, 1000, 1234, 99_949, 99_950, 999_499, 999_500, 1_000_000, 4_256_000_000, -41_000_000];
  assert.deepEqual(shown.map(bytesText), [
    ...["0 B", "999 B", "999 B", "1.0 kB", "1.2 kB", "99.9 kB", "100 kB", "999 kB", "1.0 MB", "1.0 MB", "4.3 GB"],
    "−41.0 MB",
  ]);
  assert.deepEqual([0, 0.00049, 0.052, 0.0995, 0.5, 1].map(shareText), [
    "0.0 %",
    "0.0 %",
    "5.2 %",
    "10 %",
    "50 %",
    "100 %",
  ]);
});

const WRITTEN: readonly (readonly [text: string, bytes: number | undefined, share?: number])[] = [
  ["0", 0],
  ["1500", 1_500],
  ["20MB", 20_000_000],
  ["20 mb", 20_000_000],
  ["20 MiB", 20_971_520],
  ["1.5G", 1_500_000_000],
  ["64Ki", 65_536],
  ["12 B", 12],
  ["5%", undefined, 0.05],
  ["12.5 %", undefined, 0.125],
  ["101%", undefined],
  ["-1", undefined],
  ["1 XB", undefined],
  ["MB", undefined],
  ["", undefined],
];
for (const [text, bytes, share] of WRITTEN)
  test(`read as a size: ${JSON.stringify(text)}`, () => {
    assert.deepEqual([readBytes(text), readShare(text)], [bytes, share]);
  });

const MB = 1_000_000;
const image = (...layers: readonly (readonly [bytes: number, wasted?: number, grew?: number])[]): Measured => ({
  layers: layers.map(([bytes, wastedBytes, grewBy], at) => ({
    bytes: bytes * MB,
    wastedBytes: wastedBytes && wastedBytes * MB,
    grewBy: grewBy && grewBy * MB,
    ofBase: at === 0,
  })),
});

const CASES: readonly (readonly [
  what: string,
  Measured,
  BudgetWish,
  ...(readonly [layer: number, message: string])[],
])[] = [
  ["nothing is asked", image([80], [200]), {}],
  ["exactly as much as is allowed", image([80], [20]), { size: "100 MB" }],
  [
    "the layer with which the sum passes the size",
    image([80], [15], [10], [1]),
    { size: "100 MB" },
    [2, "The image has 106 MB, its budget is 100 MB"],
  ],
  [
    "the base alone is too large",
    image([120], [1]),
    { size: "100 MB" },
    [0, "The image has 121 MB, its budget is 100 MB; its base image alone is more than that"],
  ],
  ["waste is not judged before files were looked at", image([80], [20]), { wasted: "0" }],
  [
    "the layer that wastes most, by share",
    image([80, 1], [20, 9], [10, 2]),
    { wasted: "10%" },
    [1, "12.0 MB of the image (11 %) are stored and not visible in it, its budget is 10 %"],
  ],
  [
    "by bytes",
    image([80, 1], [20, 9]),
    { wasted: "5 MB" },
    [1, "10.0 MB of the image (10 %) are stored and not visible in it, its budget is 5.0 MB"],
  ],
  [
    "layers that grew",
    image([80, 0, 0], [20, 0, 6], [10, 0, -3], [10, 0, 5], [9, 0, 9]),
    { growth: "5 MB" },
    [1, "This layer grew by 6.0 MB, its budget is 5.0 MB from build to build"],
    [4, "This layer grew by 9.0 MB, its budget is 5.0 MB from build to build"],
  ],
  [
    "all of them at once",
    image([1, 1, 0], [2, 0, 2]),
    { size: "1 MB", wasted: "0", growth: "1 MB" },
    [1, "The image has 3.0 MB, its budget is 1.0 MB"],
    [0, "1.0 MB of the image (33 %) are stored and not visible in it, its budget is 0 B"],
    [1, "This layer grew by 2.0 MB, its budget is 1.0 MB from build to build"],
  ],
];
for (const [what, measured, wish, ...expected] of CASES)
  test(`over budget: ${what}`, () => {
    const found = overBudget(measured, budgetOf(wish));
    assert.deepEqual(
      found.map(({ layer, message }) => [layer, message]),
      expected,
    );
    for (const { over } of found) assert.ok(over > 0);
  });
