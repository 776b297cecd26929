import { limitRule } from "../resource-limits.ts";

export default limitRule({
  id: "compose-cpu-limit",
  resource: "cpus",
  summary: "container without a limit of processors",
  kics: "Cpus Not Limited",
  consequence: "may take every processor of the host",
  why: `
One service that loops makes all others slow, and the host with them. \`deploy.resources.limits.cpus\` and the short key
\`cpus\` say the same to docker compose; either counts, as do \`cpu_quota\` and \`cpu_count\`. KICS asks for the one or the
other by the file's \`version\`, and for none in a file without it. On a developer's machine it seldom matters, so the rule is
strict.`,
  fixSafety: `
Unsafe: one processor is a place to begin; the service may need more.`,
  amount: () => "1.0",
  also: ["cpu_quota", "cpu_count"],
  examples: [
    {
      bad: "services:\n  app:\n    image: example/app:2.1\n    deploy:\n      resources:\n        limits:\n          memory: 512m\n",
      fixed:
        'services:\n  app:\n    image: example/app:2.1\n    deploy:\n      resources:\n        limits:\n          memory: 512m\n          cpus: "1.0"\n',
    },
    {
      bad: "services:\n  app:\n    image: example/app:2.1\n    mem_limit: 512m\n",
      fixed: 'services:\n  app:\n    image: example/app:2.1\n    mem_limit: 512m\n    cpus: "1.0"\n',
    },
    { good: "services:\n  app:\n    image: example/app:2.1\n    cpus: 0.5\n" },
  ],
});
