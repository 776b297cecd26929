/** What engines print, read: steps, warnings, failures with their lines; and what is worked out around a build. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { defaultTag, problemOfTag } from "../../client/src/build/defaults.ts";
import { type BuildReader, type BuildReport, isBuildStep } from "../../client/src/build/events.ts";
import { failureOf, placeOf, withEnding } from "../../client/src/build/failure.ts";
import { readCommitTime } from "../../client/src/build/git.ts";
import { readMetadata } from "../../client/src/build/metadata.ts";
import { moved } from "../../client/src/build/moved.ts";
import { isSecretName } from "../../client/src/build/options.ts";
import { destOf, outputFrom, pathsFrom } from "../../client/src/build/output.ts";
import { plainReader } from "../../client/src/build/plain.ts";
import { pushesOf } from "../../client/src/build/pushes.ts";
import {
  argsToAsk,
  rememberable,
  secretsToAsk,
  servicesToAsk,
  stageAt,
  tagOfStage,
} from "../../client/src/build/questions.ts";
import { rawjsonReader } from "../../client/src/build/rawjson.ts";
import { buildahReader, classicReader } from "../../client/src/build/step-by-step.ts";
import { sizeOf, summaryOf, timeOf } from "../../client/src/build/summary.ts";
import { terminalText } from "../../client/src/build/terminal.ts";
import { adviceOn } from "../../client/src/build/trouble.ts";
import { type BuildDefinition, optionsOf, pathFor } from "../../client/src/tasks/definition.ts";
import { factsOf } from "./facts.ts";

const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** In pieces of any length: a stream is cut anywhere. */
function reportOf(reader: BuildReader, text: string, stream: "stdout" | "stderr" = "stderr", piece = 7): BuildReport {
  for (let at = 0; at < text.length; at += piece) reader.read(stream, text.slice(at, at + piece));
  reader.end();
  return reader.report();
}

const DOCKERFILE = `FROM alpine AS build
ARG V=1
RUN echo hello && \\
    echo "$V"

FROM alpine
COPY --from=build /v /v
RUN echo last && \\
    false
`;
const FACTS = factsOf(DOCKERFILE);

const lines = (...messages: readonly unknown[]): string =>
  messages.map((message) => (typeof message === "string" ? message : JSON.stringify(message))).join("\n");
const T0 = "2026-01-01T00:00:00.5Z";
const T1 = "2026-01-01T00:00:02Z";
const RUN_FALSE = "[stage-1 3/3] RUN echo last &&     false";

const RAWJSON = lines(
  { vertexes: [{ digest: "a", name: "[internal] load build definition from Dockerfile", started: T0, completed: T1 }] },
  {
    vertexes: [
      { digest: "b", name: "[build 1/2] FROM docker.io/library/alpine", started: T0, completed: T0, cached: true },
    ],
  },
  {
    vertexes: [
      { digest: "c", name: '[build 2/2] RUN echo hello &&     echo "1"', started: T0, completed: T0, cached: true },
    ],
  },
  {
    vertexes: [{ digest: "d", name: RUN_FALSE, started: T0 }],
    statuses: [{ id: "sha256:e", vertex: "b", current: 5, total: 10, started: T0 }],
  },
  {
    warnings: [
      {
        short: base64('LegacyKeyValueFormat: use "A=b" (line 2)'),
        url: "https://example.org/rule",
        range: [{ start: { line: 2 }, end: { line: 2 } }],
      },
    ],
  },
  { logs: [{ vertex: "d", data: Buffer.from("last ä\n").subarray(0, 6).toString("base64") }] },
  { logs: [{ vertex: "d", data: Buffer.from("last ä\n").subarray(6).toString("base64") }] },
  {
    vertexes: [
      {
        digest: "d",
        name: RUN_FALSE,
        started: T0,
        completed: T1,
        error: 'process "/bin/sh -c echo last &&     false" did not complete successfully: exit code: 1',
      },
    ],
  },
  "Dockerfile:8",
  "--------------------",
  "   7 |     COPY --from=build /v /v",
  "   8 | >>> RUN echo last && \\",
  "   9 | >>>     false",
  "  10 |     ",
  "--------------------",
  'ERROR: failed to build: failed to solve: process "/bin/sh -c echo last &&     false" did not complete successfully: exit code: 1',
  "",
);

