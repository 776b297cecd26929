/** Where a reference is being written (`$0`), which part of it, and in which order names and tags are offered. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { referenceAt } from "../../server/src/core/features/images/cursor.ts";
import { offeredNames } from "../../server/src/core/features/images/names.ts";
import { newestFirst } from "../../server/src/core/model/image-tags/order.ts";
import { offeredTags, placeInReference } from "../../server/src/core/features/images/tags.ts";

const marked = (text: string): { readonly text: string; readonly at: number } => {
  const at = text.indexOf("$0");
  assert.notEqual(at, -1, text);
  return { text: text.replace("$0", ""), at };
};

/** The reference the cursor is in; undefined where it is in none. */
const dockerfile: Readonly<Record<string, string | undefined>> = {
  "FROM $0": "",
  "FROM no$0de": "node",
  "FROM node:$0\n": "node:",
  "FROM node:22$0-alpine AS x\n": "node:22-alpine",
  "FROM node:22 $0": undefined,
  "FROM node:22 AS b$0": undefined,
  "FR$0OM node": undefined,
  "FROM$0 node": undefined,
  "  from --platform=linux/arm64 node@$0": "node@",
  "FROM --platform=$0": undefined,
  "FROM --platform=linux/arm64 $0": "",
  "COPY --from=$0": "",
  "COPY --chmod=755 --from=ghcr.io/a/b:1$0 /x /y": "ghcr.io/a/b:1",
  "COPY --from=a:1 /x$0 /y": undefined,
  "ONBUILD COPY --from=a:$0 /x /y": "a:",
  "COPY \\\n  --from=a:$0 /x /y": "a:",
  "RUN --mount=type=bind,from=a:$0,target=/x true": "a:",
  "RUN --mount=from=$0": "",
  "RUN --mount=type=cache,target=/a --mount=type=bind,from=a:1$0 true": "a:1",
  "RUN --mount=type=bind,from=a,target=/x$0 true": undefined,
  "RUN echo from=$0": undefined,
  "RUN x--mount=from=$0": undefined,
  "# syntax=docker/dockerfile:$0\nFROM a": "docker/dockerfile:",
  "# escape=`\r\n#syntax = docker/$0\r\nFROM a": "docker/",
  "# a comment\n# syntax=docker/$0\n": undefined,
  "\n# syntax=docker/$0\n": undefined,
  "# FROM node:$0\n": undefined,
  "FROM a\r\nFROM b:$01\r\nRUN c\r\n": "b:1",
};

for (const [source, reference] of Object.entries(dockerfile))
  test(`Dockerfile: ${JSON.stringify(source)}`, () => {
    const { text, at } = marked(source);
    const span = referenceAt(text, at, "dockerfile");
    assert.equal(span && text.slice(span.start, span.end), reference);
  });

const compose: Readonly<Record<string, string | undefined>> = {
  "services:\n  a:\n    image: $0\n": "",
  "services:\n  a:\n    image: node:$0\n    ports: []\n": "node:",
  'services:\n  a:\n    image: "node:22$0"\n': "node:22",
  "services:\n  a: {image: node:$0}\n": "node:",
  "services:\n  a:\n    build: .$0\n": undefined,
  "services:\n  a:\n    imag$0\n": undefined,
  "x-base:\n  image: node:$0\nservices: {}\n": "node:",
  "volumes:\n  image:\n    driver: $0\n": undefined,
};

for (const [source, reference] of Object.entries(compose))
  test(`compose: ${JSON.stringify(source)}`, () => {
    const { text, at } = marked(source);
    const span = referenceAt(text, at, "compose");
    assert.equal(span && text.slice(span.start, span.end), reference);
  });

/** `part [what is replaced] typed`. */
const parts: Readonly<Record<string, string | undefined>> = {
  $0: "name [] ",
  no$0de: "name [node] no",
  "127.0.0.1:5000$0": "tag [5000] 5000",
  "127.0.0.1:5000/a$0": "name [127.0.0.1:5000/a] 127.0.0.1:5000/a",
  "127.0.0.1:5000/app:$0": "tag [] ",
  "node:22$0-alpine": "tag [22-alpine] 22",
  "node:22-al$0@sha256:ab": "tag [22-al] 22-al",
  "no$0de:22@sha256:ab": "name [node] no",
  "node:22@$0": "digest [] ",
  "node:22@sha256:a$0b": "digest [sha256:ab] sha256:a",
  "node@sha$0": "digest [sha] sha",
  "node:$TAG$0": undefined,
  "${IMAGE}:$0": undefined,
};

