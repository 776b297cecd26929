import { digestEdit } from "../../model/image-ref.ts";
import { defineComposeRule, known, listOf, safeFix } from "../../rule.ts";
import { editOf, imagesOf } from "../compose-images.ts";
import { globOf } from "../trusted-registries.ts";

const DIGEST = `sha256:${"5".repeat(64)}`;

export default defineComposeRule({
  id: "compose-image-digest",
  summary: "image without a digest",
  severity: "hint",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: [],
  why: `
A tag is a name that its publisher, or whoever took over the account, can give to another image. A digest is the image: the
registry cannot answer with anything else, every machine runs the same bytes, and an update is a change that is reviewed. The
tag stays in front of the digest for people to read. Services that build their image are left out. The rule asks no registry by
itself: the digest is looked up when somebody chooses the fix, or runs \`dockwright pin\`.`,
  fixSafety: `
Safe: the digest is the one the tag points at now, of the index where the image is for several platforms, so the same image is
run. Later pushes to the tag are no longer picked up until the digest is renewed.`,
  options: [
    {
      name: "except",
      about: "Images that may float, as `docker.io/library/*` or `ghcr.io/acme/*`; `*` is any text.",
      default: [],
    },
  ],
  examples: [
    {
      bad: "services:\n  db:\n    image: postgres:18.1\n",
      fixed: `services:\n  db:\n    image: postgres:18.1@${DIGEST}\n`,
      answers: { "digest:postgres:18.1": DIGEST },
    },
    { good: `services:\n  db:\n    image: postgres:18.1@${DIGEST}\n` },
    { good: "services:\n  db:\n    image: postgres:18.1\n", options: { except: ["docker.io/library/*"] } },
    { good: "services:\n  app:\n    build: .\n    image: example/app\n  web:\n    image: nginx:${TAG}\n" },
  ],
  check({ compose, project, report, lookup, option }) {
    const except = listOf(option("except")).map(globOf);
    for (const use of imagesOf(project)) {
      const { text, ref, span, isBuilt } = use;
      if (!ref || ref.digest !== undefined || isBuilt) continue;
      if (except.some((pattern) => pattern.test(`${ref.domain}/${ref.path}`))) continue;
      const question = { ask: "digest", image: text } as const;
      const digest = known(lookup(question));
      const change = editOf(compose, use, (at) => digestEdit(ref, digest ?? "", at));
      report(span, {
        message: `${text} is not pinned to a digest`,
        ...("refusal" in change
          ? change
          : digest === undefined
            ? { offers: [{ title: `Pin ${text} to its current digest`, question }] }
            : { fixes: [safeFix(`Pin ${text} to ${digest.slice(0, 19)}`, ...change.edits)] }),
      });
    }
  },
});
