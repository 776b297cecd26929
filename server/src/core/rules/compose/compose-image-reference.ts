import { replace } from "../../text/edit.ts";
import { parseImageRef } from "../../model/image-ref.ts";
import { hasVariables } from "../../model/compose/interpolation.ts";
import { defineComposeRule, unsafeFix } from "../../rule.ts";
import { editOf, imagesOf } from "../compose-images.ts";

export default defineComposeRule({
  id: "compose-image-reference",
  summary: "image that is no valid reference",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.5.0",
  sameAs: [],
  why: `
A name is lower case, a registry and its port stand in front of the first slash without a scheme, a tag has at most 128 letters,
digits, dots, dashes and underscores. Compose reads the file without a word and fails when it pulls or builds the image:
\`invalid reference format\`. Placeholders that another program fills in are found too; compose itself knows \`\${VARIABLE}\`.`,
  fixSafety: `
Unsafe: the name in lower case, without its scheme, is probably what was meant.`,
  examples: [
    {
      bad: "services:\n  app:\n    image: ghcr.io/Acme/shop:1.2\n",
      fixed: "services:\n  app:\n    image: ghcr.io/acme/shop:1.2\n",
    },
    {
      bad: "services:\n  app:\n    image: https://registry.example/shop:1.2\n",
      fixed: "services:\n  app:\n    image: registry.example/shop:1.2\n",
    },
    { bad: "services:\n  app:\n    image: __REGISTRY__/shop:1.2\n" },
    { good: "services:\n  app:\n    image: registry.example:5000/acme/shop:1.2\n" },
    { good: "services:\n  app:\n    image: ${REGISTRY}/shop:${TAG:-1.2}\n" },
  ],
  check({ compose, project, report }) {
    for (const use of imagesOf(project)) {
      if (use.ref || hasVariables(use.text)) continue;
      const parsed = parseImageRef(use.text);
      if (parsed.ok) continue;
      const { error, suggestion } = parsed;
      const change =
        suggestion === undefined
          ? { edits: [] }
          : editOf(compose, use, (at) => replace({ start: at, end: at + use.text.length }, suggestion));
      report(use.span, {
        message: `${use.text} can be no image: ${error}`,
        ...("refusal" in change
          ? change
          : suggestion !== undefined && { fixes: [unsafeFix(`Write ${suggestion}`, ...change.edits)] }),
      });
    }
  },
});
