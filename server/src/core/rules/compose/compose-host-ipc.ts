import { hostNamespaceRule } from "../host-namespaces.ts";

export default hostNamespaceRule({
  id: "compose-host-ipc",
  key: "ipc",
  summary: "container in the host's IPC namespace",
  kics: "Shared Host IPC Namespace",
  severity: "info",
  profile: "strict",
  consequence: "shares memory segments and semaphores with every process of the host",
  why: `
With \`ipc: host\` the container can open the shared memory of the host's processes. Programs for machine learning ask for it
because they need more than the 64 MB of \`/dev/shm\` a container has: \`shm_size\` gives them that without the host's. Two
containers that exchange data share with \`ipc: service:name\`.`,
  fixSafety: `
Unsafe: a program that used the host's \`/dev/shm\` for its size may run out of it; set \`shm_size\` then.`,
});
