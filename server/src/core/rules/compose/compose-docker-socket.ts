import { withDefaults } from "../../model/compose/interpolation.ts";
import { imageNameOf } from "../../model/compose/known-images.ts";
import { type Mount, mountsOf } from "../../model/compose/mounts.ts";
import { defineComposeRule } from "../../rule.ts";
import { placeOf, servicesHere } from "../compose-services.ts";

/** Programs whose work it is to talk to the engine. */
const NAMES =
  "socket-proxy portainer watchtower dozzle dockge autoheal diun ouroboros lazydocker docker-gen ofelia yacht komodo " +
  "what-?s-up-docker wud";
const ENGINE_TOOLS = new RegExp(`\\b(?:${NAMES.replaceAll(" ", "|")})|(?:^|/)docker$`);

export default defineComposeRule({
  id: "compose-docker-socket",
  summary: "container that controls the Docker engine",
  severity: "warning",
  profile: "recommended",
  fixable: "never",
  since: "0.3.0",
  sameAs: ["kics:Docker Socket Mounted In Container"],
  why: `
Whoever can write to \`docker.sock\` starts a container with the host's disk in it, and so is root on the host. \`:ro\` changes
nothing: it is about the file, not about what is said through it. A proxy such as tecnativa/docker-socket-proxy lets the few
questions through that a reverse proxy or a log viewer asks. Tools whose work is to manage containers (Portainer, Watchtower,
Dozzle, a socket proxy itself) are a hint in the profile \`strict\`. KICS looks at the short form alone. There is no fix: what
would take the socket's place, only its user knows.`,
  examples: [
    {
      bad: "services:\n  proxy:\n    image: traefik:3.6\n    volumes:\n      - /var/run/docker.sock:/var/run/docker.sock:ro\n",
    },
    {
      good: "services:\n  proxy:\n    image: traefik:3.6\n    environment:\n      DOCKER_HOST: tcp://socket-proxy:2375\n",
    },
  ],
  check({ project, report }) {
    for (const service of servicesHere(project))
      for (const mount of mountsOf(service)) {
        if (!isSocket(mount)) continue;
        const isTool = ENGINE_TOOLS.test(imageNameOf(service) ?? "");
        report(placeOf(service, mount, mount.span), {
          message: `${service.name} can give the Docker engine any order: whoever gets into it is root on the host`,
          ...(isTool && { profile: "strict" as const, severity: "hint" as const }),
        });
      }
  },
});

const SOCKET = /(?:^|[/\\])(?:docker|podman)\.sock$|^(?:\/\/|\\\\)\.[/\\]pipe[/\\]docker_engine$/;

function isSocket({ type, source, target, hidden }: Mount): boolean {
  if (type === "volume" || type === "tmpfs" || source === undefined) return false;
  const text = hidden ? withDefaults(source) : source;
  return text === undefined ? SOCKET.test(target) || SOCKET.test(source) : SOCKET.test(text);
}
