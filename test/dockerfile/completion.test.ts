/** What is offered at a cursor (`$0`) in a Dockerfile, also in half-written ones, and what becomes of the text when it is taken. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { labelsAt, marked, offered, RULES, taken } from "./cursor-texts.ts";

const NODE = "FROM node:22 AS build\nWORKDIR /app\n";
const CONTEXT = ["build/", "src/", "keep.log", "my file.txt", "package.json", ".dockerignore"];
const PLATFORMS =
  "TARGETPLATFORM BUILDPLATFORM TARGETOS TARGETARCH TARGETVARIANT TARGETOSVERSION TARGETSTAGE BUILDOS BUILDARCH BUILDVARIANT BUILDOSVERSION".split(
    " ",
  );
const PROXIES =
  "HTTP_PROXY http_proxy HTTPS_PROXY https_proxy FTP_PROXY ftp_proxy NO_PROXY no_proxy ALL_PROXY all_proxy".split(" ");
const COPY_FLAGS = ["--from", "--chown", "--chmod", "--link", "--parents", "--exclude"];

/** Title, text, and what is offered: all of it, in order. */
const EXACT: readonly (readonly [string, string, readonly string[]])[] = [
  ["an empty file", "$0", ["# syntax=docker/dockerfile:1", "# check=error=true", "FROM", "FROM … AS …", "ARG"]],
  ["above the first FROM", "ARG A\n$0\nFROM a", ["FROM", "FROM … AS …", "ARG"]],
  ["nothing in the midst of a line that is no instruction", "FROM a\nfoo ba$0r", []],
  ["no word but the first is a keyword", "FROM a\nRUN x\n  y z$0", []],
  ["flags of RUN", `${NODE}RUN --$0`, ["--mount", "--network", "--security", "--device"]],
  ["of COPY", `${NODE}COPY --$0`, COPY_FLAGS],
  ["after one dash", `${NODE}COPY -$0`, COPY_FLAGS],
  [
    "of ADD",
    `${NODE}ADD --$0`,
    ["--keep-git-dir", "--checksum", "--chown", "--chmod", "--link", "--unpack", "--exclude"],
  ],
  [
    "of HEALTHCHECK",
    `${NODE}HEALTHCHECK --$0`,
    ["--interval", "--timeout", "--start-period", "--start-interval", "--retries"],
  ],
  ["of FROM", "FROM --$0", ["--platform"]],
  ["of ENV, which has none", `${NODE}ENV --$0`, []],
  [
    "flags that are given are not offered again",
    `${NODE}COPY --link --$0`,
    COPY_FLAGS.filter((name) => name !== "--link"),
  ],
  ["nor those behind the cursor", `${NODE}COPY --$0 --link a b`, COPY_FLAGS.filter((name) => name !== "--link")],
  ["but those that may be repeated are", `${NODE}COPY --exclude=a --$0`, COPY_FLAGS],
  [
    "what this file's frontend has not comes last",
    `# syntax=docker/dockerfile:1.5\n${NODE}COPY --$0`,
    ["--from", "--chown", "--chmod", "--link", "--parents", "--exclude"],
  ],
  ["behind ONBUILD too", `${NODE}ONBUILD COPY --$0`, COPY_FLAGS],
  ["on a line of their own", `${NODE}COPY --link \\\n  --$0\\\n  a b`, COPY_FLAGS.filter((name) => name !== "--link")],
  ["values: networks", `${NODE}RUN --network=$0`, ["default", "none", "host"]],
  ["security", `${NODE}RUN --security=$0`, ["sandbox", "insecure"]],
  ["switches", `${NODE}COPY --link=$0`, ["true", "false"]],
  ["permissions", `${NODE}COPY --chmod=$0`, ["755", "644", "600", "700", "u=rwX,go=rX"]],
  ["owners", `${NODE}RUN adduser -D bob\nCOPY --chown=$0`, ["bob", "node", "1000", "root"]],
  ["durations", `${NODE}HEALTHCHECK --timeout=$0`, ["5s", "3s", "10s", "30s"]],
  [
    "platforms",
    "FROM --platform=$0",
    [
      "$BUILDPLATFORM",
      "$TARGETPLATFORM",
      "linux/amd64",
      "linux/arm64",
      "linux/arm/v7",
      "linux/s390x",
      "linux/ppc64le",
      "linux/riscv64",
      "windows/amd64",
    ],
  ],
  [
    "a mount",
    `${NODE}RUN --mount=$0`,
    [
      "type=bind",
      "type=cache",
      "type=tmpfs",
      "type=secret",
      "type=ssh",
      "target",
      "source",
      "from",
      "readwrite",
      "readonly",
    ],
  ],
  [
    "the cache of what the RUN calls, in one",
    `${NODE}RUN --mount=$0 npm ci`,
    [
      "type=cache,target=/root/.npm",
      "type=bind",
      "type=cache",
      "type=tmpfs",
      "type=secret",
      "type=ssh",
      "target",
      "source",
      "from",
      "readwrite",
      "readonly",
    ],
  ],
  [
    "not once it is mounted",
    `${NODE}RUN --mount=type=cache,target=/root/.npm --mount=ty$0 npm ci`,
    [
      "type=bind",
      "type=cache",
      "type=tmpfs",
      "type=secret",
      "type=ssh",
      "target",
      "source",
      "from",
      "readwrite",
      "readonly",
    ],
  ],
  ["types", `${NODE}RUN --mount=type=$0`, ["bind", "cache", "tmpfs", "secret", "ssh"]],
  ["keys of a type", `${NODE}RUN --mount=type=tmpfs,$0`, ["target", "size", "readonly", "readwrite"]],
  [
    "of another, without those that are given by any spelling",
    `${NODE}RUN --mount=type=secret,src=x,$0,dst=/y z`,
    ["env", "required", "readonly", "readwrite", "mode", "uid", "gid"],
  ],
  [
    "without a type they are a bind's",
    `${NODE}RUN --mount=from=x,$0`,
    ["type=bind", "type=cache", "type=tmpfs", "type=secret", "type=ssh", "target", "source", "readwrite", "readonly"],
  ],
  ["how caches are shared", `${NODE}RUN --mount=type=cache,sharing=$0 npm ci`, ["shared", "private", "locked"]],
  ["apt locks its own", `${NODE}RUN --mount=type=cache,sharing=$0 apt-get install x`, ["locked", "shared", "private"]],
  [
    "targets of caches",
    `${NODE}RUN --mount=type=cache,target=$0 apt-get install -y curl`,
    ["/var/cache/apt", "/var/lib/apt", "/app"],
  ],
  ["of another user", `${NODE}USER node\nRUN --mount=type=cache,target=$0 npm ci`, ["/home/node/.npm", "/app"]],
  ["ids of secrets of other RUNs", `${NODE}RUN --mount=type=secret,id=npm x\nRUN --mount=type=secret,id=$0`, ["npm"]],
  [
    "a variable for a secret, by its id and by arguments that are secrets",
    `${NODE}ARG API_TOKEN\nRUN --mount=type=secret,id=npm-token,env=$0`,
    ["NPM_TOKEN", "API_TOKEN"],
  ],
  ["sources of a bind", `${NODE}RUN --mount=type=bind,source=$0`, CONTEXT],
  ["stages of a mount", `${NODE}FROM a AS b\nRUN --mount=from=$0`, ["build"]],
  [
    "stages of COPY, the nearest first and not itself",
    `${NODE}FROM a AS b\nFROM c AS d\nCOPY --from=$0`,
    ["b", "build"],
  ],
  ["no stage below", "FROM a AS b\nCOPY --from=$0\nFROM c AS d", []],
  ["of FROM", `${NODE}FROM build AS t\nFROM $0`, ["t", "build", "scratch", "--platform"]],
  ["AS behind the image", "FROM node $0", ["AS"]],
  ["nothing behind AS", "FROM node AS $0", []],
  ["sources of COPY, without what is ignored", `${NODE}COPY $0`, [...CONTEXT, ...COPY_FLAGS]],
  ["in a folder", `${NODE}COPY src/$0`, ["lib/", "main.ts"]],
  ["in a folder in it", `${NODE}COPY ./src/lib/$0`, ["deep.ts"]],
  ["of a folder that is ignored what is let in again", `${NODE}COPY build/$0`, ["out/"]],
  ["in an array", `${NODE}COPY ["src/$0`, ["lib/", "main.ts"]],
  ["nothing behind a single dot, which is meant", `${NODE}COPY . .$0`, []],
  ["not out of the context", `${NODE}COPY ../$0`, []],
  ["nor behind a variable", `${NODE}COPY $X/$0`, []],
  ["targets, then sources", `${NODE}COPY package.json $0`, ["./", "/app", ...CONTEXT]],
  ["targets alone behind a slash", `${NODE}COPY package.json /$0`, ["/app"]],
  ["patterns of --exclude", `${NODE}COPY --exclude=src/$0`, ["lib/", "main.ts"]],
  [
    "what another stage makes",
    "FROM golang AS b\nWORKDIR /src\nCOPY . .\nRUN go build -o /out/app ./cmd\nFROM scratch\nCOPY --from=b $0",
    ["/out/app", "/src", "--chown", "--chmod", "--link", "--parents", "--exclude"],
  ],
  [
    "folders of the image",
    "FROM a\nWORKDIR /srv\nCOPY x /etc/x/\nVOLUME /data\nWORKDIR $0",
    ["/data", "/etc/x", "/app", "/src", "/usr/src/app", "/workspace"],
  ],
  ["volumes", `${NODE}VOLUME $0`, ["/app", "/data", "/var/lib"]],
  ["users: of the base", `${NODE}USER $0`, ["node", "1000", "root"]],
  [
    "those a RUN makes, with their number",
    `${NODE}RUN useradd -u 5 app\nUSER $0`,
    ["app", "5", "node", "1000", "root"],
  ],
  ["not those made below", `${NODE}USER $0\nRUN useradd app`, ["node", "1000", "root"]],
  [
    "those of Windows",
    "FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nUSER $0",
    ["ContainerUser", "ContainerAdministrator"],
  ],
  ["platforms before other variables", "ARG A=1\nFROM --platform=$$0", [...PLATFORMS, "A"]],
  ["groups", "FROM a\nRUN adduser -D bob\nUSER bob:$0", ["bob", "root"]],
  ["ports of the compose file beside, of the one above", `${NODE}EXPOSE $0`, ["3000", "9229", "5000"]],
  [
    "of variables, of the base; not those that are exposed",
    "FROM nginx\nENV PORT=4000\nEXPOSE 3000\nEXPOSE $0",
    ["4000", "9229", "5000", "80"],
  ],
  ["protocols", `${NODE}EXPOSE 80/$0`, ["tcp", "udp", "sctp"]],
  [
    "arguments: the global ones, BuildKit's",
    "ARG A=1\nARG B\nFROM x\nARG $0",
    ["A", "B", ...PLATFORMS, "SOURCE_DATE_EPOCH", "BUILDKIT_SBOM_SCAN_STAGE", "BUILDKIT_SBOM_SCAN_CONTEXT"],
  ],
  ["variables in FROM", "ARG A=1\nFROM x:$$0\nARG B", ["A", ...PLATFORMS]],
  ["in braces", "ARG A=1\nFROM x:${A$0}", ["A", ...PLATFORMS]],
  ["in a RUN", "ARG A=1\nFROM x\nARG C=3\nENV D=4\nRUN echo $$0", ["D", "C", ...PROXIES]],
  ["of a container, which has no arguments", "ARG A=1\nFROM x\nARG C=3\nENV D=4\nCMD echo $$0", ["D"]],
  ["of the base image", "FROM ubuntu\nCOPY a $$0", ["PATH", "LANG"]],
  ["of the stage below", "FROM x AS a\nENV D=4\nFROM a\nWORKDIR $$0", ["D"]],
  ["in a flag", "FROM x\nARG ID=1\nCOPY --chown=$$0", ["ID"]],
  ["none where the dollar sign is escaped", "FROM x\nENV D=4\nWORKDIR \\$$0", []],
  ["none in single quotes", "FROM x\nENV D=4\nLABEL a='$$0'", []],
  ["in a heredoc a shell reads", "FROM x\nENV D=4\nRUN <<EOF\necho $$0\nEOF", ["D", ...PROXIES]],
  ["in one that BuildKit puts variables in", "FROM x\nENV D=4\nCOPY <<EOF /x\n$$0\nEOF", ["D"]],
  ["not in a quoted one", "FROM x\nENV D=4\nCOPY <<'EOF' /x\n$$0\nEOF", []],
  ["nothing else in a heredoc", "FROM x\nRUN <<EOF\nCO$0\nEOF", []],
  ["nothing on the line that ends it", "FROM x\nRUN <<EOF\nEO$0F", []],
  [
    "labels that are not set",
    "FROM x\nLABEL org.opencontainers.image.title=x $0",
    [
      "description",
      "source",
      "version",
      "revision",
      "licenses",
      "authors",
      "url",
      "documentation",
      "vendor",
      "created",
      "ref.name",
      "base.name",
      "base.digest",
    ].map((name) => `org.opencontainers.image.${name}`),
  ],
  [
    "shells",
    "FROM debian\nSHELL $0",
    ['["/bin/bash", "-o", "pipefail", "-c"]', '["/bin/bash", "-euo", "pipefail", "-c"]', '["/bin/sh", "-ec"]'],
  ],
  ["of Alpine", "FROM alpine\nSHELL $0", ['["/bin/ash", "-eo", "pipefail", "-c"]', '["/bin/sh", "-ec"]']],
  [
    "a healthcheck",
    "FROM x\nHEALTHCHECK --retries=2 $0",
    ["CMD", "--interval", "--timeout", "--start-period", "--start-interval"],
  ],
  [
    "signals",
    "FROM x\nSTOPSIGNAL $0",
    ["SIGTERM", "SIGINT", "SIGQUIT", "SIGWINCH", "SIGUSR1", "SIGHUP", "SIGKILL", "SIGRTMIN+3"],
  ],
  ["an exec form", "FROM x\nENTRYPOINT $0", ["[program]"]],
  ["directives", "# $0\nFROM a", ["syntax=", "escape=", "check=", "dockwright ignore=", "hadolint ignore="]],
  [
    "those that are missing",
    "# syntax=docker/dockerfile:1\n#$0\nFROM a",
    ["escape=", "check=", "dockwright ignore=", "hadolint ignore="],
  ],
  [
    "not below a comment that is none",
    "# about\n# sy$0\nFROM a",
    ["dockwright ignore=", "hadolint ignore=", "check=skip="],
  ],
  ["not in the midst of a sentence", "FROM a\n# the b$0", []],
  ["escape characters", "# escape=$0\nFROM a", ["`", "\\"]],
  ["parts of check", "# check=$0\nFROM a", ["skip=", "error=true", "experimental="]],
  ["behind a semicolon", "# check=error=true;$0\nFROM a", ["skip=", "experimental="]],
  ["checks", "# check=skip=$0", ["JSONArgsRecommended", "StageNameCasing", "all"]],
  ["checks that are not named yet", "# check=skip=StageNameCasing,$0", ["JSONArgsRecommended"]],
  ["above an instruction", "FROM a\n# check=skip=$0\nRUN x", ["JSONArgsRecommended", "StageNameCasing", "all"]],
  ["rules", "FROM a\n# dockwright ignore=$0\nRUN x", RULES.map(({ id }) => id)],
  [
    "rules that are not named yet",
    "FROM a\n# dockwright global ignore=sudo,$0\nRUN x",
    ["stage-name-case", "exec-form"],
  ],
  ["no rules in the reason behind them", "FROM a\n# dockwright ignore=sudo because$0\nRUN x", []],
  ["hadolint's codes", "FROM a\n# hadolint ignore=$0\nRUN x", ["DL3004", "DL3025"]],
  [
    "between the lines of an instruction",
    "FROM a\nRUN a \\\n  # hado$0\n  b",
    ["dockwright ignore=", "hadolint ignore=", "check=skip="],
  ],
  ["nothing behind a continuation", "FROM a\nCOPY a \\$0\n b", []],
];
for (const [title, text, expected] of EXACT) test(`offers: ${title}`, () => assert.deepEqual(labelsAt(text), expected));

