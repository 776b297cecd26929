import { defineComposeRule } from "../../rule.ts";
import { reportUnused } from "../compose-resources.ts";

export default defineComposeRule({
  id: "compose-unused-secret",
  summary: "secret that no service uses",
  severity: "info",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: [],
  why: `
A secret that no service is given reaches nobody: it was forgotten when a service went away, or the service still gets it in another, less
careful way.`,
  fixSafety: `
Unsafe: what runs is the same, but perhaps a service was meant to use it.`,
  examples: [
    {
      bad: "services:\n  web:\n    image: nginx:1.29\nsecrets:\n  api_key:\n    file: ./api_key.txt\n",
      fixed: "services:\n  web:\n    image: nginx:1.29\n",
    },
    {
      good: "services:\n  web:\n    image: nginx:1.29\n    secrets: [api_key]\nsecrets:\n  api_key:\n    file: ./api_key.txt\n",
    },
  ],
  check(context) {
    reportUnused(context, "secrets");
  },
});
