import { userRemedy } from "../../assists/add-user.ts";
import { familyUnder, handsRootOver, isRoot, usersOf } from "../../model/dockerfile/facts.ts";
import { finalStage } from "../../model/dockerfile/stages.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  id: "user-root-last",
  summary: "the last USER of the image that ships is root",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.1.0",
  sameAs: [
    "hadolint:DL3002",
    "trivy:DS-0002",
    "kics:Last User Is 'root'",
    "checkov:CKV_DOCKER_8",
    "dockle:CIS-DI-0001",
  ],
  why: `
The last \`USER\` is who the container's process is. Switching to root to install something is fine; forgetting to switch back
ships a root process. Only the last stage is judged, with the stages it is built \`FROM\`: a builder that stays root harms
nobody, though hadolint reports one that no other stage is built on. A variable counts with the value the file gives it, which hadolint
does not look up. A file that installs or calls gosu, su-exec or the like hands root over at run time and is let off.`,
  fixSafety: `
Unsafe: the process may no longer write where root could. The fix goes back to the user the file had before, or uses one that
it creates or the base has; otherwise it creates one (see user-missing). It refuses where that cannot be known to start.`,
  examples: [
    {
      bad: "FROM jenkins/jenkins:2.516\nUSER root\nRUN apt-get update\n",
      fixed: "FROM jenkins/jenkins:2.516\nUSER root\nRUN apt-get update\nUSER jenkins\n",
    },
    {
      bad: 'FROM node:22\nUSER node\nRUN npm ci\nUSER root\nRUN apt-get update\nCMD ["node", "."]\n',
      fixed: 'FROM node:22\nUSER node\nRUN npm ci\nUSER root\nRUN apt-get update\nUSER node\nCMD ["node", "."]\n',
    },
    { good: "FROM debian:13\nUSER root\nRUN apt-get update\nUSER app\n" },
    { good: "FROM debian:13 AS build\nUSER root\n\nFROM scratch\nUSER 65532\n" },
  ],
  check({ dockerfile, report }) {
    const stage = finalStage(dockerfile);
    const last = stage && usersOf(dockerfile, stage).at(-1);
    if (!stage || last?.name === undefined || !isRoot(last.name)) return;
    if (familyUnder(dockerfile, stage) === "windows" || handsRootOver(dockerfile, stage)) return;
    report(last.instruction.args.span, {
      message:
        last.instruction.stage === stage.index
          ? `The last USER is ${last.instruction.args.text}: the image runs as root`
          : `The stage inherits USER ${last.instruction.args.text}: the image runs as root`,
      remedy: () => userRemedy(dockerfile, stage),
    });
  },
});
