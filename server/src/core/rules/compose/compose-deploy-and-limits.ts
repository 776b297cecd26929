import { parseByteSize } from "../../model/compose/byte-size.ts";
import { fieldOf } from "../../model/compose/fields.ts";
import { removeKey } from "../../model/compose/patch.ts";
import { parseInteger, parseNumber } from "../../model/compose/scalars.ts";
import { defineComposeRule } from "../../rule.ts";
import { changeOf, placeOfKey, plainText, remedyOf, servicesHere } from "../compose-services.ts";

interface Twin {
  readonly short: string;
  readonly deploy: readonly string[];
  readonly read: (text: string) => number | undefined;
  /** Compose takes this for nothing written. */
  readonly zeroIsNone: boolean;
}

/** compose-go's loader/validate.go. */
const TWINS: readonly Twin[] = [
  { short: "cpus", deploy: ["resources", "limits", "cpus"], read: parseNumber, zeroIsNone: true },
  { short: "mem_limit", deploy: ["resources", "limits", "memory"], read: parseByteSize, zeroIsNone: true },
  { short: "mem_reservation", deploy: ["resources", "reservations", "memory"], read: parseByteSize, zeroIsNone: true },
  { short: "pids_limit", deploy: ["resources", "limits", "pids"], read: parseInteger, zeroIsNone: true },
  { short: "scale", deploy: ["replicas"], read: parseInteger, zeroIsNone: false },
];

export default defineComposeRule({
  id: "compose-deploy-and-limits",
  summary: "limit written both in deploy and beside it",
  severity: "error",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: [],
  why: `
\`cpus\`, \`mem_limit\`, \`mem_reservation\`, \`pids_limit\` and \`scale\` say what \`deploy\` can say as well. With two different values compose
refuses the file: \`can't set distinct values on 'mem_limit' and 'deploy.resources.limits.memory'\`. With the same value twice, one of
them is forgotten at the next change: that is a hint in the profile \`all\`.`,
  fixSafety: `
Unsafe where the values differ: the one in \`deploy\` stays. Safe where they are the same: what runs is the same.`,
  examples: [
    {
      bad: "services:\n  web:\n    image: nginx:1.29\n    mem_limit: 1g\n    deploy:\n      resources:\n        limits:\n          memory: 512m\n",
      fixed:
        "services:\n  web:\n    image: nginx:1.29\n    deploy:\n      resources:\n        limits:\n          memory: 512m\n",
    },
    {
      good: "services:\n  web:\n    image: nginx:1.29\n    deploy:\n      resources:\n        limits:\n          cpus: '2'\n          memory: 512m\n",
    },
  ],
  check({ compose, project, report }) {
    for (const service of servicesHere(project))
      for (const { short, deploy, read, zeroIsNone } of TWINS) {
        const first = fieldOf(service.map, short);
        const second = fieldOf(service.map, "deploy", ...deploy);
        if (!first || !second) continue;
        const [value, other] = [first, second].map((field) => read(plainText(field.value) ?? ""));
        if (value === undefined || other === undefined || (zeroIsNone && (value === 0 || other === 0))) continue;
        const same = value === other;
        const path = ["deploy", ...deploy].join(".");
        report(placeOfKey(service, first), {
          message: same
            ? `${short} says what ${path} says already`
            : `${short} and ${path} say different things, so compose refuses the file`,
          ...(same && { severity: "hint" as const, profile: "all" as const }),
          remedy: () =>
            remedyOf(
              `Delete ${short}`,
              changeOf(compose, service, (map) => removeKey(compose, map, short)),
              same ? "safe" : "unsafe",
            ),
        });
      }
  },
});
