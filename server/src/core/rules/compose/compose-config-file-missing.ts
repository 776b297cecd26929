import { fieldOf, fieldsOf } from "../../model/compose/fields.ts";
import { defineComposeRule } from "../../rule.ts";
import { isMissing, namedFile, ownFileReport } from "../compose-files.ts";

export default defineComposeRule({
  id: "compose-config-file-missing",
  summary: "config whose file does not exist",
  severity: "warning",
  profile: "recommended",
  fixable: "never",
  since: "0.3.0",
  sameAs: [],
  why: `
Compose reads the file, and the services that are given the config do not start: the mount has no source. Paths are relative to the
compose file.`,
  examples: [
    {
      bad: "services:\n  web:\n    image: nginx:1.29\n    configs: [site]\nconfigs:\n  site:\n    file: ./site.conf\n",
      answers: { "path-kind:site.conf": "missing" },
    },
    {
      good: "services:\n  web:\n    image: nginx:1.29\n    configs: [site]\nconfigs:\n  site:\n    file: ./site.conf\n",
      answers: { "path-kind:site.conf": "file" },
    },
  ],
  check(context) {
    for (const { key, value, via } of fieldsOf(fieldOf(context.compose.root, "configs")?.value)) {
      const file = via || key.startsWith("x-") ? undefined : namedFile(fieldOf(value, "file")?.value);
      if (!file || !isMissing(context, file.path)) continue;
      context.report(
        file.span,
        ownFileReport(context, file.path) ?? {
          message: `There is no file ${file.path}: what is given the config ${key} does not start`,
        },
      );
    }
  },
});
