import { userRemedy } from "../../assists/add-user.ts";
import {
  baseImageOf,
  exposesAnything,
  familyUnder,
  handsRootOver,
  lastOf,
  startsInteractively,
  usersOf,
} from "../../model/dockerfile/facts.ts";
import { finalStage, rootBase } from "../../model/dockerfile/stages.ts";
import { defineRule, type Profile } from "../../rule.ts";
import { allNamed } from "../../model/dockerfile/named.ts";

export default defineRule({
  id: "user-missing",
  summary: "the image that ships has no USER and runs as root",
  severity: "warning",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.1.0",
  sameAs: ["trivy:DS-0002", "kics:Missing User Instruction", "checkov:CKV_DOCKER_3", "dockle:CIS-DI-0001"],
  why: `
Without \`USER\` the process is root in its container. Whoever breaks into it can change the application, install tools and
use every file of a mounted volume, and is one kernel or runtime fault away from root on the host. Kubernetes refuses such an
image where \`runAsNonRoot\` is set.

Only the last stage is judged: builder stages may be root. A user set in a stage it is built \`FROM\` counts, and so does the
own user of a base that is known, such as distroless \`:nonroot\`. Images that start as root on purpose and hand over by
themselves (\`postgres\`, \`redis\`, an entrypoint with gosu) are let off. An image that starts nothing, or a shell or an interpreter
to type into, is one to build on: shown in the profile \`strict\` only, and so is one whose base is not known, because that may
have a user of its own.`,
  fixSafety: `
Unsafe: the process may no longer write where root could. The user is one that the file creates or the base has, otherwise
one is created with the fixed number 10001 in the way of the base's distribution (scratch and distroless take the number
65532). It stands behind the last \`RUN\`; \`COPY\` to folders that applications write to gets \`--chown\`. There is no fix where
the base is not known, the program needs root, the application lies in /root, or a \`VOLUME\` belongs to root.`,
  examples: [
    {
      bad: 'FROM node:22-alpine\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nCMD ["node", "server.js"]\n',
      fixed:
        'FROM node:22-alpine\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nUSER node\nCOPY . .\nCMD ["node", "server.js"]\n',
    },
    {
      bad: 'FROM python:3.13-slim\nCOPY app.py /srv/\nCMD ["python", "/srv/app.py"]\n',
      fixed:
        'FROM python:3.13-slim\nCOPY app.py /srv/\nRUN groupadd --system --gid 10001 app \\\n && useradd --system --no-log-init --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin app\nUSER 10001:10001\nCMD ["python", "/srv/app.py"]\n',
    },
    { good: 'FROM gcr.io/distroless/static-debian13:nonroot\nCOPY app /\nENTRYPOINT ["/app"]\n' },
    { good: 'FROM alpine:3.22 AS base\nUSER 1000\n\nFROM base\nCMD ["id"]\n' },
  ],
  check({ dockerfile, report }) {
    const stage = finalStage(dockerfile);
    if (
      !stage ||
      usersOf(dockerfile, stage).length > 0 ||
      allNamed(dockerfile, "USER").some(({ triggered }) => triggered)
    )
      return;
    const root = rootBase(dockerfile, stage);
    if (root.kind === "unknown") return;
    const base = baseImageOf(dockerfile, stage);
    if (base?.user === "other" || familyUnder(dockerfile, stage) === "windows" || handsRootOver(dockerfile, stage))
      return;
    const starts = lastOf(dockerfile, stage, "CMD") ?? lastOf(dockerfile, stage, "ENTRYPOINT");
    if (base?.rootOnPurpose !== undefined && !starts) return;
    // Without CMD, ENTRYPOINT or EXPOSE, or with a shell to type into, it is an image to build on, whose children choose the user.
    const ships =
      exposesAnything(dockerfile, stage) || (starts !== undefined && !startsInteractively(dockerfile, stage));
    const isGuess = root.kind === "image" && !base;
    const profile: Profile = ships && !isGuess ? "recommended" : "strict";
    const message = isGuess
      ? `No USER: the image runs as the user of ${root.reference}, which is not known here and is root for most images`
      : "No USER: the image runs as root";
    report((stage.image ?? stage.from.keyword).span, {
      message,
      profile,
      ...(isGuess && { severity: "info" as const }),
      remedy: () => userRemedy(dockerfile, stage),
    });
  },
});
