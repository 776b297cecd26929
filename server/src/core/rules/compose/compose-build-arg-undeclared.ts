import { buildOf } from "../../model/compose/build.ts";
import { dockerfileOf, isOrdinary } from "../../model/compose/dockerfiles.ts";
import type { Dockerfile } from "../../model/dockerfile/model.ts";
import { PLATFORM_ARGS, PREDEFINED_ARGS } from "../../model/dockerfile/scope.ts";
import { defineComposeRule, unsafeFix } from "../../rule.ts";
import { didYouMean, nearest } from "../../text/nearest.ts";

export default defineComposeRule({
  id: "compose-build-arg-undeclared",
  summary: "build argument the Dockerfile does not declare",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: [],
  why: `
An argument reaches a build only where the Dockerfile has an \`ARG\` of that name. BuildKit says \`one or more build-args were not
consumed\` in the middle of its output, and the build goes on without: with another version, without a feature.`,
  fixSafety: `
Unsafe: the argument whose name is near is what was probably meant.`,
  examples: [
    {
      bad: "services:\n  web:\n    build:\n      context: .\n      args:\n        NODE_VERSON: 24\n",
      fixed: "services:\n  web:\n    build:\n      context: .\n      args:\n        NODE_VERSION: 24\n",
      answers: { "path-kind:Dockerfile": "file", "text:Dockerfile": "ARG NODE_VERSION=22\nFROM node:$NODE_VERSION\n" },
    },
    {
      good: "services:\n  web:\n    build:\n      context: .\n      args:\n        NODE_VERSION: 24\n",
      answers: { "path-kind:Dockerfile": "file", "text:Dockerfile": "ARG NODE_VERSION=22\nFROM node:$NODE_VERSION\n" },
    },
  ],
  check({ compose, lookup, report }) {
    for (const service of compose.services) {
      const build = buildOf(service);
      const args = (build?.args ?? []).filter(({ key, via }) => !via && !isBuiltIn(key));
      if (!build || args.length === 0 || service.via) continue;
      const dockerfile = dockerfileOf(service, lookup);
      if (!dockerfile || !isOrdinary(dockerfile) || dockerfile.stages.length === 0) continue;
      const declared = argumentsOf(dockerfile);
      if (!declared) continue;
      for (const { key, keySpan } of args) {
        if (declared.has(key)) continue;
        const near = nearest(key, declared);
        const isWritten = compose.text.slice(keySpan.start, keySpan.end) === key;
        report(keySpan, {
          message: `The Dockerfile of ${service.name} has no ARG ${key}${didYouMean(key, declared)}`,
          ...(near !== undefined && isWritten && { fixes: [unsafeFix(`Use ${near}`, { span: keySpan, text: near })] }),
        });
      }
    }
  },
});

/** BuildKit takes these without an ARG. */
const isBuiltIn = (key: string): boolean =>
  PREDEFINED_ARGS.has(key) || PLATFORM_ARGS.has(key) || /^BUILDKIT_|^SOURCE_DATE_EPOCH$|\$/.test(key);

/** Undefined where a base image may bring ARGs of its own with ONBUILD. */
function argumentsOf({ all, stages }: Dockerfile): ReadonlySet<string> | undefined {
  if (stages.some(({ image }) => /onbuild/i.test(image?.text ?? ""))) return undefined;
  return new Set(all.flatMap(({ name, pairs }) => (name === "ARG" ? pairs.map(({ key }) => key.text) : [])));
}
