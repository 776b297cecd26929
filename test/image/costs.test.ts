/** What is wasted and by whom, what is there twice, what could go. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Costs, costsOf } from "../../server/src/core/image/costs.ts";
import type { Entry } from "../../server/src/core/image/image.ts";
import { BUILD_PACKAGES, DEVELOPMENT_DEPENDENCIES, FOLDER_KINDS } from "../../server/src/core/image/kinds.ts";
import { textLimit } from "../../server/src/core/image/texts.ts";
import { rules } from "../../server/src/core/rules/index.ts";
import { entry, file, folder, hardlink, image, layer, symlink } from "./entries.ts";

type Layers = readonly (readonly Entry[])[];

const costs = (...layers: Layers): Costs => costsOf(image(layers.map((entries) => layer(entries))));
/** `path bytes storedBy→hiddenBy how`, by path. */
const wasted = (...layers: Layers): readonly string[] =>
  costs(...layers)
    .wasted.map((each) => `${each.path} ${each.bytes} ${each.storedBy}→${each.hiddenBy} ${each.how}`)
    .sort();

describe("what is wasted", () => {
  test("a file removed by a later layer", () => {
    assert.deepEqual(wasted([file("a", 5), file("b", 7)], [entry(".wh.a")]), ["a 5 0→1 removed"]);
  });

  test("a file replaced by another content, and by the same one", () => {
    const below = [file("a", 5), file("b", 7), file("c", 9, "one")];
    const above = [file("a", 6, "new"), file("b", 7), file("c", 9, "two")];
    assert.deepEqual(wasted(below, above), ["a 5 0→1 replaced", "b 7 0→1 metadata", "c 9 0→1 replaced"]);
  });

  test("where nothing was hashed, the same size is no sign of the same content", () => {
    const of = (mode: number): Entry => entry("a", { size: 5, sha256: undefined, mode });
    assert.deepEqual(wasted([of(0o644)], [of(0o755)]), ["a 5 0→1 replaced"]);
  });

  test("each copy is charged to the layer that stored it and to the one that hid it", () => {
    const { layers, storedBytes, visibleBytes, wastedBytes } = costs(
      [file("a", 100, "x")],
      [file("a", 100, "x")],
      [file("a", 100, "x")],
    );
    assert.deepEqual([storedBytes, visibleBytes, wastedBytes], [300, 100, 200]);
    assert.deepEqual(
      layers.map((each) => [each.wastedBytes, each.hidesBytes]),
      [
        [100, 0],
        [100, 100],
        [0, 100],
      ],
    );
  });

  test("a folder removed with all that is in it, which has one whiteout only", () => {
    const below = [folder("d"), file("d/a", 1), folder("d/e"), file("d/e/b", 2), file("keep", 4)];
    assert.deepEqual(wasted(below, [entry(".wh.d")]), ["d/a 1 0→1 removed", "d/e/b 2 0→1 removed"]);
  });

  test("an opaque folder: what comes again with it was replaced, the rest removed", () => {
    const below = [folder("d"), file("d/a", 1), file("d/b", 2), file("d/c", 4)];
    const above = [folder("d"), file("d/a", 3, "new"), file("d/c", 4), entry("d/.wh..wh..opq")];
    assert.deepEqual(wasted(below, above), ["d/a 1 0→1 replaced", "d/b 2 0→1 removed", "d/c 4 0→1 metadata"]);
  });

  test("a folder in the place of a file, a file in that of a folder, a link in that of a file", () => {
    assert.deepEqual(wasted([file("a", 1)], [folder("a"), file("a/b", 2)]), ["a 1 0→1 removed"]);
    assert.deepEqual(wasted([file("a", 1)], [file("a/b", 2)]), ["a 1 0→1 removed"]);
    assert.deepEqual(wasted([folder("a"), file("a/b", 2), file("a/c/d", 4)], [file("a", 1)]), [
      "a/b 2 0→1 removed",
      "a/c/d 4 0→1 removed",
    ]);
    assert.deepEqual(wasted([file("a", 1)], [symlink("a", "b")]), ["a 1 0→1 replaced"]);
  });

  test("a folder over a folder hides nothing", () => {
    assert.deepEqual(wasted([folder("a"), file("a/b", 2)], [folder("a")]), []);
  });

  test("of two entries with one path in one archive the first is wasted by its own layer", () => {
    assert.deepEqual(wasted([file("a", 3, "one"), file("a", 4, "two")]), ["a 3 0→0 replaced"]);
  });

  test("what is gone before the end and back again at the end", () => {
    const found = wasted([file("a", 3)], [entry(".wh.a")], [file("a", 3)]);
    assert.deepEqual(found, ["a 3 0→1 removed"]);
  });

  test("a whiteout is about the layers below, wherever it stands", () => {
    assert.deepEqual(wasted([file("a", 3, "one")], [file("a", 4, "two"), entry(".wh.a")]), ["a 3 0→1 replaced"]);
  });

  test("through a symbolic link", () => {
    const below = [folder("usr"), folder("usr/lib"), symlink("lib", "usr/lib"), file("usr/lib/x", 8)];
    assert.deepEqual(wasted(below, [file("lib/x", 9, "new")]), ["usr/lib/x 8 0→1 replaced"]);
    assert.deepEqual(wasted(below, [entry("lib/.wh.x")]), ["usr/lib/x 8 0→1 removed"]);
    assert.deepEqual(wasted(below, [file("lib/x", 9, "new"), entry("usr/lib/.wh.x")]), ["usr/lib/x 8 0→1 replaced"]);
  });

  test("what no file system could show", () => {
    const loop = [symlink("a", "b"), symlink("b", "a"), file("a/x", 5)];
    const { wastedBytes, visibleBytes, storedBytes } = costs(loop);
    assert.deepEqual([storedBytes, visibleBytes, wastedBytes], [5, 0, 5]);
  });

  test("one layer twice", () => {
    const twice = [file("a", 5), file("b", 7)];
    assert.deepEqual(wasted(twice, [entry(".wh.a")], twice), ["a 5 0→1 removed", "b 7 0→2 metadata"]);
    assert.deepEqual(costs(twice, twice).duplicates, []);
  });

  test("empty files, and whiteouts with content, are nothing", () => {
    const { wasted: none, storedBytes } = costs([file("a", 0)], [entry(".wh.a", { size: 1_000 })]);
    assert.deepEqual([none, storedBytes], [[], 0]);
  });
});

