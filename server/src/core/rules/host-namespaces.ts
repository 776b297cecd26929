/** Keys that put a container into a namespace of the host: one check for all of them. */
import { fieldOf } from "../model/compose/fields.ts";
import { removeKey } from "../model/compose/patch.ts";
import { type ComposeRule, defineComposeRule, type Profile, type Severity } from "../rule.ts";
import { imageNameOf } from "../model/compose/known-images.ts";
import { changeOf, placeOfKey, remedyOf, servicesHere, plainText } from "./compose-services.ts";

interface HostNamespace {
  readonly id: string;
  readonly key: string;
  readonly summary: string;
  readonly kics: string;
  readonly severity: Severity;
  readonly profile: Profile;
  /** What the container can do then: `web … `. */
  readonly consequence: string;
  readonly why: string;
  readonly fixSafety: string;
  /** Images that are there to watch the host: for them the case is weaker. */
  readonly meantFor?: RegExp;
}

export function hostNamespaceRule(of: HostNamespace): ComposeRule {
  const { id, key, summary, kics, severity, profile, why, fixSafety } = of;
  return defineComposeRule({
    id,
    summary,
    severity,
    profile,
    fixable: "sometimes",
    since: "0.3.0",
    sameAs: [`kics:${kics}`],
    why,
    fixSafety,
    examples: [
      {
        bad: `services:\n  web:\n    image: example/web:1.4\n    ${key}: host\n`,
        fixed: "services:\n  web:\n    image: example/web:1.4\n",
      },
      { good: "services:\n  web:\n    image: example/web:1.4\n" },
    ],
    check({ compose, project, report }) {
      for (const service of servicesHere(project)) {
        const field = fieldOf(service.map, key);
        if (!field || plainText(field.value) !== "host") continue;
        const isMeant = of.meantFor?.test(imageNameOf(service) ?? "") === true;
        report(placeOfKey(service, field), {
          message: `${service.name} ${of.consequence}`,
          ...(isMeant && { profile: "all" as const, severity: "hint" as const }),
          remedy: () =>
            remedyOf(
              `Delete ${key}: host`,
              changeOf(compose, service, (map) => removeKey(compose, map, key)),
            ),
        });
      }
    },
  });
}
