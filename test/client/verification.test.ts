/** The page about a verified refactoring: Markdown in which nothing that an image printed is markup. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { sentence, verificationText } from "../../client/src/build/verification.ts";
import type { VerificationRow, VerifiedRefactoring } from "../../server/src/lsp/messages.ts";

type Verification = NonNullable<VerifiedRefactoring["verification"]>;

const rows: readonly VerificationRow[] = [
  {
    subject: "user",
    what: "user",
    before: "root",
    after: "node",
    verdict: "expected",
    why: "it does not run as root any more",
  },
  { subject: "folder", what: "working directory", before: "/app", after: "/app", verdict: "same" },
  {
    subject: "answer",
    what: "GET /",
    before: "200",
    after: "500 | <b>x</b>",
    verdict: "different",
    why: "another status",
  },
];
const text = (verification: Verification): string =>
  verificationText({
    name: "api/Dockerfile",
    original: "as the last commit has it",
    engine: "Docker 28",
    verification,
  });

test("what differs comes first, and the reasons have a column where there are any", () => {
  assert.equal(
    text({ outcome: "differs", rows, said: ["Error: `x`"] }),
    `# Refactoring of api/Dockerfile

**They differ in one point.**

- Original: as the last commit has it
- Built and run one after the other by Docker 28

## What differs

|  | Original | Result | Why |
| --- | --- | --- | --- |
| GET / | 200 | 500 \\| \\<b\\>x\\</b\\> | another status |

## What is meant to differ

|  | Original | Result | Why |
| --- | --- | --- | --- |
| user | root | node | it does not run as root any more |

## What is the same

|  | Original | Result |
| --- | --- | --- |
| working directory | /app | /app |

## Last words

\`\` Error: \`x\` \`\`
`,
  );
});

test("one sentence for each outcome", () => {
  assert.equal(sentence({ outcome: "same", rows, said: [] }), "Both behave the same");
  assert.equal(sentence({ outcome: "differs", rows: [...rows, ...rows], said: [] }), "They differ in 2 points");
  const why = "the original does not build: exit code: 1";
  assert.equal(sentence({ outcome: "unverifiable", why, rows: [], said: [] }), `Nothing can be said: ${why}`);
});