describe("hard links", () => {
  const linked = [file("a", 10), hardlink("b", "a"), hardlink("c", "b")];

  test("content counts once, and is wasted only when the last name is gone", () => {
    assert.equal(costs(linked).storedBytes, 10);
    assert.deepEqual(wasted(linked, [entry(".wh.a")]), []);
    assert.deepEqual(wasted(linked, [entry(".wh.a"), entry(".wh.b")]), []);
    assert.deepEqual(wasted(linked, [entry(".wh.a"), entry(".wh.b"), entry(".wh.c")]), ["a 10 0→1 removed"]);
  });

  test("the layer that hid the last name is charged", () => {
    assert.deepEqual(wasted(linked, [entry(".wh.c")], [entry(".wh.a")], [file("b", 3)]), ["a 10 0→3 replaced"]);
  });

  test("all names stored again, for their mode", () => {
    assert.deepEqual(wasted(linked, linked), ["a 10 0→1 metadata"]);
  });

  test("a name made in a later layer keeps the content of a lower one", () => {
    assert.deepEqual(wasted([file("a", 10)], [hardlink("b", "a")], [entry(".wh.a")]), []);
    assert.deepEqual(wasted([file("a", 10)], [hardlink("b", "a")], [entry(".wh.a")], [entry(".wh.b")]), [
      "a 10 0→3 removed",
    ]);
  });

  test("to nothing, to itself, and to a folder", () => {
    assert.deepEqual(wasted([hardlink("a", "gone"), folder("d"), hardlink("b", "d")], [entry(".wh.a")]), []);
    assert.deepEqual(wasted([file("a", 10)], [hardlink("a", "a")], [entry(".wh.a")]), ["a 10 0→2 removed"]);
  });
});

