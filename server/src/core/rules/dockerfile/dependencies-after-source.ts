import { lateInstalls, namesOf } from "../../assists/dockerfile/late-installs.ts";
import { manifestsFirst } from "../../assists/dockerfile/manifests-first.ts";
import { defineRule } from "../../rule.ts";

export default defineRule({
  id: "dependencies-after-source",
  summary: "dependencies installed after the whole source was copied",
  severity: "info",
  profile: "recommended",
  fixable: "sometimes",
  since: "0.1.0",
  sameAs: [],
  why: `
A layer is built again when anything before it changed. With the whole source copied first, every edit of every file
downloads and installs all dependencies again, which is most of the build's time. Copied first, the manifest and the lock file
keep the install in the cache until one of the two changes.`,
  fixSafety: `
Unsafe: the install then sees the manifest and the files known to belong to it, not the source. A \`postinstall\` script or a
local path among the dependencies needs more. The fix reads the manifests: it copies what they include, and refuses where a workspace, a
local path, a script that runs with the install, patches or a generator's folder is there, where an ignore file leaves a manifest out, and
where the COPY would put what the build context has installed over what the image has. It is given only where the \`RUN\` does nothing
but install and nothing between it and the COPY may need the source; what stands there stays where it is.`,
  examples: [
    {
      bad: 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["node", "."]\n',
      fixed:
        'FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nCMD ["node", "."]\n',
      answers: {
        "exists:package.json": "yes",
        "exists:package-lock.json": "yes",
        "exists:npm-shrinkwrap.json": "no",
        "exists:.npmrc": "no",
        "exists:pnpm-workspace.yaml": "no",
        "exists:lerna.json": "no",
        "exists:nx.json": "no",
        "exists:turbo.json": "no",
        "exists:patches": "no",
        "exists:prisma": "no",
        "exists:node_modules": "no",
        "read:package.json": '{"name": "shop"}',
        "exists:.dockerignore": "no",
      },
    },
    { good: "FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\n" },
    { good: "FROM python:3.14\nWORKDIR /app\nCOPY . .\nRUN pip install .\n" },
  ],
  check(context) {
    const { dockerfile, report, lookup } = context;
    for (const late of lateInstalls(dockerfile)) {
      const { source, install } = late;
      report(source.copy.body.span(0, source.copy.body.text.length), {
        message: `Every change of the source runs ${install.label} again: copy ${namesOf(source, install)} and install first`,
        related: [{ span: install.command.span, message: "installed here" }],
        ...manifestsFirst(dockerfile, late, lookup),
      });
    }
  },
});
