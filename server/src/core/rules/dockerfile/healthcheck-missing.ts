import { hasHealthcheck, planHealthcheck } from "../../assists/add-healthcheck.ts";
import { baseImageOf, exposesAnything } from "../../model/dockerfile/facts.ts";
import type { Dockerfile, Stage } from "../../model/dockerfile/model.ts";
import { finalStage, rootBase } from "../../model/dockerfile/stages.ts";
import { defineRule, type Remedy } from "../../rule.ts";
import { allNamed } from "../../model/dockerfile/named.ts";

export default defineRule({
  id: "healthcheck-missing",
  summary: "the image that ships has no HEALTHCHECK",
  severity: "info",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.1.0",
  sameAs: [
    "hadolint:DL3057",
    "trivy:DS-0026",
    "kics:Healthcheck Instruction Missing",
    "checkov:CKV_DOCKER_2",
    "dockle:CIS-DI-0006",
  ],
  why: `
A process that hangs still runs. \`HEALTHCHECK\` lets Docker, Compose (\`depends_on: condition: service_healthy\`) and Swarm see
the difference. \`HEALTHCHECK NONE\` says that there is none on purpose, and counts. Only the last stage is judged, with what it
is built \`FROM\`. Images that open no port are asked for one in the strict profile only. Kubernetes has probes of its own and
ignores it.`,
  fixSafety: `
Unsafe: the port and the path are read from the file and may not be what tells health. The command is one the base can run:
node, python, ruby or php where the image has them, curl or wget where it has or the file installs them, bash's own TCP in
Debian-like images. There is no fix for scratch and distroless, for unknown images, without a port, and for ports that do not
speak HTTP.`,
  examples: [
    {
      bad: "FROM nginx:1.29-alpine\nCOPY dist /usr/share/nginx/html\nEXPOSE 80\n",
      fixed:
        'FROM nginx:1.29-alpine\nCOPY dist /usr/share/nginx/html\nEXPOSE 80\nHEALTHCHECK --interval=30s --timeout=3s --start-period=10s CMD ["wget","-q","-O","/dev/null","http://127.0.0.1:80/"]\n',
    },
    { good: "FROM nginx:1.29-alpine\nEXPOSE 80\nHEALTHCHECK NONE\n" },
    { good: "FROM nginx:1.29 AS base\nHEALTHCHECK CMD curl -f http://127.0.0.1/\n\nFROM base\nEXPOSE 80\n" },
  ],
  check({ dockerfile, report }) {
    const stage = finalStage(dockerfile);
    if (!stage || hasHealthcheck(dockerfile, stage) || rootBase(dockerfile, stage).kind === "unknown") return;
    if (allNamed(dockerfile, "HEALTHCHECK").some(({ triggered }) => triggered)) return;
    const serves = exposesAnything(dockerfile, stage);
    const windows = baseImageOf(dockerfile, stage)?.family === "windows";
    report((stage.image ?? stage.from.keyword).span, {
      message: "No HEALTHCHECK: an orchestrator cannot tell whether the service still answers",
      profile: serves && !windows ? "recommended" : "strict",
      remedy: () => remedyFor(dockerfile, stage),
    });
  },
});

function remedyFor(dockerfile: Dockerfile, stage: Stage): Remedy {
  const plan = planHealthcheck(dockerfile, stage);
  if ("refusal" in plan) return { refusal: plan.refusal };
  return { fixes: [{ title: plan.title, safety: "unsafe", edits: plan.edits, snippet: plan.snippet }] };
}
