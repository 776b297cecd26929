/** What must not leave the engine, and what may: each condition both ways, and the traps people fell into. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { brokenBy, type Declared, NOTHING_DECLARED } from "../../server/src/core/assists/post-conditions.ts";
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";
import { texts } from "../generated-texts.ts";

interface Case {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly declared?: Partial<Declared>;
  /** All of them; none where it may leave. */
  readonly reasons: readonly string[];
}

const conditions: Readonly<Record<string, readonly Case[]>> = {
  "the result can be read": [
    {
      name: "a heredoc without an end",
      before: "FROM alpine:3.22\nRUN a\n",
      after: "FROM alpine:3.22\nRUN <<E\na\n",
      reasons: ["the result cannot be read: the heredoc E has no closing line E: everything below belongs to it"],
    },
    {
      name: "a fault the original has as well",
      before: "FROM alpine:3.22\nRUN echo 'a\n",
      after: "FROM alpine:3.22\n\nRUN echo 'a\n",
      reasons: [],
    },
    {
      name: "no stage is left",
      before: "FROM alpine:3.22\n",
      after: "# nothing\n",
      reasons: ["no FROM would be left"],
    },
    { name: "a fragment stays one", before: "RUN a\n", after: "# a\nRUN a\n", reasons: [] },
  ],
  "nothing is lost": [
    {
      name: "a command of a chain",
      before: "FROM debian:12\nRUN a && b c && d\n",
      after: "FROM debian:12\nRUN a\nRUN d\n",
      reasons: ["the command b c would be lost"],
    },
    {
      name: "a chain becomes a heredoc and two RUN",
      before: "FROM debian:12\nRUN a && \\\n    b   c && d > /x\n",
      after: "FROM debian:12\nRUN <<E\nset -e\na\nb c\nE\nRUN d > /x\n",
      reasons: [],
    },
    {
      name: "what a command is alternative to",
      before: "FROM debian:12\nRUN a || b\n",
      after: "FROM debian:12\nRUN a && b\n",
      reasons: ["the command b would be lost"],
    },
    {
      name: "a condition",
      before: "FROM debian:12\nRUN if t; then b; fi\n",
      after: "FROM debian:12\nRUN t; b\n",
      reasons: ["the command t would be lost", "the command b would be lost"],
    },
    {
      name: "a redirection, an assignment",
      before: "FROM debian:12\nRUN A=1 a > /x\n",
      after: "FROM debian:12\nRUN a\n",
      reasons: ["the command A=1 a >/x would be lost"],
    },
    {
      name: "where its cache is may be added",
      before: "FROM php:8\nRUN composer install\n",
      after: "FROM php:8\nRUN --mount=type=cache,target=/c COMPOSER_CACHE_DIR=/c composer install\n",
      reasons: [],
    },
    {
      name: "a cleanup that is declared",
      before: "FROM debian:12\nRUN a && rm -rf /var/lib/apt/lists/*\n",
      after: "FROM debian:12\nRUN a\n",
      declared: { dropped: ["rm -rf  /var/lib/apt/lists/*"] },
      reasons: [],
    },
    {
      name: "a cleanup that is not declared",
      before: "FROM debian:12\nRUN a && apt-get clean\n",
      after: "FROM debian:12\nRUN a\n",
      reasons: ["the command apt-get clean would be lost"],
    },
    {
      name: "a whole instruction that is declared, with what is in it",
      before: "FROM debian:12\nRUN a && \\\n    # why\n    b\nRUN c\n",
      after: "FROM debian:12\nRUN c\n",
      declared: { dropped: ["RUN a && \\\n    # why\n    b"] },
      reasons: [],
    },
    {
      name: "a package list in two parts, in two stages",
      before: "FROM debian:12\nRUN apt-get update && apt-get install -y gcc curl=7.88.1-10\n",
      after:
        "FROM debian:12 AS build\nRUN apt-get update && apt-get install -y gcc\nRUN touch /x\n\nFROM debian:12\nRUN apt-get update && apt-get install -y curl=7.88.1-10\nCOPY --from=build /x /x\n",
      reasons: [],
    },
    {
      name: "a package, and an option",
      before: "FROM debian:12\nRUN apt-get install -y --no-install-recommends gcc curl\n",
      after: "FROM debian:12\nRUN apt-get install -y curl\n",
      reasons: ["the package gcc would be lost", "--no-install-recommends would be lost"],
    },
    {
      name: "both of them declared",
      before: "FROM debian:12\nRUN apt-get install -y --no-install-recommends gcc curl\n",
      after: "FROM debian:12\nRUN apt-get install -y curl\n",
      declared: { dropped: ["gcc", "--no-install-recommends"] },
      reasons: [],
    },
    {
      name: "an install of a manifest is no list",
      before: "FROM node:22\nRUN npm ci\n",
      after: "FROM node:22\nRUN npm ci --omit=dev\n",
      reasons: ["the command npm ci would be lost"],
    },
    {
      name: "an option of a command that is declared, and one that is not",
      before:
        "FROM python:3.13\nRUN pip install --no-cache-dir --pre -r r.txt\nRUN pip install --no-cache-dir -r s.txt\n",
      after: "FROM python:3.13\nRUN pip install -r r.txt\nRUN pip install -r s.txt\n",
      declared: { dropped: ["--no-cache-dir"] },
      reasons: ["the command pip install --no-cache-dir --pre -r r.txt would be lost"],
    },
    {
      name: "a command said otherwise",
      before: "FROM node:22\nRUN npm install\n",
      after: "FROM node:22\nRUN npm ci\n",
      declared: { rewritten: [{ from: "npm install", to: "npm ci" }] },
      reasons: [],
    },
    {
      name: "said otherwise, and not there",
      before: "FROM node:22\nRUN npm install\n",
      after: "FROM node:22\nRUN true\n",
      declared: { rewritten: [{ from: "npm install", to: "npm ci" }] },
      reasons: ["npm ci, which was to stand for npm install, would be missing"],
    },
    {
      name: "in a stage that the last one does not need",
      before: "FROM node:22\nRUN npm run build\n",
      after: "FROM node:22 AS build\nRUN npm run build\n\nFROM node:22\n",
      reasons: ["the command npm run build would be lost"],
    },
    {
      name: "said twice, and left once",
      before: "FROM debian:12 AS a\nARG V\nRUN a\n\nFROM debian:12\nARG V\nCOPY --from=a /etc/a /b\n",
      after: "FROM debian:12 AS a\nARG V\nRUN a\n\nFROM debian:12\nCOPY --from=a /etc/a /b\n",
      reasons: ["ARG V would be lost"],
    },
    {
      name: "two lists become one",
      before: "FROM debian:12\nRUN apt-get install -y curl bash && apt-get install -y curl\n",
      after: "FROM debian:12\nRUN apt-get install -y curl bash\n",
      reasons: [],
    },
    {
      name: "a source of a COPY, its owner",
      before: "FROM alpine:3.22\nCOPY --chown=1:1 a b /x/\n",
      after: "FROM alpine:3.22\nCOPY a /x/\n",
      reasons: [
        "--chown=1:1 of COPY a /x/ would be lost",
        "COPY b /x/ would be lost",
        "--chown=1:1 of COPY b /x/ would be lost",
      ],
    },
    {
      name: "a COPY in two parts",
      before: "FROM alpine:3.22\nCOPY --chown=1:1 a b /x/\n",
      after: "FROM alpine:3.22\nCOPY --chown=1:1 --link a /x/\nCOPY --chown=1:1 b /x/\n",
      reasons: [],
    },
    {
      name: "an ARG, a folder",
      before: "FROM alpine:3.22\nARG A=1 B\nWORKDIR /a\nWORKDIR /b\n",
      after: "FROM alpine:3.22\nARG A=2\nWORKDIR /b\n",
      reasons: ["ARG A=1 would be lost", "ARG B would be lost", "WORKDIR /a would be lost"],
    },
    {
      name: "a mount, and the text of a file",
      before: "FROM alpine:3.22\nRUN --mount=type=secret,id=s a\nCOPY <<E /x\none\nE\n",
      after: "FROM alpine:3.22\nRUN a\nCOPY <<E /x\ntwo\nE\n",
      reasons: ["--mount=type=secret,id=s would be lost", "a heredoc would be lost"],
    },
    {
      name: "the name people build a stage by",
      before: "FROM alpine:3.22 AS dev\nRUN a\n",
      after: "FROM alpine:3.22\nRUN a\n",
      reasons: ["AS dev would be lost"],
    },
  ],
  "what is kept stays in its order": [
    {
      name: "a COPY below what came behind it",
      before: "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm run a\nRUN npm run b\n",
      after: "FROM node:22\nWORKDIR /app\nRUN npm run a\nRUN npm run b\nCOPY . .\n",
      reasons: ["COPY . . would stand below npm run b, which it stood above"],
    },
    {
      name: "global arguments, files that lines are added to",
      before: "ARG A=1\nARG B=$A\nFROM node:22\nRUN echo a >> /x\nRUN echo b >> /x\n",
      after: "ARG B=$A\nARG A=1\nFROM node:22\nRUN echo b >> /x\nRUN echo a >> /x\n",
      reasons: [
        "ARG A=1 would stand below ARG B=$A, which it stood above",
        "echo a >>/x would stand below echo b >>/x, which it stood above",
      ],
    },
    {
      name: "on purpose",
      before: "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm run a\n",
      after: "FROM node:22\nWORKDIR /app\nRUN npm run a\nCOPY . .\n",
      declared: { moved: ["COPY . ."] },
      reasons: [],
    },
    {
      name: "two stages, each in its order",
      before: "FROM node:22\nWORKDIR /app\nENV A=1\nCOPY . .\nRUN npm run a\n",
      after:
        "FROM node:22 AS build\nWORKDIR /app\nENV A=1\nCOPY . .\nRUN npm run a\n\nFROM node:22\nWORKDIR /app\nENV A=1\nCOPY --from=build /app .\n",
      reasons: [],
    },
    {
      name: "an install above what it is to be done by",
      before: "FROM debian:12\nUSER x\nUSER root\nRUN apt-get update && apt-get install -y curl\n",
      after: "FROM debian:12\nUSER x\nRUN apt-get update && apt-get install -y curl\nUSER root\n",
      reasons: ["USER root would stand below curl, which it stood above"],
    },
    {
      name: "a list in another order, another list of the stage's own",
      before: "FROM debian:12\nWORKDIR /app\nRUN apt-get update && apt-get install -y curl bash && apt-get clean\n",
      after:
        "FROM debian:12\nRUN apt-get update && apt-get install -y zip && apt-get clean\nWORKDIR /app\nRUN apt-get update && apt-get install -y bash curl && apt-get clean\n",
      reasons: [],
    },
  ],
  "the image's configuration": [
    {
      name: "an inherited entrypoint",
      before: 'FROM node:22\nCOPY . .\nCMD ["node", "a.js"]\n',
      after:
        'FROM node:22 AS build\nCOPY . .\n\nFROM gcr.io/distroless/nodejs22-debian12\nCOPY --from=build / /\nCMD ["node", "a.js"]\n',
      reasons: ['ENTRYPOINT would be ["/nodejs/bin/node"] instead of ["docker-entrypoint.sh"]'],
    },
    {
      name: "an inherited entrypoint that is declared",
      before: 'FROM node:22\nCOPY . .\nCMD ["node", "a.js"]\n',
      after:
        'FROM node:22 AS build\nCOPY . .\n\nFROM gcr.io/distroless/nodejs22-debian12\nCOPY --from=build / /\nCMD ["a.js"]\n',
      declared: { changes: ["ENTRYPOINT", "CMD"] },
      reasons: [],
    },
    {
      name: "an inherited CMD",
      before: "FROM tomcat:11\nCOPY a.war /x\n",
      after: "FROM tomcat:11 AS build\nCOPY a.war /x\n\nFROM eclipse-temurin:21\nCOPY --from=build /x /x\n",
      reasons: [
        'ENTRYPOINT would be ["/__cacert_entrypoint.sh"]',
        'CMD would be ["jshell"] instead of ["catalina.sh","run"]',
        "WORKDIR would be / instead of /usr/local/tomcat",
      ],
    },
    {
      name: "an inherited VOLUME",
      before: 'FROM debian:12\nCMD ["x"]\n',
      after: 'FROM redis:8\nUSER root\nENTRYPOINT []\nWORKDIR /\nCMD ["x"]\n',
      declared: { changes: ["ENTRYPOINT"] },
      reasons: ["VOLUME would be /data"],
    },
    {
      name: "an ENTRYPOINT below takes the CMD of the stage it is built on away",
      before: 'FROM debian:12\nENTRYPOINT ["e"]\nCMD ["c"]\n',
      after: 'FROM debian:12 AS base\nCMD ["c"]\n\nFROM base\nENTRYPOINT ["e"]\n',
      reasons: ['the image would lose its CMD ["c"]'],
    },
    {
      name: "each of the others",
      before:
        'FROM debian:12\nENV A=1\nEXPOSE 80 81/udp\nVOLUME /d\nSTOPSIGNAL SIGINT\nLABEL a=b\nUSER x\nWORKDIR /w\nSHELL ["/bin/bash", "-c"]\nONBUILD RUN o\nHEALTHCHECK --interval=5s CMD ["h"]\n',
      after: "FROM debian:12\nRUN true\n",
      declared: {
        dropped: [
          "ENV A=1",
          "EXPOSE 80 81/udp",
          "VOLUME /d",
          "STOPSIGNAL SIGINT",
          "LABEL a=b",
          "USER x",
          "WORKDIR /w",
          'SHELL ["/bin/bash", "-c"]',
          "ONBUILD RUN o",
          'HEALTHCHECK --interval=5s CMD ["h"]',
        ],
      },
      reasons: [
        "the image would lose its EXPOSE 80 81/udp",
        'the image would lose its HEALTHCHECK --interval=5s CMD ["h"]',
        "the image would lose its LABEL a=b",
        "the image would lose its ONBUILD RUN o",
        'the image would lose its SHELL ["/bin/bash","-c"]',
        "the image would lose its STOPSIGNAL SIGINT",
        "USER would be root instead of x",
        "the image would lose its VOLUME /d",
        "WORKDIR would be / instead of /w",
        "the image would lose the variable A",
      ],
    },
    {
      name: "written otherwise and the same",
      before: "FROM debian:12\nEXPOSE 80/tcp\nEXPOSE 81\nLABEL a=b c=d\nENV A 1\nUSER 0\n",
      after: "FROM debian:12\nLABEL c=\"d\"\nLABEL a='b'\nENV A=1\nEXPOSE 81 80\nUSER root\n",
      declared: { dropped: ["EXPOSE 80/tcp", "USER 0"], moved: ["LABEL a=b", "EXPOSE 81", "LABEL c=d"] },
      reasons: [],
    },
    {
      name: "variables that only the build reads",
      before: "FROM golang:1.25\nENV CGO_ENABLED=0 TZ=UTC\nRUN go build -o /x\n",
      after:
        "FROM golang:1.25 AS build\nENV CGO_ENABLED=0\nRUN go build -o /x\n\nFROM golang:1.25\nENV TZ=UTC\nCOPY --from=build /x /x\n",
      declared: { environment: ["CGO_ENABLED"] },
      reasons: [],
    },
    {
      name: "a value that the base image gave",
      before: "FROM golang:1.25-alpine\nENV A=$GOPATH/pkg\nRUN go build -o /x\n",
      after:
        "FROM golang:1.25-alpine AS build\nENV A=$GOPATH/pkg\nRUN go build -o /x\n\nFROM alpine:3.22\nENV A=/go/pkg\nCOPY --from=build /x /x\n",
      declared: { changes: ["CMD", "WORKDIR"] },
      reasons: [],
    },
    {
      name: "a stage that people build by its name",
      before: 'FROM debian:12 AS dev\nCMD ["d"]\n\nFROM dev\nCMD ["p"]\n',
      after: 'FROM debian:12 AS dev\n\nFROM dev AS other\nCMD ["d"]\nCMD ["p"]\n',
      reasons: ['CMD would be ["bash"] instead of ["d"]'],
    },
  ],
  "what is copied from a stage is made there": [
    {
      name: "nobody makes it",
      before: "FROM golang:1.25-alpine\nRUN go build -o /out/app\n",
      after:
        "FROM golang:1.25-alpine AS build\nRUN go build -o /out/app\n\nFROM golang:1.25-alpine\nCOPY --from=build /app /app\n",
      reasons: ["nothing in stage build makes /app, which is copied from there"],
    },
    {
      name: "it is made",
      before: "FROM golang:1.25-alpine\nRUN go build -o /out/app\n",
      after:
        "FROM golang:1.25-alpine AS build\nRUN go build -o /out/app\n\nFROM golang:1.25-alpine\nCOPY --from=build /out/app /app\n",
      reasons: [],
    },
    {
      name: "a command nobody knows may make it, and so may the base image",
      before: "FROM golang:1.25-alpine\nRUN ./build.sh\n",
      after:
        "FROM golang:1.25-alpine AS build\nRUN ./build.sh\n\nFROM alpine:3.22 AS certs\n\nFROM golang:1.25-alpine\nCOPY --from=build /app /app\nCOPY --from=certs /etc/ssl/certs /etc/ssl/certs\n",
      reasons: [],
    },
    {
      name: "scratch brings nothing",
      before: "FROM alpine:3.22\n",
      after: "FROM scratch AS a\n\nFROM alpine:3.22\nCOPY --from=a /etc/passwd /etc/passwd\n",
      reasons: ["nothing in stage a makes /etc/passwd, which is copied from there"],
    },
    {
      name: "it was deleted",
      before: "FROM alpine:3.22\n",
      after: "FROM alpine:3.22 AS a\nRUN rm -rf /out\n\nFROM alpine:3.22\nCOPY --from=a /out /out\n",
      reasons: ["nothing in stage a makes /out, which is copied from there"],
    },
    {
      name: "cargo's target in a cache mount",
      before: "FROM rust:1.91-alpine\nWORKDIR /src\nCOPY . .\nRUN cargo build --release\n",
      after:
        "FROM rust:1.91-alpine AS build\nWORKDIR /src\nCOPY . .\nRUN --mount=type=cache,target=/src/target cargo build --release\n\nFROM rust:1.91-alpine\nWORKDIR /src\nCOPY --from=build /src/target/release/app /app\n",
      reasons: [
        "/src/target/release/app is written into a mount in stage build, so there is nothing to copy from there",
      ],
    },
    {
      name: "copied out of it in the same RUN",
      before:
        "FROM rust:1.91-alpine\nWORKDIR /src\nCOPY . .\nRUN cargo build --release && cp target/release/app /app\n",
      after:
        "FROM rust:1.91-alpine AS build\nWORKDIR /src\nCOPY . .\nRUN --mount=type=cache,target=/src/target cargo build --release && cp target/release/app /app\n\nFROM rust:1.91-alpine\nWORKDIR /src\nCOPY --from=build /app /app\n",
      reasons: [],
    },
    {
      name: "a script that nobody knows, under a mount on what it makes",
      before: "FROM alpine:3.22\nRUN ./build.sh\n",
      after:
        "FROM alpine:3.22 AS build\nRUN --mount=type=cache,target=/out ./build.sh\n\nFROM alpine:3.22\nCOPY --from=build /out/app /app\n",
      reasons: ["/out/app is written into a mount in stage build, so there is nothing to copy from there"],
    },
    {
      name: "a mount of a stage",
      before: "FROM alpine:3.22\nRUN a\n",
      after:
        "FROM alpine:3.22 AS build\nRUN true\n\nFROM alpine:3.22\nRUN --mount=type=bind,from=build,source=/wheels,target=/w a\n",
      reasons: ["nothing in stage build makes /wheels, which is copied from there"],
    },
    {
      name: "it was so before",
      before: "FROM alpine:3.22 AS a\n\nFROM alpine:3.22\nCOPY --from=a /out /out\n",
      after: "FROM alpine:3.22 AS a\n\nFROM alpine:3.22\nRUN true\nCOPY --from=a /out /out\n",
      reasons: [],
    },
  ],
  "every variable has somebody who sets it": [
    {
      name: "an ARG that stays in the other stage",
      before: "FROM alpine:3.22\nARG V\nRUN a $V\nLABEL v=$V\n",
      after:
        "FROM alpine:3.22 AS build\nARG V\nRUN a $V\n\nFROM build AS x\nRUN true\n\nFROM alpine:3.22\nCOPY --from=x /etc/x /x\nLABEL v=$V\n",
      reasons: ["nothing in its stage sets V, which LABEL v=$V uses"],
    },
    {
      name: "it is declared in both",
      before: "FROM alpine:3.22\nARG V\nRUN a $V\nLABEL v=$V\n",
      after:
        "FROM alpine:3.22 AS build\nARG V\nRUN a $V\n\nFROM alpine:3.22\nARG V\nCOPY --from=build /etc/x /x\nLABEL v=$V\n",
      reasons: [],
    },
    {
      name: "GOPATH, which the base image set",
      before: "FROM golang:1.25-alpine\nRUN go install x@v1 && ls $GOPATH/bin\n",
      after:
        "FROM golang:1.25-alpine AS build\nRUN go install x@v1\n\nFROM alpine:3.22\nCOPY --from=build /go/bin /go/bin\nRUN ls $GOPATH/bin\n",
      declared: { changes: ["WORKDIR", "CMD"] },
      reasons: ["nothing in its stage sets GOPATH, which RUN ls $GOPATH/bin uses"],
    },
    {
      name: "in single quotes, for the shell inside",
      before: "FROM alpine:3.22\nARG V\nRUN sh -c 'a $V'\n",
      after: "FROM alpine:3.22 AS one\nARG V\n\nFROM alpine:3.22\nRUN sh -c 'a $V'\nCOPY --from=one /etc/a /a\n",
      reasons: ["nothing in its stage sets V, which RUN sh -c 'a $V' uses"],
    },
    {
      name: "what the script sets itself",
      before: "FROM alpine:3.22\nENV V=1\nRUN V=2; a $V; for W in 1; do b $W; done\n",
      after:
        "FROM alpine:3.22 AS one\nENV V=1\n\nFROM alpine:3.22\nRUN V=2; a $V; for W in 1; do b $W; done\nCOPY --from=one /etc/a /a\n",
      declared: { environment: ["V"] },
      reasons: [],
    },
    {
      name: "an ARG of FROM below it",
      before: "ARG V=3.22\nFROM alpine:$V\n",
      after: "FROM alpine:$V\nARG V=3.22\n",
      declared: { changes: ["CMD", "ENTRYPOINT", "USER", "WORKDIR"] },
      reasons: ["no ARG above the first FROM sets V, which FROM alpine:$V needs"],
    },
  ],
  "no shell form without a shell": [
    {
      name: "CMD on distroless, RUN on scratch",
      before: "FROM alpine:3.22\nRUN a\nCMD x $Y\n",
      after: "FROM scratch AS one\nRUN a\n\nFROM gcr.io/distroless/static-debian12\nCMD x $Y\nCOPY --from=one /x /x\n",
      declared: { changes: ["USER"] },
      reasons: [
        "RUN is in shell form, and scratch has no shell",
        "CMD is in shell form, and gcr.io/distroless/static-debian12 has no shell",
      ],
    },
    {
      name: "a shell in exec form, a HEALTHCHECK",
      before: 'FROM alpine:3.22\nENTRYPOINT ["sh", "-c", "x"]\nHEALTHCHECK CMD y\n',
      after: 'FROM gcr.io/distroless/base-debian12\nENTRYPOINT ["sh", "-c", "x"]\nHEALTHCHECK CMD y\n',
      reasons: [
        "ENTRYPOINT starts a shell, and gcr.io/distroless/base-debian12 has no shell",
        "HEALTHCHECK is in shell form, and gcr.io/distroless/base-debian12 has no shell",
      ],
    },
    {
      name: "debug images have one, and one can be brought along",
      before: "FROM alpine:3.22\nRUN a\nCMD x\n",
      after:
        "FROM scratch\nCOPY --from=busybox:1.37 /bin /bin\nRUN a\n\nFROM gcr.io/distroless/base-debian12:debug\nCMD x\n",
      declared: { dropped: ["a"] },
      reasons: [],
    },
  ],
  "what a RUN needs is there": [
    {
      name: "useradd and apt-get on Alpine",
      before: "FROM alpine:3.22\nRUN true\n",
      after: "FROM alpine:3.22\nRUN true\nRUN useradd app && apt-get update\n",
      reasons: [
        "RUN calls useradd, which this variant of alpine does not have",
        "RUN calls apt-get, which this variant of alpine does not have",
      ],
    },
    {
      name: "the package it is in, a question first",
      before: "FROM alpine:3.22\nRUN true\n",
      after:
        "FROM alpine:3.22\nRUN true\nRUN apk add --no-cache shadow && useradd app\nRUN if command -v apt-get; then apt-get update; fi\n",
      reasons: [],
    },
    {
      name: "apk on a Debian variant",
      before: "FROM node:22-alpine\nRUN apk add curl\n",
      after: "FROM node:22-slim\nRUN apk add curl\n",
      reasons: ["RUN calls apk, which this variant of node does not have"],
    },
    {
      name: "uid 1000 of noble, of node",
      before: "FROM debian:12\nRUN true\n",
      after:
        "FROM ubuntu:24.04 AS a\nRUN useradd -u 1000 app\n\nFROM node:22 AS b\nRUN useradd --uid=1000 app\n\nFROM debian:12\nRUN true\nRUN useradd -u 1000 app\n",
      reasons: [
        "the number 1000 is that of the image's own user ubuntu",
        "the number 1000 is that of the image's own user node",
      ],
    },
    {
      name: "room was made for it",
      before: "FROM ubuntu:24.04\nRUN true\n",
      after: "FROM ubuntu:24.04\nRUN true\nRUN userdel ubuntu && useradd -u 1000 app\n",
      reasons: [],
    },
    {
      name: "a cache mount below USER",
      before: "FROM node:22\nUSER node\nRUN npm ci\n",
      after: "FROM node:22\nUSER node\nRUN --mount=type=cache,target=/home/node/.npm npm ci\n",
      reasons: ["the cache on /home/node/.npm would be root's, and node has to write to it"],
    },
    {
      name: "with its number, above USER",
      before: "FROM node:22\nRUN npm ci\nUSER node\nRUN npm ci\n",
      after:
        "FROM node:22\nRUN --mount=type=cache,target=/root/.npm npm ci\nUSER node\nRUN --mount=type=cache,target=/home/node/.npm,uid=1000,gid=1000 npm ci\n",
      reasons: [],
    },
  ],
  "libc and release": [
    {
      name: "node_modules from Alpine to Debian",
      before: "FROM node:22-alpine\nWORKDIR /app\nCOPY package.json .\nRUN npm ci\n",
      after:
        "FROM node:22-alpine AS build\nWORKDIR /app\nCOPY package.json .\nRUN npm ci\n\nFROM node:22-slim\nWORKDIR /app\nCOPY --from=build /app/node_modules ./node_modules\n",
      reasons: ["/app/node_modules is built against musl, and the image it goes to has glibc"],
    },
    {
      name: "what no libc has a part in",
      before: "FROM node:22-alpine\nWORKDIR /app\nCOPY . .\nRUN npm run build\n",
      after:
        "FROM node:22-alpine AS build\nWORKDIR /app\nCOPY . .\nRUN npm run build\n\nFROM node:22-slim\nWORKDIR /app\nCOPY --from=build /app/dist ./dist\n",
      reasons: [],
    },
    {
      name: "a venv across suites",
      before: "FROM python:3.13-bookworm\nRUN python -m venv /opt/env && /opt/env/bin/pip install flask\n",
      after:
        "FROM python:3.13-bookworm AS build\nRUN python -m venv /opt/env && /opt/env/bin/pip install flask\n\nFROM python:3.13-slim-trixie\nCOPY --from=build /opt/env /opt/env\n",
      reasons: ["/opt/env is built on bookworm, and the image it goes to is trixie"],
    },
    {
      name: "a venv to the slim variant of the same",
      before: "FROM python:3.13-bookworm\nRUN python -m venv /opt/env && /opt/env/bin/pip install flask\n",
      after:
        "FROM python:3.13-bookworm AS build\nRUN python -m venv /opt/env && /opt/env/bin/pip install flask\n\nFROM python:3.13-slim-bookworm\nCOPY --from=build /opt/env /opt/env\n",
      reasons: [],
    },
    {
      name: "a venv for another Python",
      before: "FROM python:3.13\nRUN python -m venv /opt/env\n",
      after:
        "FROM python:3.13 AS build\nRUN python -m venv /opt/env\n\nFROM python:3.12-slim\nCOPY --from=build /opt/env /opt/env\n",
      reasons: ["/opt/env belongs to python 3.13, and the image it goes to has 3.12"],
    },
    {
      name: "site-packages",
      before: "FROM python:3.13-alpine3.21\nRUN pip install flask\n",
      after:
        "FROM python:3.13-alpine3.21 AS build\nRUN pip install flask\n\nFROM python:3.13-alpine3.22\nCOPY --from=build /usr/local/lib/python3.13/site-packages /usr/local/lib/python3.13/site-packages\n",
      reasons: [
        "/usr/local/lib/python3.13/site-packages is built on Alpine 3.21, and the image it goes to is Alpine 3.22",
      ],
    },
    {
      name: "a C program on an image without a libc",
      before: "FROM gcc:15-bookworm\nCOPY a.c .\nRUN gcc -o /app a.c\n",
      after:
        "FROM gcc:15-bookworm AS build\nCOPY a.c .\nRUN gcc -o /app a.c\n\nFROM gcr.io/distroless/static-debian12\nCOPY --from=build /app /app\n",
      declared: { changes: ["CMD"] },
      reasons: ["/app is linked against glibc, and the image it goes to has no libc"],
    },
    {
      name: "linked statically, as the command says",
      before: "FROM gcc:15-bookworm\nCOPY a.c .\nRUN gcc -static -o /app a.c\n",
      after:
        "FROM gcc:15-bookworm AS build\nCOPY a.c .\nRUN gcc -static -o /app a.c\n\nFROM gcr.io/distroless/static-debian12\nCOPY --from=build /app /app\n",
      declared: { changes: ["CMD"] },
      reasons: [],
    },
    {
      name: "proven otherwise",
      before: "FROM gcc:15-bookworm\nCOPY a.c .\nRUN gcc -o /app a.c\n",
      after:
        "FROM gcc:15-bookworm AS build\nCOPY a.c .\nRUN gcc -o /app a.c\n\nFROM gcr.io/distroless/static-debian12\nCOPY --from=build /app /app\n",
      declared: { changes: ["CMD"], static: true },
      reasons: [],
    },
    {
      name: "Go with a C compiler beside it, without CGO_ENABLED=0",
      before: "FROM golang:1.25\nRUN go build -o /app\n",
      after: "FROM golang:1.25 AS build\nRUN go build -o /app\n\nFROM scratch\nCOPY --from=build /app /app\n",
      declared: { changes: ["CMD", "WORKDIR"] },
      reasons: ["/app is linked against glibc, and the image it goes to has no libc"],
    },
    {
      name: "with it, and on Alpine",
      before: "FROM golang:1.25\nENV CGO_ENABLED=0\nRUN go build -o /app\n",
      after:
        "FROM golang:1.25 AS build\nENV CGO_ENABLED=0\nRUN go build -o /app\n\nFROM golang:1.25-alpine AS other\nRUN go build -o /app\n\nFROM scratch\nCOPY --from=build /app /app\nCOPY --from=other /app /other\n",
      declared: { changes: ["CMD", "WORKDIR"], environment: ["CGO_ENABLED"] },
      reasons: [],
    },
  ],
  "comments and directives": [
    {
      name: "above, within, and in a heredoc",
      before:
        "# syntax=docker/dockerfile:1\n# one\nFROM debian:12\nRUN a && \\\n    # two\n    b\nRUN <<E\n# three\nc\nE\n",
      after: "FROM debian:12\nRUN a && b\nRUN <<E\nc\nE\n",
      reasons: [
        "the comment “one” would be lost",
        "the comment “two” would be lost",
        "the comment “three” would be lost",
        "the directive syntax=docker/dockerfile:1 would be lost",
      ],
    },
    {
      name: "at another place",
      before: "# one\nFROM debian:12\nRUN a && \\\n    # two\n    b\n",
      after: "FROM debian:12\n#one\n# two\nRUN a && b\n",
      reasons: [],
    },
    {
      name: "declared",
      before: "# one\nFROM debian:12\n",
      after: "FROM debian:12\n",
      declared: { dropped: ["# one"] },
      reasons: [],
    },
  ],
};

for (const [condition, cases] of Object.entries(conditions))
  for (const { name, before, after, declared, reasons } of cases)
    test(`${condition}: ${name}`, () => {
      const found = brokenBy(parseDockerfile(before), parseDockerfile(after), { ...NOTHING_DECLARED, ...declared });
      assert.deepEqual(found, reasons);
      for (const reason of found) assert.doesNotMatch(reason, /\.$/);
    });

const RUNS = Number(process.env["FUZZ_RUNS"] ?? 500);

test("no text breaks a condition by staying as it is, and no two texts make one throw", () => {
  fc.assert(
    fc.property(texts, texts, (one, other) => {
      assert.deepEqual(brokenBy(parseDockerfile(one), parseDockerfile(one), NOTHING_DECLARED), []);
      brokenBy(parseDockerfile(one), parseDockerfile(other), {
        dropped: [other.slice(0, 20)],
        changes: ["CMD"],
        moved: [one.slice(0, 20)],
        rewritten: [{ from: one.slice(0, 9), to: other.slice(0, 9) }],
      });
    }),
    { numRuns: RUNS, seed: Number(process.env["FUZZ_SEED"] ?? 1) },
  );
});
