import { addHealthcheck, planHealthcheck } from "../../assists/compose/healthcheck.ts";
import { type Build, buildOf } from "../../model/compose/build.ts";
import { fieldOf } from "../../model/compose/fields.ts";
import { healthcheckOf } from "../../model/compose/healthcheck.ts";
import { keysBefore } from "../../model/compose/key-order.ts";
import { knownImageOf } from "../../model/compose/known-images.ts";
import type { ComposeFile } from "../../model/compose/model.ts";
import { localPath } from "../../model/compose/paths.ts";
import type { ProjectService } from "../../model/compose/project.ts";
import { type ComposeContext, defineComposeRule, known, type Remedy, type Report } from "../../rule.ts";
import { changeOf, createEndTeller, knownContainers, placeOf, remedyOf } from "../compose-services.ts";

export default defineComposeRule({
  id: "compose-healthcheck",
  summary: "service without a healthcheck",
  severity: "info",
  profile: "strict",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: ["kics:Healthcheck Not Set"],
  why: `
A process that hangs still runs. With a \`healthcheck\`, others wait for the service to answer (\`depends_on\` with \`condition:
service_healthy\`), and \`docker compose ps\` and whoever watches it see the difference. An image can bring its own: of known
images that do, and of a Dockerfile that is not there to be read, and of services that run to their end, the rule speaks in the
profile \`all\` only. \`disable: true\` and a test \`NONE\` are said on purpose and are a hint there too.`,
  fixSafety: `
Unsafe: what is asked, and how often, is a person's choice. The command is one that the image has: pg_isready, healthcheck.sh,
mysqladmin, redis-cli, mongosh, rabbitmq-diagnostics, or curl or wget where the image has them and answers HTTP. There is no fix
for other images.`,
  examples: [
    {
      bad: "services:\n  cache:\n    image: redis:8.4\n",
      fixed:
        'services:\n  cache:\n    image: redis:8.4\n    healthcheck:\n      test: ["CMD", "redis-cli", "ping"]\n      interval: 10s\n      timeout: 5s\n      retries: 5\n      start_period: 30s\n',
    },
    { bad: "services:\n  app:\n    image: example/app:2.1\n" },
    { good: "services:\n  app:\n    image: example/app:2.1\n    healthcheck:\n      test: [CMD, /app/check]\n" },
  ],
  check(context) {
    const { compose, project, report } = context;
    const ends = createEndTeller(project);
    for (const service of knownContainers(project)) {
      const healthcheck = healthcheckOf(service);
      if (healthcheck && !healthcheck.disabled) continue;
      if (healthcheck) {
        const field = healthcheck.test?.form === "none" ? healthcheck.test.field : healthcheck.field;
        report(placeOf(service, field, field.keySpan), {
          message: `The healthcheck of ${service.name} is switched off: nobody sees that it hangs`,
          profile: "all",
          severity: "hint",
        });
        continue;
      }
      const weaker = weaknessOf(context, service);
      if (!weaker) continue;
      report(service.nameSpan, {
        message: `${service.name} has no healthcheck: nobody sees that it hangs, and nothing can wait for it`,
        ...(ends(service) ? WEAKER : weaker),
        remedy: () => healthcheckRemedy(compose, service),
      });
    }
  },
});

const WEAKER: Pick<Report, "profile" | "severity"> = { profile: "all", severity: "hint" };

/** Undefined where the image has one. */
function weaknessOf(
  context: ComposeContext,
  service: ProjectService,
): Pick<Report, "profile" | "severity"> | undefined {
  const build = buildOf(service);
  if (!build) return knownImageOf(service)?.ownHealthcheck === true ? WEAKER : {};
  const text = dockerfileOf(context, build);
  if (text === undefined) return WEAKER;
  return /^[ \t]*HEALTHCHECK[ \t]/im.test(text) ? undefined : {};
}

function dockerfileOf({ lookup }: ComposeContext, { context, dockerfile, inline }: Build): string | undefined {
  if (inline) return inline.text;
  const path = localPath(`${context?.text ?? "."}/${dockerfile?.text ?? "Dockerfile"}`);
  return path === undefined ? undefined : known(lookup({ ask: "text", path }));
}

function healthcheckRemedy(compose: ComposeFile, service: ProjectService): Remedy {
  if (fieldOf(service.map, "healthcheck")) return { refusal: "there is one that says nothing" };
  const plan = planHealthcheck(service);
  if ("refusal" in plan) return plan;
  return remedyOf(
    `Add a healthcheck with ${plan.program}`,
    changeOf(compose, service, (map) => addHealthcheck(compose, map, plan, { after: keysBefore("healthcheck") })),
    "unsafe",
    ["interval", "timeout", "retries", "start_period"],
  );
}
