import { hostNamespaceRule } from "../host-namespaces.ts";

export default hostNamespaceRule({
  id: "compose-host-pid",
  key: "pid",
  summary: "container in the host's process namespace",
  kics: "Host Namespace is Shared",
  severity: "warning",
  profile: "recommended",
  consequence: "sees every process of the host and, as root, can signal and trace them",
  why: `
With \`pid: host\` the container lists the processes of the host, reads their command lines and, where it may, their
environment, and signals them. What keeps a broken-in program inside its container is gone. Agents that measure the host
(node-exporter, Datadog, netdata, cAdvisor) need it; for those the rule speaks up in the profile \`all\` only. \`pid:
service:name\` shares with one other container and is fine. Older versions of KICS also report services without \`pid\`, which
are as they should be.`,
  fixSafety: `
Unsafe: a program that inspects or signals processes of the host no longer finds them.`,
  meantFor: /exporter|datadog|netdata|cadvisor|glances|sysdig|falco|dd-agent|telegraf|newrelic|beyla|pyroscope|alloy/,
});
