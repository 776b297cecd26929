/** Pieces of Dockerfiles: health checks, accounts, packages, mounts, heredocs. As *Containerize* and the fixes write them. */
import { COMMANDS } from "../../server/src/core/assists/add-healthcheck.ts";
import { account, aptInstall, healthcheck, OWNER, run } from "../../server/src/core/generate/text.ts";
import type { Snippet } from "./snippet.ts";
import { digestStops, EXAMPLE_DIGEST, type Stop, withTabStops, word } from "./tab-stops.ts";
import { IMAGES, RELEASES } from "../../server/src/core/generate/releases.ts";

interface Part {
  readonly prefix: string;
  readonly about: string;
  readonly text: string;
  readonly stops: readonly Stop[];
}

const PROBERS = {
  curl: "curl, where the image has it",
  wget: "wget, as Alpine and busybox have it",
  node: "Node.js",
  bun: "Bun",
  python: "Python",
  ruby: "Ruby",
  php: "PHP",
  bash: "bash alone, where the image has no HTTP client",
} as const;

const health = (Object.keys(PROBERS) as (keyof typeof PROBERS)[]).map(
  (prober): Part => ({
    prefix: `healthcheck-${prober}`,
    about: `Health check over HTTP with ${PROBERS[prober]}`,
    text: healthcheck(COMMANDS[prober]("8080/health")),
    stops: [{ at: /127\.0\.0\.1[:/](8080)/ }, { at: /8080(\/health)|GET (\/health) / }, { at: /start-period=(10)s/ }],
  }),
);

const users = (["debian", "alpine"] as const).map(
  (family): Part => ({
    prefix: `user-${family}`,
    about: `An account without rights, with a number Kubernetes can check, on ${family === "debian" ? "Debian and Ubuntu" : "Alpine"}`,
    text: `${run(account(family))}\nUSER ${OWNER}`,
    stops: [word("10001"), word("app")],
  }),
);

/** Name, what is kept, where, what is copied for it, the command. */
const CACHES: readonly (readonly [string, string, string, string, string])[] = [
  ["npm", "npm packages", "/root/.npm", "package.json package-lock.json ./", "npm ci"],
  ["pip", "pip's wheels", "/root/.cache/pip", "requirements.txt ./", "pip install --requirement requirements.txt"],
  [
    "uv",
    "uv's packages",
    "/root/.cache/uv",
    "pyproject.toml uv.lock ./",
    "uv sync --locked --no-dev --no-install-project",
  ],
  ["go", "Go modules", "/go/pkg/mod", "go.mod go.sum ./", "go mod download"],
  [
    "maven",
    "Maven's repository",
    "/root/.m2/repository,sharing=locked",
    ". .",
    "mvn --batch-mode --no-transfer-progress package",
  ],
  ["gradle", "Gradle's caches", "/home/gradle/.gradle,sharing=locked", ". .", "gradle --no-daemon assemble"],
  ["nuget", "NuGet packages", "/root/.nuget/packages", "App.csproj ./", "dotnet restore App.csproj"],
];
const caches = CACHES.map(
  ([name, what, target, files, command]): Part => ({
    prefix: `run-cache-${name}`,
    about: `RUN with ${what} kept between builds in a cache mount, after only the files it needs`,
    text: `COPY ${files}\n${run([command], [`type=cache,target=${target}`])}`,
    stops: name === "nuget" ? [word("App.csproj")] : [{ at: new RegExp(`(${command})`) }],
  }),
);

