/** Tags of images compared: which are newer, nearest, first. Tables; the lists are in the forms publishers use. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { nearestTags } from "../server/src/core/model/image-tags/nearest.ts";
import { newerLike, newestLike } from "../server/src/core/model/image-tags/newer.ts";
import { newestFirst } from "../server/src/core/model/image-tags/order.ts";

const words = (text: string): readonly string[] => text.split(" ").filter(Boolean);

/** The tag, what the registry lists, the newest of its kind; `-`: there is nothing to compare. */
const NEWEST: readonly (readonly [tag: string, tags: string, newest: string])[] = [
  // As many parts.
  ["22", "20 22 24 24.1 25-rc 24-alpine", "24"],
  ["22", "22 22.1 22.11.0", "22"],
  ["22.1", "22 22.1", "22.1"],
  ["22.11", "22.12 24.0 24.0.1 9.99", "24.0"],
  ["1.9", "1.10 1.2", "1.10"],
  ["1.2.3", "1.2.4 1.3 2", "1.2.4"],
  ["1.2.3.4", "1.2.3.5 1.2.4", "1.2.3.5"],
  ["22.04", "24.04 24.04.1", "24.04"],
  // Words around it.
  ["22-alpine", "24-alpine 24 24-slim", "24-alpine"],
  ["22-slim", "24 24-alpine 24-bookworm-slim", "22-slim"],
  ["22-slim", "24-slim 24-bookworm-slim", "24-slim"],
  ["22-bookworm", "24-bookworm 24-trixie", "24-bookworm"],
  ["22-bookworm-slim", "24-slim-bookworm 23-bookworm-slim", "23-bookworm-slim"],
  ["3.12-slim-bookworm", "3.13-slim-bookworm 3.14-slim-trixie", "3.13-slim-bookworm"],
  ["8.2-fpm", "8.4-fpm 8.4-cli 8.4-apache", "8.4-fpm"],
  ["17.0.9_9-jdk-jammy", "17.0.10_7-jdk-jammy 21.0.1_12-jdk-jammy 21.0.2_13-jre-jammy", "21.0.1_12-jdk-jammy"],
  ["3.9.6-eclipse-temurin-17", "3.9.9-eclipse-temurin-17 3.9.9-eclipse-temurin-21 3.9.9", "3.9.9-eclipse-temurin-21"],
  ["3.9.6-eclipse-temurin-21", "3.9.9-eclipse-temurin-17", "3.9.6-eclipse-temurin-21"],
  // A distribution in it is never an older one.
  ["22-alpine3.20", "24-alpine3.20 24-alpine3.22 24-alpine 24-bookworm", "24-alpine3.22"],
  ["24-alpine3.22", "25-alpine3.20 24-alpine3.22", "24-alpine3.22"],
  ["24-alpine3.20", "24-alpine3.22 24-alpine3.9", "24-alpine3.22"],
  ["22.1.0-alpine3.9", "22.1.0-alpine3.10", "22.1.0-alpine3.10"],
  ["1.2.3-debian-11", "1.2.4-debian-12 1.2.5-debian-10", "1.2.4-debian-12"],
  ["12.1-cudnn8-runtime", "12.4-cudnn9-runtime 12.6-cudnn-runtime", "12.4-cudnn9-runtime"],
  // Prefixes.
  ["v1.2.0", "v1.3.0 1.9.0", "v1.3.0"],
  ["1.2.0", "v1.3.0", "1.2.0"],
  ["v3", "v4 v4.1 5", "v4"],
  ["alpine-3.20", "alpine-3.22 alpine-3.21 3.23", "alpine-3.22"],
  ["php8.3-fpm", "php8.4-fpm php8.5-cli", "php8.4-fpm"],
  ["alpine3.20", "alpine3.22 alpine", "alpine3.22"],
  // What comes before a release.
  ["1.2.0", "1.3.0-rc1 1.3.0-rc.2 1.3.0-beta 1.3.0-alpha.1", "1.2.0"],
  ["22", "25-rc 25-rc1 25beta2", "22"],
  ["v1.2.0", "v1.3.0 v2.0.0-beta1", "v1.3.0"],
  ["3.14.0rc1", "3.14.0rc2 3.14.0b3", "3.14.0rc2"],
  ["3.14.0rc2", "3.14.0 3.14.0rc3", "3.14.0"],
  ["3.14.0b3", "3.14.0rc1 3.14.0a7", "3.14.0rc1"],
  ["1.22rc1-alpine", "1.22rc2-alpine 1.22-alpine 1.23rc1", "1.22-alpine"],
  ["10.0-preview-alpine", "10.0-alpine 9.0-alpine", "10.0-alpine"],
  ["26-ea-jdk", "25-jdk 26-jdk", "26-jdk"],
  ["1.0.0-rc.9", "1.0.0-rc.10", "1.0.0-rc.10"],
  ["2.0.0", "2.0.0-rc1", "2.0.0"],
  // A variant with tools is no release before one.
  ["22-dev", "24 24-dev", "24-dev"],
  // Rebuilds of one version count from the start with each version.
  ["1.2.3-r5", "1.2.4-r0 1.2.3-r7", "1.2.4-r0"],
  ["1.2.3-r5", "1.2.3-r7 1.2.3-r6", "1.2.3-r7"],
  ["1.2.3-debian-12-r5", "1.2.4-debian-12-r0", "1.2.4-debian-12-r0"],
  ["1.2.3-ls45", "1.2.3-ls46 1.2.4-ls2", "1.2.4-ls2"],
  ["1.2.3-1", "1.2.3-2 1.2.3", "1.2.3-2"],
  ["1.2.3", "1.2.3-2", "1.2.3"],
  // Dates.
  ["20240110", "20240923 20231201 3 3.20", "20240923"],
  ["2024.01.10", "2024.02.03 2023.12.30 5.1.0", "2024.02.03"],
  ["2024.1", "2024.3 2025.1 2024.1.9 30.1", "2025.1"],
  ["5.1.0", "2024.02.03 5.2.0", "5.2.0"],
  ["3", "20250101 4", "4"],
  ["noble-20240605", "noble-20250101 oracular-20250601 noble", "noble-20250101"],
  ["bookworm-20240101-slim", "bookworm-20250101-slim bookworm-20250601 trixie-20250601-slim", "bookworm-20250101-slim"],
  ["2024-01-10", "2024-03-01 2023-12-31 20250101", "2024-03-01"],
  ["nightly-2024-01-10", "nightly-2024-03-01 nightly", "nightly-2024-03-01"],
  [
    "RELEASE.2024-01-10T22-10-10Z",
    "RELEASE.2024-01-11T00-00-00Z RELEASE.2023-12-31T22-10-10Z",
    "RELEASE.2024-01-11T00-00-00Z",
  ],
  ["RELEASE.2024-01-10T22-10-10Z", "RELEASE.2025-01-11T00-00-00Z-cpuv1", "RELEASE.2024-01-10T22-10-10Z"],
  ["20241399", "20250101", "-"],
  // Channels say nothing of what is in it.
  ["1.26-alpine", "stable-alpine mainline-alpine 1.29-alpine", "1.29-alpine"],
  // No version.
  ["latest", "1 2", "-"],
  ["alpine", "3-alpine alpine3.22", "-"],
  ["lts", "22", "-"],
  ["1234567", "2345678", "-"],
  ["a1b2c3d", "b2c3d4e", "-"],
  ["pr-12", "pr-13", "-"],
  ["main-1234567", "main-2345678", "-"],
];

