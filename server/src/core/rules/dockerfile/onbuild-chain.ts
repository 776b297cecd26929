import { certaintyOf } from "../../model/dockerfile/frontend.ts";
import { INSTRUCTIONS } from "../../model/dockerfile/instructions.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  id: "onbuild-chain",
  summary: "ONBUILD with ONBUILD, FROM or MAINTAINER behind it",
  severity: "error",
  profile: "recommended",
  fixable: "never",
  since: "0.2.0",
  sameAs: [
    "hadolint:DL3043",
    "dockerfile-utils:ONBUILD_CHAINING_DISALLOWED",
    "dockerfile-utils:ONBUILD_TRIGGER_DISALLOWED",
  ],
  why: `
A trigger runs in the stage that is built on this image: it can neither begin a stage nor set further triggers, and an author is
no step of a build. BuildKit stops with "isn't allowed as an ONBUILD trigger".`,
  examples: [
    { bad: "FROM alpine:3.22\nONBUILD ONBUILD COPY . /src/\n" },
    { bad: "FROM alpine:3.22\nONBUILD FROM debian:13\n" },
    { good: "FROM alpine:3.22\nONBUILD COPY . /src/\n" },
  ],
  check({ dockerfile, report }) {
    const certainty = certaintyOf(dockerfile);
    if (!certainty) return;
    for (const { trigger } of dockerfile.instructions) {
      if (!trigger || INSTRUCTIONS.get(trigger.name)?.trigger !== false) continue;
      report(trigger.keyword.span, { message: `ONBUILD cannot be followed by ${trigger.name}`, ...certainty });
    }
  },
});
