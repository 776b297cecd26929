/** What holds at an instruction: folder, user and PATH, through stages. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { flowOf } from "../../server/src/core/model/dockerfile/flow/walk.ts";
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";

const CASES: readonly (readonly [text: string, folder: string, user: string | undefined, path: string])[] = [
  ["FROM debian:12\nRUN x", "/", undefined, "/usr/local/sbin"],
  ["FROM golang:1.24\nWORKDIR app\nRUN x", "/go/app", undefined, "/go/bin"],
  ["FROM php:8.4-fpm\nRUN x", "/var/www/html", undefined, "/usr/local/sbin"],
  ["FROM php:8.4-cli\nRUN x", "/", undefined, "/usr/local/sbin"],
  ["FROM example.com/x\nRUN x", "/**", undefined, "/usr/local/sbin"],
  ["FROM scratch\nWORKDIR a\nRUN x", "/a", undefined, "/usr/local/sbin"],
  ["FROM debian:12 AS a\nWORKDIR /a\nUSER app:app\nENV PATH=/x:$PATH\nFROM a\nRUN x", "/a", "app", "/x"],
  ["ARG D=/d\nFROM debian:12\nARG D\nWORKDIR $D/e\nUSER $U\nRUN x", "/d/e", undefined, "/usr/local/sbin"],
  ["FROM debian:12\nENV PATH $HOME/bin:/y\nRUN x", "/", undefined, "/**/bin"],
];

for (const [text, folder, user, path] of CASES)
  test(text.replaceAll("\n", "; "), () => {
    const dockerfile = parseDockerfile(text);
    const run = dockerfile.instructions.at(-1);
    const found = run && flowOf(dockerfile).at(-1)?.inForce.get(run);
    assert.deepEqual([found?.folder, found?.user, found?.path[0]], [folder, user, path]);
  });
