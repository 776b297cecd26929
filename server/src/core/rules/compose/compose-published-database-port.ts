import { knownImageOf } from "../../model/compose/known-images.ts";
import { defineComposeRule } from "../../rule.ts";
import { placeOf, servicesHere } from "../compose-services.ts";
import { bindRemedy, publishedName, unboundPorts } from "../published-ports.ts";

export default defineComposeRule({
  id: "compose-published-database-port",
  summary: "database published on every interface of the host",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.3.0",
  sameAs: ["dclint:no-unbound-port-interfaces", "kics:Container Traffic Not Bound To Host Interface"],
  why: `
A published database is found within hours: scanners look for 5432, 3306, 6379, 9200 and 27017 day and night, Redis, MongoDB,
memcached and Elasticsearch often ask for no password, and the one in a compose file is seldom strong. Docker's firewall rules
come before those of ufw or firewalld, so a firewall on the host does not help. Services of the file reach the database over its
network without any published port; for tools on the host \`127.0.0.1:5432:5432\` is enough. Images are told by their names;
databases a Dockerfile builds are not known, and compose-port-interface speaks about their ports.`,
  fixSafety: `
Unsafe: other machines no longer reach the database, and one of them may be meant to.`,
  examples: [
    {
      bad: 'services:\n  db:\n    image: postgres:18.1\n    ports:\n      - "5432:5432"\n',
      fixed: 'services:\n  db:\n    image: postgres:18.1\n    ports:\n      - "127.0.0.1:5432:5432"\n',
    },
    { good: 'services:\n  db:\n    image: postgres:18.1\n    ports:\n      - "127.0.0.1:5432:5432"\n' },
    { good: 'services:\n  db:\n    image: postgres:18.1\n    expose: ["5432"]\n' },
  ],
  check({ compose, project, report }) {
    for (const service of servicesHere(project))
      for (const unbound of unboundPorts(service)) {
        const { port, isData, maybe } = unbound;
        if (!isData || maybe) continue;
        const image = knownImageOf(service)?.name ?? service.name;
        report(placeOf(service, port, port.span), {
          message: `${publishedName(port, ["opens", "open"])} ${image} to every network the host is in, past the host's firewall`,
          remedy: () => bindRemedy(compose, unbound),
        });
      }
  },
});
