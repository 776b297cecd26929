import { defineRule } from "../../rule.ts";
import { reportOverridden } from "../overridden.ts";

export default defineRule({
  id: "multiple-cmd",
  summary: "more than one CMD in a stage",
  severity: "warning",
  profile: "recommended",
  fixable: "always",
  since: "0.1.0",
  sameAs: [
    "hadolint:DL4003",
    "buildkit:MultipleInstructionsDisallowed",
    "trivy:DS-0016",
    "kics:Multiple CMD Instructions Listed",
    "dockerfile-utils:MULTIPLE_INSTRUCTIONS",
  ],
  why: `
An image has one command. The earlier \`CMD\` is read, forgotten, and still believed by whoever reads the file from the top.
Every stage is judged for itself: a later stage may well have a command of its own.`,
  fixSafety: `
Safe: a CMD that another one of the same stage follows leaves nothing in the image. Its lines go, comments stay.`,
  examples: [
    {
      bad: 'FROM node:22\nCMD ["node", "a.js"]\nCMD ["node", "b.js"]\n',
      fixed: 'FROM node:22\nCMD ["node", "b.js"]\n',
    },
    { good: 'FROM node:22 AS test\nCMD ["npm", "test"]\n\nFROM test\nCMD ["npm", "start"]\n' },
  ],
  check(context) {
    reportOverridden(context, "CMD");
  },
});
