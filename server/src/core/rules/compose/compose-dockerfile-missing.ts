import { buildOf } from "../../model/compose/build.ts";
import { contextOf, dockerfilePathOf, spellingsOf } from "../../model/compose/dockerfiles.ts";
import { defineComposeRule, known } from "../../rule.ts";
import { isMissing } from "../compose-files.ts";

export default defineComposeRule({
  id: "compose-dockerfile-missing",
  summary: "Dockerfile that does not exist",
  severity: "error",
  profile: "recommended",
  fixable: "never",
  since: "0.3.0",
  sameAs: [],
  why: `
The image cannot be built: \`failed to read dockerfile: no such file or directory\`. The path is relative to the build context, not to
the compose file.`,
  examples: [
    {
      bad: "services:\n  web:\n    build:\n      context: ./web\n      dockerfile: web/Dockerfile\n",
      answers: {
        "path-kind:web": "folder",
        "path-kind:web/web/Dockerfile": "missing",
        "path-kind:web/web/dockerfile": "missing",
      },
    },
    {
      good: "services:\n  web:\n    build:\n      context: ./web\n      dockerfile: Dockerfile\n",
      answers: { "path-kind:web": "folder", "path-kind:web/Dockerfile": "file" },
    },
  ],
  check(context) {
    for (const service of context.compose.services) {
      const build = buildOf(service);
      const path = dockerfilePathOf(service);
      const folder = contextOf(service);
      const place = build?.dockerfile ?? build?.context ?? build?.field;
      if (!build || !place || place.via || service.via || path === undefined || folder === undefined) continue;
      // Where the folder itself is missing, that is what there is to say.
      if (folder !== "." && known(context.lookup({ ask: "path-kind", path: folder })) !== "folder") continue;
      if (!spellingsOf(path).every((spelling) => isMissing(context, spelling))) continue;
      const span = "span" in place ? place.span : place.keySpan;
      const from = fromComposeFile(build.dockerfile?.text, path, context);
      context.report(span, { message: `There is no ${path} to build ${service.name} with${from}` });
    }
  },
});

/** The usual slip: a path that begins at the compose file. */
function fromComposeFile(
  written: string | undefined,
  path: string,
  { lookup }: Parameters<typeof isMissing>[0],
): string {
  if (written === undefined || written === path || written.startsWith("..")) return "";
  const plain = written.replace(/^\.\//, "");
  const isThere = plain !== path && known(lookup({ ask: "path-kind", path: plain })) === "file";
  return isThere ? "; the path begins at the build context, not at this file" : "";
}
