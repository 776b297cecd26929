import { needsGit } from "../../assists/dockerignore/write.ts";
import { TELLS_OF_GIT } from "../../assists/dockerignore/patterns.ts";
import { type Context, defineRule, known } from "../../rule.ts";
import { type BuildContext, buildContextOf } from "../../assists/build-context.ts";
import { folderSources, isBuiltHere, isCopied, reason } from "../build-context.ts";
import { ignoreRemedyFor } from "../ignore-facts.ts";

export default defineRule({
  id: "dockerignore-missing",
  summary:
    "COPY . from a folder without .dockerignore, or with one that lets .git, node_modules or build output through",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: [],
  why: `
\`COPY .\` takes everything. With \`.git\` each commit makes the layer and all after it new, and the whole history is in the
image. With \`node_modules\` or a virtual environment, what the build installed is overwritten by what was built for another
system. A \`.dockerignore\` that names them is short, and the build context is smaller to send. Shown where these folders are there
and get through; where it is only what builds leave behind (\`.next\`, \`target\` of Cargo, \`obj\`), and for a folder without any
\`.dockerignore\`, because sooner or later they will be, it is shown in the \`strict\` profile. Silent
where the Dockerfile's folder is not the build context (files it copies by name are not there), and about \`.git\` where the file or a
manifest (setuptools-scm, a plugin that reads the commit) asks git. Secrets are another rule's matter: secret-file-copied.`,
  fixSafety: `
The fix writes \`.dockerignore\`, or adds the missing lines to it or to the Dockerfile's own \`NAME.dockerignore\`. Every pattern is
tried against what each Dockerfile of the folder copies or mounts by name, and is left out where it would take something of that away;
what a build makes is left out only where every Dockerfile there makes it, and not where git keeps it. It is unsafe all the same: what is
kept out is no longer in the image, and a program may read a file that no instruction names.`,
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
      const through = paths.filter((path) => path.endsWith("/") && isCopied(here, source, path));
      const unwanted = through.filter((path) => UNWANTED.test(path) || (path === ".git/" && !asksGit(context, here)));
      const left = through.filter((path) => isLeftover(path, here));
      const names = unwanted.length > 0 ? unwanted : left;
      const { name } = source.instruction;
      const weak = unwanted.length === 0 && ({ profile: "strict", severity: "info" } as const);
      if (names.length > 0)
        report(source.word.span, {
          ...weak,
          message: `${name} takes ${list(names.map((path) => path.slice(0, -1)))} along: ${reason(here)}`,
          remedy: ignoreRemedyFor(context, here, [...unwanted, ...left]),
        });
      else if (!hasIgnoreFile)
        report(source.word.span, {
          ...weak,
          message: `${name} takes everything in the folder, and no .dockerignore says what should stay out`,
          remedy: ignoreRemedyFor(context, here, []),
        });
    }
  },
});

/** Folders that belong to the machine: installed packages. */
const UNWANTED = /(?:^|\/)(?:node_modules|\.venv|__pycache__)\/$/;

function asksGit({ dockerfile, lookup }: Context, { paths }: BuildContext): boolean {
  if (needsGit({ dockerfiles: [dockerfile], texts: new Map() })) return true;
  const manifests = paths.filter((path) => TELLS_OF_GIT.has(path));
  const texts = manifests.flatMap((path) => {
    const text = known(lookup({ ask: "read", path }));
    return text === undefined ? [] : [[path, text] as const];
  });
  return needsGit({ dockerfiles: [], texts: new Map(texts) });
}

/** What builds leave behind, by a name that means nothing else, or with the file beside it that says so. */
function isLeftover(path: string, { paths }: BuildContext): boolean {
  if (!path.endsWith("/")) return false;
  if (/(?:^|\/)(?:\.next|\.nuxt|\.svelte-kit|\.gradle|\.tox|\.pytest_cache|\.mypy_cache|\.ruff_cache)\/$/.test(path))
    return true;
  const [, folder = "", name = ""] = /^(.*?)([^/]+)\/$/.exec(path) ?? [];
  const beside = (file: string): boolean => paths.includes(`${folder}${file}`);
  if (name === "obj")
    return paths.some((each) => each.startsWith(folder) && /^[^/]+\.[cf]sproj$/.test(each.slice(folder.length)));
  return (name === "target" && beside("Cargo.toml")) || (name === "_build" && beside("mix.exs"));
}

const list = (all: readonly string[]): string => {
  const names = all.slice(0, 3);
  return all.length > names.length
    ? `${names.join(", ")} and ${all.length - names.length} more`
    : names.length > 1
      ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`
      : names.join("");
};
