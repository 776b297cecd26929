import { programsCalled } from "../../model/dockerfile/programs.ts";
import type { Dockerfile } from "../../model/dockerfile/model.ts";
import { defineRule } from "../../rule.ts";
import { buildContextOf, folderSources, isBuiltHere, isCopied, reason } from "../build-context.ts";

export default defineRule({
  id: "dockerignore-missing",
  summary: "COPY . from a folder without .dockerignore, or with one that lets .git or node_modules through",
  severity: "warning",
  profile: "recommended",
  fixable: "never",
  since: "0.2.0",
  sameAs: [],
  why: `
\`COPY .\` takes everything. With \`.git\` each commit makes the layer and all after it new, and the whole history is in the
image. With \`node_modules\` or a virtual environment, what the build installed is overwritten by what was built for another
system. A \`.dockerignore\` that names them is short, and the build context is smaller to send. Shown where these folders are there
and get through; a folder without any \`.dockerignore\` is shown in the \`strict\` profile, because sooner or later they will be. Silent
where the Dockerfile's folder is not the build context (files it copies by name are not there), where another ignore file may
hold, and about \`.git\` where the file calls git. Secrets are another rule's matter: secret-file-copied.`,
  examples: [
    {
      bad: "FROM node:22\nWORKDIR /app\nCOPY . .\n",
      answers: { "list:": ".git/\nDockerfile\nnode_modules/\npackage.json" },
    },
    {
      good: "FROM node:22\nWORKDIR /app\nCOPY . .\n",
      answers: {
        "list:": ".dockerignore\n.git/\nDockerfile\nnode_modules/\npackage.json",
        "read:.dockerignore": ".git\n**/node_modules\n",
      },
    },
    { good: "FROM node:22\nCOPY src /app/src\n", answers: { "list:": ".git/\nDockerfile\nnode_modules/\nsrc/" } },
  ],
  check(context) {
    const { dockerfile, report } = context;
    const sources = folderSources(dockerfile).filter(({ path }) => path === ".");
    if (sources.length === 0) return;
    const here = buildContextOf(context);
    if (!here || !isBuiltHere(dockerfile, here)) return;
    const { paths, hasIgnoreFile } = here;
    for (const source of sources) {
      const through = paths.filter((path) => isUnwanted(dockerfile, path) && isCopied(here, source, path));
      const names = through.slice(0, 3).map((path) => path.slice(0, -1));
      const { name } = source.instruction;
      if (names.length > 0)
        report(source.word.span, {
          message: `${name} takes ${list(names, through.length)} along: ${reason(here)}`,
          refusal: "the lines belong in .dockerignore",
        });
      else if (!hasIgnoreFile)
        report(source.word.span, {
          profile: "strict",
          severity: "info",
          message: `${name} takes everything in the folder, and no .dockerignore says what should stay out`,
          refusal: "the lines belong in .dockerignore",
        });
    }
  },
});

/** Folders that belong to the machine: history, installed packages. */
function isUnwanted(dockerfile: Dockerfile, path: string): boolean {
  if (path === ".git/") return programsCalled(dockerfile, "git").length === 0;
  return /(?:^|\/)(?:node_modules|\.venv|__pycache__)\/$/.test(path);
}

const list = (names: readonly string[], count: number): string =>
  count > names.length
    ? `${names.join(", ")} and ${count - names.length} more`
    : names.length > 1
      ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`
      : names.join("");
