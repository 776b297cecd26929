/** What a service may use at most: `deploy.resources.limits`, or the short keys beside it. */
import { fieldOf, isSet, perCompose, perService } from "./fields.ts";
import type { ComposeFile, Field, Service } from "./model.ts";

export type Resource = "cpus" | "memory" | "pids";
export type LimitStyle = "deploy" | "short";

export interface Limit {
  readonly style: LimitStyle;
  readonly field: Field;
}

/** The short key of each; the key in `deploy.resources.limits` is the resource's name. */
export const SHORT_KEYS: Readonly<Record<Resource, string>> = {
  cpus: "cpus",
  memory: "mem_limit",
  pids: "pids_limit",
};

const RESOURCES: readonly Resource[] = ["cpus", "memory", "pids"];

export const limitsOf = perService(({ map }): { readonly [resource in Resource]?: Limit } => {
  const limits: { [resource in Resource]?: Limit } = {};
  for (const resource of RESOURCES) {
    const deploy = fieldOf(map, "deploy", "resources", "limits", resource);
    const short = fieldOf(map, SHORT_KEYS[resource]);
    if (deploy && isSet(deploy.value)) limits[resource] = { style: "deploy", field: deploy };
    else if (short && isSet(short.value)) limits[resource] = { style: "short", field: short };
  }
  return limits;
});

interface Style {
  readonly style: LimitStyle | undefined;
}

const styleIn = perCompose(({ services }): Style => {
  const styles = services.flatMap((service) => Object.values(limitsOf(service)).map(({ style }) => style));
  const deploys = styles.filter((style) => style === "deploy").length;
  if (styles.length === 0) return { style: undefined };
  return { style: deploys * 2 >= styles.length ? "deploy" : "short" };
});

/** The way most limits of the file are written; undefined when it has none. */
export const limitStyleOf = (compose: ComposeFile): LimitStyle | undefined => styleIn(compose).style;

/** The way a limit should be written for this service: as its others, else as the file's, else `deploy`. */
export const limitStyleFor = (compose: ComposeFile, service: Service): LimitStyle => {
  const [own] = Object.values(limitsOf(service));
  return own?.style ?? (fieldOf(service.map, "deploy") ? "deploy" : (limitStyleOf(compose) ?? "deploy"));
};