const OTHERS: readonly Part[] = [
  {
    prefix: "run-apt",
    about: "Packages of Debian or Ubuntu, without what their installation leaves behind",
    text: `# Debian takes old versions away: a number here would break the build later.\n# dockwright ignore=apt-unpinned\n${run(aptInstall(["ca-certificates"]))}`,
    stops: [word("ca-certificates")],
  },
  {
    prefix: "run-apk",
    about: "Packages of Alpine, without their index",
    text: "# Alpine takes old versions away: a number here would break the build later.\n# dockwright ignore=apk-unpinned\nRUN apk add --no-cache ca-certificates",
    stops: [word("ca-certificates")],
  },
  {
    prefix: "run-secret",
    about: "RUN with a secret as a file, in no layer: docker build --secret id=npmrc,src=$HOME/.npmrc",
    text: `COPY package.json package-lock.json ./\n${run(["npm ci"], ["type=secret,id=npmrc,target=/root/.npmrc", "type=cache,target=/root/.npm"])}`,
    stops: [{ at: /id=(npmrc)/ }, { at: /target=(\/root\/\.npmrc)/ }, word("npm ci")],
  },
  {
    prefix: "run-secret-env",
    about: "RUN with a secret as a variable, in no layer: docker build --secret id=token,env=TOKEN",
    text: run(["./fetch-artifacts.sh"], ["type=secret,id=token,env=TOKEN,required=true"]),
    stops: [{ at: /id=(token)/ }, { at: /env=(TOKEN)/ }, { at: /(\.\/fetch-artifacts\.sh)/ }],
  },
  {
    prefix: "run-ssh",
    about: "RUN with the SSH agent of whoever builds, for private repositories: docker build --ssh default",
    text: run(
      ["git clone --depth 1 --branch v1.0.0 git@github.com:owner/repository.git /src"],
      ["type=ssh,required=true"],
    ),
    stops: [{ at: /--branch (\S+)/ }, { at: /(git@github\.com:owner\/repository\.git)/ }, { at: /(\/src)/ }],
  },
  {
    prefix: "run-heredoc",
    about: "Several commands as one script, which stops at the first that fails",
    text: "RUN <<EOF\nset -eu\nmkdir -p /srv/data\nchown 10001:10001 /srv/data\nEOF",
    stops: [{ at: /(mkdir -p \/srv\/data\nchown 10001:10001 \/srv\/data)/ }],
  },
  {
    prefix: "copy-heredoc",
    about: "A small file written in the Dockerfile itself",
    text: 'COPY --chmod=0644 <<"EOF" /etc/app.json\n{ "key": "value" }\nEOF',
    stops: [{ at: /(\/etc\/app\.json)/ }, { at: /(\{ "key": "value" \})/ }],
  },
  {
    prefix: "copy-from",
    about: "What an earlier stage has built",
    text: "COPY --from=build /app/dist/ ./dist/",
    stops: [word("build"), { at: /(\/app\/dist\/)/ }, { at: /(\.\/dist\/)/ }],
  },
  {
    prefix: "copy-from-image",
    about: "A program out of another image",
    text: `COPY --from=${IMAGES.uv}@${EXAMPLE_DIGEST} /uv /usr/local/bin/`,
    stops: [{ at: /--from=([^@]+)/ }, { at: /(\/uv) / }],
  },
  {
    prefix: "labels",
    about: "Labels of the OCI image specification, with the commit it was built from",
    text: 'ARG REVISION\nLABEL org.opencontainers.image.source="https://github.com/owner/repository" \\\n      org.opencontainers.image.revision="$REVISION" \\\n      org.opencontainers.image.licenses="MIT"',
    stops: [{ at: /(https:\/\/github\.com\/owner\/repository)/ }, word("MIT")],
  },
  {
    prefix: "multi-platform",
    about: "A stage that runs on the builder's own platform and compiles for the target's",
    text: `FROM --platform=$BUILDPLATFORM golang:${RELEASES.go.usual}@${EXAMPLE_DIGEST} AS build
ARG TARGETOS
ARG TARGETARCH
WORKDIR /src
COPY . .
${run(
  ["CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -trimpath -o /out/server ."],
  ["type=cache,target=/go/pkg/mod", "type=cache,target=/root/.cache/go-build"],
)}`,
    stops: [{ at: /(golang:[\d.]+)/ }, { at: /(go build -trimpath -o \/out\/server \.)/ }],
  },
];

export const partSnippets = (): readonly Snippet[] =>
  [...health, ...users, ...caches, ...OTHERS].map(({ prefix, about, text, stops }) => ({
    prefix,
    description: about,
    body: withTabStops(text, [...stops, ...digestStops(text)]),
  }));
