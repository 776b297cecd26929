/** Engines: what they are called with, and which one is found. The real ones are in test/docker/build-image.ts. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { BuildOptions } from "../../client/src/build/options.ts";
import {
  createInvocation,
  problemOfBuilderName,
  readBuilders,
  readContexts,
} from "../../client/src/engines/builders.ts";
import type { EngineName } from "../../client/src/engines/engine.ts";
import { ENGINES, findEngine } from "../../client/src/engines/find.ts";
import type { Outcome } from "../../client/src/process.ts";

const BARE: BuildOptions = { dockerfile: "/p/Dockerfile", context: "/p", tags: ["p:1"] };
const FULL: BuildOptions = {
  ...BARE,
  tags: ["p:1", "reg.example/p:2"],
  target: "app",
  buildArgs: { V: "1 2", FROM_ENV: null, NPM_TOKEN: "hunter2" },
  platforms: ["linux/amd64", "linux/arm64"],
  secrets: [
    { id: "a", from: { file: '/s/a,"b"' } },
    { id: "b", from: { variable: "B" } },
  ],
  ssh: ["default"],
  cacheFrom: ["type=registry,ref=reg.example/c:x", "type=gha"],
  cacheTo: ["type=inline"],
  provenance: "max",
  sbom: true,
  noCache: true,
  pull: true,
  network: "host",
  sourceDateEpoch: 5,
  metadataFile: "/t/m.json",
  builder: "far",
  dockerContext: "prod",
};

interface Expected {
  readonly bare: string;
  readonly full: string;
  readonly env: Readonly<Record<string, string>>;
  readonly lacks: readonly string[];
}

/** One line each; no argument here holds a blank but the one of V. */
const EXPECTED: Readonly<Record<EngineName, Expected>> = {
  "docker-buildx": {
    bare: "docker buildx build --progress=rawjson --tag=p:1 --file=/p/Dockerfile --load -- /p",
    full: 'docker --context=prod buildx build --progress=rawjson --builder=far --tag=p:1 --tag=reg.example/p:2 --file=/p/Dockerfile --target=app --build-arg=V=1 2 --build-arg=FROM_ENV --build-arg=NPM_TOKEN --network=host --no-cache --pull --platform=linux/amd64,linux/arm64 --secret=id=a,"src=/s/a,""b""" --secret=id=b,env=B --ssh=default --cache-from=type=registry,ref=reg.example/c:x --cache-from=type=gha --cache-to=type=inline --provenance=mode=max --sbom --metadata-file=/t/m.json --load -- /p',
    env: { NPM_TOKEN: "hunter2", SOURCE_DATE_EPOCH: "5" },
    lacks: [],
  },
  "docker-classic": {
    bare: "docker build --tag=p:1 --file=/p/Dockerfile -- /p",
    full: "docker --context=prod build --tag=p:1 --tag=reg.example/p:2 --file=/p/Dockerfile --target=app --build-arg=V=1 2 --build-arg=FROM_ENV --build-arg=NPM_TOKEN --network=host --no-cache --pull --platform=linux/amd64 -- /p",
    env: { NPM_TOKEN: "hunter2", DOCKER_BUILDKIT: "0" },
    lacks: [
      "more than one platform",
      "secrets",
      "SSH agents",
      "writing a cache",
      "reading this kind of cache",
      "provenance",
      "SBOM attestations",
      "SOURCE_DATE_EPOCH",
      "builders to choose from",
    ],
  },
  podman: {
    bare: "podman build --layers --tag=p:1 --file=/p/Dockerfile -- /p",
    full: 'podman build --layers --manifest=p:1 --file=/p/Dockerfile --target=app --build-arg=V=1 2 --build-arg=FROM_ENV --build-arg=NPM_TOKEN --network=host --no-cache --pull --platform=linux/amd64,linux/arm64 --secret=id=a,"src=/s/a,""b""" --secret=id=b,env=B --ssh=default --cache-from=reg.example/c --timestamp=5 -- /p',
    env: { NPM_TOKEN: "hunter2" },
    lacks: [
      "writing this kind of cache",
      "reading this kind of cache",
      "provenance",
      "SBOM attestations",
      "builders to choose from",
    ],
  },
  buildah: {
    bare: "buildah build --layers --tag=p:1 --file=/p/Dockerfile -- /p",
    full: 'buildah build --layers --manifest=p:1 --file=/p/Dockerfile --target=app --build-arg=V=1 2 --build-arg=FROM_ENV --build-arg=NPM_TOKEN --network=host --no-cache --pull --platform=linux/amd64,linux/arm64 --secret=id=a,"src=/s/a,""b""" --secret=id=b,env=B --ssh=default --cache-from=reg.example/c --timestamp=5 -- /p',
    env: { NPM_TOKEN: "hunter2" },
    lacks: [
      "writing this kind of cache",
      "reading this kind of cache",
      "provenance",
      "SBOM attestations",
      "builders to choose from",
    ],
  },
  nerdctl: {
    bare: "nerdctl build --progress=plain --tag=p:1 --file=/p/Dockerfile -- /p",
    full: 'nerdctl build --progress=plain --tag=p:1 --tag=reg.example/p:2 --file=/p/Dockerfile --target=app --build-arg=V=1 2 --build-arg=FROM_ENV --build-arg=NPM_TOKEN --network=host --no-cache --pull --platform=linux/amd64,linux/arm64 --secret=id=a,"src=/s/a,""b""" --secret=id=b,env=B --ssh=default --cache-from=type=registry,ref=reg.example/c:x --cache-from=type=gha --cache-to=type=inline --provenance=mode=max --sbom --build-arg=SOURCE_DATE_EPOCH=5 -- /p',
    env: { NPM_TOKEN: "hunter2" },
    lacks: ["builders to choose from"],
  },
};

