/** A Dockerfile is judged by how compose files nearby build it: their context, their target. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { rules } from "../../server/src/core/rules/index.ts";
import { cli, folderWith } from "./harness.ts";

const IGNORED = "FROM alpine:3.22\nCOPY api/secret.txt /srv/\nUSER 10001\n";

const check = async (cwd: string, path: string, rule: string): Promise<string> => {
  const wanted = rules.filter(({ id }) => id === rule);
  return (await cli(["check", "--select", rule, path], { cwd, parts: { rules: wanted } })).stdout;
};

test("COPY reads from the context compose builds with, and its .dockerignore counts", async (t) => {
  const files = { "api/Dockerfile": IGNORED, "api/secret.txt": "", ".dockerignore": "api/secret.txt\n" };
  const alone = folderWith(t, files);
  assert.doesNotMatch(await check(alone, "api/Dockerfile", "copy-ignored-file"), /copy-ignored-file/);
  const compose = "services:\n  api:\n    build:\n      context: .\n      dockerfile: api/Dockerfile\n";
  const cwd = folderWith(t, { ...files, "compose.yaml": compose });
  assert.match(await check(cwd, "api/Dockerfile", "copy-ignored-file"), /copy-ignored-file/);
});

test("contexts that differ leave the Dockerfile's own folder", async (t) => {
  const compose = ["api", "web"]
    .map(
      (name, at) =>
        `  ${name}:\n    build:\n      context: ${at === 0 ? "." : "./api"}\n      dockerfile: ${at === 0 ? "api/" : ""}Dockerfile\n`,
    )
    .join("");
  const cwd = folderWith(t, {
    "api/Dockerfile": IGNORED,
    ".dockerignore": "api/secret.txt\n",
    "compose.yaml": `services:\n${compose}`,
  });
  assert.doesNotMatch(await check(cwd, "api/Dockerfile", "copy-ignored-file"), /copy-ignored-file/);
});

test("a stage that compose builds is used", async (t) => {
  const files = { Dockerfile: "FROM node:22 AS lonely\nRUN npm ci\n\nFROM alpine:3.22\nCOPY a /b\n" };
  assert.match(await check(folderWith(t, files), "Dockerfile", "unused-stage"), /unused-stage/);
  const compose = (target: string): string =>
    `services:\n  x:\n    build:\n      context: .\n      target: ${target}\n`;
  const built = folderWith(t, { ...files, "compose.dev.yaml": compose("lonely") });
  assert.doesNotMatch(await check(built, "Dockerfile", "unused-stage"), /unused-stage/);
  const other = folderWith(t, { ...files, "compose.dev.yaml": compose("other") });
  assert.match(await check(other, "Dockerfile", "unused-stage"), /unused-stage/);
});

test("an argument that compose gives is not missing", async (t) => {
  const files = { Dockerfile: "ARG BASE\nFROM $BASE\nUSER 10001\n" };
  assert.match(await check(folderWith(t, files), "Dockerfile", "from-arg-no-default"), /from-arg-no-default/);
  const service = (args: string): string => `services:\n  x:\n    build:\n      context: .\n${args}`;
  const given = folderWith(t, { ...files, "compose.yaml": service("      args:\n        BASE: alpine:3.22\n") });
  assert.doesNotMatch(await check(given, "Dockerfile", "from-arg-no-default"), /from-arg-no-default/);
  const missing = folderWith(t, { ...files, "compose.yaml": service("") });
  assert.match(await check(missing, "Dockerfile", "from-arg-no-default"), /from-arg-no-default/);
});