describe("rawjson", () => {
  const report = reportOf(rawjsonReader(), RAWJSON);

  test("steps and how they ended", () => {
    assert.deepEqual(
      report.steps.map(({ id, state, ms }) => [id, state, ms]),
      [
        ["a", "done", 1500],
        ["b", "cached", 0],
        ["c", "cached", 0],
        ["d", "failed", 1500],
      ],
    );
    assert.deepEqual(
      report.steps.filter(isBuildStep).map(({ id }) => id),
      ["c", "d"],
    );
  });

  test("warnings and their lines", () => {
    assert.deepEqual(report.warnings, [
      {
        code: "LegacyKeyValueFormat",
        message: 'use "A=b"',
        url: "https://example.org/rule",
        place: { line: 1, endLine: 1 },
      },
    ]);
  });

  test("a letter that is cut in two by messages", () => {
    assert.deepEqual(report.logs.get("d"), ["last ä"]);
  });

  test("the failure, on its lines", () => {
    const { message, place } = failureOf(report, FACTS);
    assert.deepEqual([message, place], ["exit code: 1", { line: 7, endLine: 8 }]);
  });

  test("the failure without the excerpt is found by the step", () => {
    const { place } = failureOf({ ...report, text: "ERROR: failed to solve: something" }, FACTS);
    assert.deepEqual(place, { line: 7, endLine: 8 });
  });

  test("lines that are nothing, and messages of a shape nobody knows", () => {
    const odd =
      '{\n{"vertexes":null}\n{"vertexes":[null,{}],"logs":[{}],"warnings":[{}],"statuses":[{}]}\n[]\nnull\n{"a":1}\n';
    assert.equal(reportOf(rawjsonReader(), odd).steps.length, 0);
  });
});

const PLAIN = `#1 [internal] load build definition from Dockerfile
#1 transferring dockerfile: 70B done
#1 DONE 0.0s

#4 [build 1/2] FROM docker.io/library/alpine
#4 CACHED

#5 [build 2/2] RUN echo hello &&     echo "1"
#5 CACHED
#5 DONE 0.1s

#6 [stage-1 3/3] RUN echo last &&     false
#6 0.093 last
#6 ERROR: process "/bin/sh -c echo last &&     false" did not complete successfully: exit code: 1
------
 > [stage-1 3/3] RUN echo last &&     false:
0.093 last
------
time="2026-01-01T00:00:00Z" level=fatal msg="no image was built"
`;

test("BuildKit's plain progress", () => {
  const report = reportOf(plainReader(), PLAIN);
  assert.deepEqual(
    report.steps.map(({ id, state }) => `${id} ${state}`),
    ["1 done", "4 cached", "5 cached", "6 failed"],
  );
  const failure = failureOf(report, FACTS);
  assert.deepEqual(
    [failure.message, failure.place, failure.lastLines],
    ["exit code: 1", { line: 7, endLine: 8 }, ["last"]],
  );
});

const CLASSIC = `Sending build context to Docker daemon  9.2kB
Step 1/6 : FROM alpine AS build
 ---> 3fb336683bb7
Step 2/6 : ARG V=1
 ---> Using cache
 ---> 2313009e31ab
Step 3/6 : RUN echo hello &&     echo "$V"
 ---> Using cache
 ---> dbb17624afff
Step 4/6 : FROM alpine
 ---> 3fb336683bb7
Step 5/6 : COPY --from=build /v /v
 ---> 8de96e0644a8
Step 6/6 : RUN echo last &&     false
 ---> Running in bf7373656b05
\u001b[91moops
\u001b[0mlast
The command '/bin/sh -c echo last &&     false' returned a non-zero code: 1
`;

test("Docker's classic builder", () => {
  const report = reportOf(classicReader(), CLASSIC, "stdout");
  assert.deepEqual(
    report.steps.map(({ state }) => state),
    ["done", "cached", "cached", "done", "done", "running"],
  );
  const failure = failureOf(report, FACTS);
  assert.deepEqual(
    [failure.message, failure.place, failure.lastLines],
    ["exit code: 1", { line: 7, endLine: 8 }, ["oops", "last"]],
  );
});

