import { type Download, downloadsOf } from "../../model/dockerfile/downloads.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { defineRule } from "../../rule.ts";
import type { Span } from "../../text/edit.ts";
import { isRandom, secretsIn } from "../tokens.ts";

export default defineRule({
  id: "secret-value",
  summary: "a token, key or password in the Dockerfile",
  severity: "warning",
  profile: "recommended",
  fixable: "never",
  since: "0.2.0",
  sameAs: [],
  why: `
A secret in an instruction is in the repository, in the image's history and in the build's provenance: whoever can read one of
them can use it, and deleting the line takes it out of none. Revoke it first; then give the new one to the RUN that needs it with
\`--mount=type=secret\`, or to the container when it starts. Values are judged by their shape, not by their names: tokens of AWS,
GitHub, GitLab, Slack, Stripe, npm, PyPI, Google and others, private keys, JSON web tokens, passwords in URLs, in
\`Authorization\` headers and behind \`curl -u\`. Checksums, fingerprints, commits, variables and stand-ins such as changeme or xxxx
are none, nor are comments looked at. The message never repeats the value. Where the name of an ARG or ENV says secret as well,
secret-in-arg-env leaves the place to this rule.`,
  examples: [
    { bad: "FROM node:24\nRUN git clone https://ci:h7Kq29vXwLm4@git.example.io/app.git\n" },
    { bad: 'FROM debian:13\nRUN curl -H "Authorization: Bearer 8fK2mQ9xT4vB7nW1" https://api.example.io/app\n' },
    {
      good: "FROM node:24\nENV API_URL=https://user:changeme@api.example.io APP_SHA256=24454f830cdb571e2c4ad15481119c43\n",
    },
    {
      good: 'FROM debian:13\nRUN --mount=type=secret,id=token,env=TOKEN curl -H "Authorization: Bearer $TOKEN" https://api.example.io/app\n',
    },
  ],
  check({ dockerfile, report }) {
    const tell = (span: Span, kind: string): void => {
      report(span, {
        message: `This looks like ${kind}: everyone who can read the file or pull the image has it, so revoke it and give the next one as a secret`,
      });
    };
    const found = secretsIn(dockerfile.text).filter((secret) => isInInstruction(dockerfile, secret));
    for (const secret of found) tell({ start: secret.start, end: secret.end }, secret.kind);
    for (const download of downloadsOf(dockerfile)) {
      const span = passwordOf(dockerfile, download);
      if (span && !found.some((other) => other.start < span.end && span.start < other.end)) tell(span, "a password");
    }
  },
});

/** Not in a comment, and not in FROM, where a digest may be. */
function isInInstruction({ instructions }: Dockerfile, { start }: Span): boolean {
  const instruction = instructionAt(instructions, start);
  return (
    instruction !== undefined &&
    instruction.name !== "FROM" &&
    !instruction.comments.some(({ span }) => span.start <= start && start < span.end)
  );
}

function instructionAt(instructions: readonly Instruction[], at: number): Instruction | undefined {
  return instructions.find(({ span }) => span.start <= at && at < span.end);
}

/** `curl -u user:password`, `wget --password=…` */
function passwordOf({ text }: Dockerfile, { tool, options }: Download): Span | undefined {
  for (const { name, value, word, valueWord } of options) {
    if (value === undefined || /[$`]/.test(value)) continue;
    const password =
      tool === "curl" && (name === "-u" || name === "--user")
        ? value.slice(value.indexOf(":") + 1)
        : tool === "wget" && /^--(?:http-|ftp-|proxy-)?passw(?:or)?d$/.test(name)
          ? value
          : "";
    if (password === value && tool === "curl") continue;
    if (!isRandom(password)) continue;
    const { span } = valueWord ?? word;
    const offset = text.slice(span.start, span.end).lastIndexOf(password);
    return offset === -1 ? span : { start: span.start + offset, end: span.start + offset + password.length };
  }
  return undefined;
}
