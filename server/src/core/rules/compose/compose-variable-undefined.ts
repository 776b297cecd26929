import { interpolationsIn, type Variable, withNested } from "../../model/compose/interpolation.ts";
import { partOf } from "../../model/compose/pairs.ts";
import { defineComposeRule } from "../../rule.ts";
import type { YamlNode, YamlScalar } from "../../text/yaml.ts";

/** What every shell has, or compose sets by itself. */
const GIVEN =
  /^(?:HOME|USER|LOGNAME|PWD|PATH|SHELL|TMPDIR|LANG|TERM|DISPLAY|XAUTHORITY|SSH_AUTH_SOCK|XDG_\w+|APPDATA|USERPROFILE|COMPUTERNAME|COMPOSE_\w+|DOCKER_HOST)$/;

export default defineComposeRule({
  id: "compose-variable-undefined",
  summary: "variable without value and default",
  severity: "info",
  profile: "strict",
  fixable: "never",
  since: "0.3.0",
  sameAs: [],
  why: `
Compose puts nothing in the place of a variable that is not set, and only warns: \`nginx:\${TAG}\` becomes \`nginx:\`, and
\`\${DATA}/db:/data\` mounts \`/db\`. Reported are variables that \`.env\` does not have and that have neither a default (\`\${TAG:-1.29}\`) nor a
message for the case that they are missing (\`\${TAG:?set TAG}\`). The shell may set them, which nobody can see here: hence the strict profile,
and \`all\` where there is no \`.env\`.`,
  examples: [
    {
      bad: "services:\n  web:\n    image: nginx:${TAG}\n",
      answers: { "path-kind:.env": "file", "text:.env": "TAGG=1.29\n" },
    },
    {
      good: "services:\n  web:\n    image: nginx:${TAG:-1.29}\n",
      answers: { "path-kind:.env": "missing" },
    },
  ],
  check({ compose, project, report }) {
    const root = compose.root;
    if (!root || !compose.text.includes("$")) return;
    const seen = new Set<string>();
    for (const node of scalarsIn(root)) {
      const { variables } = interpolationsIn(node.text);
      for (const variable of requiredIn(variables)) {
        const { name, start, end } = variable;
        if (seen.has(name) || GIVEN.test(name)) continue;
        const { read, values } = project.environment;
        if (!read) return;
        if (values.has(name)) continue;
        seen.add(name);
        report(partOf(node, { start, end }), {
          message: `${name} is not set in .env and has no default: compose puts nothing in its place`,
          ...(values.size === 0 && { profile: "all" as const, severity: "hint" as const }),
        });
      }
    }
  },
});

/** Those whose absence leaves a gap: not where a default or an alternative stands. */
function requiredIn(variables: readonly Variable[]): readonly Variable[] {
  const tested = new Set(withNested(variables).flatMap(({ name, form }) => (form === "plain" ? [] : [name])));
  return withNested(variables).filter(({ name, form }) => form === "plain" && !tested.has(name));
}

/** Values as written, each once. */
function* scalarsIn(node: YamlNode): Generator<YamlScalar> {
  if (node.via) return;
  if (node.kind === "scalar") {
    if (node.text.includes("$")) yield node;
    return;
  }
  const below = node.kind === "list" ? node.items : node.written.map(({ value }) => value);
  for (const each of below) yield* scalarsIn(each);
}