const BUILDAH = `[1/2] STEP 1/3: FROM alpine AS build
[1/2] STEP 2/3: ARG V=1
--> Using cache faed9d93f341105377dd2c87acb500fab7c830bac745a88c29d4264ea387f0e8
--> faed9d93f34
[1/2] STEP 3/3: RUN echo hello &&     echo "$V"
hello
--> 4f0d73dc16b
[2/2] STEP 1/3: FROM alpine
[2/2] STEP 2/3: COPY --from=build /v /v
--> 4f0d73dc16b
[2/2] STEP 3/3: RUN echo last &&     false
last
Error: building at STEP "RUN echo last &&     false": while running runtime: exit status 1
`;

test("Buildah and Podman", () => {
  const report = reportOf(buildahReader(), BUILDAH);
  assert.deepEqual(
    report.steps.map(({ state }) => state),
    ["done", "cached", "done", "done", "done", "running"],
  );
  const failure = failureOf(report, FACTS);
  assert.deepEqual(
    [failure.message, failure.place, failure.lastLines],
    ["while running runtime: exit status 1", { line: 7, endLine: 8 }, ["last"]],
  );
  const image = "c249c1cf8e90913153be66ef2686316b0a2a1ac319958f19945d8ffaa8e56c64";
  assert.equal(reportOf(buildahReader(), `STEP 1/1: FROM scratch\nCOMMIT x\n${image}\n`).image, image);
});

describe("lines of steps", () => {
  const at = (name: string): number | undefined => placeOf({ name }, FACTS)?.line;
  for (const [name, line] of [
    ['[build 2/2] RUN echo hello &&     echo "1"', 2],
    ["[linux/arm64 build 2/2] RUN echo hello", 2],
    ["[linux/amd64->arm64 stage-1 2/3] COPY --from=build /v /v", 6],
    ["[stage-1 3/3] RUN echo last &&     false", 7],
    ["Step 5/6 : COPY --from=build /v /v", 6],
    ["[2/2] STEP 1/3: FROM alpine", 5],
    // A number that leads elsewhere: the text decides.
    ["Step 1/6 : COPY --from=build /v /v", 6],
    ["[stage-7 9/9] RUN nothing like it", undefined],
    ["exporting to image", undefined],
  ] as const)
    test(name, () => assert.equal(at(name), line));
});

describe("failures without a line", () => {
  const failing = (text: string) => failureOf({ steps: [], warnings: [], logs: new Map(), text }, FACTS);
  for (const [said, message, advice] of [
    [
      'ERROR: failed to build: failed to solve: target stage "x" could not be found',
      'target stage "x" could not be found',
      undefined,
    ],
    [
      "ERROR: Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?",
      "Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?",
      /does not answer/,
    ],
    [
      "ERROR: permission denied while trying to connect to the Docker daemon socket at unix:///x",
      "permission denied while trying to connect to the Docker daemon socket at unix:///x",
      /group docker/,
    ],
    [
      "ERROR: failed to receive status: rpc error: code = Unavailable desc = error reading from server: EOF",
      "failed to receive status: rpc error: code = Unavailable desc = error reading from server: EOF",
      /in the middle of the build/,
    ],
    ["ERROR: failed to solve: write /x: no space left on device", "write /x: no space left on device", /disk is full/],
    ["", "the engine ended without a word", /in the middle of the build/],
    [
      "listing workers for Build: failed to list workers: Unavailable: error reading from server: EOF",
      "listing workers for Build: failed to list workers: Unavailable: error reading from server: EOF",
      /in the middle of the build/,
    ],
    [
      "ERROR: failed to build: failed to dial gRPC: read unix @->/run/x.sock: read: connection reset by peer",
      "failed to dial gRPC: read unix @->/run/x.sock: read: connection reset by peer",
      /in the middle of the build/,
    ],
    [
      "ERROR: failed to build: failed to solve: Canceled: context canceled",
      "Canceled: context canceled",
      /in the middle/,
    ],
    ...[
      "failed to copy: failed to send write: EOF",
      "grpc: the client connection is closing: context canceled",
      "Canceled: grpc: the client connection is closing: context canceled",
      "unexpected EOF",
    ].map((said) => [said, said, /in the middle of the build/] as const),
    // A registry's trouble, not the engine's.
    [
      "ERROR: failed to solve: failed to do request: Head https://x: read: connection reset by peer",
      "failed to do request: Head https://x: read: connection reset by peer",
      undefined,
    ],
  ] as const)
    test(message, () => {
      const failure = failing(said);
      assert.deepEqual([failure.message, failure.place], [message, undefined]);
      if (advice) assert.match(failure.advice ?? "", advice);
      else assert.equal(failure.advice, undefined);
    });

  test("a parse error names its line", () => {
    const { place, message } = failing(
      "Error response from daemon: dockerfile parse error on line 2: unknown instruction: COPPY",
    );
    assert.deepEqual(
      [place, message],
      [{ line: 1, endLine: 1 }, "dockerfile parse error on line 2: unknown instruction: COPPY"],
    );
  });
});

