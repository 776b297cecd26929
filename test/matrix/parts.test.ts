/** The parts of the matrix that decide what is wrong with an image or a build. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CACHES, COMPILERS } from "./contents.ts";
import { repeated } from "./rebuild.ts";

describe("what has no place in an image that runs", () => {
  for (const [path, compiler, cache] of [
    ["usr/bin/gcc", true, false],
    ["usr/bin/x86_64-linux-gnu-gcc-14", true, false],
    ["usr/local/go/bin/go", true, false],
    ["opt/java/openjdk/bin/javac", true, false],
    ["opt/java/openjdk/bin/java", false, false],
    ["usr/bin/cat", false, false],
    ["usr/local/bin/node", false, false],
    ["app/node_modules/typescript/package.json", true, false],
    ["app/node_modules/express/package.json", false, false],
    ["root/.npm/_cacache/index-v5/00", false, true],
    ["root/.cache/pip/wheels/x.whl", false, true],
    ["go/pkg/mod/cache/lock", false, true],
    ["var/cache/apt/archives/gcc_14.deb", false, true],
    ["var/cache/apt/archives/lock", false, false],
    ["var/lib/apt/lists/deb.debian.org_debian_dists_trixie_main_binary-amd64_Packages", false, true],
    ["var/lib/dpkg/status", false, false],
  ] as const)
    test(path, () => assert.deepEqual([COMPILERS.test(path), CACHES.test(path)], [compiler, cache]));
});

describe("what a second build repeats", () => {
  const install = { name: "[build 3/5] RUN npm ci", cached: true };
  const build = { name: "[build 5/5] RUN npm run build", cached: false };
  test("the dependencies come from the cache", () => assert.equal(repeated([install, build], /RUN npm ci/), undefined));
  test("they are installed again", () =>
    assert.equal(repeated([{ ...install, cached: false }, build], /RUN npm ci/), install.name));
  test("no step installs them", () => assert.match(repeated([build], /RUN npm ci/) ?? "", /no step/));
});
