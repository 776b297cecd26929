/** `dockwright refactor --verify`: what is told, what is written, and how it ends; the engine itself is in test/docker. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { fakeDocker } from "../effects/fake-docker.ts";
import { cli, folderWith, type Outcome } from "./harness.ts";

const ONE = `FROM golang:1.22-bookworm
WORKDIR /src
COPY . .
RUN go build -o /usr/local/bin/api ./cmd/api
EXPOSE 8080
CMD ["api"]
`;
const FILES = {
  Dockerfile: ONE,
  "go.mod": "module example.test/api\n\ngo 1.22\n",
  "cmd/api/main.go": 'package main\n\nimport "net/http"\n\nfunc main() { _ = http.ListenAndServe(":8080", nil) }\n',
};

interface Verified extends Outcome {
  readonly calls: readonly string[];
  readonly text: string;
}

async function verified(t: TestContext, argv: readonly string[], result?: string): Promise<Verified> {
  const cwd = folderWith(t, FILES);
  const docker = fakeDocker(folderWith(t, {}), result === undefined ? {} : { result });
  const outcome = await cli(["refactor", ...argv], { cwd, env: { PATH: docker.path } });
  return { ...outcome, calls: docker.calls(), text: readFileSync(join(cwd, "Dockerfile"), "utf8") };
}

describe("multi-stage --verify", () => {
  const ARGS = ["multi-stage", "--offline", "--verify"];

  test("what behaves the same is written", async (t) => {
    const { code, stdout, stderr, text } = await verified(t, [...ARGS, "Dockerfile"]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^ +original +result\n[^]*\nThey behave the same\nDockerfile: converted, Go\n/);
    assert.match(text, /^FROM golang:1\.22-bookworm AS build\n/);
  });

  test("what does not is left as it is", async (t) => {
    const { code, stdout, stderr, text } = await verified(t, [...ARGS, "Dockerfile"], "something else");
    assert.equal(code, 1);
    assert.match(stdout, /\nDIFFERENT +output, line 1 +done +something else\n[^]*\nThey differ\n$/);
    assert.match(stderr, /\ndockwright: Dockerfile is left as it is\n$/);
    assert.equal(text, ONE);
  });

  test("for a program: the table on stderr, the rows in the JSON", async (t) => {
    const { code, stdout, stderr, text } = await verified(t, [...ARGS, "--json", "Dockerfile"], "something else");
    assert.equal(code, 1);
    assert.match(stderr, /DIFFERENT +output/);
    const [entry] = JSON.parse(stdout);
    assert.deepEqual([entry.outcome, entry.verification.outcome], ["converted", "differs"]);
    assert.equal(text, ONE);
  });

  test("without an engine nothing is written", async (t) => {
    const cwd = folderWith(t, FILES);
    const { code, stdout } = await cli(["refactor", ...ARGS, "Dockerfile"], { cwd, env: { PATH: cwd } });
    assert.equal(code, 2);
    assert.match(stdout, /Nothing can be said: nothing here builds and runs images: docker is not on PATH; .+; podman/);
    assert.equal(readFileSync(join(cwd, "Dockerfile"), "utf8"), ONE);
  });
});

describe("two files", () => {
  test("what the engine is told", async (t) => {
    const { code, stderr, calls } = await verified(t, [
      ...["--verify", "--network", "shop_default", "--build-arg", "V=a,b", "--port", "8080,9090"],
      ...["Dockerfile", "Dockerfile"],
    ]);
    // Nothing listens on the ports the engine was asked to publish.
    assert.equal(code, 2, stderr);
    const id = "[0-9a-f]{8}-[0-9a-f]{4}";
    const told = [
      "version --format",
      "buildx version",
      `buildx build --load --progress=plain --file \\S+/original/Dockerfile --tag dockwright-verify:${id}-original --build-arg V=a,b \\S+$`,
      `buildx build --load --progress=plain --file \\S+/result/Dockerfile --tag dockwright-verify:${id}-result `,
      `create --name dockwright-verify-${id}-original .*--log-driver none --memory 4g --pids-limit 4096 --network shop_default --publish 127\\.0\\.0\\.1::8080 --publish 127\\.0\\.0\\.1::9090 --hostname verify dockwright-verify:${id}-original$`,
      `rm --force --volumes dockwright-verify-${id}-original$`,
      `image rm --force dockwright-verify:${id}-original$`,
      `image rm --force dockwright-verify:${id}-result$`,
    ];
    for (const call of told)
      assert.ok(
        calls.some((line) => new RegExp(`^${call}`).test(line)),
        `${call}\n${calls.join("\n")}`,
      );
    assert.doesNotMatch(calls.join("\n"), /push/);
  });

  test("interrupted", async (t) => {
    const cwd = folderWith(t, FILES);
    const docker = fakeDocker(folderWith(t, {}), { waits: true });
    const controller = new AbortController();
    const running = cli(["refactor", "--verify", "Dockerfile", "Dockerfile"], {
      ...{ cwd, env: { PATH: docker.path }, signal: controller.signal },
    });
    while (!docker.calls().some((line) => line.startsWith("start "))) await new Promise((done) => setTimeout(done, 20));
    controller.abort();
    assert.equal((await running).code, 130);
    assert.ok(docker.calls().some((line) => /^rm --force .*-original$/.test(line)));
    assert.ok(docker.calls().some((line) => /^image rm --force .*-result$/.test(line)));
  });

  for (const [argv, said] of [
    [["--verify", "Dockerfile"], /--verify needs two files/],
    [["--verify", "--port", "http", "Dockerfile", "Dockerfile"], /--port cannot be http/],
    [["--verify", "--path", "health", "Dockerfile", "Dockerfile"], /--path cannot be health/],
    [["--verify", "--env", "=x", "Dockerfile", "Dockerfile"], /--env cannot be =x/],
    [["--verify", "--engine", "dokcer", "Dockerfile", "Dockerfile"], /--engine cannot be dokcer/],
    [["--verify", "Dockerfile", "nothing"], /nothing does not exist|nothing is not there|nothing /],
  ] as const)
    test(argv.join(" "), async (t) => {
      const { code, stderr, calls } = await verified(t, argv);
      assert.equal(code, 2);
      assert.match(stderr, said);
      assert.deepEqual(calls, []);
    });

  test("a variable that stands here already", async (t) => {
    const cwd = folderWith(t, FILES);
    const folder = folderWith(t, {});
    mkdirSync(join(folder, "fake"));
    const docker = fakeDocker(join(folder, "fake"));
    const env = { PATH: docker.path, TOKEN: "t0ken" };
    const { code } = await cli(["refactor", "--verify", "--env", "TOKEN", "Dockerfile", "Dockerfile"], { cwd, env });
    assert.equal(code, 0);
    assert.ok(!docker.calls().join("\n").includes("t0ken"), "it is in a file, not among the arguments others see");
  });
});
