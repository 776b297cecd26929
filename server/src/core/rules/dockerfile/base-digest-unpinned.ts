import { imageUses } from "../../model/dockerfile/images.ts";
import { digestEdit } from "../../model/image-ref.ts";
import { defineRule, known, listOf, safeFix } from "../../rule.ts";
import { globOf } from "../trusted-registries.ts";

const DIGEST = `sha256:${"5".repeat(64)}`;

export default defineRule({
  id: "base-digest-unpinned",
  summary: "image without a digest",
  severity: "hint",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.1.0",
  sameAs: ["docker-dx:not_pinned_digest"],
  why: `
A tag is a name that its publisher, or whoever took over the account, can give to another image. A digest is the image: the
registry cannot answer with anything else, every build starts from the same bytes, and an update is a change that is reviewed.
The tag stays in front of the digest for people to read. Images in \`FROM\`, \`COPY --from\`, \`RUN --mount=from=\` and
\`# syntax=\` are looked at; the last in the profile \`strict\` only, because the frontend's tag floats on purpose. The rule asks no registry by itself: the digest is looked up when somebody chooses the fix.`,
  fixSafety: `
Safe: the digest is the one the tag points at now, of the index where the image is for several platforms, so the same image is
built. Later pushes to the tag are no longer picked up until the digest is renewed.`,
  options: [
    {
      name: "except",
      about: "Images that may float, as `docker.io/library/*` or `ghcr.io/acme/*`; `*` is any text.",
      default: [],
    },
  ],
  examples: [
    { good: "FROM node:22-slim\n", options: { except: ["docker.io/library/*"] } },
    {
      bad: "FROM node:22-slim AS build\n",
      fixed: `FROM node:22-slim@${DIGEST} AS build\n`,
      answers: { "digest:node:22-slim": DIGEST },
    },
    {
      bad: "# syntax=docker/dockerfile:1\nFROM scratch\n",
      fixed: `# syntax=docker/dockerfile:1@${DIGEST}\nFROM scratch\n`,
      answers: { "digest:docker/dockerfile:1": DIGEST },
    },
    { good: `FROM node:22-slim@${DIGEST}\nFROM scratch\n` },
    { good: "ARG VERSION=22\nFROM node:${VERSION}\n" },
  ],
  check({ dockerfile, report, lookup, option }) {
    const except = listOf(option("except")).map(globOf);
    for (const { where, word, reference, ref, computed } of imageUses(dockerfile)) {
      if (!ref || ref.digest !== undefined || computed) continue;
      if (except.some((pattern) => pattern.test(`${ref.domain}/${ref.path}`))) continue;
      const question = { ask: "digest", image: reference } as const;
      const digest = known(lookup(question));
      report(word.span, {
        message: `${reference} is not pinned to a digest`,
        ...(where === "syntax" && { profile: "strict" as const }),
        ...(digest === undefined
          ? { offers: [{ title: `Pin ${reference} to its current digest`, question }] }
          : {
              fixes: [safeFix(`Pin ${reference} to ${digest.slice(0, 19)}`, digestEdit(ref, digest, word.span.start))],
            }),
      });
    }
  },
});