/** What docker prints before it builds in this way. */
const NOTICE = `DEPRECATED: The legacy builder is deprecated and will be removed in a future release.
            BuildKit is currently disabled; enable it by removing the DOCKER_BUILDKIT=0
            environment-variable.

`;

describe("an engine that goes away while RUN runs", () => {
  const running = { id: "d", name: "[stage-1 3/3] RUN echo last &&     false", state: "running" } as const;
  const report: BuildReport = { steps: [running], warnings: [], logs: new Map([["d", ["started"]]]), text: "" };

  test("is blamed itself, not the line; buildx may have no word for it", () => {
    for (const text of ["", "ERROR: failed to receive status: rpc error: code = Unavailable desc = closing\n"]) {
      const { advice, place, lastLines } = failureOf({ ...report, text }, FACTS);
      assert.deepEqual([place, lastLines], [undefined, ["started"]]);
      assert.match(advice ?? "", /in the middle of the build/);
    }
  });

  test("what a program in RUN says of its own connections is the line's trouble", () => {
    const failed = { ...running, state: "failed", error: "exit code: 56" } as const;
    const logs = new Map([["d", ["curl: unexpected EOF", "connection reset by peer, error during connect"]]]);
    const text = "ERROR: failed to solve: exit code: 56\n";
    const { advice, place } = failureOf({ ...report, steps: [failed], logs, text }, FACTS);
    assert.deepEqual([advice, place], [undefined, { line: 7, endLine: 8 }]);
  });

  test("a step may fail with it: without a last word of buildx that is no fault of the step", () => {
    const failed = { ...running, state: "failed", error: "failed to copy: failed to send write: EOF" } as const;
    const { message, advice, place } = failureOf({ ...report, steps: [failed] }, FACTS);
    assert.deepEqual([message, place], ["failed to copy: failed to send write: EOF", undefined]);
    assert.match(advice ?? "", /in the middle of the build/);
  });

  test("Docker's classic builder says so beside what RUN prints", () => {
    const reader = classicReader();
    reader.read("stderr", NOTICE);
    reader.read("stdout", "Step 1/1 : RUN echo last &&     false\n ---> Running in bf7373656b05\nstarted\n");
    reader.read("stderr", "unexpected EOF\n");
    const { message, advice, place, lastLines } = failureOf(reader.report(), FACTS);
    assert.deepEqual([message, place, lastLines], ["unexpected EOF", undefined, ["started"]]);
    assert.match(advice ?? "", /in the middle of the build/);

    const silent = classicReader();
    silent.read("stderr", NOTICE);
    assert.equal(failureOf(silent.report(), FACTS).message, "the engine ended without a word");
  });

  test("a program that ended by itself, or was ended, says why in its last line", () => {
    for (const [outcome, message] of [
      [{ code: null, stderr: '{"vertexes":[]}\ndocker did not end within 9 s' }, "docker did not end within 9 s"],
      [{ code: null, stderr: "docker is not on PATH" }, "docker is not on PATH"],
      [{ code: null, stderr: '{"vertexes":[]}\n' }, "the engine ended without a word"],
      [{ code: 255, stderr: '{"vertexes":[]}\n' }, "the engine ended without a word"],
    ] as const)
      assert.equal(failureOf(withEnding(report, outcome), FACTS).message, message);
  });
});

