import { buildOf } from "../../model/compose/build.ts";
import { dockerfileOf, isOrdinary, stageByTarget } from "../../model/compose/dockerfiles.ts";
import { hasVariables } from "../../model/compose/interpolation.ts";
import { insideOf } from "../../model/compose/pairs.ts";
import { defineComposeRule, unsafeFix } from "../../rule.ts";
import { didYouMean, nearest } from "../../text/nearest.ts";

export default defineComposeRule({
  id: "compose-build-target-missing",
  summary: "build target that is no stage of the Dockerfile",
  severity: "error",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: [],
  why: `
The image cannot be built: \`target stage "…" could not be found\`. A target is the name behind \`AS\`, or the number of a stage from 0.`,
  fixSafety: `
Unsafe: the stage whose name is near is what was probably meant.`,
  examples: [
    {
      bad: "services:\n  web:\n    build:\n      context: .\n      target: prodution\n",
      fixed: "services:\n  web:\n    build:\n      context: .\n      target: production\n",
      answers: {
        "path-kind:Dockerfile": "file",
        "text:Dockerfile": "FROM node:24 AS build\nRUN npm ci\n\nFROM node:24-slim AS production\n",
      },
    },
    {
      good: "services:\n  web:\n    build:\n      context: .\n      target: build\n",
      answers: {
        "path-kind:Dockerfile": "file",
        "text:Dockerfile": "FROM node:24 AS build\nRUN npm ci\n\nFROM node:24-slim AS production\n",
      },
    },
  ],
  check({ compose, lookup, report }) {
    for (const service of compose.services) {
      const target = buildOf(service)?.target;
      if (!target || target.via || service.via || target.text === "" || hasVariables(target.text)) continue;
      const dockerfile = dockerfileOf(service, lookup);
      if (!dockerfile || !isOrdinary(dockerfile) || dockerfile.stages.length === 0) continue;
      if (stageByTarget(dockerfile, target.text)) continue;
      const names = dockerfile.stages.flatMap(({ name }) => name?.text ?? []);
      const near = nearest(target.text, names);
      const span = insideOf(target.node);
      const isWritten = compose.text.slice(span.start, span.end) === target.text;
      const known = names.length === 0 ? "; its stages have no names" : `; there is ${names.join(", ")}`;
      report(span, {
        message: `The Dockerfile of ${service.name} has no stage ${target.text}${near === undefined ? known : didYouMean(target.text, names)}`,
        ...(near !== undefined && isWritten && { fixes: [unsafeFix(`Build ${near}`, { span, text: near })] }),
      });
    }
  },
});
