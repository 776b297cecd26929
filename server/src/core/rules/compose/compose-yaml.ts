import { yamlFaults } from "../../model/compose/yaml-faults.ts";
import { defineComposeRule, unsafeFix } from "../../rule.ts";
import { replace } from "../../text/edit.ts";

export default defineComposeRule({
  id: "compose-yaml",
  summary: "YAML that compose cannot read",
  severity: "error",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: ["dclint:invalid-yaml"],
  why: `
Compose reads nothing of a file that is no YAML: a tab in the indentation, a quote or bracket that is never closed, a key that is there
twice, an alias without its anchor. Only the first mistake in the syntax is reported, because what a parser says behind it is mostly
about its consequences; every repeated key is.

Where YAML libraries differ, compose's own decides: it reads brackets whose lines are not indented and comments without a blank
before them, and it refuses a tab behind a dash and YAML 1.2's directive. It merges further documents of a file over the first
one; that is said, because those are not checked here.`,
  fixSafety: "Unsafe: that a blank or a pair of quotes was left out is a guess, if mostly a good one.",
  examples: [
    {
      bad: "services:\n  web:\n    image: nginx:1.29\n    restart:always\n",
      fixed: "services:\n  web:\n    image: nginx:1.29\n    restart: always\n",
    },
    { bad: "services:\n  web:\n    image: nginx:1.29\n    environment:\n      MODE: a\n      MODE: b\n" },
    { bad: "services:\n\tweb:\n\t\timage: nginx:1.29\n" },
    { good: "services:\n  web:\n    image: nginx:1.29\n    command: [nginx,\n    -g, daemon off;]\n" },
  ],
  check({ compose, report }) {
    for (const { span, message, harmless, first, instead } of yamlFaults(compose))
      report(span, {
        message,
        ...(harmless && { severity: "info" }),
        ...(first && { related: [{ span: first, message: "first here" }] }),
        ...(instead && { fixes: [unsafeFix(instead.title, replace(instead.span, instead.text))] }),
      });
  },
});
