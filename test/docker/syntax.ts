/** What BuildKit stops at, and what looks as if it would: the syntax rules have an error for the first, and none for the second. */
import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { rules } from "../../server/src/core/rules/index.ts";
import { findingsOf } from "../rule-cases.ts";
import { type BuildKitCheck, buildKitChecks } from "./buildkit-check.ts";
import type { Machine } from "./machine.ts";

const SYNTAX: ReadonlySet<string> = new Set([
  "argument-count",
  "argument-syntax",
  "exec-form-single-quotes",
  "flag-unknown",
  "healthcheck-options",
  "instruction-before-from",
  "onbuild-chain",
  "shell-not-json",
  "unknown-instruction",
]);

const SUM = "24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d";
const URL = "https://example.org/a.tgz";

const behind = (keyword: string, ...rest: readonly string[]): readonly string[] =>
  rest.map((each) => `FROM scratch\n${keyword}${keyword.endsWith("=") ? "" : " "}${each}\n`);

const STOPS: readonly string[] = [
  ...["alpine:", "Alpine", "alpine@", "a//b", ":1", "alpine:-x", "https://docker.io/alpine", "''"].map(
    (image) => `FROM ${image}\n`,
  ),
  ...["AS 1a", "AS _a", "AS a-", "AS a..b", "AS a___b", "AS 'a'", "AS", "AS a b", "a"].map(
    (name) => `FROM alpine ${name}\n`,
  ),
  ...["linux/", "linux/a/b/c", "linux/amd64,linux/arm64", "debian", "linux:amd64"].map(
    (on) => `FROM --platform=${on} alpine\n`,
  ),
  "FROM alpine AS Base\nFROM Base\n",
  ...behind(
    "ENV",
    "A=b c",
    "=b",
    "A='b",
    'A="b',
    '"A=b"',
    "A=${B:c}",
    "A=${B:=c}",
    "A=${B^}",
    "A=${B:}",
    "A=${}",
    "A=${B/c}",
  ),
  ...behind("ENV", "A=${B", "A=${B:-'}", "A=${B:-${C:d}}", "A", "--x A=b"),
  ...behind("LABEL", "a=it's", "a it's", "a=b =c"),
  ...behind("ARG", "=", "A='b", "A=${B:c}"),
  ...behind(
    "COPY",
    "'a b' /c",
    "it's /c",
    '["it\'s", "/c"]',
    "${A:b} /c",
    "a",
    `${URL} /c`,
    "git@example.org:a.git /c",
  ),
  ...behind(
    "COPY",
    "--chmod=888 a /b",
    "--chmod=rwx a /b",
    "--link=1 a /b",
    "--link= a /b",
    "--link --link a /b",
    "--x a /b",
  ),
  ...behind("COPY", "--from=^ a /b", "--from a /b", "--exclude a /b", "a <<E\nx\nE", "<<E /b\n${A:b}\nE"),
  ...behind(
    "ADD",
    `--checksum=sha256:${SUM} a /b`,
    `--checksum=sha256:1 ${URL} /b`,
    `--checksum=sha256:${SUM} ${URL} ${URL} /b/`,
  ),
  ...behind("ADD", `--checksum=md5:0 ${URL} /b`, "--unpack=x a /b", "--from=a b /c"),
  ...behind("STOPSIGNAL", "0", "SIGFOO", "1e3", "9.5", "SIGINFO", "A B", "$NONE"),
  ...behind(
    "HEALTHCHECK",
    "TEST",
    '"CMD" a',
    "CMD",
    "NONE a",
    "--interval=5 CMD a",
    "--interval=1us CMD a",
    "--interval=1d CMD a",
  ),
  ...behind(
    "HEALTHCHECK",
    "--retries=-1 CMD a",
    "--retries=a CMD a",
    "--retries=2147483648 CMD a",
    "--timeout=$A CMD a",
  ),
  ...behind(
    "HEALTHCHECK",
    "--timeout=2562048h CMD a",
    "--timeout=1µs CMD a",
    "--timeout CMD a",
    "--x=1 CMD a",
    "CMD [1]",
  ),
  ...behind(
    "RUN --mount=type=cache,target=",
    "/ a",
    ". a",
    "/c,mode=8 a",
    "/c,uid=a a",
    "/c,ro=yes a",
    "/c,sharing=x a",
    "/c,size=1 a",
  ),
  ...behind(
    "RUN",
    "--mount=type=secret a",
    "--mount=type=secret,id=a,src=b a",
    "--mount=type=secret,id=a,from=b a",
    "--mount= a",
  ),
  ...behind(
    "RUN",
    "--mount=type=bind,target=/c,mode=7 a",
    "--mount=type=ssh,sharing=locked a",
    "--mount=required,type=secret,id=a a",
  ),
  ...behind("RUN", "--mount=type=x,target=/c a", "--mount=target=/c, a", "--network=x a", "--network= a", "--x a"),
  ...behind("SHELL", "sh -c", '["a",]', "[1]", "['a']", "[]"),
  ...behind("VOLUME", '[""]', "''", "'a b'", "[1]"),
  ...behind("USER", "o'hara", "${A"),
  ...behind("WORKDIR", '"a', "${A:b}"),
  ...behind("ONBUILD", "ONBUILD RUN a", "FROM a", "MAINTAINER a"),
  ...["# escape=x", "# escape=`\n# escape=`", "# check=x", "# check=skip=a; error=true", "# check=error=yes"].map(
    (line) => `${line}\nFROM scratch\n`,
  ),
  "RUN a\n",
  "FROM scratch\nRUNN a\n",
];

