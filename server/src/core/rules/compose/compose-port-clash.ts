import { fieldOf, textOf } from "../../model/compose/fields.ts";
import { type Port, portsOf } from "../../model/compose/ports.ts";
import { profilesOf } from "../../model/compose/profiles.ts";
import type { ProjectService } from "../../model/compose/project.ts";
import { defineComposeRule } from "../../rule.ts";
import { placeOf } from "../compose-services.ts";

export default defineComposeRule({
  id: "compose-port-clash",
  summary: "port of the host that is published twice",
  severity: "warning",
  profile: "recommended",
  fixable: "never",
  since: "0.3.0",
  sameAs: ["dclint:no-duplicate-exported-ports"],
  why: `
The second container does not start: \`port is already allocated\`. An address counts: \`127.0.0.1:8080\` and \`127.0.0.2:8080\` are two,
but a port without an address is on all of them. So do ranges and protocols. Services of different profiles need not run at the same
time: where both have profiles and none in common nothing is said. A warning, because services may be started one at a time; an error
within one service. A container's port alone (\`"8080"\`) is given a free port of the host, so it clashes with nothing, other than
dclint takes it.`,
  examples: [
    {
      bad: "services:\n  web:\n    image: nginx:1.29\n    ports: ['8080:80']\n  admin:\n    image: adminer:5\n    ports: ['8080:8080']\n",
    },
    {
      bad: "services:\n  web:\n    image: nginx:1.29\n    ports: ['8000-8010:8000-8010']\n  admin:\n    image: adminer:5\n    ports: ['127.0.0.1:8005:8080']\n",
    },
    {
      good: "services:\n  web:\n    image: nginx:1.29\n    ports: ['8080:80']\n  dns:\n    image: example/dns:1.0\n    ports: ['8080:8080/udp']\n",
    },
  ],
  check({ project, report }) {
    const before: Taken[] = [];
    for (const service of project.services)
      for (const port of isPublishing(service) ? portsOf(service) : []) {
        const taken = takenBy(service, port);
        if (!taken) continue;
        const other = before.find((each) => clash(each, taken));
        before.push(taken);
        if (!other) continue;
        // One of the two stands here, and is where the finding is.
        const [here, there] = service.isHere ? [taken, other] : [other, taken];
        if (!here.service.isHere) continue;
        const isNear = !there.port.via && there.service.isHere;
        report(placeOf(here.service, here.port, here.port.span), {
          message: messageFor(here, there),
          ...(here.service.name === there.service.name && { severity: "error" as const }),
          ...(isNear && { related: [{ span: there.port.span, message: `${there.service.name} has it already` }] }),
        });
      }
  },
});

interface Taken {
  readonly service: ProjectService;
  readonly port: Port;
  readonly from: number;
  readonly to: number;
  /** Empty for all addresses. */
  readonly address: string;
  readonly protocol: string;
}

/** On the host's own network, or another container's, nothing is published. */
const isPublishing = ({ map }: ProjectService): boolean =>
  /^(?:|bridge|default)$/.test(textOf(fieldOf(map, "network_mode")?.value) ?? "");

const ALL: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);

function takenBy(service: ProjectService, port: Port): Taken | undefined {
  const { published, target, hostIp = "", protocol, hidden } = port;
  if (hidden || !published || !target || published.from === 0) return undefined;
  // Of a range for one port of the container, Docker picks a free one.
  if (target.from === target.to && published.to > published.from) return undefined;
  const address = ALL.has(hostIp) ? "" : hostIp;
  return { service, port, from: published.from, to: published.to, address, protocol: protocol.toLowerCase() };
}

function clash(a: Taken, b: Taken): boolean {
  if (a.protocol !== b.protocol || a.from > b.to || b.from > a.to) return false;
  if (a.address !== b.address && a.address !== "" && b.address !== "") return false;
  if (a.service !== b.service) return canMeet(a.service, b.service);
  // The same port of a service twice is one.
  return a.address !== b.address || a.from !== b.from || a.port.target?.from !== b.port.target?.from;
}

function canMeet(a: ProjectService, b: ProjectService): boolean {
  const [first, second] = [profilesOf(a), profilesOf(b)];
  return first.length === 0 || second.length === 0 || first.some((profile) => second.includes(profile));
}

function messageFor(here: Taken, there: Taken): string {
  const [from, to] = [Math.max(here.from, there.from), Math.min(here.to, there.to)];
  const ports = from === to ? `port ${from}` : `ports ${from}-${to}`;
  const protocol = here.protocol === "tcp" ? "" : ` (${here.protocol})`;
  return here.service.name === there.service.name
    ? `${here.service.name} publishes ${ports}${protocol} of the host twice`
    : `${here.service.name} and ${there.service.name} both publish ${ports}${protocol} of the host: only one of them can start`;
}
