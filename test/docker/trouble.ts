/** What goes wrong around a build, for real: daemons that are away, go away or may not be spoken to, and disks that are full. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { BuildFailure } from "../../client/src/build/failure.ts";
import { failureOf, withEnding } from "../../client/src/build/failure.ts";
import type { BuildOptions } from "../../client/src/build/options.ts";
import { buildTwice } from "../../client/src/build/twice.ts";
import type { Engine, EngineName } from "../../client/src/engines/engine.ts";
import { ENGINES, findEngine } from "../../client/src/engines/find.ts";
import { type Outcome, runProgram, setTrusted } from "../../client/src/process.ts";
import { wholeOutput } from "../../client/src/tasks/whole-output.ts";
import { mustRun } from "../../scripts/process.ts";
import { startDocker } from "../../scripts/setup/docker.ts";
import { setUpPodman } from "../../scripts/setup/podman.ts";
import { factsOf } from "../client/facts.ts";
import type { Machine } from "./machine.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const SMALL = 256 * 1024;
const limits = { signal: new AbortController().signal, timeoutMs: 60_000 };

const engineNamed = (name: EngineName): Engine => {
  const engine = ENGINES.find((each) => each.name === name);
  assert.ok(engine);
  return engine;
};

async function built(
  engine: Engine,
  options: BuildOptions,
  env: Environment,
  onLog: (text: string) => void = () => {},
): Promise<{ readonly outcome: Outcome; readonly failure: BuildFailure }> {
  const reader = engine.reader();
  const read = (stream: "stdout" | "stderr") => (text: string) => {
    for (const event of reader.read(stream, text)) if (event.kind === "log") onLog(event.text);
  };
  const invocation = engine.build(options);
  const outcome = await runProgram(
    { ...invocation, env: { ...env, ...invocation.env } },
    { ...limits, onStdout: read("stdout"), onStderr: read("stderr") },
  );
  reader.end();
  const facts = factsOf(await readFile(options.dockerfile, "utf8"));
  return { outcome, failure: failureOf(withEnding(reader.report(), outcome), facts) };
}

export function troubleTests(machine: Machine): void {
  describe("trouble around a build", () => {
    before(() => setTrusted(() => true));
    after(() => setTrusted(() => false));

    const project = async (dockerfile: string): Promise<BuildOptions> => {
      const context = await machine.folder("trouble");
      await writeFile(join(context, "Dockerfile"), dockerfile);
      // Nothing that packing makes smaller.
      await writeFile(join(context, "data"), randomBytes(8 * SMALL));
      return { dockerfile: join(context, "Dockerfile"), context, tags: ["trouble:1"] };
    };
    const alpine = (): string => `${machine.registry.host}/library/alpine:3.22`;

    test("a daemon that is not there", async () => {
      const env = { ...machine.docker.env, DOCKER_HOST: "unix:///nonexistent/docker.sock" };
      const { outcome, failure } = await built(engineNamed("docker-buildx"), await project("FROM scratch\n"), env);
      assert.equal(outcome.code, 1);
      assert.match(failure.advice ?? "", /does not answer/);
      const found = await findEngine("docker-buildx", {}, (invocation) =>
        runProgram({ ...invocation, env: { ...env, ...invocation.env } }, limits),
      );
      assert.match(
        found.engine ? "" : found.why,
        /(?:Cannot connect to the Docker daemon|failed to connect).*start it/,
      );
    });

    for (const name of ["docker-buildx", "docker-classic"] as const)
      test(`a socket that this account may not use: ${name}`, async () => {
        const { context } = await project("FROM scratch\nCOPY data /data\n");
        // An account of its own that reads what everybody else may read where programs are installed as usual; no more.
        const account = ["--reuid=65534", "--regid=65534", "--clear-groups"];
        const reading = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"];
        const script = join(import.meta.dirname, "as-other-account.ts");
        const { stdout } = await mustRun("setpriv", [...account, ...reading, process.execPath, script, name, context], {
          env: { ...machine.docker.env, HOME: context },
          timeoutMs: 60_000,
        });
        const { code, found, failure } = JSON.parse(stdout) as { code: number; found: string; failure: BuildFailure };
        assert.equal(code, 1);
        assert.match(failure.message, /^permission denied/);
        for (const text of [failure.advice ?? "", found]) assert.match(text, /add it to the group docker/);
        assert.equal(failure.place, undefined);
      });

    for (const [name, advice] of [
      ["docker-buildx", /stopped in the middle|does not answer/],
      // The daemon takes the container along, and says no more than that.
      ["docker-classic", /the engine was stopped|stopped in the middle|does not answer/],
    ] as const)
      test(`a daemon that stops in the middle of a build: ${name}`, async () => {
        const options = await project(`FROM ${alpine()}\nRUN echo started && sleep 30\n`);
        await using own = await startDocker();
        let stopping: Promise<void> | undefined;
        const { outcome, failure } = await built(
          engineNamed(name),
          { ...options, network: "host" },
          own.env,
          (text) => {
            if (text.includes("started")) stopping ??= own.stop();
          },
        );
        await stopping;
        assert.ok(stopping, outcome.stderr);
        assert.notEqual(outcome.code, 0);
        assert.match(failure.advice ?? "", advice, `${outcome.code} ${outcome.stderr}`);
        if (name === "docker-buildx") assert.equal(failure.place, undefined, "no line is to blame");
      });

    test("a disk that is full inside of RUN", async () => {
      const options = await project(
        `FROM ${alpine()}\nRUN --mount=type=tmpfs,size=1m,target=/small dd if=/dev/zero of=/small/x bs=1M count=5\n`,
      );
      const { outcome, failure } = await built(
        engineNamed("docker-buildx"),
        { ...options, network: "host" },
        machine.docker.env,
      );
      assert.notEqual(outcome.code, 0);
      assert.match(failure.advice ?? "", /disk is full/, outcome.stderr);
      assert.deepEqual(failure.place, { line: 1, endLine: 1 });
    });

    describe("a full disk on this side", () => {
      let small = "";
      const environments = new Map<EngineName, Environment>();
      const fillUp = (): Promise<void> => writeFile(join(small, "other"), Buffer.alloc(SMALL));
      const clear = async (): Promise<void> => {
        for (const name of await readdir(small)) await rm(join(small, name), { recursive: true });
      };
      before(async () => {
        small = await machine.folder("small");
        await mustRun("mount", ["-t", "tmpfs", "-o", `size=${SMALL}`, "tmpfs", small]);
        const podman = await setUpPodman({
          folder: await machine.folder("podman"),
          registries: [machine.registry.host],
        });
        after(() => podman[Symbol.asyncDispose]());
        for (const name of ["docker-buildx", "docker-classic"] as const) environments.set(name, machine.docker.env);
        for (const name of ["podman", "buildah"] as const) environments.set(name, podman.env);
      });
      after(() => mustRun("umount", [small]));

      for (const [output, dest] of [
        ["type=oci", "image.tar"],
        ["type=docker", "image.tar"],
        ["type=tar", "image.tar"],
        ["type=local", "folder"],
      ] as const)
        test(`an output of ${output}: what was there before stays, and nothing half written does`, async () => {
          const before = output === "type=local" ? [] : [dest];
          for (const name of before) await writeFile(join(small, name), "the last one");
          const options = await project("FROM scratch\nCOPY data /data\n");
          const { failure, code, isDiskFull } = await attempt(options, `${output},dest=${join(small, dest)}`);
          assert.notEqual(code, 0);
          assert.equal(isDiskFull, true, failure.message);
          // What is written as a folder breaks off without a reason.
          if (output !== "type=local") assert.match(failure.advice ?? "", /disk is full/, failure.message);
          assert.deepEqual(await readdir(small), before);
          for (const name of before) assert.equal(await readFile(join(small, name), "utf8"), "the last one");
          await clear();
        });

      test("an output that fits takes the place of the last one", async () => {
        await writeFile(join(small, "image.tar"), "the last one");
        const options = await project("FROM scratch\nCOPY Dockerfile /\n");
        const { code, isDiskFull } = await attempt(options, `type=oci,dest=${join(small, "image.tar")}`);
        assert.deepEqual([code, isDiskFull], [0, false]);
        assert.deepEqual(await readdir(small), ["image.tar"]);
        assert.ok((await readFile(join(small, "image.tar"), "latin1")).includes("oci-layout"));
        await clear();
      });

      test("the metadata file", async () => {
        await fillUp();
        const options = await project("FROM scratch\nCOPY data /data\n");
        const metadataFile = join(small, "metadata.json");
        const { failure } = await built(engineNamed("docker-buildx"), { ...options, metadataFile }, machine.docker.env);
        assert.match(failure.advice ?? "", /disk is full/, failure.message);
        assert.deepEqual(await readdir(small), ["other"]);
        await clear();
      });

      for (const name of ["docker-buildx", "docker-classic", "podman", "buildah"] as const)
        test(`archives of two builds: ${name}`, async () => {
          const options = await project("FROM scratch\nCOPY data /data\n");
          const twice = await buildTwice({
            ...{ engine: engineNamed(name), options: { ...options, tags: [] }, folder: small, name: "dockwright-full" },
            signal: limits.signal,
            say() {},
            run: (invocation, signal, onOutput) =>
              runProgram(
                { ...invocation, env: { ...environments.get(name), ...invocation.env } },
                {
                  ...{ ...limits, signal },
                  onStdout: (text) => onOutput?.("stdout", text),
                  onStderr: (text) => onOutput?.("stderr", text),
                },
              ),
          });
          assert.ok(twice.kind === "failed", twice.kind);
          const { message, advice, place } = failureOf(withEnding(twice.report, twice.outcome), undefined);
          assert.match(message, /no space left on device/);
          assert.match(advice ?? "", /disk is full/);
          assert.deepEqual([twice.which, place], ["first", undefined]);
          await clear();
        });
    });
  });

  /** As a task builds it. */
  async function attempt(
    options: BuildOptions,
    output: string,
  ): Promise<{ readonly code: number | null; readonly failure: BuildFailure; readonly isDiskFull: boolean }> {
    await using whole = await wholeOutput(output);
    const { outcome, failure } = await built(
      engineNamed("docker-buildx"),
      { ...options, ...(whole.output !== undefined && { output: whole.output }) },
      machine.docker.env,
    );
    if (outcome.code === 0) await whole.keep();
    return { code: outcome.code, failure, isDiskFull: await whole.isDiskFull() };
  }
}