for (const engine of ENGINES)
  describe(engine.name, () => {
    const expected = EXPECTED[engine.name];
    const line = (options: BuildOptions): string => {
      const { command, args } = engine.build(options);
      return [command, ...args].join(" ");
    };

    test("a plain build", () => {
      assert.equal(line(BARE), expected.bare);
      assert.deepEqual(engine.lacks(BARE), []);
    });

    test("everything there is to say, and no secret on the command line", () => {
      assert.equal(line(FULL), expected.full);
      assert.deepEqual(engine.build(FULL).env, expected.env);
      assert.deepEqual(engine.lacks(FULL), expected.lacks);
      assert.doesNotMatch(line(FULL), /hunter2/);
    });

    test("whatever a file, a tag or a stage is called, it is no flag of its own", () => {
      for (const name of ["-x", "--push", "a b", "$(id)", ";", "'", '"']) {
        const { args } = engine.build({
          ...BARE,
          dockerfile: `/p/${name}`,
          context: `/p/${name}`,
          tags: [name],
          target: name,
        });
        assert.ok(args.includes(`--tag=${name}`) && args.includes(`--target=${name}`), name);
        assert.deepEqual(args.slice(-2), ["--", `/p/${name}`]);
      }
    });
  });

test("an output takes the place of the engine's images", () => {
  const args = ENGINES[0]?.build({ ...BARE, output: "type=oci,dest=/o.tar" }).args;
  assert.ok(args?.includes("--output=type=oci,dest=/o.tar") && !args.includes("--load"));
});

const DOCKER = '{"Client":{"Version":"28.5.2","Context":"default"},"Server":{"Version":"28.5.2"}}';
const NO_SERVER = '{"Client":{"Version":"28.5.2","Context":"default"},"Server":null}';
const outcome = (part: Partial<Outcome>): Outcome => ({
  code: 0,
  stdout: "",
  stderr: "",
  truncated: false,
  missing: false,
  ...part,
});
const missing = outcome({ code: null, missing: true });

