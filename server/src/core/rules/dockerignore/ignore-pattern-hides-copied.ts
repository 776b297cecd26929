import { lineThatLetsIn } from "../../assists/dockerignore/let-in.ts";
import { contextUses, hiddenBy } from "../../model/dockerfile/context-uses.ts";
import type { Dockerignore } from "../../model/dockerignore/model.ts";
import { ignoreFileOf } from "../../model/ignore.ts";
import { defineDockerignoreRule, type Fix, unsafeFix } from "../../rule.ts";
import { isBuiltHere } from "../build-context.ts";
import { contextPaths, dockerfilesHere } from "../ignored-paths.ts";

export default defineDockerignoreRule({
  id: "ignore-pattern-hides-copied",
  summary: "a pattern of .dockerignore that keeps out what a Dockerfile beside it copies",
  severity: "error",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.5.0",
  sameAs: [],
  why: `
What is kept out is not sent to the builder, so the build stops at the COPY and says that the file is not there. The same is told in the
Dockerfile by copy-ignored-file; here it stands at the line that does it. Looked at are the Dockerfiles at the top of the folder that have no
ignore file of their own and copy something that is there, and for \`NAME.dockerignore\` the Dockerfile of that name.`,
  fixSafety: `
A \`!\` line at the end lets the path in for every Dockerfile of the folder, also those that copy all of it. So it is unsafe.`,
  examples: [
    {
      bad: "node_modules\ndist\n",
      fixed: "node_modules\ndist\n!dist/app.js\n",
      answers: {
        "list:": ".dockerignore\nDockerfile\ndist/\ndist/app.js\npackage.json",
        "read:Dockerfile": "FROM node:22\nCOPY package.json dist/app.js /app/\n",
      },
    },
    {
      good: "node_modules\n",
      answers: {
        "list:": ".dockerignore\nDockerfile\ndist/\npackage.json",
        "read:Dockerfile": "FROM node:22\nCOPY package.json dist /app/\n",
      },
    },
  ],
  check(context) {
    const { dockerignore, report } = context;
    const lines = dockerignore.lines.filter(({ pattern }) => pattern);
    // BuildKit stops at a fault, and that is told already.
    if (lines.length === 0 || dockerignore.lines.some(({ fault }) => fault !== undefined)) return;
    const file = ignoreFileOf(lines.flatMap(({ pattern }) => pattern ?? []));
    const own = /.\.dockerignore$/.test(dockerignore.name ?? "");
    const paths = own ? undefined : contextPaths(context)?.paths;
    const told = new Set<string>();
    for (const { path, dockerfile } of dockerfilesHere(context)) {
      if (paths && !isBuiltHere(dockerfile, { paths })) continue;
      for (const use of contextUses(dockerfile)) {
        const by = hiddenBy(file, use);
        const line = lines.find(({ pattern }) => pattern === by);
        const key = `${by?.text} ${use.path}`;
        if (!by || !line || told.has(key)) continue;
        told.add(key);
        const what = use.path === "." ? "everything" : use.path;
        report(line.span, {
          ...(use.path === "." && { severity: "warning" as const }),
          message: `${line.text} keeps ${what} out, and ${path} ${use.instruction.name === "RUN" ? "mounts" : "copies"} ${use.path === "." ? "the folder" : "it"}`,
          fixes: use.path === "." || use.pattern ? [] : letIn(dockerignore, use.path),
        });
      }
    }
  },
});

function letIn({ text }: Dockerignore, path: string): readonly Fix[] {
  const edit = lineThatLetsIn(text, path);
  return edit ? [unsafeFix(`Let ${path} in`, edit)] : [];
}
