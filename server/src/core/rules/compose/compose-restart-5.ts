import { isFault } from "../../model/compose/fault.ts";
import { fieldOf, textOf } from "../../model/compose/fields.ts";
import { setValue } from "../../model/compose/patch.ts";
import { parseRestart } from "../../model/compose/restart.ts";
import { parseInteger } from "../../model/compose/scalars.ts";
import { defineComposeRule } from "../../rule.ts";
import { changeOf, placeOf, plainText, remedyOf, servicesHere } from "../compose-services.ts";

const CIS = 5;

export default defineComposeRule({
  id: "compose-restart-5",
  summary: "restart after a failure with another number of tries than five",
  severity: "hint",
  profile: "all",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: ["kics:Restart Policy On Failure Not Set To 5"],
  why: `
The CIS Docker Benchmark (5.15) asks for \`on-failure:5\`: enough for a dependency that is late, few enough that a service that
cannot start does not do so for ever. The number is a convention, so this is for those who have to follow it. \`on-failure\`
without a number, \`always\` and \`unless-stopped\` are other choices and are left alone.`,
  fixSafety: `
Unsafe: somebody chose the number.`,
  examples: [
    {
      bad: "services:\n  app:\n    image: example/app:2.1\n    restart: on-failure:10\n",
      fixed: "services:\n  app:\n    image: example/app:2.1\n    restart: on-failure:5\n",
    },
    {
      bad: "services:\n  app:\n    image: example/app:2.1\n    deploy:\n      restart_policy:\n        condition: on-failure\n        max_attempts: 3\n",
      fixed:
        "services:\n  app:\n    image: example/app:2.1\n    deploy:\n      restart_policy:\n        condition: on-failure\n        max_attempts: 5\n",
    },
    { good: "services:\n  app:\n    image: example/app:2.1\n    restart: on-failure:5\n" },
  ],
  check({ compose, project, report }) {
    for (const service of servicesHere(project)) {
      const restart = fieldOf(service.map, "restart");
      const written = plainText(restart?.value);
      const parsed = written === undefined ? undefined : parseRestart(written);
      if (restart && parsed && !isFault(parsed) && parsed.policy === "on-failure" && isOther(parsed.retries))
        report(placeOf(service, restart, restart.value.span), {
          message: `${service.name} is started again ${String(parsed.retries)} times after a failure; the CIS benchmark asks for ${CIS}`,
          remedy: () =>
            remedyOf(
              `Try ${CIS} times`,
              changeOf(compose, service, () => setValue(compose, restart.value, `on-failure:${CIS}`)),
            ),
        });
      const attempts = fieldOf(service.map, "deploy", "restart_policy", "max_attempts");
      const condition = textOf(fieldOf(service.map, "deploy", "restart_policy", "condition")?.value);
      const tries = parseInteger(plainText(attempts?.value) ?? "");
      if (attempts && condition === "on-failure" && isOther(tries))
        report(placeOf(service, attempts, attempts.value.span), {
          message: `${service.name} is started again ${String(tries)} times after a failure; the CIS benchmark asks for ${CIS}`,
          remedy: () =>
            remedyOf(
              `Try ${CIS} times`,
              changeOf(compose, service, () => setValue(compose, attempts.value, CIS)),
            ),
        });
    }
  },
});

const isOther = (retries: number | undefined): boolean => retries !== undefined && retries !== CIS;
