import { defineRule } from "../../rule.ts";
import { reportOverridden } from "../overridden.ts";

export default defineRule({
  id: "multiple-entrypoint",
  summary: "more than one ENTRYPOINT in a stage",
  severity: "warning",
  profile: "recommended",
  fixable: "always",
  since: "0.1.0",
  sameAs: [
    "hadolint:DL4004",
    "buildkit:MultipleInstructionsDisallowed",
    "trivy:DS-0007",
    "kics:Multiple ENTRYPOINT Instructions Listed",
    "dockerfile-utils:MULTIPLE_INSTRUCTIONS",
  ],
  why: `
An image has one entrypoint. The earlier \`ENTRYPOINT\` is read and forgotten: what it was to prepare or to guard never runs.`,
  fixSafety: `
Safe: a ENTRYPOINT that another one of the same stage follows leaves nothing in the image. Its lines go, comments stay.`,
  examples: [
    {
      bad: 'FROM alpine:3.22\nENTRYPOINT ["/prepare"]\nENTRYPOINT ["/app"]\n',
      fixed: 'FROM alpine:3.22\nENTRYPOINT ["/app"]\n',
    },
    { good: 'FROM alpine:3.22\nENTRYPOINT ["/app"]\nCMD ["--help"]\n' },
  ],
  check(context) {
    reportOverridden(context, "ENTRYPOINT");
  },
});
