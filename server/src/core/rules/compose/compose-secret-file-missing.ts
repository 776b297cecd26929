import { fieldOf, fieldsOf } from "../../model/compose/fields.ts";
import { defineComposeRule } from "../../rule.ts";
import { isMissing, namedFile, ownFileReport } from "../compose-files.ts";

export default defineComposeRule({
  id: "compose-secret-file-missing",
  summary: "secret whose file does not exist",
  severity: "warning",
  profile: "recommended",
  fixable: "never",
  since: "0.3.0",
  sameAs: [],
  why: `
Compose reads the file, and the services that are given the secret do not start: the mount has no source. Paths are relative to the
compose file. Files with secrets are rarely in the repository: where a template
lies beside it or a \`.gitignore\` leaves it out, this is a hint in the strict profile only.`,
  examples: [
    {
      bad: "services:\n  db:\n    image: postgres:17\n    secrets: [password]\nsecrets:\n  password:\n    file: ./password.txt\n",
      answers: { "path-kind:password.txt": "missing" },
    },
    {
      good: "services:\n  db:\n    image: postgres:17\n    secrets: [password]\nsecrets:\n  password:\n    file: ./password.txt\n",
      answers: { "path-kind:password.txt": "file" },
    },
  ],
  check(context) {
    for (const { key, value, via } of fieldsOf(fieldOf(context.compose.root, "secrets")?.value)) {
      const file = via || key.startsWith("x-") ? undefined : namedFile(fieldOf(value, "file")?.value);
      if (!file || !isMissing(context, file.path)) continue;
      context.report(
        file.span,
        ownFileReport(context, file.path) ?? {
          message: `There is no file ${file.path}: what is given the secret ${key} does not start`,
        },
      );
    }
  },
});
