import { unquote } from "../../model/dockerfile/words.ts";
import { referencesIn } from "../../model/dockerfile/variables.ts";
import { defineRule, safeFix } from "../../rule.ts";
import { remove } from "../../text/edit.ts";
import { allNamed } from "../../model/dockerfile/named.ts";

export default defineRule({
  id: "from-platform-redundant",
  summary: "FROM --platform says what is the default",
  severity: "info",
  profile: "recommended",
  fixable: "always",
  since: "0.1.0",
  sameAs: ["hadolint:DL3065", "buildkit:RedundantTargetPlatform"],
  why: `
An image is pulled for the platform the build is for, so \`--platform=$TARGETPLATFORM\` changes nothing. It makes people look for
a reason, and hides the one flag that matters in a cross build: \`--platform=$BUILDPLATFORM\`. The default in
\`\${TARGETPLATFORM:-linux/amd64}\` is never used and counts as nothing, as for BuildKit; hadolint knows the bare variable only.`,
  fixSafety: "Safe: the value is the one FROM uses without the flag.",
  examples: [
    { bad: "FROM --platform=$TARGETPLATFORM alpine:3.22\n", fixed: "FROM alpine:3.22\n" },
    { good: "FROM --platform=$BUILDPLATFORM golang:1.25 AS build\n" },
  ],
  check({ dockerfile, report }) {
    // A default of its own makes it another variable than BuildKit's.
    const shadowed = allNamed(dockerfile, "ARG").some(
      ({ triggered, stage, pairs }) =>
        !triggered && stage === -1 && pairs.some(({ key, value }) => key.text === "TARGETPLATFORM" && value),
    );
    if (shadowed) return;
    for (const { platform } of dockerfile.stages) {
      if (!platform?.value || !isTargetPlatform(unquote(platform.value.text))) continue;
      const { start, end } = platform.span;
      const blanks = /^[ \t]*/.exec(dockerfile.text.slice(end))?.[0].length ?? 0;
      report(platform.span, {
        message: "The target platform is the default, so that --platform changes nothing",
        fixes: [safeFix("Remove the flag", remove({ start, end: end + blanks }))],
      });
    }
  },
});

/** `$TARGETPLATFORM` and nothing else. It is always set, so that a `:-default` never counts. */
function isTargetPlatform(text: string): boolean {
  const [only, ...others] = referencesIn(text);
  if (!only || others.length > 0 || only.name !== "TARGETPLATFORM") return false;
  return (
    only.start === 0 && only.end === text.length && (only.modifier === undefined || /^:?[-?]$/.test(only.modifier))
  );
}
