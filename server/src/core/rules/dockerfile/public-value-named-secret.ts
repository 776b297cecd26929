import type { Pair } from "../../model/dockerfile/model.ts";
import { unquote } from "../../model/dockerfile/words.ts";
import { defineRule } from "../../rule.ts";
import { harmlessKind, isSecretName, isSecretToBuildKit, valueOf } from "../secret-names.ts";
import { secretsIn } from "../tokens.ts";
import { allNamedEither } from "../../model/dockerfile/named.ts";

export default defineRule({
  id: "public-value-named-secret",
  summary: "ARG or ENV named like a secret that holds none",
  severity: "hint",
  profile: "all",
  fixable: "never",
  since: "0.2.0",
  sameAs: ["buildkit:SecretsUsedInArgOrEnv"],
  why: `
\`docker build --check\` goes by names alone: \`GPG_KEY\`, \`RELEASE_KEY\` or \`AUTH_URL\` get its warning SecretsUsedInArgOrEnv
although a fingerprint, a path, an address or a switch is no secret. Warnings nobody can act on hide the one that matters. BuildKit
lets names with the words public, file or version pass, so \`GPG_PUBLIC_KEY\`, or a name without such a word (\`GPG_FINGERPRINT\`),
is quiet; \`# check=skip=SecretsUsedInArgOrEnv\` switches its check off for the file. What may be a secret is reported by
secret-in-arg-env. There is no fix: other files and the people who build may use the name.`,
  examples: [
    { bad: "FROM debian:13\nENV GPG_KEY=7A3C91D5E08B4F62A1C7D9E3B5F80246813579BD\n" },
    { bad: "FROM debian:13\nARG AUTH_URL\n" },
    { good: "FROM debian:13\nENV GPG_FINGERPRINT=7A3C91D5E08B4F62A1C7D9E3B5F80246813579BD\n" },
    { good: "FROM debian:13\nARG GPG_PUBLIC_KEY=7A3C91D5E08B4F62A1C7D9E3B5F80246813579BD\n" },
  ],
  check({ dockerfile, report }) {
    // BuildKit does not look at what ONBUILD registers, nor at an ARG before FROM.
    for (const instruction of allNamedEither(dockerfile, "ARG", "ENV")) {
      if (instruction.triggered || instruction.stage === -1) continue;
      for (const pair of instruction.pairs) {
        const name = unquote(pair.key.text);
        if (!isSecretToBuildKit(name) || isToken(pair)) continue;
        const kind = harmlessKind(name, pair.value && valueOf(dockerfile, instruction, pair.value.text));
        // The other rule has the rest.
        if (kind === undefined && isSecretName(name)) continue;
        report(pair.key.span, {
          message: `${name} is named like a secret but ${kind === undefined ? "means none" : `holds ${kind}`}: docker build --check warns about it all the same`,
          refusal: "other files and whoever builds may use the name",
        });
      }
    }
  },
});

/** The matter of secret-value. */
const isToken = ({ value }: Pair): boolean => value !== undefined && secretsIn(value.text).length > 0;
