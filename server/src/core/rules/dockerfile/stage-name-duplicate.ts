import type { Stage } from "../../model/dockerfile/model.ts";
import { stageReferences } from "../../model/dockerfile/references.ts";
import { defineRule, unsafeFix } from "../../rule.ts";
import { replace } from "../../text/edit.ts";

export default defineRule({
  id: "stage-name-duplicate",
  summary: "two stages have the same name",
  severity: "error",
  profile: "recommended",
  fixable: "always",
  since: "0.1.0",
  sameAs: [
    "hadolint:DL3024",
    "buildkit:DuplicateStageName",
    "trivy:DS-0012",
    "kics:Same Alias In Different Froms",
    "checkov:CKV_DOCKER_11",
    "dockerfile-utils:DUPLICATE_BUILD_STAGE_NAME",
  ],
  why: `
The name means two things. \`FROM\` takes the nearest stage above, while \`COPY --from\`, \`RUN --mount=from=\` and \`--target\` take the last
one of the file, also where they stand above it: then the build stops. Names are compared without case.`,
  fixSafety: `
Unsafe: the later stage gets a new name, with every reference that means it, so a file that builds builds the same; but a
\`--target\` on some command line now means the earlier stage.`,
  examples: [
    {
      bad: "FROM node:22 AS build\nRUN npm ci\n\nFROM golang:1.25 AS build\nRUN go build\n\nFROM scratch\nCOPY --from=build /app /app\n",
      fixed:
        "FROM node:22 AS build\nRUN npm ci\n\nFROM golang:1.25 AS build-2\nRUN go build\n\nFROM scratch\nCOPY --from=build-2 /app /app\n",
    },
    { good: "FROM node:22 AS web\n\nFROM golang:1.25 AS server\n" },
  ],
  check({ dockerfile, report }) {
    const taken = new Set(dockerfile.stages.flatMap(({ name }) => name?.text.toLowerCase() ?? []));
    const first = new Map<string, Stage>();
    for (const stage of dockerfile.stages) {
      const { name } = stage;
      if (!name) continue;
      const key = name.text.toLowerCase();
      const earlier = first.get(key);
      if (!earlier) {
        first.set(key, stage);
        continue;
      }
      const fresh = freeName(name.text, taken);
      taken.add(fresh.toLowerCase());
      const words = [name, ...stageReferences(dockerfile, stage)];
      report(name.span, {
        message: `An earlier stage is called ${name.text} too: from here on the name means this one`,
        fixes: [unsafeFix(`Rename this stage to ${fresh}`, ...words.map(({ span }) => replace(span, fresh)))],
        related: earlier.name ? [{ span: earlier.name.span, message: "the first stage of that name" }] : [],
      });
    }
  },
});

function freeName(name: string, taken: ReadonlySet<string>): string {
  let number = 2;
  while (taken.has(`${name}-${number}`.toLowerCase())) number++;
  return `${name}-${number}`;
}
