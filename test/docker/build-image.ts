/** Building with the real engines: Docker with buildx, its classic builder, Podman and Buildah. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { BuildReport } from "../../client/src/build/events.ts";
import { isBuildStep } from "../../client/src/build/events.ts";
import { failureOf } from "../../client/src/build/failure.ts";
import { readMetadata } from "../../client/src/build/metadata.ts";
import type { BuildOptions } from "../../client/src/build/options.ts";
import { summaryOf } from "../../client/src/build/summary.ts";
import {
  readBuilders,
  readContexts,
  buildersInvocation,
  contextsInvocation,
  createInvocation,
} from "../../client/src/engines/builders.ts";
import type { Engine } from "../../client/src/engines/engine.ts";
import { ENGINES, findEngine } from "../../client/src/engines/find.ts";
import { type Invocation, type Outcome, runProgram, setTrusted } from "../../client/src/process.ts";
import { setUpPodman } from "../../scripts/setup/podman.ts";
import { factsOf } from "../client/facts.ts";
import type { Machine } from "./machine.ts";

type Environment = Readonly<Record<string, string | undefined>>;

interface Built {
  readonly outcome: Outcome;
  readonly report: BuildReport;
}

const signal = (): AbortSignal => new AbortController().signal;
const inEnvironment = (invocation: Invocation, env: Environment): Invocation => ({
  ...invocation,
  env: { ...env, ...invocation.env },
});

async function build(engine: Engine, options: BuildOptions, env: Environment, cancel = signal()): Promise<Built> {
  const reader = engine.reader();
  const outcome = await runProgram(inEnvironment(engine.build(options), env), {
    signal: cancel,
    timeoutMs: 120_000,
    onStdout: (text) => void reader.read("stdout", text),
    onStderr: (text) => void reader.read("stderr", text),
  });
  reader.end();
  return { outcome, report: reader.report() };
}

const isSleeping = (seconds: number): boolean =>
  readdirSync("/proc").some((pid) => {
    try {
      return readFileSync(join("/proc", pid, "cmdline"), "utf8") === `sleep\0${seconds}\0`;
    } catch {
      return false;
    }
  });

const engineNamed = (name: Engine["name"]): Engine => {
  const engine = ENGINES.find((each) => each.name === name);
  assert.ok(engine);
  return engine;
};

export function buildImageTests(machine: Machine): void {
  describe("building an image", () => {
    const environments = new Map<Engine["name"], Environment>();
    before(async () => {
      setTrusted(() => true);
      environments.set("docker-buildx", machine.docker.env);
      environments.set("docker-classic", machine.docker.env);
      const podman = await setUpPodman({ folder: await machine.folder("podman"), registries: [machine.registry.host] });
      after(() => podman[Symbol.asyncDispose]());
      environments.set("podman", podman.env);
      environments.set("buildah", podman.env);
    });
    after(() => setTrusted(() => false));

    for (const name of ["docker-buildx", "docker-classic", "podman", "buildah"] as const) {
      describe(name, () => {
        const engine = engineNamed(name);
        const env = (): Environment => environments.get(name) ?? {};
        const context = async (files: Readonly<Record<string, string>>, folder = "build"): Promise<string> => {
          const path = await machine.folder(folder);
          for (const [file, text] of Object.entries(files)) await writeFile(join(path, file), text);
          return path;
        };
        const alpine = (): string => `${machine.registry.host}/library/alpine:3.22`;

        test("is found", async () => {
          const found = await findEngine(name, {}, (invocation) =>
            runProgram(inEnvironment(invocation, env()), { signal: signal(), timeoutMs: 60_000 }),
          );
          assert.equal(found.engine?.name, name, found.engine ? "" : found.why);
          assert.match(found.engine ? found.detail : "", /^\d+\.\d+/);
        });

        test("builds, and takes the second time from the cache", async () => {
          const path = await context({
            "a file": "x\n",
            Dockerfile:
              'FROM scratch AS one\nCOPY ["a file", "/a"]\nFROM one\nARG V=1\nCOPY --from=one /a /b\nLABEL v=$V\n',
          });
          const options: BuildOptions = {
            dockerfile: join(path, "Dockerfile"),
            context: path,
            tags: ["built:1"],
            buildArgs: { V: "2 3" },
          };
          const first = await build(engine, options, env());
          assert.equal(first.outcome.code, 0, first.outcome.stderr);
          const second = await build(engine, options, env());
          const steps = second.report.steps.filter(isBuildStep);
          assert.ok(steps.length >= 2, JSON.stringify(second.report.steps));
          assert.ok(steps.every(({ state }) => state === "cached" || state === "done"));
          assert.ok(steps.filter(({ state }) => state === "cached").length >= 2, JSON.stringify(steps));
          const inspected = await runProgram(inEnvironment(engine.inspect("built:1", {}), env()), {
            signal: signal(),
            timeoutMs: 60_000,
          });
          const image = engine.readImage(inspected.stdout);
          assert.ok(image?.bytes !== undefined && image.bytes > 0, inspected.stdout + inspected.stderr);
          assert.match(
            summaryOf({ name: "built:1", report: second.report, ms: 1, bytes: image.bytes }),
            /of \d+ steps from the cache/,
          );
        });

        for (const file of ["a b", "it's", 'a"b', "a;b", "$(touch pwned)", "-f", "--tag=x", "a,b"])
          test(`a Dockerfile and a folder called ${file}`, async () => {
            const root = await machine.folder("names");
            const path = join(root, file);
            await mkdir(path);
            await writeFile(join(path, `${file}.Dockerfile`), "FROM scratch\nCOPY x /x\n");
            await writeFile(join(path, "x"), "x\n");
            const { outcome } = await build(
              engine,
              { dockerfile: join(path, `${file}.Dockerfile`), context: path, tags: ["names:1"] },
              env(),
            );
            assert.equal(outcome.code, 0, outcome.stderr);
          });

        test("a Dockerfile outside of its context", async () => {
          const path = await context({ x: "x\n" });
          const elsewhere = await context({ Dockerfile: "FROM scratch\nCOPY x /x\n" }, "elsewhere");
          const { outcome } = await build(
            engine,
            { dockerfile: join(elsewhere, "Dockerfile"), context: path, tags: ["outside:1"] },
            env(),
          );
          assert.equal(outcome.code, 0, outcome.stderr);
        });

        interface Failing {
          readonly text: string;
          readonly line: number;
          readonly endLine?: number;
          readonly message: RegExp;
          readonly printed?: readonly string[];
        }
        const failing = (): Readonly<Record<string, Failing>> => ({
          "a RUN over several lines": {
            text: `# first\nFROM ${alpine()} AS base\nRUN echo fine\n\nFROM base\nRUN echo "last words" && \\\n    # why\n    exit 3\n`,
            line: 5,
            endLine: 7,
            message: /(?:exit code: 3|exit status 3)/,
            printed: ["last words"],
          },
          "a COPY of what is not there": {
            text: "FROM scratch\nLABEL a=b\nCOPY nothing /x\n",
            line: 2,
            message: /nothing/,
          },
          "an instruction nobody knows": {
            text: "FROM scratch\nCOPPY a b\n",
            line: 1,
            message: /unknown instruction/i,
          },
          "a base image that is not there": {
            text: `ARG A=1\nFROM scratch AS one\nFROM ${machine.registry.host}/library/nothing:1\nCOPY --from=one / /\n`,
            line: 2,
            message: /nothing/,
          },
        });
        for (const failure of Object.keys(failing()))
          test(`the line of ${failure}`, async () => {
            const { text = "", line, endLine = line, message = /./, printed } = failing()[failure] ?? {};
            const path = await context({ Dockerfile: text });
            const { outcome, report } = await build(
              engine,
              {
                dockerfile: join(path, "Dockerfile"),
                context: path,
                tags: ["failing:1"],
                network: "host",
                noCache: true,
              },
              env(),
            );
            assert.notEqual(outcome.code, 0);
            const failed = failureOf(report, factsOf(text));
            assert.deepEqual(failed.place, { line, endLine }, outcome.stdout + outcome.stderr);
            assert.match(failed.message, message);
            if (printed) assert.deepEqual(failed.lastLines, printed);
          });

        test("cancelled, nothing goes on", async () => {
          // A time of its own, to know the process by.
          const seconds = 4_000 + ENGINES.indexOf(engine);
          const path = await context({ Dockerfile: `FROM ${alpine()}\nRUN echo started && sleep ${seconds}\n` });
          const controller = new AbortController();
          const reader = engine.reader();
          const onOutput = (stream: "stdout" | "stderr") => (text: string) => {
            for (const event of reader.read(stream, text))
              if (event.kind === "log" && event.text.includes("started")) controller.abort(new Error("cancelled"));
          };
          const invocation = engine.build({
            dockerfile: join(path, "Dockerfile"),
            context: path,
            tags: ["cancelled:1"],
            network: "host",
            noCache: true,
          });
          await assert.rejects(
            runProgram(inEnvironment(invocation, env()), {
              signal: controller.signal,
              timeoutMs: 60_000,
              onStdout: onOutput("stdout"),
              onStderr: onOutput("stderr"),
            }),
            /cancelled/,
          );
          await sleep(1_000);
          for (let tries = 0; tries < 50 && isSleeping(seconds); tries += 1) await sleep(100);
          assert.equal(isSleeping(seconds), false, "what RUN had started has ended");
        });
      });
    }

    describe("BuildKit alone", () => {
      const engine = engineNamed("docker-buildx");
      const folder = (): Promise<string> => machine.folder("buildkit");

      test("metadata, warnings, platforms, secrets, caches and SOURCE_DATE_EPOCH", async () => {
        const path = await folder();
        const text = `FROM ${machine.registry.host}/library/alpine:3.22\nRUN --mount=type=secret,id=token,required=true test "$(cat /run/secrets/token)" = "s,3\\"cret"\nRUN --mount=type=secret,id=var,env=VAR test "$VAR" = in-the-environment\nLABEL a b\n`;
        await writeFile(join(path, "Dockerfile"), text);
        await writeFile(join(path, 'to,k"en'), 's,3"cret');
        const metadataFile = join(path, "metadata.json");
        const { outcome, report } = await build(
          engine,
          {
            dockerfile: join(path, "Dockerfile"),
            context: path,
            tags: ["full:1", `${machine.registry.host}/team/full:2`],
            platforms: ["linux/amd64"],
            secrets: [
              { id: "token", from: { file: join(path, 'to,k"en') } },
              { id: "var", from: { variable: "DOCKWRIGHT_VAR" } },
            ],
            network: "host",
            cacheFrom: [`type=local,src=${join(path, "no-cache-yet")}`],
            cacheTo: ["type=inline"],
            provenance: "max",
            sourceDateEpoch: 1_000_000_000,
            metadataFile,
          },
          { ...machine.docker.env, DOCKWRIGHT_VAR: "in-the-environment" },
        );
        assert.equal(outcome.code, 0, outcome.stderr.slice(-2000));
        const metadata = readMetadata(await readFile(metadataFile, "utf8"));
        assert.match(metadata.digest ?? "", /^sha256:[0-9a-f]{64}$/);
        assert.equal(metadata.names.length, 2);
        const [warning] = report.warnings;
        assert.deepEqual([warning?.code, warning?.place], ["LegacyKeyValueFormat", { line: 3, endLine: 3 }]);
        const created = await machine.docker.docker(["image", "inspect", "--format", "{{.Created}}", "full:1"]);
        assert.match(created.stdout, /^2001-09-09T01:46:40Z/);
      });

      test("several platforms at once", async () => {
        const path = await folder();
        await writeFile(join(path, "Dockerfile"), "FROM scratch\nCOPY Dockerfile /x\n");
        const platforms = ["linux/amd64", "linux/arm64"];
        const { outcome } = await build(
          engine,
          { dockerfile: join(path, "Dockerfile"), context: path, tags: ["several:1"], platforms },
          machine.docker.env,
        );
        assert.equal(outcome.code, 0, outcome.stderr.slice(-2000));
      });

      test("builders and contexts", async () => {
        const ask = (invocation: Invocation): Promise<Outcome> =>
          runProgram(inEnvironment(invocation, machine.docker.env), { signal: signal(), timeoutMs: 60_000 });
        const contexts = readContexts((await ask(contextsInvocation())).stdout);
        assert.ok(contexts.some(({ name, current }) => name === "default" && current));
        const created = await ask(createInvocation({ driver: "remote", name: "far", endpoint: "tcp://127.0.0.1:1" }));
        assert.equal(created.code, 0, created.stderr);
        const builders = readBuilders((await ask(buildersInvocation())).stdout);
        assert.ok(builders.some(({ name, driver, current }) => name === "default" && driver === "docker" && current));
        assert.ok(builders.some(({ name, driver, current }) => name === "far" && driver === "remote" && !current));
        await machine.docker.docker(["buildx", "rm", "far"]);
      });
    });
  });
}
