import { fieldOf, itemsOf, textOf } from "../../model/compose/fields.ts";
import { hasVariables } from "../../model/compose/interpolation.ts";
import { capabilityName } from "../../model/compose/known-images.ts";
import { portRange } from "../../model/compose/port.ts";
import type { ProjectService } from "../../model/compose/project.ts";
import { defineComposeRule } from "../../rule.ts";
import type { YamlNode } from "../../text/yaml.ts";
import { placeOf, servicesHere } from "../compose-services.ts";

/** Where the web is served: there is no other choice. */
const WEB: ReadonlySet<number> = new Set([80, 443]);

export default defineComposeRule({
  id: "compose-port-privileged",
  summary: "port below 1024",
  severity: "info",
  profile: "strict",
  fixable: "never",
  since: "0.3.0",
  sameAs: ["kics:Privileged Ports Mapped In Container"],
  why: `
Ports of the host below 1024 are its own services' (22, 25, 53, 111, 445, …): one that is taken stops the container from
starting, and a rootless Docker or Podman cannot open them at all. 80 and 443 are where the web is, so they are a hint in the
profile \`all\`. A port below 1024 inside the container needs no root since Docker 20.10, which is why that is a hint in \`all\`
too; KICS takes both for the same. Without the capability NET_BIND_SERVICE the service cannot open such a port, and the rule is
silent.`,
  examples: [
    { bad: 'services:\n  mail:\n    image: example/mail:2.1\n    ports: ["25:2525"]\n' },
    { bad: 'services:\n  web:\n    image: example/web:2.1\n    ports: ["8080:80"]\n' },
    { good: 'services:\n  mail:\n    image: example/mail:2.1\n    ports: ["2525:2525"]\n' },
  ],
  check({ project, report }) {
    for (const service of servicesHere(project)) {
      if (cannotBind(service)) continue;
      const ports = fieldOf(service.map, "ports");
      for (const node of itemsOf(ports?.value)) {
        const { host, container } = lowestPorts(node);
        const via = ports?.via ?? node.via;
        const place = placeOf(service, { ...(via && { via }) }, node.span);
        if (host !== undefined && host < 1024)
          report(place, {
            ...(WEB.has(host)
              ? { message: `A rootless Docker cannot open port ${host} of the host`, profile: "all", severity: "hint" }
              : {
                  message: `Port ${host} of the host is among those of its own services, and a rootless Docker cannot open it`,
                }),
          });
        else if (container !== undefined && container < 1024)
          report(place, {
            message: `${service.name} listens on port ${container}, which older Docker versions let root open only`,
            profile: "all",
            severity: "hint",
          });
      }
    }
  },
});

function cannotBind({ map }: ProjectService): boolean {
  const listed = (key: string): readonly string[] =>
    itemsOf(fieldOf(map, key)?.value).map((item) => capabilityName(textOf(item) ?? ""));
  const dropped = listed("cap_drop");
  if (dropped.includes("NET_BIND_SERVICE")) return true;
  return dropped.includes("ALL") && !listed("cap_add").some((name) => name === "ALL" || name === "NET_BIND_SERVICE");
}

interface Lowest {
  readonly host: number | undefined;
  readonly container: number | undefined;
}

/** Also of ranges that do not fit each other, which compose refuses for that. */
function lowestPorts(node: YamlNode): Lowest {
  const lowest = (text: string | undefined): number | undefined =>
    text === undefined || hasVariables(text) ? undefined : portRange(text)?.from;
  if (node.kind === "map") {
    const at = (key: string): number | undefined => lowest(textOf(fieldOf(node, key)?.value));
    return { host: at("published"), container: at("target") };
  }
  const text = textOf(node) ?? "";
  if (hasVariables(text)) return { host: undefined, container: undefined };
  const parts = (text.split("/")[0] ?? "").split(":");
  return { host: lowest(parts.at(-2)), container: lowest(parts.at(-1)) };
}
