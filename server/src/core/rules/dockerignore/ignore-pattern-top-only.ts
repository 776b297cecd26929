import { ignoredBy, ignoreFileOf } from "../../model/ignore.ts";
import { defineDockerignoreRule, unsafeFix } from "../../rule.ts";
import { replace } from "../../text/edit.ts";
import { contextPaths } from "../ignored-paths.ts";

export default defineDockerignoreRule({
  id: "ignore-pattern-top-only",
  summary: "a pattern of .dockerignore that misses the same name in folders below",
  severity: "info",
  profile: "recommended",
  fixable: "always",
  since: "0.5.0",
  sameAs: [],
  why: `
In a \`.gitignore\` a name fits at any depth, in a \`.dockerignore\` only at the top: \`node_modules\` keeps out the folder beside the
ignore file and lets \`web/node_modules\` through, \`.env\` lets \`api/.env\` through. \`**/\` in front is what fits anywhere. Shown for
names that are never meant at one place alone (installed packages, caches, logs, settings with secrets), and only where one of them is in the
folder and gets through.`,
  fixSafety: `
With \`**/\` more is kept out than before, so it is unsafe.`,
  examples: [
    {
      bad: "node_modules\n",
      fixed: "**/node_modules\n",
      answers: { "list:": ".dockerignore\nDockerfile\npackage.json\nweb/\nweb/node_modules/" },
    },
    {
      good: "node_modules\nweb/node_modules\n",
      answers: { "list:": ".dockerignore\nDockerfile\npackage.json\nweb/\nweb/node_modules/" },
    },
  ],
  check(context) {
    const { dockerignore, report } = context;
    const candidates = dockerignore.lines.filter(
      ({ pattern }) => pattern && !pattern.exclusion && ANYWHERE.test(pattern.text),
    );
    if (candidates.length === 0) return;
    const here = contextPaths(context);
    if (!here) return;
    const file = ignoreFileOf(dockerignore.lines.flatMap(({ pattern }) => pattern ?? []));
    for (const { pattern, span, text } of candidates) {
      const through = here.paths.filter(
        (path) =>
          path.includes("/") &&
          pattern?.matches(path.slice(path.lastIndexOf("/") + 1)) === true &&
          ignoredBy(file, path) === undefined,
      );
      const [first] = through;
      if (first === undefined) continue;
      const more = through.length > 1 ? ` and ${through.length - 1} more get` : " gets";
      const anywhere = `**/${pattern?.text}`;
      report(span, {
        message: `${text} fits at the top of the folder only: ${first}${more} through`,
        fixes: [unsafeFix(`Write ${anywhere}`, replace(span, anywhere))],
      });
    }
  },
});

const ANYWHERE =
  /^(?:node_modules|bower_components|__pycache__|\.venv|\.env|\.env\.local|\.DS_Store|Thumbs\.db|\.next|\.nuxt|\.turbo|\.gradle|\.tox|\.(?:pytest|mypy|ruff)_cache|\*\.(?:log|py[cod]|py\[cod\]|pyc|pyo|swp|tmp|bak|class|egg-info))$/;
