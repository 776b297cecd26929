import { defineComposeRule } from "../../rule.ts";
import { reportUndefined } from "../compose-resources.ts";

export default defineComposeRule({
  id: "compose-undefined-secret",
  summary: "secret that is not declared",
  severity: "error",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: [],
  why: `
Compose refuses the file: \`service "web" refers to undefined secret api_key\`. A secret that a service or its build is given has to be declared
at the top level, with the \`file\` or the \`environment\` variable it comes from.`,
  fixSafety: `
Unsafe: another name that is near, or a new secret, is what was probably meant; only you know which.`,
  examples: [
    {
      bad: "services:\n  web:\n    image: nginx:1.29\n    secrets: [api_key]\n",
    },
    {
      good: "services:\n  web:\n    image: nginx:1.29\n    secrets: [api_key]\nsecrets:\n  api_key:\n    file: ./api_key.txt\n",
    },
  ],
  check(context) {
    reportUndefined(context, "secrets");
  },
});