/** By the program and its first words. */
const MACHINES: readonly {
  readonly name: string;
  readonly answers: Readonly<Record<string, Partial<Outcome>>>;
  readonly wanted?: EngineName;
  readonly found?: EngineName;
  readonly detail?: string;
  readonly why?: RegExp;
}[] = [
  {
    name: "Docker with buildx",
    answers: {
      "docker version": { stdout: DOCKER },
      "docker buildx": { stdout: "github.com/docker/buildx v0.29.1 abc" },
    },
    found: "docker-buildx",
    detail: "28.5.2, buildx 0.29.1",
  },
  {
    name: "Docker of another context",
    answers: {
      "docker version": { stdout: DOCKER.replace("default", "far") },
      "docker buildx": { stdout: "github.com/docker/buildx 0.29.1+ds1 0.29.1" },
    },
    found: "docker-buildx",
    detail: "28.5.2, context far, buildx 0.29.1+ds1",
  },
  {
    name: "Docker without buildx",
    answers: {
      "docker version": { stdout: DOCKER },
      "docker buildx": { code: 1, stderr: "docker: 'buildx' is not a docker command." },
    },
    found: "docker-classic",
  },
  {
    name: "a buildx that is too old",
    answers: {
      "docker version": { stdout: DOCKER },
      "docker buildx": { stdout: "github.com/docker/buildx v0.11.2 abc" },
    },
    wanted: "docker-buildx",
    why: /buildx 0\.11\.2 is older than 0\.13/,
  },
  {
    name: "Podman under Docker's name",
    answers: {
      "docker version": {
        stdout: '{"Client":{"APIVersion":"4.3.1","Version":"4.3.1","GoVersion":"podman"}}',
        stderr: "Emulate Docker CLI using podman.",
      },
      "docker buildx": { stdout: "buildah 1.28.2" },
      "podman info": { stdout: '{"host":{},"version":{"Version":"4.3.1"}}' },
    },
    found: "podman",
    detail: "4.3.1",
  },
  {
    name: "a Docker that does not run, and a Podman that does",
    answers: {
      "docker version": {
        code: 1,
        stdout: NO_SERVER,
        stderr: "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
      },
      "podman info": { stdout: '{"version":{"Version":"5.4.0"}}' },
    },
    found: "podman",
  },
  {
    name: "a socket that may not be used",
    answers: {
      "docker version": {
        code: 1,
        stdout: NO_SERVER,
        stderr: "permission denied while trying to connect to the docker API at unix:///var/run/docker.sock",
      },
    },
    why: /^No engine answers\. Docker: permission denied while trying to connect.*\. .*add it to the group docker/,
  },
  {
    name: "a Podman whose machine is off",
    answers: {
      "podman info": {
        code: 125,
        stderr: "Cannot connect to Podman. Please verify your connection to the Linux system",
      },
    },
    why: /Podman: Cannot connect to Podman/,
  },
  {
    name: "nerdctl",
    answers: { "nerdctl version": { stdout: '{"Client":{"Version":"v2.1.2"},"Server":{"Components":[]}}' } },
    found: "nerdctl",
    detail: "2.1.2",
  },
  {
    name: "nerdctl without containerd",
    answers: {
      "nerdctl version": {
        code: 1,
        stdout: '{"Client":{"Version":"v2.1.2"}}',
        stderr: "cannot access containerd socket",
      },
    },
    why: /nerdctl: cannot access containerd socket/,
  },
  {
    name: "Buildah",
    answers: { "buildah version": { stdout: '{"version":"1.28.2"}' } },
    found: "buildah",
    detail: "1.28.2",
  },
  { name: "nothing", answers: {}, why: /^There is no engine on PATH: install/ },
  {
    name: "the engine of the setting is not there",
    answers: { "buildah version": { stdout: '{"version":"1"}' } },
    wanted: "podman",
    why: /podman is not on PATH.*dockwright\.engine/,
  },
  {
    name: "answers that are no JSON",
    answers: { "docker version": { stdout: "?" }, "podman info": { stdout: "[]" }, "buildah version": { stdout: "{" } },
    why: /^No engine answers/,
  },
];