/** Title, text, what is taken, and the text it makes. */
const TAKEN: readonly (readonly [string, string, string, string])[] = [
  ["a keyword", "FROM a\nCO$0", "COPY", "FROM a\nCOPY "],
  ["in a file of lower case", "from a\ncmd x\nr$0", "run", "from a\ncmd x\nrun "],
  ["whole forms as well", "from a\ncopy x y\n$0", "copy --from", "from a\ncopy x y\ncopy --from="],
  ["with AS in the same case", "from a as b\nrun x\n$0", "from … as …", "from a as b\nrun x\nfrom image as name"],
  ["a keyword in front of arguments stays alone", "FROM a\nC$0 x y", "COPY", "FROM a\nCOPY x y"],
  ["a word is replaced whole", "FROM a\nCO$0PX x y", "COPY", "FROM a\nCOPY x y"],
  ["a heredoc has the file's line ends", "FROM a\r\nRUN $0", "<<EOF", "FROM a\r\nRUN <<EOF\r\ncommand\r\nEOF"],
  ["in a file with CRLF", "FROM a\r\nCO$0\r\nRUN x\r\n", "COPY", "FROM a\r\nCOPY \r\nRUN x\r\n"],
  ["a flag waits for its value", "FROM a\nCOPY --ch$0", "--chown", "FROM a\nCOPY --chown="],
  ["a flag that has one keeps it", "FROM a\nCOPY --ch$0own=x a b", "--chmod", "FROM a\nCOPY --chmod=x a b"],
  ["a switch needs none", "FROM a\nCOPY --l$0", "--link", "FROM a\nCOPY --link "],
  ["nor a second blank", "FROM a\nCOPY --l$0 a b", "--link", "FROM a\nCOPY --link a b"],
  [
    "in a continuation",
    "FROM a\nCOPY --link \\\n  --ch$0\\\n  a b",
    "--chown",
    "FROM a\nCOPY --link \\\n  --chown=\\\n  a b",
  ],
  ["a value in the midst of its word", "FROM a\nRUN --network=ho$0me x", "host", "FROM a\nRUN --network=host x"],
  [
    "a key of a mount in the midst of others",
    "FROM a\nRUN --mount=type=cache,sh$0ar=locked,target=/x y",
    "sharing",
    "FROM a\nRUN --mount=type=cache,sharing=locked,target=/x y",
  ],
  ["its value", "FROM a\nRUN --mount=type=ca$0,target=/x y", "cache", "FROM a\nRUN --mount=type=cache,target=/x y"],
  [
    "a whole mount with what apt wants",
    "FROM debian\nRUN --mount=$0 apt-get install -y x",
    "type=cache,target=/var/cache/apt,sharing=locked",
    "FROM debian\nRUN --mount=type=cache,target=/var/cache/apt,sharing=locked apt-get install -y x",
  ],
  [
    "for the user there is",
    "FROM node\nUSER node\nRUN --mount=$0 npm ci",
    "type=cache,target=/home/node/.npm,uid=1000,gid=1000",
    "FROM node\nUSER node\nRUN --mount=type=cache,target=/home/node/.npm,uid=1000,gid=1000 npm ci",
  ],
  [
    "a key that stands alone",
    "FROM a\nRUN --mount=type=bind,$0 x",
    "readonly",
    "FROM a\nRUN --mount=type=bind,readonly x",
  ],
  ["a part of a path", "FROM a\nCOPY src/m$0 /x", "main.ts", "FROM a\nCOPY src/main.ts /x"],
  ["a part in the midst of one", "FROM a\nCOPY s$0/lib /x", "src/", "FROM a\nCOPY src/lib /x"],
  ["a blank in a name is escaped", "FROM a\nCOPY m$0", "my file.txt", "FROM a\nCOPY my\\ file.txt"],
  ["and needs nothing in an array", 'FROM a\nCOPY ["m$0", "/x"]', "my file.txt", 'FROM a\nCOPY ["my file.txt", "/x"]'],
  ["a path in quotes", 'FROM a\nCOPY "m$0" /x', "my file.txt", 'FROM a\nCOPY "my file.txt" /x'],
  ["a folder in quotes", "FROM a\nWORKDIR /srv\nWORKDIR '$0'", "/app", "FROM a\nWORKDIR /srv\nWORKDIR '/app'"],
  [
    "a key in quotes",
    'FROM a\nLABEL "org$0"=x',
    "org.opencontainers.image.source",
    'FROM a\nLABEL "org.opencontainers.image.source"=x',
  ],
  ["a variable in quotes", 'FROM a\nENV DIR=/x\nWORKDIR "$D$0"', "DIR", 'FROM a\nENV DIR=/x\nWORKDIR "$DIR"'],
  ["a variable", "FROM a\nENV DIR=/x\nWORKDIR $D$0", "DIR", "FROM a\nENV DIR=/x\nWORKDIR $DIR"],
  ["a variable closes its brace", "FROM a\nENV DIR=/x\nWORKDIR ${D$0", "DIR", "FROM a\nENV DIR=/x\nWORKDIR ${DIR}"],
  ["unless it is closed", "FROM a\nENV DIR=/x\nWORKDIR ${D$0}/y", "DIR", "FROM a\nENV DIR=/x\nWORKDIR ${DIR}/y"],
  ["or goes on", "FROM a\nENV DIR=/x\nWORKDIR ${D$0:-/z}", "DIR", "FROM a\nENV DIR=/x\nWORKDIR ${DIR:-/z}"],
  ["behind other text", "FROM a\nENV DIR=/x\nRUN cd /a/$D$0IX/b", "DIR", "FROM a\nENV DIR=/x\nRUN cd /a/$DIR/b"],
  ["a stage", "FROM a AS one\nFROM b\nCOPY --from=o$0 /x /y", "one", "FROM a AS one\nFROM b\nCOPY --from=one /x /y"],
  [
    "a label",
    "FROM a\nLABEL org$0",
    "org.opencontainers.image.source",
    'FROM a\nLABEL org.opencontainers.image.source=""',
  ],
  ["an exec form", "FROM a\nCMD $0", "[program]", 'FROM a\nCMD ["program"]'],
  [
    "a shell with signs of PowerShell",
    "FROM mcr.microsoft.com/windows/servercore:ltsc2022\nSHELL $0",
    '["pwsh", "-Command", "$ErrorActionPreference = \'Stop\';"]',
    'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nSHELL ["pwsh", "-Command", "$ErrorActionPreference = \'Stop\';"]',
  ],
  ["a directive", "#$0", "syntax=", "# syntax="],
  ["behind its blank", "# s$0", "syntax=", "# syntax="],
  ["a check", "# check=skip=S$0", "StageNameCasing", "# check=skip=StageNameCasing"],
  [
    "a rule among others",
    "# dockwright ignore=sudo,st$0x,b\nFROM a",
    "stage-name-case",
    "# dockwright ignore=sudo,stage-name-case,b\nFROM a",
  ],
  [
    "an environment variable people set",
    "FROM python:3\nENV $0",
    "PYTHONUNBUFFERED=1",
    "FROM python:3\nENV PYTHONUNBUFFERED=1",
  ],
  [
    "an argument kept for the container",
    "FROM a\nARG VERSION\nENV $0",
    "VERSION=$VERSION",
    "FROM a\nARG VERSION\nENV VERSION=$VERSION",
  ],
];
for (const [title, text, label, expected] of TAKEN)
  test(`takes: ${title}`, () => assert.equal(taken(text, label), expected));

