/** Refactorings that need answers: a text, what is known of the world, and what becomes of it. */
import type { Answer } from "../../../server/src/core/rule.ts";

export interface Case {
  readonly name: string;
  readonly refactoring: string;
  readonly text: string;
  /** Where it is asked for; counted from 1. */
  readonly line: number;
  /** Of several on the line, the one whose title begins so. */
  readonly title?: string;
  readonly answers?: Readonly<Record<string, Answer>>;
  /** The text, or why there is none; `nothing` where it is not offered. */
  readonly becomes: { readonly text: string } | { readonly refusal: RegExp } | "nothing";
  /** Remarks that have to come with it. */
  readonly left?: readonly RegExp[];
  /** Questions that were still open. */
  readonly asks?: readonly string[];
}

const NODE_CONTEXT = {
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
  "exists:.dockerignore": "no",
  "path-kind:Dockerfile.dockerignore": "missing",
} as const;
const PACKAGE = '{"dependencies": {"express": "^5.1.0"}}';
const LOCK =
  '{"lockfileVersion": 3, "packages": {"": {"dependencies": {"express": "^5.1.0"}}, "node_modules/express": {"version": "5.1.0"}}}';
const NODE_LATE = "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\n";
const SUM = `sha256:${"4f".repeat(32)}`;
const PIP = "FROM python:3.13\nWORKDIR /app\nCOPY requirements.txt ./\nRUN pip install -r requirements.txt\n";

