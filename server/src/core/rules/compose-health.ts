/** What rules about dependencies and health share: whether a service can ever be healthy. */
import { buildOf } from "../model/compose/build.ts";
import { builtStage, dockerfileOf, isOrdinary } from "../model/compose/dockerfiles.ts";
import { healthcheckOf } from "../model/compose/healthcheck.ts";
import { knownImageOf } from "../model/compose/known-images.ts";
import type { Lookup, ProjectService } from "../model/compose/project.ts";
import { knownBase } from "../model/dockerfile/bases.ts";
import { lastOf } from "../model/dockerfile/facts.ts";
import { rootBase } from "../model/dockerfile/stages.ts";
import { allNamed } from "../model/dockerfile/named.ts";

/** `checked`: something tells how it is. `off`: that is switched off. `none`: neither it nor its image has a check. */
export type Health = "checked" | "off" | "none" | "unknown";

export function healthOf(service: ProjectService, lookup: Lookup): Health {
  if (!service.complete) return "unknown";
  const own = healthcheckOf(service);
  if (own?.disabled) return "off";
  if (own?.test) return "checked";
  if (buildOf(service)) return healthOfBuild(service, lookup);
  const image = knownImageOf(service);
  if (!image) return "unknown";
  return image.ownHealthcheck ? "checked" : "none";
}

function healthOfBuild(service: ProjectService, lookup: Lookup): Health {
  const dockerfile = dockerfileOf(service, lookup);
  const stage = dockerfile && builtStage(service, dockerfile);
  if (!dockerfile || !stage || !isOrdinary(dockerfile)) return "unknown";
  const own = lastOf(dockerfile, stage, "HEALTHCHECK");
  if (own) return own.words[0]?.text.toUpperCase() === "NONE" ? "off" : "checked";
  if (allNamed(dockerfile, "HEALTHCHECK").some(({ triggered }) => triggered)) return "unknown";
  const base = rootBase(dockerfile, stage);
  // None of the base images that are known by name has a check of its own.
  return base.kind === "scratch" || (base.kind === "image" && knownBase(base.reference)) ? "none" : "unknown";
}