describe("what layers change", () => {
  const changes = (...layers: Layers): readonly (readonly number[])[] =>
    costs(...layers).layers.map(({ added, modified, removed }) => [added, modified, removed]);

  test("paths against the layers below, folders left out", () => {
    const below = [folder("d"), file("d/a", 1), file("d/b", 1), symlink("l", "d")];
    const above = [folder("d"), file("d/a", 2), file("d/new", 1), entry("d/.wh.b"), entry(".wh.nothing")];
    assert.deepEqual(changes(below, above), [
      [3, 0, 0],
      [1, 1, 1],
    ]);
  });

  test("a folder gone as a whole, and one made anew", () => {
    const below = [folder("d"), file("d/a", 1), folder("d/e"), file("d/e/b", 1)];
    assert.deepEqual(changes(below, [entry(".wh.d")]), [
      [2, 0, 0],
      [0, 0, 2],
    ]);
    assert.deepEqual(changes(below, [entry("d/.wh..wh..opq"), folder("d"), file("d/a", 1), file("d/c", 1)]), [
      [2, 0, 0],
      [1, 1, 1],
    ]);
  });

  test("what one archive holds twice, or replaces itself, is no change", () => {
    assert.deepEqual(changes([file("a", 1), file("a", 2, "x"), file("b", 1), file("b/c", 1)]), [[3, 0, 0]]);
  });

  test("files and bytes as they are stored", () => {
    const { layers } = costs([file("a", 3), file("a", 4), hardlink("b", "a"), folder("d")], [file(".wh.x", 5)]);
    assert.deepEqual(
      layers.map(({ contentBytes, files, tarBytes, storedBytes }) => [contentBytes, files, tarBytes, storedBytes]),
      [
        [7, 2, 1, 1],
        [0, 0, 1, 1],
      ],
    );
  });
});

describe("what is there twice", () => {
  const duplicates = (...layers: Layers): readonly (readonly [number, number, string])[] =>
    costs(...layers).duplicates.map(({ bytes, wastedBytes, paths }) => [
      bytes,
      wastedBytes,
      paths.map((each) => `${each.path}@${each.layer}`).join(),
    ]);

  test("the same content at several paths, largest saving first", () => {
    assert.deepEqual(
      duplicates(
        [file("a", 5, "five"), file("b", 5, "five"), file("c", 100, "x"), file("other", 5, "other")],
        [file("d", 5, "five"), file("e", 100, "x")],
      ),
      [
        [100, 100, "c@0,e@1"],
        [5, 10, "a@0,b@0,d@1"],
      ],
    );
  });

  test("not links, not empty files, not what is hidden, not what was not hashed", () => {
    assert.deepEqual(duplicates([file("a", 5, "x"), hardlink("b", "a"), file("c", 0, ""), file("d", 0, "")]), []);
    assert.deepEqual(duplicates([file("a", 5, "x")], [file("b", 5, "x"), entry(".wh.a")]), []);
    assert.deepEqual(duplicates([file("a", 5, "x")], [file("a", 5, "x")]), []);
    const unknown = (path: string): Entry => entry(path, { size: 5, sha256: undefined });
    assert.deepEqual(duplicates([unknown("a"), unknown("b")]), []);
  });
});

