import { defineComposeRule } from "../../rule.ts";
import { placeOf, servicesHere } from "../compose-services.ts";
import { bindRemedy, publishedName, unboundPorts } from "../published-ports.ts";

export default defineComposeRule({
  id: "compose-port-interface",
  summary: "port published on every interface of the host",
  severity: "warning",
  profile: "strict",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: ["dclint:no-unbound-port-interfaces", "kics:Container Traffic Not Bound To Host Interface"],
  why: `
\`8080:80\` opens the port on every network the host is in, the café's and the data centre's, and Docker's own firewall rules
come before those of ufw or firewalld. \`127.0.0.1:8080:80\` is for whoever works on the host; what is for the world goes
through a proxy, or says so with an address. \`0.0.0.0\` written down counts as said. A container's port alone (\`8080\`) is
published too, on a free port of the host. Ports of known databases are the matter of compose-published-database-port. With
\`network_mode: host\` nothing is published.`,
  fixSafety: `
Unsafe: other machines no longer reach the service, and a phone or a colleague's browser may be meant to.`,
  examples: [
    {
      bad: 'services:\n  web:\n    image: nginx:1.29\n    ports:\n      - "8080:80"\n',
      fixed: 'services:\n  web:\n    image: nginx:1.29\n    ports:\n      - "127.0.0.1:8080:80"\n',
    },
    {
      bad: "services:\n  web:\n    image: nginx:1.29\n    ports:\n      - target: 80\n        published: 8080\n",
      fixed:
        "services:\n  web:\n    image: nginx:1.29\n    ports:\n      - target: 80\n        published: 8080\n        host_ip: 127.0.0.1\n",
    },
    { good: 'services:\n  web:\n    image: nginx:1.29\n    ports: ["127.0.0.1:8080:80", "0.0.0.0:443:443"]\n' },
  ],
  check({ compose, project, report }) {
    for (const service of servicesHere(project))
      for (const unbound of unboundPorts(service)) {
        const { port, isData, maybe } = unbound;
        if (isData && !maybe) continue;
        report(placeOf(service, port, port.span), {
          message: `${publishedName(port, ["is", "are"])} published on every interface of the host: other machines reach ${service.name}`,
          ...(maybe && { profile: "all" as const, severity: "hint" as const }),
          remedy: () => bindRemedy(compose, unbound),
        });
      }
  },
});
