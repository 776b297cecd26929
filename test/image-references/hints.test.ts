/** Notes behind image references, from answers alone: `⟨label⟩` stands where it is shown. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ImageQuestion } from "../../server/src/core/features/images/facts.ts";
import { imageHints } from "../../server/src/core/features/images/hints.ts";
import { placesNaming } from "../../server/src/core/features/images/places.ts";
import { type Language, parseDocument } from "../../server/src/core/model/document.ts";
import { applyEdits } from "../../server/src/core/text/edit.ts";

const OLD = `sha256:${"a1".repeat(32)}`;
const NEW = `sha256:${"b2".repeat(32)}`;
const overview = (bytes: Readonly<Record<string, number>>, digest = OLD): string =>
  JSON.stringify({
    digest,
    platforms: Object.entries(bytes).map(([platform, size]) => ({ platform, digest, bytes: size })),
    labels: {},
  });

interface Row {
  readonly language?: Language;
  readonly answers?: Readonly<Record<string, string>>;
  readonly behind?: boolean;
  readonly size?: boolean;
  /** With the labels; without them it is what is opened. */
  readonly shown: string;
}

const rows: Readonly<Record<string, Row>> = {
  "without answers there is nothing": { shown: `FROM node:22@${OLD}\n` },
  "behind its tag": {
    answers: { "digest-today:node:22": NEW },
    shown: `FROM node:22@${OLD}⟨digest is behind its tag⟩ AS a\n`,
  },
  "not behind": { answers: { "digest-today:node:22": OLD }, shown: `FROM node:22@${OLD}\n` },
  "a tag alone, and a digest alone, are behind nothing": {
    answers: { "digest-today:node:22": NEW, [`digest-today:node@${OLD}`]: NEW },
    shown: `FROM node:22\nFROM node@${OLD}\n`,
  },
  "what the disk remembers": {
    answers: {
      [`recalled:node:22@${OLD}`]: JSON.stringify({
        today: NEW,
        overview: JSON.parse(overview({ "linux/amd64": 52_100_000 })),
      }),
    },
    shown: `FROM node:22@${OLD}⟨digest is behind its tag⟩⟨52.1 MB⟩\n`,
  },
  "the size for this machine, everywhere an image is named": {
    answers: {
      "overview:docker/dockerfile:1": overview({ "linux/amd64": 12_000_000 }),
      "overview:node:22": overview({ "linux/amd64": 52_100_000, "linux/arm64": 1 }),
      "compressed-size:linux/amd64:tool:1": "4200",
    },
    shown:
      "# syntax=docker/dockerfile:1⟨12.0 MB⟩\nFROM node:22⟨52.1 MB⟩ AS a\nCOPY --from=tool:1⟨4.2 kB⟩ /x /x\nRUN --mount=type=bind,from=tool:1⟨4.2 kB⟩,target=/t true\nFROM a\nFROM scratch\n",
  },
  "the platform that is asked for; one that a builder decides is this machine's": {
    answers: { "overview:node:22": overview({ "linux/amd64": 52_100_000, "linux/arm64/v8": 53_000_000 }) },
    shown:
      "FROM --platform=linux/arm64 node:22⟨53.0 MB⟩\nFROM --platform=$BUILDPLATFORM node:22⟨52.1 MB⟩\nFROM --platform=linux/s390x node:22\n",
  },
  "sizes are off": {
    answers: { "digest-today:node:22": NEW, [`overview:node:22@${OLD}`]: overview({ "linux/amd64": 1 }) },
    size: false,
    shown: `FROM node:22@${OLD}⟨digest is behind its tag⟩\n`,
  },
  "notes on digests are off": {
    answers: { "digest-today:node:22": NEW, [`overview:node:22@${OLD}`]: overview({ "linux/amd64": 1 }) },
    behind: false,
    shown: `FROM node:22@${OLD}⟨1 B⟩\n`,
  },
  "a variable's default is looked at, what a variable hides is not": {
    answers: { "overview:node:22": overview({ "linux/amd64": 1 }) },
    shown: "ARG TAG=22\nARG OTHER\nFROM node:${TAG}⟨1 B⟩\nFROM node:$OTHER\n",
  },
  "compose: services, with the platform of each": {
    language: "compose",
    answers: {
      "overview:redis:8": overview({ "linux/amd64": 40_000_000, "linux/arm64": 41_000_000 }),
      "digest-today:node:22": NEW,
    },
    shown: `services:\n  a:\n    image: redis:8⟨40.0 MB⟩\n  b:\n    image: "redis:8"⟨41.0 MB⟩\n    platform: linux/arm64\n  c:\n    image: node:22@${OLD}⟨digest is behind its tag⟩\n`,
  },
  "an ignore file names none": { language: "dockerignore", shown: "node:22\n" },
};

function hintsIn({ language = "dockerfile", answers = {}, behind = true, size = true }: Row, text: string) {
  const keyOf = (question: ImageQuestion): string =>
    "platform" in question
      ? `${question.ask}:${question.platform}:${question.image}`
      : `${question.ask}:${question.image}`;
  return imageHints(placesNaming(parseDocument(text, language)), {
    ...{ look: (question) => answers[keyOf(question)], ownPlatform: "linux/amd64", behind, size: () => size },
  });
}

for (const [name, row] of Object.entries(rows))
  test(name, () => {
    const text = row.shown.replaceAll(/⟨[^⟩]*⟩/g, "");
    const edits = hintsIn(row, text).map(({ at, label }) => ({ span: { start: at, end: at }, text: `⟨${label}⟩` }));
    const shown = edits.toReversed().reduce((before, edit) => applyEdits(before, [edit]), text);
    assert.equal(shown, row.shown);
  });

test("a digest that is behind brings the edit along, where it is written as it is", () => {
  const texts: readonly (readonly [language: Language, text: string, after: string | undefined])[] = [
    ["dockerfile", `FROM node:22@${OLD} AS a\n`, `FROM node:22@${NEW} AS a\n`],
    ["dockerfile", `ARG D=${OLD}\nFROM node:22@$D\n`, undefined],
    ["compose", `services:\n  a:\n    image: 'node:22@${OLD}'\n`, `services:\n  a:\n    image: 'node:22@${NEW}'\n`],
    ["compose", `services:\n  a:\n    image: node:\${T:-22}@${OLD}\n`, undefined],
  ];
  for (const [language, text, after] of texts) {
    const [hint] = hintsIn({ language, answers: { "digest-today:node:22": NEW }, shown: "" }, text);
    assert.equal(hint?.about, "22 is sha256:b2b2b2b2b2b2… today");
    assert.equal(hint.edit && applyEdits(text, [hint.edit]), after);
  }
});