test("advice is given for what is known, and for nothing else", () => {
  assert.match(adviceOn("exec /bin/sh: exec format error") ?? "", /another processor/);
  assert.match(adviceOn("toomanyrequests: You have reached your pull rate limit") ?? "", /log in/);
  assert.match(adviceOn("exit code: 137") ?? "", /memory ran out/);
  assert.equal(adviceOn("exit code: 1"), undefined);
});

test("the metadata file", () => {
  const text = JSON.stringify({
    "containerimage.digest": "sha256:a",
    "image.name": "docker.io/library/ok:1,reg/x:2",
    "buildx.build.ref": "d/d/1",
  });
  assert.deepEqual(readMetadata(text), {
    digest: "sha256:a",
    names: ["docker.io/library/ok:1", "reg/x:2"],
    ref: "d/d/1",
  });
  for (const odd of ["", "[]", "null", "{", '{"image.name":5}']) assert.deepEqual(readMetadata(odd), { names: [] });
});

test("the summary", () => {
  const report = reportOf(rawjsonReader(), RAWJSON);
  assert.equal(
    summaryOf({ name: "p:1", report, ms: 4_230, bytes: 12_345_678 }),
    "p:1: 12.3 MB in 4.2 s, 1 of 2 steps from the cache",
  );
  assert.equal(summaryOf({ name: "p:1", report: { ...report, steps: [] }, ms: 61_000 }), "p:1: built in 1 min 1 s");
  assert.deepEqual([0, 999, 1000, 999_999, 5e9].map(sizeOf), ["0 B", "999 B", "1.0 kB", "1.0 MB", "5.0 GB"]);
  assert.equal(timeOf(50), "0.1 s");
});

describe("names of images", () => {
  for (const [file, branch, tag] of [
    ["/home/node/Shop Front/Dockerfile", "main", "shop-front:main"],
    ["/p/api/Dockerfile.dev", "feature/Ü x", "api-dev:feature-x"],
    ["/p/api/web.Dockerfile", undefined, "api-web:latest"],
    ["/p/__a..b__/Containerfile", "-x", "a-b:x"],
    ["/Dockerfile", "", "image:latest"],
    ["/p/日本/Dockerfile", "main", "image:main"],
  ] as const)
    test(`${file} on ${branch}: ${tag}`, () => {
      assert.equal(defaultTag(file, branch), tag);
      assert.equal(problemOfTag(tag), undefined);
    });

  test("what is no name", () => {
    for (const good of ["a", "a:1", "a/b-c__d.e:X_1.2", "localhost:5000/a", "reg.example/a/b:1", "[::1]:5000/a:1"])
      assert.equal(problemOfTag(good), undefined, good);
    for (const bad of [
      "",
      "-x",
      "A",
      "a b",
      "a//b",
      "a:",
      "a:-x",
      "a..b",
      "$(id)",
      "reg..x/a",
      "a;b",
      `a:${"x".repeat(129)}`,
    ])
      assert.ok(problemOfTag(bad), bad);
  });

  test("a stage has a name of its own", () => {
    assert.deepEqual([tagOfStage("a:1", "build"), tagOfStage("reg:5000/a", "0")], ["a:1-build", "reg:5000/a:0"]);
  });
});

test("what would be pushed", () => {
  const options = { dockerfile: "/d", context: "/", tags: ["a:1"] };
  assert.deepEqual(pushesOf(options), []);
  assert.deepEqual(
    pushesOf({ ...options, output: "type=oci,dest=/x", cacheTo: ["type=inline", "type=local,dest=/c"] }),
    [],
  );
  assert.equal(pushesOf({ ...options, output: "type=registry" }).length, 1);
  assert.match(
    pushesOf({ ...options, output: 'type=image,"name=reg/a:1,reg/b:1",push=true' }).join(),
    /reg\/a:1.*reg\/b:1/,
  );
  assert.deepEqual(pushesOf({ ...options, cacheTo: ["type=registry,ref=reg/c", "reg/d", "type=gha"] }), [
    "the build's cache, to reg/c",
    "the build's cache, to reg/d",
    "the build's cache, to gha",
  ]);
});

