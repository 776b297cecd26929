import { secretMountFix } from "../../assists/dockerfile/secret-mount.ts";
import { unquote } from "../../model/dockerfile/words.ts";
import { defineRule } from "../../rule.ts";
import { harmlessKind, isSecretName, valueOf } from "../secret-names.ts";
import { secretsIn } from "../tokens.ts";
import { allNamedEither } from "../../model/dockerfile/named.ts";

export default defineRule({
  id: "secret-in-arg-env",
  summary: "ARG or ENV whose name says that it is a secret",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.1.0",
  sameAs: ["hadolint:DL3064", "buildkit:SecretsUsedInArgOrEnv", "trivy:DS-0031", "dockle:CIS-DI-0010"],
  why: `
The value of an \`ENV\` is stored in the image, and that of an \`ARG\` in its history and in the build's provenance: whoever can pull
the image can read it, in a later layer too. A secret mount gives it to one \`RUN\` and leaves nothing behind; what the program
needs while it runs belongs to whoever starts the container. Names are judged by whole words (token, password, key, auth, …). A
value that is a path, a URL without password or a fingerprint is no secret, nor is a name that ends in _FILE, _PATH or _VERSION. BuildKit
reports the fingerprint in \`GPG_KEY\` or \`RELEASE_KEY\` all the same, which is the matter of public-value-named-secret, and does not look
at an \`ARG\` before the first FROM. hadolint reports each name with username or token somewhere in it (\`USERNAME\`,
\`TOKENIZERS_PARALLELISM\`), but not \`KEY\` alone or \`COMPOSER_AUTH\`. A value that is a token for certain is the matter of secret-value.`,
  fixSafety: `
Unsafe: the build then wants \`--secret id=NAME\` in place of \`--build-arg NAME=…\`. Offered only where every use is a RUN of the same
stage, because nothing else can take a secret.`,
  examples: [
    {
      bad: "FROM node:22\nARG NPM_TOKEN\nRUN npm config set //registry.npmjs.org/:_authToken $NPM_TOKEN && npm ci\n",
      fixed:
        "FROM node:22\nRUN --mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN npm config set //registry.npmjs.org/:_authToken $NPM_TOKEN && npm ci\n",
    },
    { bad: "FROM postgres:17\nENV POSTGRES_PASSWORD=letmein\n" },
    { good: "FROM postgres:17\nENV POSTGRES_PASSWORD_FILE=/run/secrets/postgres PUBLIC_KEY=abc\n" },
  ],
  check({ dockerfile, report }) {
    for (const instruction of allNamedEither(dockerfile, "ARG", "ENV")) {
      for (const pair of instruction.pairs) {
        const name = unquote(pair.key.text);
        if (!isSecretName(name)) continue;
        if (harmlessKind(name, pair.value && valueOf(dockerfile, instruction, pair.value.text)) !== undefined) continue;
        // A value that is a token for certain is the matter of secret-value.
        if (pair.value && secretsIn(pair.value.text).length > 0) continue;
        const result = secretMountFix(dockerfile, instruction, pair, name);
        report(pair.key.span, {
          message:
            instruction.name === "ARG"
              ? `ARG ${name} stays readable in the image's history: give a secret to the RUN that needs it with --mount=type=secret`
              : `ENV ${name} stays readable in the image: give a secret to the RUN that needs it, or to the container when it starts`,
          ...(typeof result === "string" ? { refusal: result } : { fixes: [result] }),
        });
      }
    }
  },
});
