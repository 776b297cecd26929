import { defineComposeRule } from "../../rule.ts";
import { reportUnused } from "../compose-resources.ts";

export default defineComposeRule({
  id: "compose-unused-network",
  summary: "network that no service uses",
  severity: "info",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: [],
  why: `
A network that no service is on is made by nobody and connects nobody: it was forgotten when a service went away, or a service was
never put on it.`,
  fixSafety: `
Unsafe: what runs is the same, but perhaps a service was meant to use it.`,
  examples: [
    {
      bad: "services:\n  web:\n    image: nginx:1.29\nnetworks:\n  backend:\n",
      fixed: "services:\n  web:\n    image: nginx:1.29\n",
    },
    {
      good: "services:\n  web:\n    image: nginx:1.29\n    networks: [backend]\nnetworks:\n  backend:\n",
    },
  ],
  check(context) {
    reportUnused(context, "networks");
  },
});