test("problems follow edits", () => {
  const place = { line: 5, endLine: 6 };
  for (const [change, after] of [
    [
      { line: 0, endLine: 0, added: 2 },
      { line: 7, endLine: 8 },
    ],
    [
      { line: 1, endLine: 3, added: 0 },
      { line: 3, endLine: 4 },
    ],
    [{ line: 7, endLine: 9, added: 5 }, place],
    [{ line: 6, endLine: 6, added: 0 }, undefined],
    [{ line: 4, endLine: 5, added: 1 }, undefined],
  ] as const)
    assert.deepEqual(moved(place, change), after);
});

test("seconds of the last commit", () => {
  assert.deepEqual(["1700000000\n", "", "fatal", "-1", "99999999999999"].map(readCommitTime), [
    1_700_000_000,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

describe("questions", () => {
  const facts = factsOf(`ARG BASE
FROM \${BASE} AS one
ARG BASE
ARG V=1
ARG V
ARG TARGETARCH
ARG HTTP_PROXY
RUN --mount=type=secret,id=npm,required=true --mount=type=ssh --mount=type=secret,target=/run/secrets/other true
FROM one
RUN --mount=type=secret,id=npm true
`);

  test("arguments without a default that nobody gave", () => {
    assert.deepEqual(
      argsToAsk(facts, {}).map(({ name, line }) => [name, line]),
      [["BASE", 0]],
    );
    assert.deepEqual(argsToAsk(facts, { buildArgs: { BASE: null } }), []);
  });

  test("secrets and agents", () => {
    assert.deepEqual(facts.secrets, [
      { id: "npm", line: 7, required: true },
      { id: "other", line: 7, required: false },
    ]);
    assert.deepEqual(facts.ssh, [{ id: "default", line: 7, required: false }]);
    assert.deepEqual(
      secretsToAsk(facts, { secrets: [{ id: "npm" }] }).map(({ id }) => id),
      ["other"],
    );
  });

  test("the stage of a line; the last one needs no name", () => {
    assert.deepEqual([stageAt(facts, 0), stageAt(facts, 3), stageAt(facts, 9)], [undefined, "one", undefined]);
  });

  test("services that build in the same way are one", () => {
    const services = [
      { service: "a", context: "/c", target: "x", args: [] },
      { service: "b", context: "/c", target: "x", args: [] },
      { service: "c", context: "/d", args: [] },
    ];
    assert.deepEqual(
      servicesToAsk({ ...facts, services }, undefined).map(({ service }) => service),
      ["b", "c"],
    );
    assert.deepEqual(
      servicesToAsk({ ...facts, services }, "x").map(({ service }) => service),
      ["b"],
    );
  });

  test("no secret is remembered", () => {
    assert.deepEqual(rememberable({ buildArgs: { A: "1", NPM_TOKEN: "x", MY_PASSWORD: "y" }, dockerfile: "d" }), {
      buildArgs: { A: "1" },
      dockerfile: "d",
    });
    for (const name of ["TOKEN", "github_token", "DB_PASSWORD", "API_KEY", "AWS_SECRET_ACCESS_KEY"])
      assert.ok(isSecretName(name), name);
    for (const name of ["KEYBOARD", "VERSION", "TOKENIZER", "PUBLIC_KEY", "AUTHOR"])
      assert.ok(!isSecretName(name), name);
  });
});

describe("outputs", () => {
  for (const [written, seen, place] of [
    ["type=oci,dest=image.tar", "type=oci,dest=/w/image.tar", { dest: "/w/image.tar", kind: "file" }],
    ["type=docker,dest=/x/image.tar", "type=docker,dest=/x/image.tar", { dest: "/x/image.tar", kind: "file" }],
    ["type=oci,dest=out,tar=false", "type=oci,dest=/w/out,tar=false", { dest: "/w/out", kind: "folder" }],
    ['type=tar,"dest=a,b.tar"', 'type=tar,"dest=/w/a,b.tar"', { dest: "/w/a,b.tar", kind: "file" }],
    ["out", "type=local,dest=/w/out", { dest: "/w/out", kind: "folder" }],
    ["../a b", "type=local,dest=/a b", { dest: "/a b", kind: "folder" }],
    ["type=local,Dest=out", "type=local,dest=/w/out", { dest: "/w/out", kind: "folder" }],
    ["-", "-", undefined],
    ["type=tar,dest=-", "type=tar,dest=-", undefined],
    ["type=registry", "type=registry", undefined],
    ["type=image,name=dest/x,push=true", "type=image,name=dest/x,push=true", undefined],
  ] as const)
    test(written, () => {
      assert.equal(outputFrom("/w", written), seen);
      assert.deepEqual(destOf(seen), place);
    });

  test("caches, too, begin at the folder; a reference is no path", () => {
    for (const [written, seen] of [
      ["type=local,src=cache", "type=local,src=/w/cache"],
      ["type=local,mode=max,dest=cache", "type=local,mode=max,dest=/w/cache"],
      ["type=registry,ref=a/b", "type=registry,ref=a/b"],
      ["team/app:cache", "team/app:cache"],
    ] as const)
      assert.equal(pathsFrom("/w", written), seen);
  });
});

describe("tasks", () => {
  const at = {
    folder: "/w",
    defaultTag: "w:1",
    commitTime: 7,
    metadataFile: "/t/m",
    builder: undefined,
    dockerContext: undefined,
    withSecrets: (args: Readonly<Record<string, string | null>>) => args,
  };

  test("paths begin at the workspace folder, what is not said is usual", () => {
    assert.deepEqual(optionsOf({ type: "dockwright", dockerfile: "api/Dockerfile" }, at), {
      dockerfile: "/w/api/Dockerfile",
      context: "/w/api",
      tags: ["w:1"],
      metadataFile: "/t/m",
    });
    const full = optionsOf(
      {
        type: "dockwright",
        dockerfile: "/x/D",
        context: ".",
        secrets: [{ id: "a", file: "s" }, { id: "b" }],
        sourceDateEpoch: "commit",
        tags: ["t"],
        target: "x",
        sbom: true,
        output: "type=oci,dest=x.tar",
        cacheTo: ["type=local,dest=cache"],
      },
      at,
    );
    assert.deepEqual(full, {
      dockerfile: "/x/D",
      context: "/w",
      tags: ["t"],
      metadataFile: "/t/m",
      target: "x",
      sbom: true,
      sourceDateEpoch: 7,
      output: "type=oci,dest=/w/x.tar",
      cacheTo: ["type=local,dest=/w/cache"],
      secrets: [
        { id: "a", from: { file: "/w/s" } },
        { id: "b", from: { variable: "b" } },
      ],
    });
  });

  test("what people write wrongly is left out", () => {
    const odd = {
      type: "dockwright",
      dockerfile: "D",
      tags: "x",
      platforms: [1, ""],
      secrets: [{}, 5],
      buildArgs: { A: 1 },
      sbom: "yes",
      target: "",
    };
    // oxlint-disable-next-line typescript/consistent-type-assertions -- tasks.json holds anything
    const options = optionsOf(odd as unknown as BuildDefinition, at);
    assert.deepEqual(options, {
      dockerfile: "/w/D",
      context: "/w",
      tags: ["w:1"],
      metadataFile: "/t/m",
      buildArgs: { A: "1" },
    });
  });

  test("paths as tasks.json has them", () => {
    assert.deepEqual(
      [pathFor("/w/a/D", "/w"), pathFor("/w", "/w"), pathFor("/v/D", "/w"), pathFor("/w/..a", "/w")],
      ["a/D", ".", "/v/D", "..a"],
    );
  });
});

test("a terminal shows each step once, with its output behind its name", () => {
  const text = terminalText();
  const reader = rawjsonReader();
  const shown = [...reader.read("stderr", RAWJSON), ...reader.end()].map(text).join("");
  const plain = shown.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, "g"), "");
  assert.doesNotMatch(plain, /\[internal\]/);
  assert.match(plain, /\[build 2\/2\] RUN echo hello[^\n]*\r\n {2}from the cache\r\n/);
  assert.match(plain, /sha256:e 50 %/);
  assert.match(plain, /warning line 2: use "A=b" \(LegacyKeyValueFormat\)/);
  assert.match(plain, /ERROR: failed to build/);
  assert.doesNotMatch(plain, /(?<!\r)\n/);
});
