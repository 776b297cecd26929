/** `npm run new-rule -- <id>`: a rule file and its fixture, ready to be filled in. */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const id = process.argv[2] ?? "";
if (!/^[a-z0-9]+(-[a-z0-9]+)+$/.test(id)) {
  console.error(
    "usage: npm run new-rule -- <id>, where the id names the bad pattern in lower case, as base-tag-floating",
  );
  process.exit(2);
}

/** Rules of compose files and of ignore files are called so. */
const language = id.startsWith("compose-")
  ? "compose"
  : id.startsWith("ignore-pattern-")
    ? "dockerignore"
    : "dockerfile";

const dockerfileRule = `import { defineRule } from "../../rule.ts";

export default defineRule({
  id: "${id}",
  summary: "the bad pattern in a few words",
  severity: "warning",
  profile: "all",
  fixable: "never",
  since: "0.1.0",
  sameAs: [],
  why: \`
What happens to the person who leaves it so, in two or three sentences. Say also what keeps the rule silent.\`,
  examples: [{ bad: "FROM alpine:3.22\\nRUN bad\\n" }, { good: "FROM alpine:3.22\\nRUN good\\n" }],
  check({ dockerfile, report }) {
    for (const run of dockerfile.all)
      if (run.name === "RUN" && run.args.text === "bad") report(run.args.span, { message: "This is bad, because" });
  },
});
`;

const composeRule = `import { fieldOf } from "../../model/compose/fields.ts";
import { defineComposeRule } from "../../rule.ts";

export default defineComposeRule({
  id: "${id}",
  summary: "the bad pattern in a few words",
  severity: "warning",
  profile: "all",
  fixable: "never",
  since: "0.1.0",
  sameAs: [],
  why: \`
What happens to the person who leaves it so, in two or three sentences. Say also what keeps the rule silent.\`,
  examples: [
    { bad: "services:\\n  web:\\n    image: nginx:1.29\\n    bad: true\\n" },
    { good: "services:\\n  web:\\n    image: nginx:1.29\\n" },
  ],
  check({ project, report }) {
    for (const { map } of project.services) {
      const bad = fieldOf(map, "bad");
      if (bad && !bad.via) report(bad.keySpan, { message: "This is bad, because" });
    }
  },
});
`;

const dockerignoreRule = `import { defineDockerignoreRule } from "../../rule.ts";

export default defineDockerignoreRule({
  id: "${id}",
  summary: "the bad pattern in a few words",
  severity: "warning",
  profile: "all",
  fixable: "never",
  since: "0.1.0",
  sameAs: [],
  why: \`
What happens to the person who leaves it so, in two or three sentences. Say also what keeps the rule silent.\`,
  examples: [{ bad: "bad\\n" }, { good: "good\\n" }],
  check({ dockerignore, report }) {
    for (const { text, span } of dockerignore.lines)
      if (text === "bad") report(span, { message: "This is bad, because" });
  },
});
`;

/** The rule, and a text with its fence in the fixture. */
const DRAFTS = {
  dockerfile: [dockerfileRule, "dockerfile", "FROM alpine:3.22\nRUN bad"],
  compose: [composeRule, "yaml", "services:\n  web:\n    image: nginx:1.29\n    bad: true"],
  dockerignore: [dockerignoreRule, "gitignore", "bad"],
} as const;
const [rule, fence, text] = DRAFTS[language];

const fixture = `# ${id}

## The usual case

Why this case is here, in a sentence.

\`\`\`${fence}
${text}
\`\`\`
`;

for (const [path, content] of [
  [`server/src/core/rules/${language}/${id}.ts`, rule],
  [`test/rules/${language}/${id}.md`, fixture],
] as const) {
  if (existsSync(join(root, path))) {
    console.error(`${path} is there already`);
    process.exit(2);
  }
  writeFileSync(join(root, path), content);
  console.log(path);
}
console.log("Next: npm run generate, then UPDATE=1 npm test -- unit, and review what it wrote");
