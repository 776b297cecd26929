import { defineComposeRule } from "../../rule.ts";
import { reportUndefined } from "../compose-resources.ts";

export default defineComposeRule({
  id: "compose-undefined-network",
  summary: "network that is not declared",
  severity: "error",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: [],
  why: `
Compose refuses the file: \`service "web" refers to undefined network backend\`. Every network a service names has to be declared at the top
level, with nothing behind its name where the defaults do. \`default\` is the one network that is there without being declared.`,
  fixSafety: `
Unsafe: another name that is near, or a new network, is what was probably meant; only you know which.`,
  examples: [
    {
      bad: "services:\n  web:\n    image: nginx:1.29\n    networks: [backend]\n",
      fixed: "services:\n  web:\n    image: nginx:1.29\n    networks: [backend]\n\nnetworks:\n  backend:\n",
    },
    {
      good: "services:\n  web:\n    image: nginx:1.29\n    networks: [backend]\nnetworks:\n  backend:\n",
    },
  ],
  check(context) {
    reportUndefined(context, "networks");
  },
});
