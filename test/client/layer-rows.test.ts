/** The view *Layers*: places of opened rows on the whole, pages of what is looked at, and which build is the last one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { OpenedImage } from "../../server/src/lsp/messages.ts";
import { createBuilds } from "../../client/src/views/layers/builds.ts";
import { PAGE, type Page, pagesOf } from "../../client/src/views/layers/web/pages.ts";
import {
  type Branch,
  branch,
  close,
  isSame,
  lineOf,
  linesOf,
  nextRow,
  open,
  openBelow,
  previousRow,
  rowsBetween,
  type Spot,
  spotAt,
} from "../../client/src/views/layers/web/tree.ts";

type Rows = Branch<string>;

const rowsOf = (count: number, height: number, place?: Spot<string>): Rows => {
  const of: Rows = branch<string>(
    { count, height, item: String, below: (index) => rowsOf((index * 7) % 11, 1, { branch: of, index }) },
    place,
  );
  return of;
};

/** All rows one after the other, the plain way. */
function all(of: Rows, first = 0): { readonly spot: Spot<string>; readonly line: number }[] {
  const found = [];
  let line = first;
  for (let index = 0; index < of.count; index += 1) {
    const spot = { branch: of, index };
    found.push({ spot, line });
    line += of.height;
    const below = openBelow(spot);
    if (!below) continue;
    const inside = all(below, line);
    found.push(...inside);
    line += inside.reduce((sum, each) => sum + each.spot.branch.height, 0);
  }
  return found;
}

test("rows between two lines, a row's line and its neighbours are as when all rows are gone through", () => {
  const picks = fc.array(fc.nat(1_000), { maxLength: 25 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), picks, fc.nat(200), fc.nat(60), (count, opens, from, many) => {
      const root = rowsOf(count, 2);
      for (const pick of opens) {
        const rows = all(root);
        const spot = rows[pick % rows.length]?.spot;
        // Some are closed again.
        if (spot && !open(spot)) close(spot);
      }
      const rows = all(root);
      assert.equal(
        linesOf(root),
        rows.reduce((sum, { spot }) => sum + spot.branch.height, 0),
      );
      const wanted = rows.filter(({ spot, line }) => line + spot.branch.height > from && line < from + many);
      const found = rowsBetween(root, from, from + many);
      assert.deepEqual(
        found.map(({ line }) => line),
        wanted.map(({ line }) => line),
      );
      for (const [at, { spot, line }] of rows.entries()) {
        assert.equal(lineOf(spot), line);
        assert.ok(isSame(spotAt(root, line), spot));
        assert.ok(isSame(nextRow(root, spot), rows[at + 1]?.spot));
        assert.ok(isSame(previousRow(root, spot), rows[at - 1]?.spot));
      }
    }),
  );
});

test("a million closed rows are no work", () => {
  const root = rowsOf(1_000_000, 1);
  open({ branch: root, index: 500_001 });
  const [row] = rowsBetween(root, 900_000, 900_001);
  assert.equal(row?.spot.index, 900_000 - ((500_001 * 7) % 11));
});

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("pages: what is looked at and its neighbours are asked for, once, and few are kept", async () => {
  const asked: number[] = [];
  const pages = pagesOf<number>({
    ask: async (from, count) => {
      asked.push(from / PAGE);
      return { total: 1_000_000, rows: Array.from({ length: count }, (_, at) => from + at) };
    },
    onPage: () => {},
  });
  pages.want(0, 1);
  pages.want(0, 30);
  await settled();
  assert.deepEqual(asked, [0]);
  assert.equal(pages.total(), 1_000_000);
  assert.equal(pages.row(42), 42);
  pages.want(PAGE * 100, PAGE * 100 + 30);
  await settled();
  assert.deepEqual(asked, [0, 100, 101, 99]);
  for (let page = 200; page < 300; page += 3) {
    pages.want(page * PAGE, page * PAGE + 30);
    await settled();
  }
  assert.equal(pages.row(42), undefined);
  assert.equal(pages.row(299 * PAGE), 299 * PAGE);
});

test("pages: a question that was dropped is asked again, a failure is told and is not", async () => {
  const answers: (Page<number> | undefined)[] = [undefined, { total: 0, rows: [], failure: "closed" }];
  let asked = 0;
  const pages = pagesOf<number>({
    ask: async () => {
      const answer = answers[asked];
      asked += 1;
      if (!answer) throw new Error("Not looked at any more");
      return answer;
    },
    onPage: () => {},
  });
  for (let times = 0; times < 4; times += 1) {
    pages.want(0, 10);
    await settled();
  }
  assert.equal(asked, 2);
  assert.equal(pages.failure(), "closed");
});

test("the last build is the one before, of the same Dockerfile, and another image", () => {
  const builds = createBuilds();
  const image = (id: string, digest: string): OpenedImage => ({
    ...{ id, digest, title: id, deep: true, sizeMeaning: "content", sizeNote: "", layers: [], totals: { bytes: 0 } },
    ...{ suggestions: [], wasted: { rows: [], count: 0, bytes: 0 }, duplicates: { rows: [], count: 0, bytes: 0 } },
  });
  const put = (key: string, id: string, digest: string): readonly string[] =>
    builds.put(key, image(id, digest)).map((gone) => gone.id);
  assert.deepEqual(put("a", "1", "x"), []);
  assert.equal(builds.lastOf("a"), undefined);
  assert.deepEqual(put("a", "2", "x"), ["1"]);
  assert.equal(builds.lastOf("a"), undefined);
  assert.deepEqual(put("b", "3", "y"), []);
  assert.deepEqual(put("a", "4", "z"), []);
  assert.equal(builds.lastOf("a")?.id, "2");
  assert.equal(builds.lastOf("b"), undefined);
  assert.deepEqual(put("a", "5", "v"), ["2"]);
  assert.equal(builds.lastOf("a")?.id, "4");
  assert.deepEqual([builds.has("4"), builds.has("2")], [true, false]);
  assert.deepEqual(
    builds.clear().map(({ id }) => id),
    ["4", "5", "3"],
  );
});
