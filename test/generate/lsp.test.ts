/** `dockwright/containerize`, `dockwright/ciProject` and `dockwright/ciFile`, over the wire. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { pathToFileURL } from "node:url";
import type { CiFile, CiProjectFacts, Containerized } from "../../server/src/lsp/messages.ts";
import { startEditor } from "../lsp/editor.ts";

const DIGEST = `sha256:${"7".repeat(64)}`;

function project(t: TestContext, folder = "."): string {
  const top = realpathSync(mkdtempSync(join(tmpdir(), "dockwright-containerize-")));
  t.after(() => rmSync(top, { recursive: true }));
  mkdirSync(join(top, folder), { recursive: true });
  writeFileSync(join(top, folder, "go.mod"), "module example.com/hello\n\ngo 1.24\n");
  writeFileSync(
    join(top, folder, "main.go"),
    'package main\n\nimport "net/http"\n\nfunc main() { http.ListenAndServe(":8080", nil) }\n',
  );
  return top;
}

const ask = async (top: string, more: object = {}, options: Parameters<typeof startEditor>[0] = {}) => {
  const editor = await startEditor({ uri: pathToFileURL(join(top, "Dockerfile")).href, ...options });
  const params = { uri: pathToFileURL(top).href, choices: {}, version: "1.2.3", ...more };
  return { editor, answer: await editor.request<Containerized>("dockwright/containerize", params) };
};

test("the plan: files with what is there, decisions, digests of the registry; nothing is written", async (t) => {
  const top = project(t);
  writeFileSync(join(top, "Dockerfile"), "FROM scratch\n");
  mkdirSync(join(top, ".git"));
  writeFileSync(join(top, ".git/config"), '[remote "origin"]\n\turl = git@github.com:team/hello.git\n');
  const { answer, editor } = await ask(top, {}, { world: async () => DIGEST });
  const { plan } = answer;
  assert.deepEqual(
    plan?.files.map(({ kind, path, before }) => [kind, path, before]),
    [
      ["Dockerfile", "Dockerfile", "FROM scratch\n"],
      [".dockerignore", ".dockerignore", undefined],
      ["compose.yaml", "compose.yaml", undefined],
      ["ci", ".github/workflows/container.yml", undefined],
    ],
  );
  assert.match(plan?.files[0]?.text ?? "", new RegExp(`^FROM golang:1\\.24@${DIGEST} AS build$`, "m"));
  assert.ok(plan?.decisions.some(({ id, doubtful }) => id === "health-path" && doubtful));
  assert.ok(editor.asked.length > 0 && editor.asked.every((each) => each.ask === "digest"));
  assert.ok(!existsSync(join(top, "compose.yaml")));
});

test("choices lead to other files", async (t) => {
  const { answer } = await ask(project(t), {
    choices: { "runtime-base": "distroless", port: "9000", ci: "none", bad: 1 },
  });
  const text = answer.plan?.files.find(({ kind }) => kind === "Dockerfile")?.text ?? "";
  assert.match(text, /^FROM gcr\.io\/distroless\/static-debian13:nonroot$/m);
  assert.match(text, /^EXPOSE 9000$/m);
  assert.ok(!answer.plan?.files.some(({ kind }) => kind === "ci"));
});

test("a refusal names the folders that may be meant", async (t) => {
  const top = project(t, "api");
  mkdirSync(join(top, "web"));
  writeFileSync(join(top, "web/package.json"), "{}");
  const { answer } = await ask(top);
  assert.equal(answer.plan, undefined);
  assert.match(answer.refusal ?? "", /several projects/);
  assert.deepEqual(answer.folders, [
    { folder: "api", manifest: "api/go.mod" },
    { folder: "web", manifest: "web/package.json" },
  ]);
  const { answer: chosen } = await ask(top, { folder: "api" });
  assert.equal(chosen.plan?.files[0]?.path, "api/Dockerfile");
});

test("nothing is read before the workspace is trusted, and nobody is asked where that is switched off", async (t) => {
  const top = project(t);
  const restricted = await ask(top, {}, { world: async () => DIGEST, initializationOptions: { trusted: false } });
  assert.match(restricted.answer.refusal ?? "", /not trusted/);
  assert.deepEqual(restricted.editor.asked, []);
  const offline = await ask(
    top,
    {},
    { world: async () => DIGEST, settings: { offline: true }, can: { configuration: true } },
  );
  assert.doesNotMatch(offline.answer.plan?.files[0]?.text ?? "", /@sha256/);
  assert.deepEqual(offline.editor.asked, []);
});

test("a folder that is not there, or not on this machine, is a refusal", async (t) => {
  const top = project(t);
  const gone = await ask(top, { uri: pathToFileURL(join(top, "gone")).href });
  assert.match(gone.answer.refusal ?? "", /cannot be read/);
  const remote = await ask(top, { uri: "vscode-vfs://github/team/hello" });
  assert.equal(remote.answer.refusal, "the folder is not on this machine");
});

test("CI files: the service of the remote, then its text", async () => {
  const editor = await startEditor({});
  const facts = await editor.request<CiProjectFacts>("dockwright/ciProject", {
    folder: "hello",
    remote: "git@gitlab.com:Team/Hello.git",
  });
  assert.equal(facts.likely, "gitlab");
  assert.deepEqual(
    facts.services.map(({ provider, path, repository, actions }) => [provider, path, repository, actions.length > 0]),
    [
      ["github", ".github/workflows/container.yml", "ghcr.io/team/hello", true],
      ["gitlab", ".gitlab-ci.yml", "registry.gitlab.com/team/hello", false],
    ],
  );
  const asked = {
    provider: "github",
    repository: "ghcr.io/team/hello",
    folder: "hello",
    files: [{ dockerfile: "api/Dockerfile", services: [{ service: "api", context: "." }] }],
    defaultBranch: "trunk",
    severity: "high",
    fixableOnly: true,
    version: "1.2.3",
    commits: { "actions/checkout": "a".repeat(40), "actions/setup-node": "v5; rm -rf" },
  };
  const { text = "" } = await editor.request<CiFile>("dockwright/ciFile", asked);
  assert.match(text, new RegExp(`uses: actions/checkout@${"a".repeat(40)} # v5`));
  assert.match(text, /uses: actions\/setup-node@COMMIT-OF-v5/);
  assert.match(text, /branches: \["trunk"\]/);
  assert.match(text, /only-fixed: true/);
  assert.match(text, /file: "api\/Dockerfile"\n\s+context: "\."/);
  await assert.rejects(editor.request("dockwright/ciFile", { ...asked, severity: "grave" }));
});
