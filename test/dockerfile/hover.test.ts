/** What hovering says at a cursor (`$0`), and which part of the text it is about. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { hoverAt } from "../../server/src/core/features/dockerfile/hover.ts";
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";
import { marked, RULES } from "./cursor-texts.ts";

function hovered(source: string): { readonly on: string; readonly text: string } | undefined {
  const { text, at } = marked(source);
  const found = hoverAt(parseDockerfile(text, "Dockerfile"), at, RULES);
  return found && { on: text.slice(found.span.start, found.span.end), text: found.text };
}

const TWO = "FROM node:22-alpine AS build\nWORKDIR /app\nUSER node\n";

/** Title, text, what it is about, and what it says among other things; a text it must not say begins with `!`. */
const SAYS: readonly (readonly [string, string, string, readonly (string | RegExp)[]])[] = [
  [
    "an instruction",
    `${TWO}R$0UN x`,
    "RUN",
    [
      "**RUN**\n\nRuns a command",
      "RUN [OPTIONS] <<EOF",
      "Heredocs need Dockerfile 1.4",
      "(https://docs.docker.com/reference/dockerfile/#run)",
    ],
  ],
  [
    "with what is in effect there",
    `${TWO}R$0UN x`,
    "RUN",
    [
      "In effect here:",
      "- User: `node`, by `USER node`",
      "- Folder: `/app`, by `WORKDIR /app`",
      "- Shell: `/bin/sh -c`",
    ],
  ],
  ["of the stage below", `${TWO}FROM build\nRU$0N x`, "RUN", ["- User: `node`, by `USER node`", "- Folder: `/app`"]],
  ["of the base image", "FROM node:22\nR$0UN x", "RUN", ["- User: `root`\n", "- Folder: `/`\n"]],
  ["of an image with a user of its own", "FROM nginxinc/nginx-unprivileged\nR$0UN x", "RUN", ["- User: `nginx`\n"]],
  [
    "with another shell",
    'FROM a\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nR$0UN x',
    "RUN",
    ["- Shell: `/bin/bash -o pipefail -c`, by `SHELL"],
  ],
  ["the exec form needs none", 'FROM a\nC$0MD ["x"]', "CMD", ["!Shell"]],
  ["nothing of an image nobody knows", "FROM example.org/a\nR$0UN x", "RUN", ["!User", "!Folder", "- Shell"]],
  ["on Windows", "FROM mcr.microsoft.com/windows/servercore:ltsc2022\nR$0UN x", "RUN", ["- Shell: `cmd /S /C`"]],
  ["what is deprecated", "FROM a\nMAIN$0TAINER x", "MAINTAINER", ["Deprecated."]],
  ["in lower case", "from a\nr$0un x", "run", ["**RUN**"]],
  ["what ONBUILD keeps", "FROM a\nONBUILD RU$0N x", "RUN", ["**RUN**"]],
  ["and ONBUILD itself", "FROM a\nONBU$0ILD RUN x", "ONBUILD", ["**ONBUILD**", "!**RUN**"]],
  ["a flag", "FROM a\nCOPY --li$0nk a b", "--link", ["**--link**", "Since Dockerfile 1.4.", "#copy---link"]],
  [
    "a flag this file's frontend has not",
    "# syntax=docker/dockerfile:1.3\nFROM a\nCOPY --li$0nk a b",
    "--link",
    ["Not in this file: # syntax= asks for 1.3, and 1.4 is the first to have it."],
  ],
  [
    "a flag of the labs channel",
    "FROM a\nRUN --de$0vice=x y",
    "--device",
    ["In the labs channel only, since 1.14-labs"],
  ],
  ["what a flag is set to", "FROM a\nRUN --network=no$0ne x", "none", ["`none`: no network"]],
  [
    "a key of a mount",
    "FROM a\nRUN --mount=type=cache,tar$0get=/x y",
    "target",
    ["**target** of `type=cache`", "`target`, `dst`, `destination`", "#run---mounttypecache"],
  ],
  ["in another spelling", "FROM a\nRUN --mount=ds$0t=/x y", "dst", ["**target** of `type=bind`"]],
  ["with its own release", "FROM a\nRUN --mount=type=secret,id=a,e$0nv=A y", "env", ["Since Dockerfile 1.10."]],
  ["a mount's type", "FROM a\nRUN --mount=type=sec$0ret,id=a y", "secret", ["**type=secret**", "gets into no layer"]],
  [
    "a value of a key",
    "FROM a\nRUN --mount=type=cache,target=/x,sharing=loc$0ked y",
    "locked",
    ["`locked`: one after the other"],
  ],
  ["a directive", "# syn$0tax=docker/dockerfile:1\nFROM a", "syntax", ["**syntax**", "#syntax"]],
  ["check came later", "# che$0ck=skip=all\nFROM a", "check", ["Since Dockerfile 1.8."]],
  ["a part of check", "# check=skip=all;er$0ror=true\nFROM a", "error", ["**error**"]],
  ["a variable", "FROM a\nENV DIR=/x\nRUN echo $$0DIR", "$DIR", ["`DIR` is `/x` here.", "By `ENV DIR=/x`."]],
  ["in braces", "FROM a\nENV DIR=/x\nWORKDIR ${D$0IR}/y", "${DIR}", ["`DIR` is `/x` here."]],
  ["from the dollar sign on", "FROM a\nENV DIR=/x\nWORKDIR $0${DIR}/y", "${DIR}", ["`DIR` is `/x` here."]],
  [
    "by another variable",
    "FROM a\nARG V=2\nENV DIR=/x/$V\nRUN echo $D$0IR",
    "$DIR",
    ["`DIR` is `/x/2` here.", "By `ENV DIR=/x/$V`."],
  ],
  ["the value at that place", "FROM a\nENV A=1\nRUN $0$A\nENV A=2\nRUN $A", "$A", ["`A` is `1` here."]],
  ["and at a later one", "FROM a\nENV A=1\nRUN $A\nENV A=2\nRUN $0$A", "$A", ["`A` is `2` here."]],
  [
    "a default behind it",
    "FROM a\nARG V=\nRUN echo ${V:$0-7}",
    "${V:-7}",
    ["`V` is empty here.", "With what stands behind it: `7`."],
  ],
  ["a global argument in FROM", "ARG V=1\nFROM a:$V$0", "$V", ["`V` is `1` here.", "By `ARG V=1`."]],
  [
    "one a stage takes over",
    "ARG V=1\nFROM a\nARG V\nRUN $0$V",
    "$V",
    ["`V` is `1` here.", "By `ARG V`, which takes over `ARG V=1` above the first FROM."],
  ],
  ["one only the build knows", "FROM a\nARG V\nRUN $0$V", "$V", ["`V` is what `--build-arg V=…` says"]],
  [
    "one of BuildKit",
    "FROM --platform=$0$BUILDPLATFORM a",
    "$BUILDPLATFORM",
    ["the machine that builds is", "automatic-platform-args"],
  ],
  [
    "declared in a stage",
    "FROM a\nARG TARGETARCH\nRUN $0$TARGETARCH",
    "$TARGETARCH",
    ["is set by BuildKit", "Architecture that is built for"],
  ],
  ["one of the base image", "FROM node\nRUN $0$NODE_VERSION", "$NODE_VERSION", ["set by the image `node`"]],
  ["one nobody sets", "FROM scratch\nCOPY a $0$X", "$X", ["Nothing in this file sets `X`."]],
  [
    "a secret's value is not shown",
    "FROM a\nENV API_TOKEN=hunter2\nRUN $0$API_TOKEN",
    "$API_TOKEN",
    ["`API_TOKEN` is set here.", "By `ENV API_TOKEN=…`.", "!hunter2"],
  ],
  [
    "nor where it is declared",
    "FROM a\nENV API_$0TOKEN=hunter2",
    "API_TOKEN",
    ["`API_TOKEN` is set from here on.", "!hunter2"],
  ],
  [
    "a declaration",
    "FROM a\nENV A=1\nENV A$0=2",
    "A",
    ["`A` is `2` from here on.", "Above it is `1`.", "Containers have it too."],
  ],
  [
    "an argument",
    "FROM a\nARG A$0=2",
    "A",
    ["`A` is `2` from here on.", "`--build-arg A=…` comes before that.", "Containers do not have it."],
  ],
  ["a global argument", "ARG A$0=2\nFROM a", "A", ["Only FROM sees it"]],
  ["an argument that takes over", "ARG A=2\nFROM a\nARG $0A", "A", ["`A` is `2`, as above the first FROM."]],
  ["an argument without default", "FROM a\nARG $0A", "A", ["`A` has no default."]],
  [
    "a stage where it is used",
    `${TWO}RUN x\nFROM scratch AS out\nCOPY --from=bu$0ild /app /app`,
    "build",
    ["**build**: stage 1 of 2", "- Built on: `node:22-alpine`", "- Used by: `out` (COPY)"],
  ],
  [
    "where it is declared",
    `${TWO}FROM build AS te$0st\nCOPY --from=build a b\nCOPY --from=alpine:3 c d`,
    "test",
    [
      "stage 2 of 2",
      "- Built on: the stage `build`",
      "- Base image: `node:22-alpine`",
      "- Copies from: `build`, `alpine:3`",
      "The last stage",
    ],
  ],
  ["by its number", "FROM a AS x\nFROM b\nCOPY --from=0$0 a b", "0", ["**x**: stage 1 of 2"]],
  [
    "in a mount",
    "FROM a AS x\nFROM b\nRUN --mount=from=x$0,target=/y z",
    "x",
    ["**x**: stage 1 of 2", "- Used by: stage 2 (a mount)"],
  ],
  ["one that nobody uses", "FROM a AS x$0\nFROM b", "x", ["No other stage uses it"]],
  [
    "one without a name",
    "FROM scratch\nFROM b\nCOPY --from=0$0 a b",
    "0",
    ["stage 1 of 2", "- Built on: nothing (`scratch`)"],
  ],
  [
    "a heredoc",
    "FROM a\nRUN <<E$0OF\na\nb\nEOF",
    "<<EOF",
    ["**EOF**: heredoc of 2 lines", "Runs with `/bin/sh -c`. The shell puts variables in."],
  ],
  ["its last line", "FROM a\nRUN <<EOF\na\nE$0OF", "EOF", ["heredoc of 1 line"]],
  [
    "with a shebang",
    "FROM a\nRUN <<E$0OF\n#!/usr/bin/env python3\nEOF",
    "<<EOF",
    ["Runs with `/usr/bin/env python3`."],
  ],
  ["read by a program", "FROM a\nRUN python3 <<E$0OF\nx\nEOF", "<<EOF", ["Is what `python3` reads."]],
  [
    "as a file",
    "FROM a\nCOPY <<E$0OF /x.conf\nx\nEOF",
    "<<EOF",
    ["Becomes the file `/x.conf`. BuildKit puts variables in", "Since Dockerfile 1.4"],
  ],
  [
    "in a folder, without variables and tabs",
    "FROM a\nCOPY <<-'x.c$0onf' /etc/\nx\nx.conf",
    "<<-'x.conf'",
    ["Becomes the file `x.conf` in `/etc/`.", "stay as they are written", "Tabs in front"],
  ],
  [
    "a working folder from another",
    "FROM a\nWORKDIR /app\nWORKDIR s$0rc",
    "src",
    ["From here on the working folder is `/app/src`."],
  ],
  ["by a variable", "FROM a\nENV D=/x\nWORKDIR $D/sr$0c", "$D/src", ["`/x/src`"]],
  ["a user", "FROM a\nUSER app:st$0aff", "app:staff", ["run as `app` in the group `staff`"]],
  [
    "a rule in an ignore comment",
    "FROM a\n# dockwright ignore=x,su$0do why\nRUN x",
    "sudo",
    ["**sudo**: sudo in a RUN"],
  ],
  [
    "nor where another variable holds it",
    "FROM a\nARG API_TOKEN=hunter2\nENV URL=https://$API_TOKEN@x\nENV DIR=/x/$URL\nWORKDIR $0$DIR",
    "$DIR",
    ["`DIR` is set here.", "By `ENV DIR=/x/$URL`.", "!hunter2"],
  ],
  [
    "nor in what a folder comes to",
    "FROM a\nARG API_TOKEN=hunter2\nWORKDIR /x/$API_TOKEN\nRU$0N x",
    "RUN",
    ["- Folder: as `WORKDIR /x/$API_TOKEN` says", "!hunter2"],
  ],
  [
    "nor with a default",
    "FROM a\nARG API_TOKEN=hunter2\nRUN echo $0${V:-$API_TOKEN}",
    "${V:-$API_TOKEN}",
    ["!hunter2"],
  ],
  ["a code of hadolint", "FROM a\n# hadolint ignore=DL3004$0\nRUN x", "DL3004", ["`sudo` here"]],
  [
    "a check that is skipped",
    "# check=skip=Stage$0NameCasing\nFROM a",
    "StageNameCasing",
    ["**StageNameCasing**, `stage-name-case` here: a stage name with upper case"],
  ],
];
for (const [title, text, on, says] of SAYS)
  test(`hover: ${title}`, () => {
    const found = hovered(text);
    assert.ok(found, "there is one");
    assert.equal(found.on, on);
    for (const part of says) {
      if (part instanceof RegExp) assert.match(found.text, part);
      else if (part.startsWith("!")) assert.ok(!found.text.includes(part.slice(1)), found.text);
      else assert.ok(found.text.includes(part), found.text);
    }
  });

for (const [title, text] of [
  ["between words", "FROM a\nCOPY --link $0 a b"],
  ["on a command", "FROM a\nRUN ec$0ho"],
  ["on a comment", "FROM a\n# no$0te\nRUN x"],
  ["in a heredoc", "FROM a\nRUN <<EOF\nec$0ho\nEOF"],
  ["on an empty line", "FROM a\n$0\nRUN x"],
  ["on an instruction nobody knows", "FROM a\nFO$0O x"],
  ["on a flag nobody knows", "FROM a\nCOPY --fo$0o a b"],
] as const)
  test(`no hover: ${title}`, () => assert.equal(hovered(text), undefined));
