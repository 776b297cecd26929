import { defineComposeRule } from "../../rule.ts";
import { reportUnused } from "../compose-resources.ts";

export default defineComposeRule({
  id: "compose-unused-config",
  summary: "config that no service uses",
  severity: "info",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: [],
  why: `
A config that no service is given reaches nobody: it was forgotten when a service went away, or a service runs without it.`,
  fixSafety: `
Unsafe: what runs is the same, but perhaps a service was meant to use it.`,
  examples: [
    {
      bad: "services:\n  web:\n    image: nginx:1.29\nconfigs:\n  site:\n    file: ./site.conf\n",
      fixed: "services:\n  web:\n    image: nginx:1.29\n",
    },
    {
      good: "services:\n  web:\n    image: nginx:1.29\n    configs: [site]\nconfigs:\n  site:\n    file: ./site.conf\n",
    },
  ],
  check(context) {
    reportUnused(context, "configs");
  },
});
