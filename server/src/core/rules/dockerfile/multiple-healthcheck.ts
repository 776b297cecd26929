import { defineRule } from "../../rule.ts";
import { reportOverridden } from "../overridden.ts";

export default defineRule({
  id: "multiple-healthcheck",
  summary: "more than one HEALTHCHECK in a stage",
  severity: "warning",
  profile: "recommended",
  fixable: "always",
  since: "0.1.0",
  sameAs: [
    "hadolint:DL3012",
    "buildkit:MultipleInstructionsDisallowed",
    "trivy:DS-0023",
    "dockerfile-utils:MULTIPLE_INSTRUCTIONS",
  ],
  why: `
A container has one health check. Only the last \`HEALTHCHECK\` of a stage is kept, the others never run.`,
  fixSafety: `
Safe: a HEALTHCHECK that another one of the same stage follows leaves nothing in the image. Its lines go, comments stay.`,
  examples: [
    {
      bad: "FROM alpine:3.22\nHEALTHCHECK CMD wget -qO- localhost\nHEALTHCHECK CMD /healthy\n",
      fixed: "FROM alpine:3.22\nHEALTHCHECK CMD /healthy\n",
    },
    { good: "FROM alpine:3.22\nHEALTHCHECK --interval=1m CMD /healthy\n" },
  ],
  check(context) {
    reportOverridden(context, "HEALTHCHECK");
  },
});
