import type { ComposeFile } from "../../model/compose/model.ts";
import { tagEdit } from "../../model/image-ref.ts";
import { defineComposeRule, known, listOf, type Remedy, type Report, unsafeFix } from "../../rule.ts";
import { editOf, type ImageUse, imagesOf } from "../compose-images.ts";

/** Tags whose publishers move them with every release, by what they are called. */
const FLOATING = /^(?:latest(?:-.*)?|nightly|edge|canary|rolling|snapshot|unstable)$/;
/** Tags that move as well, with a meaning: the newest of a line that is tried or kept up. */
const MOVING = /^(?:stable|lts|test|dev|beta|alpha|next|main|master|develop)(?:-[a-z]+)*$/;

export default defineComposeRule({
  id: "compose-image-tag",
  summary: "image without a tag, or with one that moves with every release",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: ["dclint:service-image-require-explicit-tag"],
  why: `
Without a tag compose pulls \`latest\`: whatever its publisher pushed last. A machine that pulled it in spring and one that
pulls it today run different versions, a database's next major version does not open the old one's files, and nobody changed a
line. \`latest\`, \`nightly\`, \`edge\` and the like say the same. A digest behind the tag stops that; then the rule is silent.

\`stable\`, \`lts\`, \`test\`, \`dev\`, \`beta\` and the names of branches move too, but somebody chose a line on purpose: they
are reported in the profile \`strict\`. Where a service of the file has a \`build\`, \`image\` is only what the result is
called, and a missing tag is a hint in the profile \`all\`, also for the services that take it; dclint reports both like the
rest.`,
  fixSafety: `
Unsafe: the version tag that is the same image today is looked up in the registry and written down. From then on the file stays
on it, and moving on is a person's decision.`,
  options: [{ name: "tags", about: "Further tags that move, as `weekly` or `16`.", default: [] }],
  examples: [
    {
      bad: "services:\n  db:\n    image: postgres\n",
      fixed: "services:\n  db:\n    image: postgres:18.1\n",
      answers: { "version-tag:postgres": "18.1" },
    },
    {
      bad: 'services:\n  web:\n    image: "nginx:latest" # front\n',
      fixed: 'services:\n  web:\n    image: "nginx:1.29.3" # front\n',
      answers: { "version-tag:nginx:latest": "1.29.3" },
    },
    { bad: "services:\n  web:\n    image: nginx:1-weekly\n", options: { tags: ["1-weekly"] } },
    { good: "services:\n  web:\n    image: nginx:1.29\n  app:\n    image: example/app:${TAG}\n" },
  ],
  check({ compose, project, report, lookup, option }) {
    const further = listOf(option("tags"));
    for (const use of imagesOf(project)) {
      const { text, ref, span, isBuilt } = use;
      if (!ref || ref.digest !== undefined) continue;
      const weaker = weaknessOf(ref.tag, further);
      if (!weaker) continue;
      const question = { ask: "version-tag", image: text } as const;
      report(span, {
        message: messageFor(use),
        ...(isBuilt ? { profile: "all", severity: "hint" } : weaker),
        ...(!isBuilt && versionRemedy(compose, use, known(lookup(question)))),
      });
    }
  },
});

/** How a tag's case is weaker than a missing one's; undefined for a tag that says a version. */
function weaknessOf(
  tag: string | undefined,
  further: readonly string[],
): Pick<Report, "profile" | "severity"> | undefined {
  if (tag === undefined || FLOATING.test(tag) || further.includes(tag)) return {};
  return MOVING.test(tag) ? { profile: "strict", severity: "info" } : undefined;
}

function messageFor({ text, ref, isBuilt }: ImageUse): string {
  if (isBuilt) return `${text} says no version: the next build takes the name over`;
  if (ref?.tag === undefined) return `${text} has no tag: compose pulls whatever latest is on that day`;
  return `${text}: the tag ${ref.tag} names another image with every release`;
}

function versionRemedy(compose: ComposeFile, use: ImageUse, tag: string | undefined): Remedy {
  const { text, ref } = use;
  if (!ref) return {};
  const change = editOf(compose, use, (at) => tagEdit(ref, tag ?? "", at));
  if ("refusal" in change) return change;
  if (tag === undefined)
    return { offers: [{ title: `Look up the version tag of ${text}`, question: { ask: "version-tag", image: text } }] };
  const title = ref.tag === undefined ? `Write the tag ${tag}` : `Replace ${ref.tag} with ${tag}`;
  return tag === ref.tag ? {} : { fixes: [unsafeFix(title, ...change.edits)] };
}