for (const [source, place] of Object.entries(parts))
  test(`part: ${source}`, () => {
    const at = source.lastIndexOf("$0");
    const text = source.slice(0, at) + source.slice(at + 2);
    const found = placeInReference(text, at);
    assert.equal(found && `${found.part} [${text.slice(found.span.start, found.span.end)}] ${found.typed}`, place);
  });

test("at any place of any text it is the part the cursor is in, or nothing", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.constantFrom(
          "FROM ",
          "COPY --from=",
          "RUN --mount=from=",
          "image: ",
          "services:",
          "\n",
          "  ",
          "a",
          ":",
          "@",
          "/",
          "$",
          "#",
          ",",
          "\r\n",
        ),
      ),
      fc.nat(),
      fc.constantFrom("dockerfile" as const, "compose" as const),
      (words, at, language) => {
        const text = words.join("");
        const offset = at % (text.length + 1);
        const span = referenceAt(text, offset, language);
        if (!span) return;
        assert.ok(0 <= span.start && span.start <= offset && offset <= span.end && span.end <= text.length);
        const place = placeInReference(text.slice(span.start, span.end), offset - span.start);
        if (!place) return;
        const { start, end } = place.span;
        assert.ok(
          0 <= start && start <= offset - span.start && offset - span.start <= end && end <= span.end - span.start,
        );
        assert.equal(text.slice(span.start + start, offset), place.typed);
      },
    ),
  );
});

const TAGS = [
  ...["latest", "lts", "22", "22.1", "22.1.0", "22-alpine", "22-alpine3.20", "24", "24.2", "24-alpine", "9-alpine"],
  ...["24-slim", "25-rc1", "bookworm", "sha256-aaaaaaaaaaaa.sig"],
];

const orders: Readonly<Record<string, readonly [typed: string, used: readonly string[], tags: readonly string[]]>> = {
  "newest first; channels behind what stays what it is, latest last": [
    "",
    [],
    [
      ...["24", "24-alpine", "24-slim", "24.2", "22", "22-alpine", "22-alpine3.20", "22.1", "22.1.0", "9-alpine"],
      ...["bookworm", "25-rc1", "sha256-aaaaaaaaaaaa.sig", "lts", "latest"],
    ],
  ],
  "the scheme that is used comes first": [
    "",
    ["22-alpine"],
    [
      ...["24-alpine", "22-alpine", "9-alpine", "24", "24-slim", "24.2", "22", "22-alpine3.20", "22.1", "22.1.0"],
      ...["bookworm", "25-rc1", "sha256-aaaaaaaaaaaa.sig", "lts", "latest"],
    ],
  ],
  "what is typed is the beginning, then a part": [
    "alpine",
    [],
    ["24-alpine", "22-alpine", "22-alpine3.20", "9-alpine"],
  ],
  "half a tag is no scheme": [
    "2",
    ["2"],
    [
      "24",
      "24-alpine",
      "24-slim",
      "24.2",
      "22",
      "22-alpine",
      "22-alpine3.20",
      "22.1",
      "22.1.0",
      "25-rc1",
      "sha256-aaaaaaaaaaaa.sig",
    ],
  ],
  "in capitals as well": ["LAT", [], ["latest"]],
  "nothing fits": ["x", [], []],
};

for (const [name, [typed, used, tags]] of Object.entries(orders))
  test(name, () => assert.deepEqual(offeredTags(newestFirst(TAGS), typed, used).tags, tags));

test("of thousands a hundred, and a further letter brings the others", () => {
  const many = Array.from({ length: 20_000 }, (_, at) => `1.${19_999 - at}`);
  const { tags, cut } = offeredTags(many, "1.1", []);
  assert.deepEqual([tags.length, cut, tags[0]], [100, true, "1.19999"]);
  assert.deepEqual(offeredTags(many, "1.1999", []).cut, false);
});

test("names: of this file, of others, and known ones that are not there yet", () => {
  const offered = offeredNames(["node:22", "127.0.0.1:5000/app:1"], ["redis:8", "node:22"]);
  assert.deepEqual(offered.slice(0, 3), [
    { name: "node:22", detail: "used in this file" },
    { name: "127.0.0.1:5000/app:1", detail: "used in this file" },
    { name: "redis:8", detail: "used in an open file" },
  ]);
  const names = offered.map(({ name }) => name);
  assert.ok(names.includes("postgres"));
  assert.ok(!names.includes("node") && !names.includes("redis"));
});
