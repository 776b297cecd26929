/** dive's numbers, worked out by hand by the rules of its source, and the thresholds of `.dive-ci` files. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Dive, diveJson, diveOf, evaluateDive } from "../../server/src/core/image/dive.ts";
import { costsOf } from "../../server/src/core/image/costs.ts";
import type { Entry, Image } from "../../server/src/core/image/image.ts";
import { entry, file, folder, hardlink, image, layer, symlink } from "./entries.ts";

const imageOf = (...layers: readonly (readonly Entry[])[]): Image => image(layers.map((entries) => layer(entries)));
const dive = (...layers: readonly (readonly Entry[])[]): Dive => diveOf(imageOf(...layers));

describe("wasted bytes and efficiency", () => {
  test("nothing twice", () => {
    const { efficiency, wastedBytes, userWastedPercent, inefficiencies } = dive([file("a", 5)], [file("b", 7)]);
    assert.deepEqual([efficiency, wastedBytes, userWastedPercent, inefficiencies], [1, 0, 0, []]);
    assert.equal(dive([]).efficiency, 1);
  });

  test("all copies of a path count, also the one that is kept", () => {
    const found = dive([file("a", 100), file("b", 50)], [file("a", 100)], [file("a", 100)]);
    assert.equal(found.wastedBytes, 300);
    assert.equal(found.efficiency, 150 / 350);
    assert.deepEqual([found.sizeBytes, found.userSizeBytes, found.userWastedPercent], [350, 200, 1.5]);
    assert.deepEqual(found.inefficiencies, [{ path: "a", count: 3, bytes: 300 }]);
  });

  test("a file removed counts with its bytes, and leaves nothing that was needed", () => {
    const found = dive([file("a", 100), file("b", 300)], [entry(".wh.a")]);
    assert.deepEqual([found.wastedBytes, found.efficiency], [100, 300 / 400]);
  });

  test("a folder removed as a whole is missed, as dive misses it", () => {
    const removed = imageOf([folder("d"), file("d/a", 100), file("d/e/b", 200), file("c", 300)], [entry(".wh.d")]);
    const found = diveOf(removed);
    assert.deepEqual([found.wastedBytes, found.efficiency], [0, 1]);
    assert.equal(costsOf(removed).wastedBytes, 300);
  });

  test("a folder removed twice counts twice with what was in it", () => {
    const filled = [folder("d"), file("d/a", 100)];
    const found = dive(filled, [entry(".wh.d")], filled, [entry(".wh.d")]);
    assert.deepEqual(found.inefficiencies, [
      { path: "d/a", count: 2, bytes: 200 },
      { path: "d", count: 2, bytes: 200 },
    ]);
  });

  test("opaque marks, links and folders with something in them have no part in it", () => {
    const below = [folder("d"), file("d/a", 100), hardlink("h", "d/a"), symlink("s", "d")];
    const found = dive(below, [folder("d"), entry("d/.wh..wh..opq"), file("d/b", 1)]);
    assert.deepEqual([found.wastedBytes, found.inefficiencies], [0, []]);
  });

  test("a folder that is empty in two layers is a path that comes twice", () => {
    assert.deepEqual(dive([folder("d")], [folder("d")]).inefficiencies, [{ path: "d", count: 2, bytes: 0 }]);
  });

  test("a whiteout of nothing", () =>
    assert.equal(dive([file("a", 1)], [entry(".wh.b"), entry("x/.wh.c")]).wastedBytes, 0));
});

test("the JSON has the form of dive's", () => {
  const of = image(
    [
      layer([folder("d"), entry("d/a", { size: 5, mode: 0o4755, uid: 7, gid: 8 })], "", "sha256:11"),
      layer([entry("d/a", { size: 5 }), symlink("l", "d/a")], "", "sha256:22"),
    ],
    ["COPY a /d/ # buildkit", "RUN chmod 644 /d/a # buildkit"],
  );
  assert.deepEqual(JSON.parse(JSON.stringify(diveJson(of, diveOf(of)))), {
    layer: [
      {
        index: 0,
        id: "11",
        digestId: "sha256:11",
        sizeBytes: 5,
        command: "COPY a /d/ # buildkit",
        fileList: [
          { path: "d", typeFlag: 53, linkName: "", size: 0, fileMode: 2147484068, uid: 0, gid: 0, isDir: true },
          { path: "d/a", typeFlag: 48, linkName: "", size: 5, fileMode: 8389101, uid: 7, gid: 8, isDir: false },
        ],
      },
      {
        index: 1,
        id: "22",
        digestId: "sha256:22",
        sizeBytes: 5,
        command: "RUN chmod 644 /d/a # buildkit",
        fileList: [
          { path: "d/a", typeFlag: 48, linkName: "", size: 5, fileMode: 420, uid: 0, gid: 0, isDir: false },
          { path: "l", typeFlag: 50, linkName: "d/a", size: 0, fileMode: 134218148, uid: 0, gid: 0, isDir: false },
        ],
      },
    ],
    image: {
      sizeBytes: 10,
      inefficientBytes: 10,
      efficiencyScore: 0.5,
      fileReference: [{ count: 2, sizeBytes: 10, file: "/d/a" }],
    },
  });
});

describe("the rules of .dive-ci", () => {
  const measured: Dive = {
    sizeBytes: 100,
    userSizeBytes: 50,
    efficiency: 0.85,
    wastedBytes: 20_000_000,
    userWastedPercent: 0.15,
    inefficiencies: [],
  };
  const verdicts = (rules: Readonly<Record<string, unknown>>): Readonly<Record<string, boolean>> =>
    Object.fromEntries(evaluateDive(measured, rules).map(({ rule, ok }) => [rule, ok]));

  test("dive's own limits hold where a file says nothing", () => {
    assert.deepEqual(verdicts({}), { lowestEfficiency: false, highestUserWastedPercent: false });
  });

  test("in camel and in kebab case, as numbers and as text", () => {
    const passing = { lowestEfficiency: true, highestWastedBytes: true, highestUserWastedPercent: true };
    assert.deepEqual(
      verdicts({ lowestEfficiency: 0.85, highestWastedBytes: "20MB", highestUserWastedPercent: "0.15" }),
      passing,
    );
    assert.deepEqual(
      verdicts({ "lowest-efficiency": "0.8", "highest-wasted-bytes": 20_000_000, "highest-user-wasted-percent": 1 }),
      passing,
    );
  });

  test("disabled", () => {
    const off = { lowestEfficiency: "disabled", "highest-user-wasted-percent": "disabled" };
    assert.deepEqual(verdicts(off), {});
  });

  for (const [text, ok] of [
    ["19MB", false],
    ["19.9 MB", false],
    ["20MB", true],
    ["19MiB", false],
    ["20MiB", true],
    ["19073KiB", false],
    ["1GB", true],
    ["1g", true],
    ["20000000B", true],
    ["19999999", false],
    ["20 parsecs", false],
    ["-1", false],
    ["", false],
  ] as const)
    test(`highestWastedBytes ${JSON.stringify(text)}`, () =>
      assert.equal(verdicts({ highestWastedBytes: text })["highestWastedBytes"], ok));

  test("a limit that cannot be read fails, and says so", () => {
    const [verdict] = evaluateDive(measured, { lowestEfficiency: "much", highestUserWastedPercent: "disabled" });
    assert.deepEqual(verdict, {
      rule: "lowestEfficiency",
      ok: false,
      message: 'the limit "much" cannot be read',
    });
    assert.equal(verdicts({ lowestEfficiency: 90 })["lowestEfficiency"], false);
  });

  test("what is said", () => {
    const said = evaluateDive(measured, { highestWastedBytes: "10MB" }).map(({ message }) => message);
    assert.deepEqual(said, [
      "efficiency 85 %, at least 90 % wanted",
      "20000000 bytes wasted, at most 10MB wanted",
      "15 % of the layers above the first wasted, at most 10 % wanted",
    ]);
  });
});
