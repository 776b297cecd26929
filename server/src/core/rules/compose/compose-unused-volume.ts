import { defineComposeRule } from "../../rule.ts";
import { reportUnused } from "../compose-resources.ts";

export default defineComposeRule({
  id: "compose-unused-volume",
  summary: "volume that no service uses",
  severity: "info",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: [],
  why: `
A volume that no service mounts keeps nothing: it was forgotten when a service went away, or the data that should be in it is kept
somewhere else, in an anonymous volume that goes with the container.`,
  fixSafety: `
Unsafe: what runs is the same, but perhaps a service was meant to use it.`,
  examples: [
    {
      bad: "services:\n  web:\n    image: nginx:1.29\nvolumes:\n  data:\n",
      fixed: "services:\n  web:\n    image: nginx:1.29\n",
    },
    {
      good: "services:\n  web:\n    image: nginx:1.29\n    volumes: [data:/data]\nvolumes:\n  data:\n",
    },
  ],
  check(context) {
    reportUnused(context, "volumes");
  },
});