const manifestsFirst: readonly Case[] = [
  {
    name: "nothing known of the build context",
    refactoring: "manifests-first",
    text: NODE_LATE,
    line: 3,
    becomes: { refusal: /not known yet/ },
    asks: ["exists:package.json"],
  },
  {
    name: "all known",
    refactoring: "manifests-first",
    text: NODE_LATE,
    line: 4,
    answers: { ...NODE_CONTEXT, "read:package.json": PACKAGE },
    becomes: { text: "FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\n" },
  },
  {
    name: "the image's packages would be covered by the context's",
    refactoring: "manifests-first",
    text: NODE_LATE,
    line: 3,
    answers: { ...NODE_CONTEXT, "exists:node_modules": "yes", "read:package.json": PACKAGE },
    becomes: { refusal: /node_modules of the build context over the one that is installed/ },
  },
  {
    name: "an ignore file keeps them away",
    refactoring: "manifests-first",
    text: NODE_LATE,
    line: 3,
    answers: {
      ...NODE_CONTEXT,
      "exists:node_modules": "yes",
      "exists:.dockerignore": "yes",
      "read:.dockerignore": "node_modules\n",
      "read:package.json": PACKAGE,
    },
    becomes: { text: "FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\n" },
  },
  {
    name: "the Dockerfile's own ignore file leaves the lock file out",
    refactoring: "manifests-first",
    text: NODE_LATE,
    line: 3,
    answers: {
      ...NODE_CONTEXT,
      "path-kind:Dockerfile.dockerignore": "file",
      "text:Dockerfile.dockerignore": "package-lock.json\n",
      "read:package.json": PACKAGE,
    },
    becomes: { text: "FROM node:22\nWORKDIR /app\nCOPY package.json ./\nRUN npm ci\nCOPY . .\n" },
  },
  {
    name: "what stands between and needs none of the source",
    refactoring: "manifests-first",
    text: "FROM node:22\n# all of it\nCOPY . /app\nWORKDIR /app\nENV CI=1\nRUN apt-get update && apt-get install -y g++ && rm -rf /var/lib/apt/lists/*\n# what it needs\nRUN npm ci\nCMD node .\n",
    line: 3,
    answers: { ...NODE_CONTEXT, "read:package.json": PACKAGE },
    becomes: {
      text: "FROM node:22\nCOPY package.json package-lock.json /app/\nWORKDIR /app\nENV CI=1\nRUN apt-get update && apt-get install -y g++ && rm -rf /var/lib/apt/lists/*\n# what it needs\nRUN npm ci\n# all of it\nCOPY . /app\nCMD node .\n",
    },
  },
  {
    name: "a working folder that would be another one for the COPY",
    refactoring: "manifests-first",
    text: "FROM node:22\nWORKDIR /app\nCOPY . .\nWORKDIR /app/.\nRUN npm ci\n",
    line: 3,
    answers: { ...NODE_CONTEXT, "read:package.json": PACKAGE },
    becomes: { refusal: /other instructions stand between/ },
  },
  {
    name: "a package of the build context",
    refactoring: "manifests-first",
    text: "FROM node:22\nCOPY . /app\nWORKDIR /app\nRUN apt-get install -y ./own.deb\nRUN npm ci\n",
    line: 2,
    answers: { ...NODE_CONTEXT, "read:package.json": PACKAGE },
    becomes: { refusal: /other instructions stand between/ },
  },
  ...[
    ["workspaces", '{"workspaces": ["packages/*"]}', /workspaces/],
    ["a folder among the dependencies", '{"dependencies": {"own": "file:../own"}}', /takes own from the build context/],
    ["workspace:", '{"devDependencies": {"own": "workspace:*"}}', /takes own from the build context/],
    ["a script after the install", '{"scripts": {"postinstall": "patch-package"}}', /postinstall script/],
    ["prepare that builds", '{"scripts": {"prepare": "npm run build"}}', /prepare script/],
    ["patches", '{"pnpm": {"patchedDependencies": {"x": "own/x.patch"}}}', /names patches/],
    ["no JSON", "{", /cannot be read/],
  ].map(
    ([name, text, refusal]): Case => ({
      name: `package.json: ${String(name)}`,
      refactoring: "manifests-first",
      text: NODE_LATE,
      line: 3,
      answers: { ...NODE_CONTEXT, "read:package.json": String(text) },
      becomes: { refusal: refusal as RegExp },
    }),
  ),
  {
    name: "scripts that are not run",
    refactoring: "manifests-first",
    text: NODE_LATE.replace("npm ci", "npm ci --ignore-scripts"),
    line: 3,
    answers: { ...NODE_CONTEXT, "read:package.json": '{"scripts": {"postinstall": "patch-package"}}' },
    becomes: {
      text: "FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci --ignore-scripts\nCOPY . .\n",
    },
  },
  {
    name: "requirements that include others",
    refactoring: "manifests-first",
    text: "FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n",
    line: 3,
    answers: {
      "exists:requirements.txt": "yes",
      "read:requirements.txt": "-r base.txt\n-c pins.txt\nflask\n",
      "read:base.txt": "django\n",
      "read:pins.txt": "django==5.2\n",
      "exists:.dockerignore": "no",
      "path-kind:Dockerfile.dockerignore": "missing",
    },
    becomes: {
      text: "FROM python:3.13\nWORKDIR /app\nCOPY requirements.txt base.txt pins.txt ./\nRUN pip install -r requirements.txt\nCOPY . .\n",
    },
  },
  {
    name: "requirements that install the project",
    refactoring: "manifests-first",
    text: "FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n",
    line: 3,
    answers: { "exists:requirements.txt": "yes", "read:requirements.txt": "-e .\n" },
    becomes: { refusal: /from the build context/ },
  },
  {
    name: "a module that is replaced by a folder",
    refactoring: "manifests-first",
    text: "FROM golang:1.25\nWORKDIR /src\nCOPY . .\nRUN go mod download\n",
    line: 3,
    answers: {
      "exists:go.mod": "yes",
      "exists:go.sum": "yes",
      "exists:go.work": "no",
      "read:go.mod": "module example.org/shop\nreplace example.org/cart => ../cart\n",
    },
    becomes: { refusal: /replaces example.org\/cart with a folder/ },
  },
];

