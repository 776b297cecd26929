import { fieldOf, textOf } from "../../model/compose/fields.ts";
import { hasVariables } from "../../model/compose/interpolation.ts";
import type { ComposeFile } from "../../model/compose/model.ts";
import { insideOf } from "../../model/compose/pairs.ts";
import { localPath } from "../../model/compose/paths.ts";
import { defineComposeRule, unsafeFix } from "../../rule.ts";
import { didYouMean, nearest } from "../../text/nearest.ts";
import { plainText } from "../compose-services.ts";

export default defineComposeRule({
  id: "compose-extends-missing",
  summary: "extends a service or a file that does not exist",
  severity: "error",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: [],
  why: `
Compose refuses the file: \`cannot extend service "web": service "base" not found\`. Without \`file\`, the service has to be in the same
file: one from an included or an overridden file does not count. Paths are relative to the file that names them.`,
  fixSafety: `
Unsafe: the service whose name is near is what was probably meant.`,
  examples: [
    {
      bad: "services:\n  web:\n    extends: bse\n    image: nginx:1.29\n  base:\n    image: nginx:1.29\n",
      fixed: "services:\n  web:\n    extends: base\n    image: nginx:1.29\n  base:\n    image: nginx:1.29\n",
    },
    {
      bad: "services:\n  web:\n    extends:\n      file: common.yaml\n      service: base\n",
      answers: { "path-kind:common.yaml": "missing" },
    },
    { good: "services:\n  web:\n    extends: base\n    ports: ['80:80']\n  base:\n    image: nginx:1.29\n" },
  ],
  check({ compose, project, report }) {
    for (const service of compose.services) {
      const field = fieldOf(service.map, "extends");
      if (!field || field.via || service.via) continue;
      const node = textOf(field.value) === undefined ? fieldOf(field.value, "service")?.value : field.value;
      const name = textOf(node);
      const file = fieldOf(field.value, "file");
      if (!node || name === undefined || hasVariables(name)) continue;
      const path = file && localPath(plainText(file.value) ?? "$");
      if (file && path === undefined) continue;
      const other = path === undefined ? compose : project.fileAt(path);
      if (other === undefined) continue;
      if (other === "missing") {
        if (file)
          report(file.value.span, {
            message: `${service.name} extends a service of ${path}, and there is no such file`,
          });
        continue;
      }
      const names = namesIn(other);
      if (names === undefined || names.includes(name)) continue;
      const near = nearest(name, names);
      const span = insideOf(node);
      const isWritten = compose.text.slice(span.start, span.end) === name;
      report(span, {
        message: `${service.name} extends ${name}, which is not in ${path ?? "this file"}${didYouMean(name, names)}`,
        ...(near !== undefined && isWritten && { fixes: [unsafeFix(`Use ${near}`, { span, text: near })] }),
      });
    }
  },
});

/** Undefined for a file that cannot be read as one. */
const namesIn = ({ root, problems, services }: ComposeFile): readonly string[] | undefined =>
  root && problems.length === 0 ? services.map(({ name }) => name) : undefined;
