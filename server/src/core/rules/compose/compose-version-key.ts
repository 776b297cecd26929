import { fieldOf } from "../../model/compose/fields.ts";
import { removeKey } from "../../model/compose/patch.ts";
import { defineComposeRule } from "../../rule.ts";
import { remedyOf } from "../compose-services.ts";

export default defineComposeRule({
  id: "compose-version-key",
  summary: "`version` at the top, which compose ignores",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: ["dclint:no-version-field"],
  why: `
Compose reads every file by the same specification, whatever \`version\` says, and warns at each command that the attribute is obsolete.
Who raises the number to get at a newer feature gets nothing; who keeps it low believes that the file still means what it did.`,
  fixSafety: `
Safe: compose 2 throws the value away, and \`docker stack deploy\` takes a file without it for one of the newest version 3. Only the
retired docker-compose 1 before 1.27 needs it.`,
  examples: [
    {
      bad: 'version: "3.8"\n\nservices:\n  web:\n    image: nginx:1.29\n',
      fixed: "services:\n  web:\n    image: nginx:1.29\n",
    },
    { good: "services:\n  web:\n    image: nginx:1.29\n" },
  ],
  check({ compose, report }) {
    const { root } = compose;
    const field = fieldOf(root, "version");
    if (!root || !field || root.written.every(({ key }) => key !== "version")) return;
    report(field.keySpan, {
      message: "Compose ignores version and warns about it",
      remedy: () => remedyOf("Delete version", removeKey(compose, root, "version"), "safe"),
    });
  },
});