const FINE: readonly string[] = [
  ...["'alpine'", "alpine AS Base-1.x", "-- alpine"].map((image) => `FROM ${image}\n`),
  ...["linux", "aarch64", "LINUX/AMD64", "'linux/amd64'"].map((on) => `FROM --platform=${on} alpine\n`),
  "FROM alpine AS Base\nFROM base\n",
  ...behind(
    "ENV",
    "A=${B:-c}",
    "A=${B-c}",
    "A=${B##*/}",
    "A=${B%.*}",
    "A=${B/c/d}",
    "A=${B//c/}",
    "A='${B:c}'",
    "A=\\${B:c}",
    "A=$",
    "A b 'c'",
  ),
  ...behind("ENV", 'A=${B:-"}"}', 'A="b\\\\"', "1A=b", "A-B=c"),
  ...behind(
    "COPY",
    "a\\ b /c",
    "'a' /c",
    "-- a /c",
    "a --x /c",
    "--chmod=u=rwX,go= a /b",
    "--chmod=07777 a /b",
    "--link=TRUE a /b",
  ),
  ...behind("COPY", "--exclude=a --exclude=b c /d", "--from= a /b", "<<'E' /b\n${A:b}\nE", "<<E /b\nit's\nE"),
  ...behind(
    "ADD",
    "--unpack a /b",
    `--checksum=sha256:${SUM} ${URL} /b`,
    `--checksum=sha256:${SUM} "${URL}" /b`,
    "--checksum= a /b",
  ),
  ...behind("STOPSIGNAL", "TERM", "sigterm", "15", '"SIGRTMIN+3"', "RTMAX-14", "${A:-KILL}", "IOT"),
  ...behind(
    "HEALTHCHECK",
    "none",
    "cmd a",
    "--start-period=0s CMD a",
    "--retries=0 CMD a",
    "--interval= CMD a",
    "--timeout=.5s CMD a",
  ),
  ...behind("HEALTHCHECK", "--start-interval=1h1m1.5s CMD a", "--retries=+3 CMD a", "--x=1 NONE", 'CMD a "${B:c}"'),
  ...behind(
    "RUN --mount=type=",
    "cache,target=/c,mode=0755,uid=1,ro a",
    "CACHE,target=c,sharing=LOCKED a",
    "ssh a",
    "secret,src=a,env=B a",
  ),
  ...behind(
    "RUN --mount=type=",
    "tmpfs,target=/t,size=1.5GiB a",
    "secret,id=a,required=T a",
    "bind,target=/c,readwrite=0 a",
  ),
  "FROM scratch\nWORKDIR /a\nRUN --mount=type=cache b\n",
  ...behind("RUN", "echo ${A:b} it's", "-- --x", "[ a ]"),
  ...behind("VOLUME", '[ "a b" ]', "a b"),
  ...behind("ARG", "A B=c", "A='b c'"),
  "FROM scratch\nONBUILD HEALTHCHECK NONE\n",
  ...["# escape=`", "# check=skip=all;error=true", "# Check=skip=a", "# x\n# escape=x"].map(
    (line) => `${line}\nFROM scratch\n`,
  ),
];

export function syntaxTests(machine: Machine): void {
  describe("the syntax rules and BuildKit", () => {
    let checks: ReadonlyMap<string, BuildKitCheck>;
    before(async () => {
      checks = await buildKitChecks(machine, [...STOPS, ...FINE]);
    });
    const stops = (text: string): boolean => checks.get(text)?.error !== undefined;
    const judged = rules.filter(({ id }) => SYNTAX.has(id));
    const hasError = (text: string): boolean => findingsOf(text, judged).some(({ severity }) => severity === "error");

    test("what BuildKit stops at is an error", () => {
      assert.deepEqual(
        STOPS.filter((text) => !stops(text) || !hasError(text)),
        [],
      );
    });

    test("what BuildKit reads is none", () => {
      assert.deepEqual(
        FINE.filter((text) => stops(text) || hasError(text)),
        [],
      );
    });
  });
}
