/** What is said of an image when somebody points at it, from the text alone and from answers; and what strangers' texts cannot do there. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type ImageQuestion, knownOf } from "../../server/src/core/features/images/facts.ts";
import { type Manner, registryText } from "../../server/src/core/features/images/hover.ts";
import { referenceText } from "../../server/src/core/features/images/reference-text.ts";
import { type ImageRef, parseImageRef } from "../../server/src/core/model/image-ref.ts";
import type { ToldBy } from "../../server/src/core/model/recalled-image.ts";
import { ageText } from "../../server/src/core/text/ages.ts";

const NOW = Date.parse("2026-11-22T12:00:00Z");
const DAY = 86_400_000;
const OLD = `sha256:${"a1".repeat(32)}`;
const NEW = `sha256:${"b2".repeat(32)}`;

const refOf = (text: string): ImageRef => {
  const parsed = parseImageRef(text);
  assert.ok(parsed.ok, text);
  return parsed.ref;
};

interface Row {
  readonly image: string;
  readonly answers: Readonly<Record<string, unknown>>;
  readonly manner?: Manner;
  readonly toldBy?: ToldBy;
  readonly platform?: string;
  readonly text: string;
}

const LINK = "command:dockwright.lookUpImage?x";
const OVERVIEW = {
  digest: OLD,
  created: "2026-08-03T10:00:00.000Z",
  platforms: [
    { platform: "linux/386", digest: OLD, bytes: 51_400_000 },
    { platform: "linux/amd64", digest: OLD, bytes: 52_100_000 },
    { platform: "linux/arm64/v8", digest: OLD, bytes: 53_000_000 },
    { platform: "linux/s390x", digest: OLD },
  ],
  labels: {
    "org.opencontainers.image.source": "https://github.com/team/app.git",
    "org.opencontainers.image.revision": "0123456789abcdef0123456789abcdef01234567",
  },
};
const SMALL = { digest: OLD, platforms: [{ platform: "linux/amd64", digest: OLD, bytes: 999 }], labels: {} };

const rows: Readonly<Record<string, Row>> = {
  "nothing is known, and nobody asks by itself": {
    image: "node:22",
    answers: {},
    text: `Not looked up yet. [Ask the registry](${LINK})`,
  },
  "an editor that has no such command": {
    image: "node:22",
    answers: {},
    manner: { is: "on-command", link: undefined },
    text: "Not looked up yet.",
  },
  "nothing may be asked": {
    image: "node:22",
    answers: { "overview:node:22": OVERVIEW },
    manner: { is: "not-asked", why: "this workspace is not trusted" },
    text: "Not looked up: this workspace is not trusted.",
  },
  "it is asked, and nothing is known yet": {
    image: "ghcr.io/team/app:1",
    answers: {},
    manner: { is: "asking" },
    text: "Asking `ghcr.io` …",
  },
  "everything there is": {
    image: "ghcr.io/team/app:1",
    answers: {
      "overview:ghcr.io/team/app:1": OVERVIEW,
      "evidence:ghcr.io/team/app:1": { signed: true, sbom: true, provenance: false },
    },
    toldBy: { host: "ghcr.io", isMirror: false, at: NOW - 3 * 60_000 },
    text: `- \`1\` is \`sha256:a1a1a1a1a1a1…\`, made on 2026-08-03, 4 months ago
- Source: [github.com/team/app.git](https://github.com/team/app.git), revision [\`0123456789ab\`](https://github.com/team/app/commit/0123456789abcdef0123456789abcdef01234567)
- Found beside it, not verified: signature, SBOM. Not found: provenance

Said by \`ghcr.io\` 3 minutes ago. [Ask the registry](${LINK})

| Platform | Compressed |
| :--- | ---: |
| linux/amd64, as this machine | 52.1 MB |
| linux/386 | 51.4 MB |
| linux/arm64/v8 | 53.0 MB |
| linux/s390x | not known |`,
  },
  "the digest is behind its tag, as a mirror says; a platform is asked for": {
    image: `team/app:1@${OLD}`,
    answers: {
      [`overview:team/app:1@${OLD}`]: { ...OVERVIEW, labels: {}, platforms: OVERVIEW.platforms.slice(1, 3) },
      [`evidence:team/app:1@${OLD}`]: { signed: false, sbom: false, provenance: false },
      "digest-today:team/app:1": NEW,
      [`created:team/app:1@${NEW}`]: "2026-11-20T10:00:00.000Z",
    },
    manner: { is: "answered" },
    toldBy: { host: "mirror.example:5000", isMirror: true, at: NOW - 2 * 3_600_000 },
    platform: "linux/arm64",
    text: `- \`sha256:a1a1a1a1a1a1…\`, made on 2026-08-03, 4 months ago
- **The digest is behind its tag**: \`1\` is \`sha256:b2b2b2b2b2b2…\`, made on 2026-11-20, 2 days ago
- Signature, SBOM, provenance: none found

Said by \`mirror.example:5000\`, a mirror of \`docker.io\`, 2 hours ago.

| Platform | Compressed |
| :--- | ---: |
| linux/arm64/v8, asked for here | 53.0 MB |
| linux/amd64, as this machine | 52.1 MB |`,
  },
  "what the disk remembers of a year ago, and an answer that is newer": {
    image: `team/app:1@${OLD}`,
    answers: {
      [`recalled:team/app:1@${OLD}`]: {
        ...{ overview: SMALL, evidence: { signed: true, sbom: true, provenance: true } },
        ...{ today: NEW, todayCreated: "2025-11-20T10:00:00.000Z" },
      },
      "digest-today:team/app:1": OLD,
    },
    toldBy: { host: "registry-1.docker.io", isMirror: false, at: NOW - 400 * DAY },
    text: `- \`sha256:a1a1a1a1a1a1…\`
- The digest is what \`1\` leads to
- Found beside it, not verified: signature, SBOM, provenance

Said by \`registry-1.docker.io\` 13 months ago. [Ask the registry](${LINK})

| Platform | Compressed |
| :--- | ---: |
| linux/amd64, as this machine | 999 B |`,
  },
  "by the disk alone it is behind": {
    image: `team/app:1@${OLD}`,
    answers: { [`recalled:team/app:1@${OLD}`]: { today: NEW, todayCreated: "2026-11-20T10:00:00.000Z" } },
    text: `- **The digest is behind its tag**: \`1\` is \`sha256:b2b2b2b2b2b2…\`, made on 2026-11-20, 2 days ago

Not looked up yet. [Ask the registry](${LINK})`,
  },
  "a digest without a tag is behind nothing": {
    image: `team/app@${OLD}`,
    answers: { [`overview:team/app@${OLD}`]: SMALL, [`digest-today:team/app@${OLD}`]: OLD },
    manner: { is: "answered" },
    text: "- `sha256:a1a1a1a1a1a1…`\n\n| Platform | Compressed |\n| :--- | ---: |\n| linux/amd64, as this machine | 999 B |",
  },
  "what failed is said once, with its reason, beside what is known": {
    image: "127.0.0.1:5000/app:1",
    answers: {
      "recalled:127.0.0.1:5000/app:1": { unknown: "nothing here can find that out" },
      "overview:127.0.0.1:5000/app:1": { unknown: "127.0.0.1:5000 is not there; *start* it" },
      "evidence:127.0.0.1:5000/app:1": { unknown: "127.0.0.1:5000 is not there; *start* it" },
    },
    manner: { is: "answered" },
    text: "Not found out: 127.0.0.1:5000 is not there; \\*start\\* it.",
  },
  "labels of older kinds, at a place that has pages of commits of another form": {
    image: "app:1",
    answers: {
      "overview:app:1": {
        ...SMALL,
        platforms: [],
        labels: {
          "org.label-schema.vcs-url": "https://gitlab.example/team/group/app",
          "org.label-schema.vcs-ref": "0a1b2c3",
        },
      },
    },
    manner: { is: "answered" },
    text: `- \`1\` is \`sha256:a1a1a1a1a1a1…\`
- Source: [gitlab.example/team/group/app](https://gitlab.example/team/group/app), revision [\`0a1b2c3\`](https://gitlab.example/team/group/app/-/commit/0a1b2c3)`,
  },
  "more platforms than people read": {
    image: "app:1",
    answers: {
      "overview:app:1": {
        ...SMALL,
        platforms: Array.from({ length: 14 }, (_, at) => ({ platform: `linux/p${at}`, digest: OLD, bytes: at })),
      },
    },
    manner: { is: "answered" },
    text: `- \`1\` is \`sha256:a1a1a1a1a1a1…\`

| Platform | Compressed |
| :--- | ---: |
${Array.from({ length: 12 }, (_, at) => `| linux/p${at} | ${at} B |`).join("\n")}

and 2 more`,
  },
};

function textOf({ image, answers, manner = { is: "on-command", link: LINK }, toldBy, platform }: Row): string {
  const ref = refOf(image);
  const keyOf = (question: ImageQuestion): string => `${question.ask}:${question.image}`;
  const known = knownOf(ref, (question) => {
    const answer = answers[keyOf(question)];
    if (answer === undefined || typeof answer === "string") return answer;
    const { unknown } = answer as { unknown?: string };
    return unknown === undefined ? JSON.stringify(answer) : { unknown };
  });
  const ageOf = (time: number | string): string => ageText(NOW - (typeof time === "number" ? time : Date.parse(time)));
  return registryText({ ref, known, toldBy, manner, ageOf, ownPlatform: "linux/amd64", platform });
}

for (const [name, row] of Object.entries(rows)) test(name, () => assert.equal(textOf(row), row.text));

test("labels are texts of strangers: nothing in them is Markdown, a command, or a link to anything but the web", () => {
  const hostile: readonly (readonly [source: string, revision: string, text: string])[] = [
    ["javascript:alert(1)", "x](command:y)", "Source: `javascript:alert(1)`, revision `x](command:y)`"],
    ["command:workbench.action.quit", "", "Source: `command:workbench.action.quit`"],
    ["file:///etc/passwd", "", "Source: `file:///etc/passwd`"],
    [
      "https://a.example/)[x](command:y)",
      "",
      "Source: [a.example/\\)\\[x\\]\\(command:y\\)](https://a.example/%29%5Bx%5D%28command:y%29)",
    ],
    [
      "https://github.com@evil.example/team/app",
      "abcdef0",
      "Source: `https://github.com@evil.example/team/app`, revision `abcdef0`",
    ],
    ["https://xn--80ak6aa92e.example/", "", "Source: [xn--80ak6aa92e.example](https://xn--80ak6aa92e.example/)"],
    ["https://аррӏе.example/", "", "Source: [xn--80ak6aa92e.example](https://xn--80ak6aa92e.example/)"],
    ["<b onload=x>\n# Big", "`` ` ``", "Source: `<b onload=x> # Big`, revision ``` `` ` `` ```"],
    [`https://a.example/${"long/".repeat(200)}`, "", `Source: \`https://a.example/${"long/".repeat(20)}l…\``],
    [
      `https://a.example/${"x".repeat(200)}`,
      "",
      `Source: [a.example/${"x".repeat(69)}…](https://a.example/${"x".repeat(200)})`,
    ],
    ["https://github.com/team", "abcdef0", "Source: [github.com/team](https://github.com/team), revision `abcdef0`"],
    [
      "https://github.com/team/app",
      "abcdef0); rm",
      "Source: [github.com/team/app](https://github.com/team/app), revision `abcdef0); rm`",
    ],
  ];
  for (const [source, revision, text] of hostile) {
    const labels = {
      "org.opencontainers.image.source": source,
      ...(revision !== "" && { "org.opencontainers.image.revision": revision }),
      ...{ "org.opencontainers.image.title": "[never shown](command:z)" },
    };
    const answers = { "overview:app:1": { ...SMALL, platforms: [], labels } };
    const shown = textOf({ image: "app:1", answers, manner: { is: "answered" }, text: "" });
    assert.equal(shown, `- \`1\` is \`sha256:a1a1a1a1a1a1…\`\n- ${text}`);
  }
});

test("a platform's name cannot leave its cell", () => {
  const platforms = [{ platform: "linux/x | **y** |\n# z", digest: OLD, bytes: 1 }];
  const text = textOf({ image: "app:1", answers: { "overview:app:1": { ...SMALL, platforms } }, text: "" });
  assert.ok(text.includes("| linux/x \\| \\*\\*y\\*\\* \\| \\# z | 1 B |"), text);
});

test("answers of another form are none", () => {
  for (const answer of ["", "[]", "7", "null", "{"])
    assert.doesNotThrow(() =>
      textOf({ image: "app:1", answers: { "overview:app:1": answer, "recalled:app:1": answer }, text: "" }),
    );
});

test("what a reference says by itself", () => {
  const said: readonly (readonly [image: string, computed: boolean, text: string])[] = [
    [
      "node:22",
      false,
      "`library/node` of `docker.io`; tag `22`; no digest, so the tag decides each time it is pulled. [Docker Hub](https://hub.docker.com/_/node)",
    ],
    [`127.0.0.1:5000/team/app@${OLD}`, false, `\`team/app\` of \`127.0.0.1:5000\`; digest \`${OLD}\`.`],
    [
      "quay.io/team/app",
      true,
      "With its variables: `quay.io/team/app`\n\n`team/app` of `quay.io`; no tag, so `latest`; no digest, so the tag decides each time it is pulled. [quay.io](https://quay.io/repository/team/app)",
    ],
  ];
  for (const [image, computed, text] of said) assert.equal(referenceText(refOf(image), computed), text);
});

test("ages, for people", () => {
  const said: readonly (readonly [days: number, text: string])[] = [
    [0, "a minute"],
    [59.6 / 1440, "an hour"],
    [1, "24 hours"],
    [2, "2 days"],
    [59, "59 days"],
    [61, "2 months"],
    [729, "24 months"],
    [731, "2 years"],
    [3653, "10 years"],
  ];
  for (const [days, text] of said) assert.equal(ageText(days * DAY), text, String(days));
});
