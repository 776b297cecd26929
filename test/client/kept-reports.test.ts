/** Reports that outlive the window: what is written, what is read again, and what is left behind. */
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { keptReports, reportsIn, textOf } from "../../client/src/scanners/kept.ts";
import type { Finding, Report } from "../../client/src/scanners/report.ts";

const folder = await mkdtemp(join(tmpdir(), "dockwright-kept-"));
after(() => rm(folder, { recursive: true, force: true }));

const finding: Finding = { kind: "secret", id: "x", aliases: [], severity: "high", title: "t", fixed: [] };
const report = (image: string, findings: readonly Finding[] = [finding]): Report => ({
  scanner: "trivy",
  scannerVersion: "0.68.1",
  target: { kind: "image", image },
  findings,
  suppressed: 0,
  scannedAt: 1_760_000_000_000,
  warnings: [],
});
const names = (reports: readonly Report[]): readonly string[] =>
  reports.map(({ target }) => (target.kind === "image" ? target.image : target.folder));

describe("kept reports", () => {
  test("are read as they were written, in their order; with none left the file goes", async () => {
    const file = join(folder, "new", "scans.json");
    const first = keptReports(file);
    assert.deepEqual(await first.read(), []);
    await first.write([report("a"), report("b")]);
    assert.deepEqual(await keptReports(file).read(), [report("a"), report("b")]);
    assert.deepEqual(await readdir(join(folder, "new")), ["scans.json"], "and nothing beside it");
    await first.write([]);
    assert.deepEqual(await readdir(join(folder, "new")), []);
  });

  test("written quickly one after the other: the last ones are there", async () => {
    const file = join(folder, "quick.json");
    const kept = keptReports(file);
    await Promise.all(["a", "b", "c", "d"].map((name) => kept.write([report(name)])));
    assert.deepEqual(names(await kept.read()), ["d"]);
  });

  test("without a workspace nothing is kept, and where nothing can be written nothing fails", async () => {
    const none = keptReports(undefined);
    await none.write([report("a")]);
    assert.deepEqual(await none.read(), []);
    await writeFile(join(folder, "a-file"), "");
    const blocked = keptReports(join(folder, "a-file", "scans.json"));
    await blocked.write([report("a")]);
    assert.deepEqual(await blocked.read(), []);
  });

  test("the newest, as many as there is room for", () => {
    const many = Array.from({ length: 25 }, (_, at) => report(`image-${at}`));
    assert.deepEqual(names(reportsIn(textOf(many))), names(many.slice(5)));
    const large = report("large", [{ ...finding, title: "x".repeat(5 * 1024 * 1024) }]);
    assert.deepEqual(names(reportsIn(textOf([large, report("small"), large]))), ["small", "large"]);
  });

  const whole = textOf([report("a")]);
  const damaged: readonly (readonly [what: string, text: string])[] = [
    ["half a file", whole.slice(0, -20)],
    ["no JSON", "\u0000"],
    ["another shape", whole.replace('"shape":1', '"shape":0')],
    ["no list", '{"shape":1,"reports":{}}'],
    ["another scanner", whole.replace("trivy", "other")],
    ["another severity", whole.replace('"high"', '"highest"')],
    ["no findings", whole.replace('"findings":[', '"others":[')],
  ];
  for (const [what, text] of damaged)
    test(`${what} is no report`, async () => {
      const file = join(folder, "damaged.json");
      await writeFile(file, text);
      assert.deepEqual(await keptReports(file).read(), []);
      assert.equal(await readFile(file, "utf8"), text);
    });
});
