/** Services without a limit of a resource: one check for processors, memory and processes. */
import { setLimit } from "../assists/compose/limits.ts";
import { fieldOf, isSet, textOf } from "../model/compose/fields.ts";
import { knownImageOf } from "../model/compose/known-images.ts";
import { limitsOf, type Resource, SHORT_KEYS } from "../model/compose/limits.ts";
import { parseNumber } from "../model/compose/scalars.ts";
import type { ProjectService } from "../model/compose/project.ts";
import { type ComposeRule, defineComposeRule, type Example } from "../rule.ts";
import { changeOf, knownContainers, linuxContainers, placeOf, remedyOf } from "./compose-services.ts";

interface LimitRule {
  readonly id: string;
  readonly resource: Resource;
  readonly summary: string;
  readonly kics: string;
  /** What happens without it: `web may …`. */
  readonly consequence: string;
  readonly why: string;
  readonly fixSafety: string;
  /** A value to begin with. */
  readonly amount: (service: ProjectService) => string | number;
  /** Other keys that limit it. */
  readonly also: readonly string[];
  readonly examples: readonly Example[];
}

export function limitRule({ id, resource, kics, consequence, amount, also, ...facts }: LimitRule): ComposeRule {
  // Windows limits processors and memory alone.
  const containers = resource === "pids" ? linuxContainers : knownContainers;
  return defineComposeRule({
    id,
    severity: "info",
    profile: "strict",
    fixable: "sometimes",
    since: "0.3.0",
    sameAs: [`kics:${kics}`],
    ...facts,
    check({ compose, project, report }) {
      for (const service of containers(project)) {
        const limit = limitsOf(service)[resource];
        const text = textOf(limit?.field.value);
        // Compose takes 0 for no limit, and -1 for none of processes.
        if (limit && (text === undefined || (parseNumber(text) ?? 1) > 0)) continue;
        if (!limit && also.some((key) => isSet(fieldOf(service.map, key)?.value))) continue;
        report(limit ? placeOf(service, limit.field, limit.field.value.span) : service.nameSpan, {
          message: limit ? `${text} is no limit: ${service.name} ${consequence}` : `${service.name} ${consequence}`,
          remedy: () => {
            const value = amount(service);
            const change = changeOf(compose, service, (map) => setLimit(compose, service, map, resource, value));
            return remedyOf(`Limit it to ${value}`, change, "unsafe", [resource, SHORT_KEYS[resource]]);
          },
        });
      }
    },
  });
}

export const memoryOf = (service: ProjectService): string => knownImageOf(service)?.memory ?? "512m";
