import { hostNamespaceRule } from "../host-namespaces.ts";

export default hostNamespaceRule({
  id: "compose-host-network",
  key: "network_mode",
  summary: "container in the host's network",
  kics: "Shared Host Network Namespace",
  severity: "warning",
  profile: "strict",
  consequence: "listens on the host's own interfaces and reaches services that the host keeps on localhost",
  why: `
With \`network_mode: host\` every port the program opens is open on the host, \`ports\` has no effect, the service cannot join
the file's networks, and what the host serves on 127.0.0.1 is within reach. Discovery by broadcast (home automation, DHCP) has
no other way, so the rule is strict.`,
  fixSafety: `
Unsafe: the program is then reached through published ports only, and \`localhost\` is the container.`,
  meantFor: /home-assistant|homeassistant|homebridge|netdata|node-exporter|keepalived|zerotier|tailscale|avahi/,
});
