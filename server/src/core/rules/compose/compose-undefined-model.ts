import { defineComposeRule } from "../../rule.ts";
import { reportUndefined } from "../compose-resources.ts";

export default defineComposeRule({
  id: "compose-undefined-model",
  summary: "model that is not declared",
  severity: "error",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: [],
  why: `
Compose refuses the file: \`service "chat" refers to undefined model llm\`. A model that a service is given has to be declared at the top
level, with the \`model\` to run.`,
  fixSafety: `
Unsafe: another name that is near, or a new model, is what was probably meant; only you know which.`,
  examples: [
    {
      bad: "services:\n  chat:\n    image: example/chat:1.0\n    models: [llm]\n",
    },
    {
      good: "services:\n  chat:\n    image: example/chat:1.0\n    models: [llm]\nmodels:\n  llm:\n    model: ai/smollm2\n",
    },
  ],
  check(context) {
    reportUndefined(context, "models");
  },
});