describe("what is recognised", () => {
  const found = (...layers: Layers): readonly string[] =>
    costs(...layers).recognised.map(
      (each) => `${each.kind} ${each.path} ${each.bytes} ${each.files}@${each.layer}${each.visible ? "" : " hidden"}`,
    );

  for (const [path, expected] of [
    ["var/lib/apt/lists/deb.debian.org_InRelease", "apt-lists var/lib/apt/lists"],
    ["var/lib/apt/lists/partial/x", "apt-lists var/lib/apt/lists"],
    ["var/cache/apt/archives/gcc.deb", "apt-archives var/cache/apt"],
    ["var/cache/apt/pkgcache.bin", "apt-archives var/cache/apt"],
    ["var/cache/apk/APKINDEX.1.tar.gz", "apk-cache var/cache/apk"],
    ["var/cache/dnf/x/repodata", "dnf-cache var/cache/dnf"],
    ["var/cache/libdnf5/x/repodata", "dnf-cache var/cache/libdnf5"],
    ["var/cache/yum/x/primary.sqlite", "yum-cache var/cache/yum"],
    ["var/cache/tdnf/x", "tdnf-cache var/cache/tdnf"],
    ["var/cache/zypp/x", "zypper-cache var/cache/zypp"],
    ["root/.cache/pip/http/a/b", "pip-cache root/.cache/pip"],
    ["home/node/.npm/_cacache/content-v2/x", "npm-cache home/node/.npm/_cacache"],
    ["usr/local/share/.cache/yarn/v6/x", "yarn-cache usr/local/share/.cache/yarn"],
    ["home/node/.cache/yarn/v6/x", "yarn-cache home/node/.cache/yarn"],
    ["root/.local/share/pnpm/store/v3/x", "pnpm-cache root/.local/share/pnpm/store"],
    ["srv/.git/objects/pack/x.pack", "git srv/.git"],
    ["usr/share/doc/bash/README", "docs usr/share/doc"],
    ["usr/share/man/man1/bash.1.gz", "man usr/share/man"],
    ["usr/share/locale/de/LC_MESSAGES/x.mo", "locale usr/share/locale"],
    ["usr/lib/python3/x/__pycache__/a.pyc", "pycache usr/lib/python3/x/__pycache__"],
    ["go/pkg/mod/example.com/x/y.go", "go-cache go/pkg/mod"],
    ["root/.cache/go-build/aa/x", "go-cache root/.cache/go-build"],
    ["usr/local/cargo/registry/src/x", "cargo-cache usr/local/cargo/registry"],
    ["root/.m2/repository/org/x.jar", "maven-cache root/.m2/repository"],
    ["root/.gradle/caches/x", "gradle-cache root/.gradle/caches"],
    ["tmp/build.log", "tmp tmp"],
    ["var/tmp/x", "tmp var/tmp"],
  ] as const)
    test(`${path}`, () => assert.deepEqual(found([file(path, 7)]), [`${expected} 7 1@0`]));

  test("nothing in other folders of such names", () => {
    for (const path of [
      "srv/var/lib/apt/lists/x",
      "usr/share/documents/x",
      "etc/apt/sources.list",
      "var/lib/apt/extended_states",
      "srv/app.git/x",
      "home/x/tmp/y",
      "root/.npmrc",
    ])
      assert.deepEqual(found([file(path, 7)]), [], path);
  });

  test("by layer, and apart where a later layer removed it", () => {
    const lists = (layerName: string): Entry => file(`var/lib/apt/lists/${layerName}`, 10);
    assert.deepEqual(found([lists("a"), lists("b")], [lists("c")], [entry("var/lib/apt/lists/.wh.a"), lists("b")]), [
      "apt-lists var/lib/apt/lists 20 2@0 hidden",
      "apt-lists var/lib/apt/lists 10 1@1",
      "apt-lists var/lib/apt/lists 10 1@2",
    ]);
  });

  test("what lies about in many folders is told of together, clones one by one", () => {
    assert.deepEqual(
      found([
        file("usr/lib/python3/a/__pycache__/x.pyc", 1),
        file("usr/lib/python3/b/c/__pycache__/y.pyc", 2),
        file("srv/a/.git/x", 30),
        file("srv/b/.git/x", 40),
      ]),
      ["git srv/b/.git 40 1@0", "git srv/a/.git 30 1@0", "pycache usr/lib/python3 3 2@0"],
    );
  });

  const withTexts = (entries: readonly Entry[], texts: Readonly<Record<string, string>>): readonly string[] =>
    costsOf(image([{ ...layer(entries), texts: new Map(Object.entries(texts)) }])).recognised.map(
      (each) => `${each.title} | ${each.path} ${each.bytes} ${each.files}`,
    );

  test("compilers and headers, by dpkg's lists", () => {
    const entries = [
      file("usr/bin/gcc-12", 100),
      file("usr/lib/gcc/cc1", 1_000),
      file("usr/include/stdio.h", 10),
      file("usr/lib/x86_64-linux-gnu/libc.a", 5),
      file("usr/share/doc/gcc/README", 3),
      file("usr/bin/app", 7),
    ];
    const texts = {
      "var/lib/dpkg/info/gcc-12.list":
        "/.\n/usr\n/usr/bin\n/usr/bin/gcc-12\n/usr/lib/gcc/cc1\n/usr/share/doc/gcc/README\n",
      "var/lib/dpkg/info/libc6-dev:amd64.list": "/usr/include/stdio.h\n/lib/x86_64-linux-gnu/libc.a\n",
    };
    assert.deepEqual(withTexts(entries, texts), [
      "compilers and headers: gcc-12, libc6-dev | usr 1115 4",
      "documentation | usr/share/doc 3 1",
    ]);
  });

  test("of many packages the largest are named", () => {
    const names = ["a", "b", "c", "d", "e"].map((name) => `lib${name}-dev`);
    const entries = names.map((name, at) => file(`usr/include/${name}.h`, 10 + at));
    const texts = Object.fromEntries(
      names.map((name) => [`var/lib/dpkg/info/${name}.list`, `/usr/include/${name}.h\n`]),
    );
    assert.deepEqual(withTexts(entries, texts), [
      "compilers and headers: libe-dev, libd-dev, libc-dev and 2 more packages | usr/include 60 5",
    ]);
  });

  test("compilers and headers, by apk's database", () => {
    const installed = [
      ["C:Q1abc", "P:musl", "V:1.2", "F:lib", "R:ld-musl.so", ""],
      ["P:musl-dev", "V:1.2", "F:usr", "F:usr/include", "R:stdio.h", "a:0:0:644", "R:math.h", ""],
    ]
      .flat()
      .join("\n");
    const entries = [file("lib/ld-musl.so", 600), file("usr/include/stdio.h", 10), file("usr/include/math.h", 20)];
    assert.deepEqual(withTexts(entries, { "lib/apk/db/installed": installed }), [
      "compilers and headers: musl-dev | usr/include 30 2",
    ]);
  });

  test("npm packages for development, by the manifest and by npm's own record", () => {
    const entries = [
      file("srv/node_modules/typescript/lib/tsc.js", 900),
      file("srv/node_modules/@types/node/index.d.ts", 50),
      file("srv/node_modules/express/index.js", 30),
      file("srv/node_modules/deep/index.js", 4),
    ];
    const manifest = JSON.stringify({
      dependencies: { express: "5" },
      devDependencies: { typescript: "5", "@types/node": "24", express: "5" },
    });
    assert.deepEqual(withTexts(entries, { "srv/package.json": manifest }), [
      "npm packages for development | srv/node_modules 950 2",
    ]);
    const record = JSON.stringify({
      packages: { "node_modules/typescript": { dev: true }, "node_modules/deep": { dev: true }, "node_modules/x": {} },
    });
    assert.deepEqual(
      withTexts(entries, { "srv/package.json": manifest, "srv/node_modules/.package-lock.json": record }),
      ["npm packages for development | srv/node_modules 904 2"],
    );
    assert.deepEqual(withTexts(entries, { "srv/package.json": "{ broken" }), []);
    assert.deepEqual(withTexts(entries, { "srv/package.json": '{"devDependencies": ["typescript"]}' }), []);
  });

  test("which files a reader keeps for that", () => {
    for (const path of [
      "var/lib/dpkg/info/gcc-12.list",
      "var/lib/dpkg/info/libc6-dev:amd64.list",
      "lib/apk/db/installed",
      "usr/lib/apk/db/installed",
      "srv/package.json",
      "package.json",
      "srv/node_modules/.package-lock.json",
    ])
      assert.ok(textLimit(path) > 0, path);
    for (const path of [
      "var/lib/dpkg/info/bash.list",
      "var/lib/dpkg/info/gcc-12-base:amd64.list",
      "var/lib/dpkg/status",
      "srv/node_modules/x/package.json",
      "srv/other.json",
      "srv/installed",
    ])
      assert.equal(textLimit(path), 0, path);
  });

  test("every rule that is named exists", () => {
    const ids = new Set(rules.map(({ id }) => id));
    const fixable = new Set(rules.filter((rule) => rule.fixable !== "never").map(({ id }) => id));
    const kinds = [...FOLDER_KINDS, BUILD_PACKAGES, DEVELOPMENT_DEPENDENCIES];
    assert.equal(new Set(kinds.map(({ kind }) => kind)).size, kinds.length);
    for (const { kind, rules: named } of kinds) {
      for (const id of named) assert.ok(ids.has(id), `${kind}: ${id}`);
      const firstWithout = named.findIndex((id) => !fixable.has(id));
      assert.ok(
        firstWithout < 0 || named.slice(firstWithout).every((id) => !fixable.has(id)),
        `${kind}: rules with a fix stand first`,
      );
    }
  });
});

test("a signal stops it", () => {
  const reason = new Error("enough");
  assert.throws(() => costsOf(image([layer([file("a", 1)])]), AbortSignal.abort(reason)), reason);
});
