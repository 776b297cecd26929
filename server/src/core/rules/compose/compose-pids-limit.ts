import { limitRule } from "../resource-limits.ts";

export default limitRule({
  id: "compose-pids-limit",
  resource: "pids",
  summary: "container without a limit of processes",
  kics: "Pids Limit Not Set",
  consequence: "may start processes until the host has no room for any",
  why: `
A fork bomb, or a server that starts a process for each request, fills the host's process table, and then nobody can log in to
stop it. \`deploy.resources.limits.pids\` and \`pids_limit\` say the same to docker compose; -1 and 0 mean no limit. KICS looks
at files with a \`version\` below 3 alone. On a developer's machine it seldom matters, so the rule is strict.`,
  fixSafety: `
Unsafe: 200 is a place to begin; threads count, and a server for many connections may need more.`,
  amount: () => 200,
  also: [],
  examples: [
    {
      bad: "services:\n  app:\n    image: example/app:2.1\n    mem_limit: 512m\n",
      fixed: "services:\n  app:\n    image: example/app:2.1\n    mem_limit: 512m\n    pids_limit: 200\n",
    },
    {
      bad: "services:\n  app:\n    image: example/app:2.1\n    pids_limit: -1\n",
      fixed: "services:\n  app:\n    image: example/app:2.1\n    pids_limit: 200\n",
    },
    { good: "services:\n  app:\n    image: example/app:2.1\n    pids_limit: 100\n" },
  ],
});