test("the newest tag with the same words around a version of as many parts", () => {
  for (const [tag, tags, newest] of NEWEST)
    assert.equal(newestLike(tag, words(tags)) ?? "-", newest, `${tag} in ${tags}`);
  assert.ok(NEWEST.length >= 60);
});

test("no tag is newer than itself, and what is newer has nothing newer of its list", () => {
  for (const [tag, tags] of NEWEST) {
    assert.deepEqual(newerLike(tag, [tag]), [], tag);
    const newest = newestLike(tag, words(tags));
    if (newest !== undefined) assert.equal(newestLike(newest, words(tags)), newest, `${tag} in ${tags}`);
  }
});

/** The tag there is not, what there is, the nearest. */
const NEAREST: readonly (readonly [tag: string, tags: string, nearest: string])[] = [
  ["22-alpin", "22-alpine 22-alpine3.22 24-alpine 22 latest", "22-alpine"],
  ["22-Alpine", "22-alpine 22-slim", "22-alpine"],
  ["latst", "latest 1 2", "latest"],
  ["latest", "1.2 1.3 1 1.3-alpine 2.0-rc1 main", "1 1.3 1.2"],
  ["bookwrom", "bookworm bookworm-slim trixie", "bookworm"],
  ["2.2-alpine", "22-alpine 24-alpine 20-slim", "22-alpine 24-alpine"],
  ["22.99", "22.21 22.9 22 24.1 21.3", "22.21 22.9 22"],
  ["22.99.0-slim", "22.21.1-slim 22-slim 22.21-slim 22.21.1 24.0.0-slim", "22.21.1-slim 22.21-slim 22-slim"],
  ["99-alpine", "24-alpine 22-alpine 24", "24-alpine 22-alpine"],
  ["1.2.3", "v1.2.3 v1.2.4 latest", "v1.2.3"],
  ["v1.2.3", "1.2.3 1.2.4", "1.2.3 1.2.4"],
  ["22_slim", "22-slim 22-alpine", "22-slim"],
  ["nothing-like-it", "1 2 3", ""],
  ["22", "22 23", ""],
  ["22", "", ""],
];

test("the tags that may be meant by one that there is not", () => {
  for (const [tag, tags, nearest] of NEAREST)
    assert.deepEqual(nearestTags(tag, words(tags)), words(nearest), `${tag} in ${tags}`);
});

/** In the order they are shown. */
const ORDERS: readonly string[] = [
  "24 24.1 24.1.0 24.1.0-alpine 24.0 22",
  "24 24-alpine 24-alpine3.22 24-alpine3.20 24-slim 22 22-alpine",
  "latest 2.0.0 1.9.0 bookworm trixie 3.0.0-rc.2 3.0.0-rc.1",
  "v2.1.0 v2.0.0 v1.0.0",
  "3.22 3.20 20250101 20240101 edge-testing 4.0_rc1",
  "2025.1 2024.3 2024.1",
  "1 bookworm-20250101 bookworm-20240101 bookworm a1b2c3d4 sha256-0123456789abcdef.sig",
];

test("newest first, whatever the order they came in", () => {
  for (const order of ORDERS) {
    const tags = words(order);
    assert.deepEqual(newestFirst(tags), tags, order);
    assert.deepEqual(newestFirst(tags.toReversed()), tags, order);
    assert.deepEqual(newestFirst(tags.toSorted()), tags, order);
  }
});

test("tens of thousands of tags take little time", () => {
  const tags = Array.from({ length: 50_000 }, (_, at) => `1.${Math.floor(at / 100)}.${at % 100}-alpine3.${at % 7}`);
  for (const [what, run] of [
    ["newest", () => newestLike("1.2.3-alpine3.1", tags)],
    ["order", () => newestFirst(tags)[0]],
    ["nearest", () => nearestTags("1.2.3-alpin3.1", tags)[0]],
  ] as const) {
    const start = performance.now();
    assert.ok(run() !== undefined, what);
    assert.ok(performance.now() - start < 3000, what);
  }
});
