import { defineComposeRule } from "../../rule.ts";
import { reportUndefined } from "../compose-resources.ts";

export default defineComposeRule({
  id: "compose-undefined-config",
  summary: "config that is not declared",
  severity: "error",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: [],
  why: `
Compose refuses the file: \`service "web" refers to undefined config site\`. A config that a service is given has to be declared at the top
level, with the \`file\`, the \`environment\` variable or the \`content\` it comes from.`,
  fixSafety: `
Unsafe: another name that is near, or a new config, is what was probably meant; only you know which.`,
  examples: [
    {
      bad: "services:\n  web:\n    image: nginx:1.29\n    configs: [site]\n",
    },
    {
      good: "services:\n  web:\n    image: nginx:1.29\n    configs: [site]\nconfigs:\n  site:\n    file: ./site.conf\n",
    },
  ],
  check(context) {
    reportUndefined(context, "configs");
  },
});
