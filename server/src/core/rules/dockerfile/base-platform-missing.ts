import { stagesFor } from "../../model/dockerfile/needed.ts";
import type { Dockerfile, Stage } from "../../model/dockerfile/model.ts";
import { finalStage, stageNamed } from "../../model/dockerfile/stages.ts";
import { defineRule } from "../../rule.ts";
import { composeBuilds } from "../composed.ts";
import { lackOf } from "../platforms.ts";

const ARM_AND_INTEL = JSON.stringify([{ service: "shop", args: [], platforms: ["linux/amd64", "linux/arm64"] }]);

export default defineRule({
  id: "base-platform-missing",
  summary: "base that there is not for a platform a compose file builds for",
  severity: "warning",
  profile: "recommended",
  fixable: "never",
  since: "0.5.0",
  sameAs: [],
  why: `
A compose file builds this Dockerfile for a platform, by \`build.platforms\` or \`platform\`, and the registry has none of the base for
it: the build stops with \`no match for platform in manifest\`, or takes an image for another platform, whose programs then do
not start. Each stage that the service's target needs is looked at, unless its \`FROM\` has a \`--platform\` of its own: that is
base-platform-mismatch's, and \`--platform=$BUILDPLATFORM\` is the usual way out for a stage that only compiles. What platforms there
are is asked only where looking images up is switched on: \`dockwright check --online\`.`,
  examples: [
    {
      bad: 'FROM acme/base:3\nCMD ["shop"]\n',
      answers: { "builds:Dockerfile": ARM_AND_INTEL, "platforms:acme/base:3": "linux/amd64" },
    },
    {
      good: 'FROM acme/base:3\nCMD ["shop"]\n',
      answers: { "builds:Dockerfile": ARM_AND_INTEL, "platforms:acme/base:3": "linux/amd64 linux/arm64" },
    },
    { good: 'FROM acme/base:3\nCMD ["shop"]\n', answers: { "builds:Dockerfile": ARM_AND_INTEL } },
  ],
  check({ dockerfile, report, lookup }) {
    const builds = composeBuilds({ dockerfile, lookup })?.filter(({ platforms }) => platforms) ?? [];
    for (const { base, image, platform, index } of builds.length > 0 ? dockerfile.stages : []) {
      if (base.kind !== "image" || !image || (platform && !isTarget(platform.value?.text ?? ""))) continue;
      const lacks = builds
        .filter(({ target }) => stagesFor(dockerfile, stageOf(dockerfile, target)).has(index))
        .flatMap(({ service, platforms = [] }) => platforms.map((each) => ({ service, each })))
        .map(({ service, each }) => ({ service, message: lackOf(lookup, base.reference, each) }));
      const lack = lacks.find(({ message }) => message !== undefined);
      if (lack) report(image.span, { message: `${lack.message}, and compose builds ${lack.service} for it` });
    }
  },
});

const stageOf = (dockerfile: Dockerfile, target: string | undefined): Stage | undefined =>
  target === undefined ? finalStage(dockerfile) : stageNamed(dockerfile, target);

/** What a FROM without the flag means as well. */
const isTarget = (platform: string): boolean => /^\$(?:TARGETPLATFORM|\{TARGETPLATFORM\})$/.test(platform);