test("instructions: no FROM, ONBUILD or MAINTAINER behind ONBUILD", () => {
  const labels = labelsAt("FROM a\nONBUILD $0");
  for (const name of ["RUN", "COPY", "HEALTHCHECK"]) assert.ok(labels.includes(name), name);
  for (const name of ["FROM", "ONBUILD", "MAINTAINER"]) assert.ok(!labels.includes(name), name);
});

test("instructions: once a stage starts something, the next stage comes first; what is deprecated is marked and last", () => {
  assert.equal(labelsAt("FROM a\n$0")[0], "RUN");
  assert.equal(labelsAt('FROM a\nCMD ["x"]\n$0')[0], "FROM");
  const last = offered(marked("FROM a\n$0")).at(-1);
  assert.deepEqual([last?.label, last?.deprecated], ["MAINTAINER", true]);
});

test("documentation names the release that brought something, and says what this file lacks for it", () => {
  const about = (text: string, label: string): string =>
    offered(marked(text)).find((each) => each.label === label)?.about ?? "";
  assert.match(
    about("FROM a\nCOPY --$0", "--parents"),
    /Since Dockerfile 1\.20; in the labs channel since 1\.7-labs\./,
  );
  assert.match(about("FROM a\nCOPY --$0", "--parents"), /reference\/dockerfile\/#copy---parents\)/);
  assert.match(
    about("# syntax=docker/dockerfile:1.4\nFROM a\nCOPY --$0", "--parents"),
    /Not in this file: # syntax= asks for 1\.4, and 1\.20 is the first to have it\./,
  );
  assert.match(about("FROM a\nRUN --$0", "--device"), /labs channel only, since 1\.14-labs/);
  assert.match(about("FROM a\nRUN --mount=type=secret,$0", "env"), /Since Dockerfile 1\.10\./);
  const detail = offered(marked("FROM a\nRUN --$0")).find(({ label }) => label === "--device")?.detail;
  assert.equal(detail, "labs channel only (1.14-labs)");
});

test("the flags a frontend lacks stand below those it has", () => {
  const labels = labelsAt("# syntax=docker/dockerfile:1.3\nFROM a\nADD --$0");
  assert.deepEqual(labels, ["--chown", "--chmod", "--keep-git-dir", "--checksum", "--link", "--unpack", "--exclude"]);
});

test("values of variables are shown, those of secrets are not", () => {
  const items = offered(marked("FROM a\nENV PLAIN=x API_TOKEN=hunter2\nRUN $$0"));
  assert.equal(items.find(({ label }) => label === "PLAIN")?.detail, "x");
  assert.equal(items.find(({ label }) => label === "API_TOKEN")?.detail, "ENV");
  assert.ok(!JSON.stringify(items).includes("hunter2"));
  for (const text of [
    "FROM a\nENV API_TOKEN=hunter2\nENV URL=https://$API_TOKEN@x\nRUN $$0",
    "ARG API_TOKEN=hunter2\nFROM a\nARG $0",
    "ARG A=$A\nARG API_TOKEN=hunter2\nFROM a\nARG API_TOKEN\nARG B=$API_TOKEN\nRUN $$0",
  ])
    assert.ok(!JSON.stringify(offered(marked(text))).includes("hunter2"), text);
});

test("an own ignore file is read before the context's", () => {
  const labels = labelsAt("FROM a\nCOPY $0", {}, "Dockerfile.own");
  assert.ok(labels.includes("node_modules/"));
  assert.ok(!labels.includes("src/"));
});

test("paths are those of the build context, wherever that is, and none where nobody may look", () => {
  assert.deepEqual(labelsAt("FROM a\nCOPY x$0", { context: ".." }), ["api/", "shared/", "go.mod"]);
  assert.deepEqual(labelsAt("FROM a\nCOPY x$0", { context: undefined }), []);
  assert.deepEqual(labelsAt("FROM a\nCOPY x$0", { look: () => undefined }), []);
});

test("whoever begins a comment is left alone until he asks, or begins to write a name", () => {
  assert.deepEqual(labelsAt("FROM a\n# $0\nRUN x", { asked: false }), []);
  assert.equal(labelsAt("FROM a\n# $0\nRUN x").length, 3);
  assert.equal(labelsAt("FROM a\n# d$0\nRUN x", { asked: false }).length, 3);
});