const cacheMount: readonly Case[] = [
  {
    name: "npm",
    refactoring: "cache-mount",
    text: "FROM node:22\nRUN npm ci && npm cache clean --force\n",
    line: 2,
    becomes: { text: "FROM node:22\nRUN --mount=type=cache,target=/root/.npm npm ci\n" },
  },
  {
    name: "apk, whose option would keep it empty",
    refactoring: "cache-mount",
    text: "FROM alpine:3.22\nRUN apk add --no-cache curl\n",
    line: 2,
    becomes: {
      text: "FROM alpine:3.22\nRUN --mount=type=cache,target=/etc/apk/cache,sharing=locked apk add --update-cache curl\n",
    },
  },
  {
    name: "every RUN of the tool that shares it",
    refactoring: "cache-mount",
    text: "FROM golang:1.25\nRUN go mod download\nRUN go build ./...\n",
    line: 3,
    becomes: {
      text: "FROM golang:1.25\nRUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build go mod download\nRUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build go build ./...\n",
    },
  },
  {
    name: "a user nobody knows",
    refactoring: "cache-mount",
    text: "FROM python:3.13\nUSER app\nRUN pip install flask\n",
    line: 3,
    becomes: { refusal: /that user's folder/ },
  },
  {
    name: "nothing is downloaded",
    refactoring: "cache-mount",
    text: "FROM node:22\nRUN npm run build\n",
    line: 2,
    becomes: "nothing",
  },
];

const LOCKED = "FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm install --omit=dev\n";
const frozen: readonly Case[] = [
  {
    name: "npm, and both agree",
    refactoring: "frozen-install",
    text: LOCKED,
    line: 4,
    answers: { ...NODE_CONTEXT, "read:package.json": PACKAGE, "read:package-lock.json": LOCK },
    becomes: { text: LOCKED.replace("npm install", "npm ci") },
  },
  {
    name: "npm, and the lock file is old",
    refactoring: "frozen-install",
    text: LOCKED,
    line: 4,
    answers: {
      ...NODE_CONTEXT,
      "read:package.json": '{"dependencies": {"express": "^5.1.0", "helmet": "^8.0.0"}}',
      "read:package-lock.json": LOCK,
    },
    becomes: { refusal: /does not have what package.json asks for \(helmet\)/ },
  },
  {
    name: "npm, and nobody can tell",
    refactoring: "frozen-install",
    text: LOCKED,
    line: 4,
    answers: {
      ...NODE_CONTEXT,
      "read:package.json": '{"dependencies": {"express": "^5.0.0"}}',
      "read:package-lock.json": LOCK,
    },
    becomes: { text: LOCKED.replace("npm install", "npm ci") },
    left: [/whether package-lock.json and package.json agree cannot be told/],
  },
  {
    name: "the lock file is ignored",
    refactoring: "frozen-install",
    text: LOCKED,
    line: 4,
    answers: { ...NODE_CONTEXT, "exists:.dockerignore": "yes", "read:.dockerignore": "*-lock.json\n" },
    becomes: { refusal: /keeps package-lock.json out/ },
  },
  {
    name: "the lock file is not there",
    refactoring: "frozen-install",
    text: LOCKED,
    line: 4,
    answers: { ...NODE_CONTEXT, "exists:package-lock.json": "no" },
    becomes: { refusal: /has no package-lock.json/ },
  },
  {
    name: "pnpm",
    refactoring: "frozen-install",
    text: "FROM node:22\nWORKDIR /app\nCOPY package.json pnpm-lock.yaml ./\nRUN pnpm install\n",
    line: 4,
    answers: {
      ...NODE_CONTEXT,
      "exists:pnpm-lock.yaml": "yes",
      "read:package.json": PACKAGE,
      "read:pnpm-lock.yaml":
        "lockfileVersion: '9.0'\nimporters:\n  .:\n    dependencies:\n      express:\n        specifier: ^5.1.0\n        version: 5.1.0\n",
    },
    becomes: {
      text: "FROM node:22\nWORKDIR /app\nCOPY package.json pnpm-lock.yaml ./\nRUN pnpm install --frozen-lockfile\n",
    },
  },
  {
    name: "uv",
    refactoring: "frozen-install",
    text: "FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN uv sync --no-dev\n",
    line: 4,
    answers: { "exists:uv.lock": "yes", "exists:.dockerignore": "no", "path-kind:Dockerfile.dockerignore": "missing" },
    becomes: { text: "FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN uv sync --locked --no-dev\n" },
  },
  {
    name: "keeps to it already",
    refactoring: "frozen-install",
    text: LOCKED.replace("npm install", "npm ci"),
    line: 4,
    becomes: "nothing",
  },
  {
    name: "pip, hashes for all",
    refactoring: "frozen-install",
    text: PIP,
    line: 4,
    answers: { "read:requirements.txt": "flask==3.1.2 \\\n    --hash=sha256:aa\nclick==8.3.0 --hash=sha256:bb\n" },
    becomes: { text: PIP.replace("pip install", "pip install --require-hashes") },
  },
  {
    name: "pip, one hash missing",
    refactoring: "frozen-install",
    text: PIP,
    line: 4,
    answers: { "read:requirements.txt": "flask==3.1.2 --hash=sha256:aa\nclick==8.3.0\n" },
    becomes: { refusal: /has no hash for click/ },
  },
  {
    name: "pip, no hashes",
    refactoring: "frozen-install",
    text: PIP,
    line: 4,
    answers: { "read:requirements.txt": "flask==3.1.2\n" },
    becomes: "nothing",
  },
];

const TGZ = "https://github.com/example/tool/releases/download/v1.2.0/tool-1.2.0.tar.gz";
const sum: readonly Case[] = [
  {
    name: "ADD, before anybody downloaded",
    refactoring: "add-checksum",
    text: `FROM debian:13\nADD ${TGZ} /tmp/\n`,
    line: 2,
    becomes: { refusal: /once it is downloaded/ },
    asks: [`checksum:${TGZ}`],
  },
  {
    name: "ADD",
    refactoring: "add-checksum",
    text: `FROM debian:13\nADD --chown=1:1 ${TGZ} /tmp/\n`,
    line: 2,
    answers: { [`checksum:${TGZ}`]: SUM },
    becomes: { text: `FROM debian:13\nADD --checksum=${SUM} --chown=1:1 ${TGZ} /tmp/\n` },
  },
  {
    name: "a version the file knows",
    refactoring: "add-checksum",
    text: "FROM debian:13\nARG V=1.2\nADD https://example.org/t-${V}.tgz /tmp/\n",
    line: 3,
    answers: { "checksum:https://example.org/t-1.2.tgz": SUM },
    becomes: { text: `FROM debian:13\nARG V=1.2\nADD --checksum=${SUM} https://example.org/t-\${V}.tgz /tmp/\n` },
  },
  {
    name: "a version nobody knows",
    refactoring: "add-checksum",
    text: "FROM debian:13\nARG V\nADD https://example.org/t-${V}.tgz /tmp/\n",
    line: 3,
    becomes: { refusal: /a variable that is not known/ },
  },
  {
    name: "an archive that is packed when it is asked for",
    refactoring: "add-checksum",
    text: "FROM debian:13\nADD https://github.com/example/tool/archive/refs/tags/v1.2.tar.gz /tmp/\n",
    line: 2,
    answers: { "checksum:https://github.com/example/tool/archive/refs/tags/v1.2.tar.gz": SUM },
    becomes: {
      text: `FROM debian:13\nADD --checksum=${SUM} https://github.com/example/tool/archive/refs/tags/v1.2.tar.gz /tmp/\n`,
    },
    left: [/packed when it is asked for/],
  },
  {
    name: "what changes",
    refactoring: "add-checksum",
    text: "FROM debian:13\nADD https://example.org/latest/tool /tmp/\n",
    line: 2,
    becomes: { refusal: /latest/ },
  },
  {
    name: "an old frontend",
    refactoring: "add-checksum",
    text: `# syntax=docker/dockerfile:1.4\nFROM debian:13\nADD ${TGZ} /tmp/\n`,
    line: 3,
    becomes: { refusal: /1\.6 is the first/ },
  },
  {
    name: "the download fails",
    refactoring: "add-checksum",
    text: `FROM debian:13\nADD ${TGZ} /tmp/\n`,
    line: 2,
    answers: { [`checksum:${TGZ}`]: { unknown: "github.com answered 404 for it" } },
    becomes: { refusal: /answered 404/ },
  },
  {
    name: "not a URL",
    refactoring: "add-checksum",
    text: "FROM debian:13\nADD app.tgz /tmp/\n",
    line: 2,
    becomes: "nothing",
  },
  {
    name: "curl into tar",
    refactoring: "add-checksum",
    text: `# syntax=docker/dockerfile:1\nFROM debian:13\nRUN mkdir -p /opt/tool && curl -fsSL ${TGZ} | tar -xz -C /opt/tool\n`,
    line: 3,
    answers: { [`checksum:${TGZ}`]: SUM },
    becomes: {
      text: `# syntax=docker/dockerfile:1\nFROM debian:13\nADD --checksum=${SUM} --unpack ${TGZ} /opt/tool/\n`,
    },
  },
  {
    name: "curl, tar and rm",
    refactoring: "add-checksum",
    text: `# syntax=docker/dockerfile:1\nFROM debian:13\nWORKDIR /opt\nRUN curl -fsSLo t.tgz ${TGZ} \\\n && tar xzf t.tgz \\\n && rm t.tgz\n`,
    line: 4,
    answers: { [`checksum:${TGZ}`]: SUM },
    becomes: {
      text: `# syntax=docker/dockerfile:1\nFROM debian:13\nWORKDIR /opt\nADD --checksum=${SUM} --unpack ${TGZ} ./\n`,
    },
  },
  {
    name: "the archive would stay",
    refactoring: "add-checksum",
    text: `# syntax=docker/dockerfile:1\nFROM debian:13\nRUN curl -fsSLo /tmp/t.tgz ${TGZ} && tar xzf /tmp/t.tgz -C /opt\n`,
    line: 3,
    becomes: { refusal: /stays in the image/ },
  },
  {
    name: "a builder that may not know --unpack",
    refactoring: "add-checksum",
    text: `FROM debian:13\nRUN curl -fsSL ${TGZ} | tar -xz -C /opt\n`,
    line: 2,
    becomes: { refusal: /# syntax=docker\/dockerfile:1/ },
  },
  {
    name: "tar that strips folders",
    refactoring: "add-checksum",
    text: `# syntax=docker/dockerfile:1\nFROM debian:13\nRUN curl -fsSL ${TGZ} | tar -xz --strip-components=1 -C /opt\n`,
    line: 3,
    becomes: { refusal: /tar has options/ },
  },
  {
    name: "a header that ADD cannot send",
    refactoring: "add-checksum",
    text: `# syntax=docker/dockerfile:1\nFROM debian:13\nRUN curl -fsSL -H "X-Key: 1" ${TGZ} | tar -xz -C /opt\n`,
    line: 3,
    becomes: { refusal: /nothing for -H/ },
  },
  {
    name: "a RUN that does more",
    refactoring: "add-checksum",
    text: `# syntax=docker/dockerfile:1\nFROM debian:13\nRUN curl -fsSL ${TGZ} | tar -xz -C /opt && /opt/install\n`,
    line: 3,
    becomes: { refusal: /does more/ },
  },
  {
    name: "folders ADD would not make",
    refactoring: "add-checksum",
    text: `# syntax=docker/dockerfile:1\nFROM debian:13\nRUN mkdir -p /var/lib/tool && curl -fsSL ${TGZ} | tar -xz -C /opt\n`,
    line: 3,
    becomes: { refusal: /does more/ },
  },
  {
    name: "another user's files",
    refactoring: "add-checksum",
    text: `# syntax=docker/dockerfile:1\nFROM node:22\nUSER node\nRUN curl -fsSL ${TGZ} | tar -xz -C /opt\n`,
    line: 4,
    becomes: { refusal: /does not run as root/ },
  },
  {
    name: "a program",
    refactoring: "add-checksum",
    text: "FROM debian:13\nRUN curl -fsSL https://example.org/tool-1.0 -o /usr/local/bin/tool && chmod +x /usr/local/bin/tool\n",
    line: 2,
    answers: { "checksum:https://example.org/tool-1.0": SUM },
    becomes: {
      text: `FROM debian:13\nADD --checksum=${SUM} --chmod=755 https://example.org/tool-1.0 /usr/local/bin/tool\n`,
    },
  },
  {
    name: "checked already",
    refactoring: "add-checksum",
    text: `FROM debian:13\nRUN curl -fsSLo a.tgz ${TGZ} && echo "x a.tgz" | sha256sum -c && tar xzf a.tgz\n`,
    line: 2,
    becomes: "nothing",
  },
];

const secret: readonly Case[] = [
  {
    name: "ARG",
    refactoring: "secret-mount",
    text: "FROM node:22\nARG NPM_TOKEN\nRUN echo $NPM_TOKEN > /tmp/x && npm ci\n",
    line: 2,
    becomes: {
      text: "FROM node:22\nRUN --mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN echo $NPM_TOKEN > /tmp/x && npm ci\n",
    },
    left: [/--secret id=NPM_TOKEN,env=NPM_TOKEN/],
  },
  {
    name: "ENV of a stage that is not shipped",
    refactoring: "secret-mount",
    text: "FROM node:22 AS build\nENV API_TOKEN=x\nRUN fetch $API_TOKEN\nFROM node:22\nCOPY --from=build /a /a\n",
    line: 2,
    becomes: {
      text: "FROM node:22 AS build\nRUN --mount=type=secret,id=API_TOKEN,env=API_TOKEN fetch $API_TOKEN\nFROM node:22\nCOPY --from=build /a /a\n",
    },
  },
  {
    name: "ENV that the program may read",
    refactoring: "secret-mount",
    text: 'FROM node:22\nENV API_TOKEN=x\nRUN fetch $API_TOKEN\nCMD ["node", "."]\n',
    line: 2,
    becomes: { refusal: /may read it when it runs/ },
  },
  {
    name: "no secret",
    refactoring: "secret-mount",
    text: "FROM node:22\nARG VERSION\nRUN echo $VERSION\n",
    line: 2,
    becomes: "nothing",
  },
];

const SERVER =
  'WORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nCMD ["node", "server.js"]\n';
const slim: readonly Case[] = [
  {
    name: "node without native packages",
    refactoring: "slim-base",
    text: `FROM node:22\n${SERVER}`,
    line: 1,
    answers: { ...NODE_CONTEXT, "read:package.json": PACKAGE, "read:package-lock.json": LOCK },
    becomes: { text: `FROM node:22-slim\n${SERVER}` },
    left: [/not in it: curl, wget, git/],
  },
  {
    name: "what is not known yet",
    refactoring: "slim-base",
    text: `FROM node:22\n${SERVER}`,
    line: 1,
    becomes: { refusal: /not known yet/ },
    asks: ["read:package.json", "read:package-lock.json"],
  },
  {
    name: "a package from git",
    refactoring: "slim-base",
    text: `FROM node:22\n${SERVER}`,
    line: 1,
    answers: {
      "read:package.json": '{"dependencies": {"own": "git+https://example.org/own.git"}}',
      "read:package-lock.json": LOCK,
    },
    becomes: { refusal: /own is fetched with git/ },
  },
  {
    name: "a package that is compiled",
    refactoring: "slim-base",
    text: "FROM python:3.13-bookworm\nRUN pip install psycopg2\n",
    line: 1,
    becomes: { refusal: /psycopg2 is compiled/ },
  },
  {
    name: "python and its suite",
    refactoring: "slim-base",
    text: 'FROM python:3.13-bookworm\nRUN pip install flask\nCMD ["flask", "run"]\n',
    line: 1,
    becomes: { text: 'FROM python:3.13-slim-bookworm\nRUN pip install flask\nCMD ["flask", "run"]\n' },
  },
  {
    name: "a RUN that needs git",
    refactoring: "slim-base",
    text: "FROM python:3.13\nRUN git clone https://example.org/x.git\n",
    line: 1,
    becomes: { refusal: /RUN uses git/ },
  },
  {
    name: "git that is installed",
    refactoring: "slim-base",
    text: "FROM python:3.13\nRUN apt-get update && apt-get install -y git\nRUN git clone https://example.org/x.git\n",
    line: 1,
    becomes: {
      text: "FROM python:3.13-slim\nRUN apt-get update && apt-get install -y git\nRUN git clone https://example.org/x.git\n",
    },
  },
  {
    name: "a health check that needs curl",
    refactoring: "slim-base",
    text: 'FROM python:3.13\nHEALTHCHECK CMD curl -f http://localhost/\nCMD ["python", "app.py"]\n',
    line: 1,
    becomes: { refusal: /HEALTHCHECK starts curl/ },
  },
  {
    name: "a script that needs make",
    refactoring: "slim-base",
    text: "FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN ./prepare.sh\n",
    line: 1,
    answers: { "read:prepare.sh": "#!/bin/sh\nset -e\nmake all\n" },
    becomes: { refusal: /prepare.sh uses make/ },
  },
  {
    name: "a pinned base",
    refactoring: "slim-base",
    text: `FROM python:3.13@${SUM}\nCMD ["python"]\n`,
    line: 1,
    answers: { "digest:python:3.13-slim": `sha256:${"ab".repeat(32)}` },
    becomes: { text: `FROM python:3.13-slim@sha256:${"ab".repeat(32)}\nCMD ["python"]\n` },
  },
  {
    name: "a JDK for a jar",
    refactoring: "slim-base",
    text: 'FROM eclipse-temurin:21-jdk-noble\nCOPY app.jar /app.jar\nCMD ["java", "-jar", "/app.jar"]\n',
    line: 1,
    becomes: { text: 'FROM eclipse-temurin:21-jre-noble\nCOPY app.jar /app.jar\nCMD ["java", "-jar", "/app.jar"]\n' },
  },
  {
    name: "an image that is not made any more",
    refactoring: "slim-base",
    text: 'FROM openjdk:17\nCOPY app.jar /app.jar\nCMD ["java", "-jar", "/app.jar"]\n',
    line: 1,
    becomes: { text: 'FROM eclipse-temurin:17-jre\nCOPY app.jar /app.jar\nCMD ["java", "-jar", "/app.jar"]\n' },
  },
  {
    name: "a JDK that builds",
    refactoring: "slim-base",
    text: 'FROM eclipse-temurin:21\nCOPY . .\nRUN ./mvnw package\nCMD ["java", "-jar", "/app.jar"]\n',
    line: 1,
    becomes: { refusal: /RUN uses mvnw/ },
  },
  {
    name: "a static binary",
    refactoring: "slim-base",
    text: 'FROM golang:1.25 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app .\nFROM debian:13-slim\nCOPY --from=build /app /app\nCMD ["/app"]\n',
    line: 5,
    becomes: {
      text: 'FROM golang:1.25 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app .\nFROM gcr.io/distroless/static-debian13\nCOPY --from=build /app /app\nCMD ["/app"]\n',
    },
  },
  {
    name: "a binary that may need a libc",
    refactoring: "slim-base",
    text: 'FROM golang:1.25 AS build\nRUN go build -o /app .\nFROM debian:13-slim\nCOPY --from=build /app /app\nCMD ["/app"]\n',
    line: 3,
    becomes: "nothing",
  },
  {
    name: "files of an account that is not there",
    refactoring: "slim-base",
    text: 'FROM golang:1.25 AS build\nRUN CGO_ENABLED=0 go build -o /app .\nFROM alpine:3.22\nCOPY --from=build --chown=app /app /app\nCMD ["/app"]\n',
    line: 3,
    becomes: { refusal: /--chown names app/ },
  },
  {
    name: "gems that may be compiled",
    refactoring: "slim-base",
    text: "FROM ruby:3.4\nRUN gem install jekyll\n",
    line: 1,
    becomes: { refusal: /jekyll is compiled/ },
  },
  {
    name: "gems that are Ruby alone",
    refactoring: "slim-base",
    text: "FROM ruby:3.4\nRUN gem install bundler\n",
    line: 1,
    becomes: { text: "FROM ruby:3.4-slim\nRUN gem install bundler\n" },
  },
  {
    name: "a static binary in shell form",
    refactoring: "slim-base",
    text: "FROM golang:1.25 AS build\nRUN CGO_ENABLED=0 go build -o /app .\nFROM alpine:3.22\nCOPY --from=build /app /app\nCMD /app\n",
    line: 3,
    becomes: { refusal: /there is no shell/ },
  },
];

const pins: readonly Case[] = [
  {
    name: "apt of a suite the tag says",
    refactoring: "pin-packages",
    text: "FROM node:22-bookworm\nRUN apt-get update && apt-get install -y \\\n    curl \\\n    git=1:2.39.5-0 && rm -rf /x\n",
    line: 2,
    answers: { "package-version:apt:debian bookworm amd64:curl": "7.88.1-10+deb12u14" },
    becomes: {
      text: "FROM node:22-bookworm\nRUN apt-get update && apt-get install -y \\\n    curl=7.88.1-10+deb12u14 \\\n    git=1:2.39.5-0 && rm -rf /x\n",
    },
  },
  {
    name: "a suite that the image says",
    refactoring: "pin-packages",
    text: "FROM --platform=linux/arm64 node:22\nRUN apt-get update && apt-get install -y curl nosuch\n",
    line: 2,
    answers: {
      "distribution:node:22": "debian trixie",
      "package-version:apt:debian trixie arm64:curl": "8.14.1-2",
      "package-version:apt:debian trixie arm64:nosuch": { unknown: "the package index has no nosuch" },
    },
    becomes: {
      text: "FROM --platform=linux/arm64 node:22\nRUN apt-get update && apt-get install -y curl=8.14.1-2 nosuch\n",
    },
    left: [/nosuch: the package index has no nosuch/],
  },
  {
    name: "built once more for one processor",
    refactoring: "pin-packages",
    text: "FROM debian:13\nRUN apt-get update && apt-get install -y jq\n",
    line: 2,
    answers: { "package-version:apt:debian trixie amd64:jq": "1.7.1-6+b1" },
    becomes: { text: "FROM debian:13\nRUN apt-get update && apt-get install -y jq=1.7.1-6+b1\n" },
    left: [/others may not have it/],
  },
  {
    name: "asked in turn",
    refactoring: "pin-packages",
    text: "FROM node:22\nRUN apt-get update && apt-get install -y curl\n",
    line: 2,
    becomes: { refusal: /once their indexes are asked/ },
    asks: ["distribution:node:22"],
  },
  {
    name: "apk",
    refactoring: "pin-packages",
    text: "FROM alpine:3.22\nRUN apk add --no-cache curl 'tini' bash~5\n",
    line: 2,
    answers: {
      "package-version:apk:v3.22 x86_64:curl": "8.14.1-r2",
      "package-version:apk:v3.22 x86_64:tini": "0.19.0-r3",
    },
    becomes: { text: "FROM alpine:3.22\nRUN apk add --no-cache curl=8.14.1-r2 'tini=0.19.0-r3' bash~5\n" },
  },
  {
    name: "pip, npm and gem",
    refactoring: "pin-packages",
    text: "FROM python:3.13\nRUN pip install uvicorn[standard] flask==3.1.0 -r more.txt\n",
    line: 2,
    answers: { "package-version:pip:3.13:uvicorn": "0.35.0" },
    becomes: { text: "FROM python:3.13\nRUN pip install 'uvicorn[standard]==0.35.0' flask==3.1.0 -r more.txt\n" },
  },
  {
    name: "npm",
    refactoring: "pin-packages",
    text: "FROM node:22\nRUN npm install -g @scope/tool pnpm@10 ./own\n",
    line: 2,
    answers: { "package-version:npm::@scope/tool": "2.0.1" },
    becomes: { text: "FROM node:22\nRUN npm install -g @scope/tool@2.0.1 pnpm@10 ./own\n" },
  },
  {
    name: "gem",
    refactoring: "pin-packages",
    text: "FROM ruby:3.4\nRUN gem install bundler --no-document\n",
    line: 2,
    answers: { "package-version:gem:3.4:bundler": "2.7.1" },
    becomes: { text: "FROM ruby:3.4\nRUN gem install bundler:2.7.1 --no-document\n" },
  },
  {
    name: "a repository of one's own",
    refactoring: "pin-packages",
    text: "FROM debian:13\nRUN echo deb https://example.org x main > /etc/apt/sources.list.d/x.list && apt-get update && apt-get install -y tool\n",
    line: 2,
    becomes: { refusal: /repositories of its own/ },
  },
  {
    name: "Python nobody knows",
    refactoring: "pin-packages",
    text: "FROM debian:13\nRUN pip install flask\n",
    line: 2,
    becomes: { refusal: /which Python/ },
  },
  {
    name: "dnf",
    refactoring: "pin-packages",
    text: "FROM fedora:42\nRUN dnf install -y curl\n",
    line: 2,
    becomes: { refusal: /repositories of dnf/ },
  },
  {
    name: "all pinned",
    refactoring: "pin-packages",
    text: "FROM debian:13\nRUN apt-get update && apt-get install -y curl=1 ./x.deb\n",
    line: 2,
    becomes: "nothing",
  },
];

export const CASES: readonly Case[] = [
  ...manifestsFirst,
  ...cacheMount,
  ...frozen,
  ...sum,
  ...secret,
  ...slim,
  ...pins,
];
