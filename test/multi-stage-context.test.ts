/** The build context that recipes read: what the ignore file leaves in, and nothing made up where nobody knows. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { contextFor } from "../server/src/core/assists/multi-stage/context.ts";
import { parseDockerfile } from "../server/src/core/model/dockerfile/parse.ts";
import { type Answer, keyOf, type Question } from "../server/src/core/rule.ts";

const DIGEST = `sha256:${"1".repeat(64)}`;
const DISK: Readonly<Record<string, Answer>> = {
  "list:": [
    ".dockerignore",
    "Dockerfile",
    "app/",
    "app/main.go",
    "app/secret.env",
    "go.mod",
    "vendor/",
    "vendor/a.go",
  ].join("\n"),
  "read:.dockerignore": "vendor\n**/*.env\n",
  "path-kind:Dockerfile.dockerignore": "missing",
  "read:go.mod": "module a\n",
  "read:app/secret.env": "KEY=1\n",
  "read:vendor/a.go": "package a\n",
  "read:gone": { unknown: "there is no gone" },
  "digest:alpine:3": DIGEST,
};

function contextOf(answers: Readonly<Record<string, Answer>>, name = "Dockerfile") {
  const asked: Question[] = [];
  const context = contextFor(parseDockerfile("FROM alpine:3\n", name), (question) => {
    asked.push(question);
    return answers[keyOf(question)];
  });
  return { context, asked };
}

test("files only, and without what the ignore file leaves out", () => {
  const { context } = contextOf(DISK);
  assert.deepEqual(context.paths, [".dockerignore", "Dockerfile", "app/main.go", "go.mod"]);
  assert.equal(context.read("go.mod"), "module a\n");
  assert.equal(context.read("./go.mod"), "module a\n");
  assert.equal(context.read("/go.mod"), "module a\n");
  assert.equal(context.read("app/secret.env"), undefined);
  assert.equal(context.read("vendor/a.go"), undefined);
  assert.equal(context.read("gone"), undefined);
  assert.equal(context.digest("alpine:3"), DIGEST);
  assert.equal(context.dockerfile, "Dockerfile");
});

test("the ignore file of its own goes before", () => {
  const { context } = contextOf(
    { ...DISK, "path-kind:api.dockerignore": "file", "text:api.dockerignore": "app\n" },
    "api",
  );
  assert.deepEqual(context.paths, [".dockerignore", "Dockerfile", "go.mod", "vendor/a.go"]);
});

test("what nobody knows is not known, and is asked for", () => {
  const { context, asked } = contextOf({});
  assert.equal(context.paths, undefined);
  assert.equal(context.read("go.mod"), undefined);
  assert.equal(context.digest("alpine:3"), undefined);
  const keys = asked.map(keyOf);
  for (const key of [
    "list:",
    "read:.dockerignore",
    "path-kind:Dockerfile.dockerignore",
    "read:go.mod",
    "digest:alpine:3",
  ])
    assert.ok(keys.includes(key), key);
});
