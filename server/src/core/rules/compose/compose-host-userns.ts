import { hostNamespaceRule } from "../host-namespaces.ts";

export default hostNamespaceRule({
  id: "compose-host-userns",
  key: "userns_mode",
  summary: "container outside the daemon's user namespace",
  kics: "Shared Host User Namespace",
  severity: "info",
  profile: "strict",
  consequence: "opts out of the daemon's user namespace: its root is the host's root",
  why: `
A daemon with \`userns-remap\` makes root in a container a user without rights on the host. \`userns_mode: host\` takes that
away for this service. Where the daemon does not remap, it changes nothing today and takes the protection away on the day
somebody switches that on.`,
  fixSafety: `
Unsafe: with remapping, files on mounts belong to other user ids.`,
});
