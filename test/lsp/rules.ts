/** A few small rules, so that these tests are about the server and not about the rules. */
import { type Answer, defineRule, type DockerfileRule, safeFix, unsafeFix } from "../../server/src/core/rule.ts";
import { insert, remove, replace } from "../../server/src/core/text/edit.ts";

const about = (id: string, check: DockerfileRule["check"], more: Partial<DockerfileRule> = {}): DockerfileRule =>
  defineRule({
    id,
    summary: `finds ${id}`,
    severity: "warning",
    profile: "recommended",
    fixable: "sometimes",
    since: "0.1.0",
    sameAs: [],
    why: "Because the tests need it.",
    examples: [],
    check,
    ...more,
  });

/** A safe fix of one word, with a place to look at besides. */
const keywordCase = about("keyword-case", ({ dockerfile, report }) => {
  for (const { keyword } of dockerfile.instructions) {
    const upper = keyword.text.toUpperCase();
    if (keyword.text === upper) continue;
    const first = dockerfile.instructions[0];
    report(keyword.span, {
      message: `${keyword.text} is not in upper case`,
      fixes: [
        safeFix(`Write ${upper}`, replace(keyword.span, upper)),
        unsafeFix("Remove the word", remove(keyword.span)),
      ],
      ...(first && { related: [{ span: first.keyword.span, message: "the file begins here" }] }),
    });
  }
});

/** Only an unsafe fix. */
const maintainer = about(
  "maintainer-deprecated",
  ({ dockerfile, report }) => {
    for (const { name, span } of dockerfile.instructions)
      if (name === "MAINTAINER")
        report(span, { message: "MAINTAINER is deprecated", fixes: [unsafeFix("Remove MAINTAINER", remove(span))] });
  },
  { severity: "info", sameAs: ["buildkit:MaintainerDeprecated"] },
);

/** An offer that becomes a fix once the digest is known. */
const digest = about("base-digest-unpinned", ({ dockerfile, report, lookup }) => {
  for (const { image } of dockerfile.stages) {
    if (!image || image.text.includes("@") || image.text === "scratch") continue;
    const question = { ask: "digest", image: image.text } as const;
    const answer: Answer | undefined = lookup(question);
    const title = `Pin ${image.text} to its digest`;
    if (answer === undefined) report(image.span, { message: "no digest", offers: [{ title, question }] });
    else if (typeof answer === "string")
      report(image.span, { message: "no digest", fixes: [unsafeFix(title, insert(image.span.end, `@${answer}`))] });
    else report(image.span, { message: "no digest", refusal: answer.unknown });
  }
});

/** A fix with tab stops. */
const healthcheck = about("healthcheck-missing", ({ dockerfile, report }) => {
  const expose = dockerfile.instructions.find(({ name }) => name === "EXPOSE");
  if (!expose || dockerfile.instructions.some(({ name }) => name === "HEALTHCHECK")) return;
  const at = expose.span.end;
  report(expose.span, {
    message: "no HEALTHCHECK",
    fixes: [
      {
        ...unsafeFix("Add HEALTHCHECK", insert(at, "\nHEALTHCHECK CMD true")),
        snippet: [insert(at, "\nHEALTHCHECK CMD ${1:true}")],
      },
    ],
  });
});

/** Asks a registry without anybody having chosen a fix. */
const otherPlatform = about("platform-missing", ({ dockerfile, report, lookup }) => {
  for (const { name, words, flags } of dockerfile.instructions) {
    const [image] = words;
    if (name !== "FROM" || !image || flags.length === 0) continue;
    if (lookup({ ask: "platforms", image: image.text }) === "none")
      report(image.span, { message: `${image.text} is for no platform` });
  }
});

/** Asks for a file. */
const missingFile = about("file-missing", ({ dockerfile, report, lookup }) => {
  for (const { name, words } of dockerfile.instructions) {
    const [source] = words;
    if (name !== "COPY" || !source) continue;
    if (lookup({ ask: "exists", path: source.text }) === "no")
      report(source.span, { message: `${source.text} is not there` });
  }
});

/** Asks for a file, and where that is there for a second one. */
const leadsOn = about("signature-missing", ({ dockerfile, report, lookup }) => {
  for (const { name, words } of dockerfile.instructions) {
    const [source] = words;
    if (name !== "ADD" || !source || lookup({ ask: "exists", path: source.text }) !== "yes") continue;
    if (lookup({ ask: "exists", path: `${source.text}.sig` }) === "no")
      report(source.span, { message: `${source.text} has no signature` });
  }
});

/** Cannot be repaired, and says why. */
const refused = about("shell-odd", ({ dockerfile, report }) => {
  for (const { name, span } of dockerfile.instructions)
    if (name === "SHELL") report(span, { message: "an odd shell", refusal: "only you know the right one" });
});

/** Has a bug. */
const broken = about("broken", ({ dockerfile, report }) => {
  report({ start: 0, end: 0 }, { message: "found before the bug" });
  if (dockerfile.text.includes("BUG")) throw new Error("this rule has a bug");
});

/** Not in the recommended profile. */
const strict = about(
  "strict-only",
  ({ dockerfile, report }) => {
    const first = dockerfile.instructions[0];
    if (first) report(first.keyword.span, { message: "strictly speaking" });
  },
  { profile: "strict", severity: "hint" },
);

export const rules: readonly DockerfileRule[] = [
  digest,
  missingFile,
  otherPlatform,
  leadsOn,
  healthcheck,
  keywordCase,
  maintainer,
  refused,
  strict,
];
export const rulesWithBug: readonly DockerfileRule[] = [broken, ...rules];
