import { limitRule, memoryOf } from "../resource-limits.ts";

export default limitRule({
  id: "compose-memory-limit",
  resource: "memory",
  summary: "container without a limit of memory",
  kics: "Memory Not Limited",
  consequence: "may take all of the host's memory, and the kernel then kills what it likes",
  why: `
A leak in one service ends processes of others: when the host is out of memory, the kernel chooses a victim by size. With a
limit the container alone is killed and starts again. \`deploy.resources.limits.memory\` and the short key \`mem_limit\` say the
same to docker compose; either counts. KICS asks for the one or the other by the file's \`version\`, and for none in a file
without it. On a developer's machine it seldom matters, so the rule is strict.`,
  fixSafety: `
Unsafe: the amount is a place to begin, with more for databases and search engines; a service that needs more is killed.`,
  amount: memoryOf,
  also: [],
  examples: [
    {
      bad: "services:\n  app:\n    image: example/app:2.1\n",
      fixed:
        "services:\n  app:\n    image: example/app:2.1\n    deploy:\n      resources:\n        limits:\n          memory: 512m\n",
    },
    {
      bad: "services:\n  app:\n    image: example/app:2.1\n    cpus: 0.5\n",
      fixed: "services:\n  app:\n    image: example/app:2.1\n    cpus: 0.5\n    mem_limit: 512m\n",
    },
    { good: "services:\n  app:\n    image: example/app:2.1\n    mem_limit: 1g\n" },
  ],
});
