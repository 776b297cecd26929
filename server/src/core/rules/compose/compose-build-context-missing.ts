import { buildOf } from "../../model/compose/build.ts";
import { contextOf } from "../../model/compose/dockerfiles.ts";
import { defineComposeRule } from "../../rule.ts";
import { isMissing } from "../compose-files.ts";

export default defineComposeRule({
  id: "compose-build-context-missing",
  summary: "build context that does not exist",
  severity: "error",
  profile: "recommended",
  fixable: "never",
  since: "0.3.0",
  sameAs: [],
  why: `
The image cannot be built: \`path "…" not found\`. Paths are relative to the compose file.`,
  examples: [
    {
      bad: "services:\n  web:\n    build: ./wbe\n",
      answers: { "path-kind:wbe": "missing" },
    },
    {
      good: "services:\n  web:\n    build: ./web\n",
      answers: { "path-kind:web": "folder" },
    },
  ],
  check(context) {
    for (const service of context.compose.services) {
      const written = buildOf(service)?.context;
      const path = contextOf(service);
      if (!written || written.via || service.via || path === undefined || !isMissing(context, path)) continue;
      context.report(written.span, { message: `There is no folder ${path} to build ${service.name} from` });
    }
  },
});
