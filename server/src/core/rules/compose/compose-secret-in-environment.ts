import { hasVariables, unescaped } from "../../model/compose/interpolation.ts";
import { buildArgumentsOf, type Variable, variablesOf } from "../../model/compose/variables.ts";
import { cannotBeSecret, isSecretVariable } from "../../model/secret-names.ts";
import { defineComposeRule, type Report } from "../../rule.ts";
import { placeOf, servicesHere } from "../compose-services.ts";
import { isRandom, secretsIn } from "../tokens.ts";

export default defineComposeRule({
  id: "compose-secret-in-environment",
  summary: "password, key or token in the environment of a service",
  severity: "warning",
  profile: "recommended",
  fixable: "never",
  since: "0.3.0",
  sameAs: [],
  why: `
What stands in the file stands in the repository, and \`docker inspect\`, every child process and many an error report show the
environment. Values are judged first: tokens of AWS, GitHub, GitLab, Slack, Stripe, npm and others, private keys, passwords in
URLs, and, where the name says password, secret, token or key, whatever looks made by a machine. Those are real: revoke them. A
made-up one (\`POSTGRES_PASSWORD: postgres\`) is as usual as it is easy to guess, and is for the profile \`strict\`. A variable
(\`\${DB_PASSWORD}\`), a \`secrets:\` entry with \`POSTGRES_PASSWORD_FILE\`, an \`env_file\` that is not in the repository keep
it out of the file. Names that end in _FILE or say a path, a URL without password or a switch are no secrets. Build arguments
count: they stay in the image's history. The message never repeats the value.`,
  examples: [
    {
      bad: "services:\n  app:\n    image: example/app:2.1\n    environment:\n      SESSION_SECRET: 9f2KxQ7vLm4TzB1wRd8s\n",
    },
    {
      bad: "services:\n  app:\n    image: example/app:2.1\n    environment:\n      - DATABASE_URL=postgres://app:h7Kq29vXwLm4@db:5432/app\n",
    },
    { bad: "services:\n  db:\n    image: postgres:18.1\n    environment:\n      POSTGRES_PASSWORD: postgres\n" },
    {
      good: "services:\n  db:\n    image: postgres:18.1\n    environment:\n      POSTGRES_PASSWORD_FILE: /run/secrets/db\n      PGPASSWORD: ${DB_PASSWORD}\n",
    },
  ],
  check({ project, report }) {
    for (const service of servicesHere(project))
      for (const variable of [...variablesOf(service).values(), ...buildArgumentsOf(service).values()]) {
        const found = lookAt(variable);
        if (found) report(placeOf(service, variable, variable.valueSpan), found);
      }
  },
});

function lookAt({ name, text }: Variable): Report | undefined {
  if (text === undefined || text.trim() === "") return undefined;
  const [token] = secretsIn(text);
  if (token)
    return {
      message: `${name} holds what looks like ${token.kind}: everyone who can read the file has it, so revoke it and give the next one as a secret`,
    };
  if (hasVariables(text)) return undefined;
  const value = unescaped(text);
  const password = IN_CONNECTION.exec(value)?.[1];
  if (password !== undefined) return judged(name, password);
  if (!isSecretVariable(name) || cannotBeSecret(name, value)) return undefined;
  return judged(name, value);
}

const judged = (name: string, value: string): Report =>
  isRandom(value) && !MADE_UP.test(value)
    ? { message: `${name} holds a secret: everyone who can read the file has it, so change it and give it as a secret` }
    : {
        message: `${name} stands in the file, and is easy to guess: give it as a secret or a variable`,
        profile: "strict",
        severity: "info",
      };

/** `Server=db;User Id=sa;Password=…` */
const IN_CONNECTION = /;\s*(?:password|pwd)\s*=\s*([^;$]+)/i;
/** People make these up for their own machines. */
const MADE_UP = /^(?:dev|test|local|demo|admin|root|user|guest|default|docker|my)|p[a@4][s$5]{2}|(?:123|1234)!?$/i;