describe("finding", () => {
  for (const { name, answers, wanted = "auto", found, detail, why } of MACHINES)
    test(name, async () => {
      const engine = await findEngine(wanted, {}, async ({ command, args }) => {
        const answer = answers[`${command} ${args[0]}`];
        return answer ? outcome(answer) : missing;
      });
      assert.equal(engine.engine?.name, found, engine.engine ? "" : engine.why);
      if (engine.engine && detail !== undefined) assert.equal(engine.detail, detail);
      if (!engine.engine) assert.match(engine.why, why ?? /./);
    });

  test("what did not answer is told beside what did", async () => {
    const engine = await findEngine("auto", {}, async ({ command }) =>
      command === "docker"
        ? outcome({ code: 1, stdout: NO_SERVER, stderr: "Cannot connect" })
        : command === "podman"
          ? outcome({ stdout: '{"version":{"Version":"5"}}' })
          : missing,
    );
    assert.deepEqual(engine.engine && engine.silent, [
      "Docker with buildx: Cannot connect",
      "Docker's classic builder: Cannot connect",
    ]);
  });

  test("a chosen context goes along", async () => {
    const asked: string[] = [];
    await findEngine("docker-classic", { dockerContext: "far" }, async ({ command, args }) => {
      asked.push([command, ...args].join(" "));
      return outcome({ stdout: DOCKER });
    });
    assert.deepEqual(asked, ["docker --context=far version --format={{json .}}"]);
  });
});

describe("builders", () => {
  test("the list of buildx, in both of its shapes", () => {
    const far = {
      Name: "far",
      Driver: "remote",
      Current: true,
      Nodes: [{ Name: "far0", Endpoint: "tcp://h:1", Status: "running", Platforms: ["linux/amd64"] }],
    };
    const broken = { Name: "k", Driver: "kubernetes", Nodes: [{ Endpoint: "x", Err: "no such cluster" }] };
    const expected = [
      { name: "far", driver: "remote", current: true, detail: "running · tcp://h:1 · linux/amd64" },
      { name: "k", driver: "kubernetes", current: false, detail: "no such cluster" },
    ];
    assert.deepEqual(readBuilders(`${JSON.stringify(far)}\n${JSON.stringify(broken)}\n`), expected);
    assert.deepEqual(readBuilders(JSON.stringify([far, broken])), expected);
    assert.deepEqual(readBuilders("no json"), []);
  });

  test("contexts", () => {
    const line = '{"Current":true,"Description":"mine","DockerEndpoint":"unix:///x","Error":"","Name":"default"}';
    assert.deepEqual(readContexts(line), [
      { name: "default", current: true, endpoint: "unix:///x", description: "mine" },
    ]);
  });

  for (const [builder, args] of [
    [{ driver: "docker-container", name: "c" }, "--driver=docker-container --name=c"],
    [
      { driver: "kubernetes", name: "k", namespace: "ci", replicas: 2, kubeContext: "prod" },
      "--driver=kubernetes --name=k --driver-opt=namespace=ci,replicas=2 -- kubernetes:///prod",
    ],
    [
      { driver: "kubernetes", name: "k", namespace: "ci", replicas: 1 },
      "--driver=kubernetes --name=k --driver-opt=namespace=ci,replicas=1",
    ],
    [
      { driver: "remote", name: "r", endpoint: "tcp://h:1", tls: { ca: "/a,b/ca.pem", cert: "/c.pem", key: "/k.pem" } },
      '--driver=remote --name=r --driver-opt="cacert=/a,b/ca.pem",cert=/c.pem,key=/k.pem -- tcp://h:1',
    ],
  ] as const)
    test(`create ${builder.driver}: ${args}`, () => {
      assert.equal(createInvocation(builder).args.join(" "), `buildx create ${args}`);
    });

  test("names", () => {
    assert.equal(problemOfBuilderName("a-b_1.c"), undefined);
    for (const name of ["", "-x", "1a", "a b", "a;b"]) assert.ok(problemOfBuilderName(name), name);
  });
});

test("sizes of images as engines print them", () => {
  const read = (name: EngineName, stdout: string): unknown =>
    ENGINES.find((each) => each.name === name)?.readImage(stdout);
  assert.deepEqual(read("docker-buildx", '[{"Id":"sha256:a","Size":12}]'), { id: "sha256:a", bytes: 12 });
  assert.deepEqual(read("nerdctl", '[{"Id":"sha256:a"}]'), { id: "sha256:a" });
  assert.deepEqual(read("buildah", '[\n{\n"id": "a",\n"size": "2.14 MB"\n}\n]'), { id: "a", bytes: 2_140_000 });
  assert.deepEqual(read("buildah", '[{"id":"a","size":"824 B"}]'), { id: "a", bytes: 824 });
  for (const name of ["podman", "buildah"] as const)
    for (const text of ["", "[]", "{}", "null", "["]) assert.equal(read(name, text), undefined);
});
