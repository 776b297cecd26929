/** Scans by a real Trivy of images that a real BuildKit built, in dockerd and in a registry: what is found, on which line, and what goes wrong. */
import assert from "node:assert/strict";
import { chmod, copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, describe, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { runProgram, setTrusted } from "../../client/src/process.ts";
import { scanCache } from "../../client/src/scanners/cache.ts";
import { findScanner, type Found, type Run } from "../../client/src/scanners/find.ts";
import { chainOf, imageLines } from "../../client/src/scanners/layer-lines.ts";
import type { Finding, Report } from "../../client/src/scanners/report.ts";
import { scan, ScanFailure, type ScanRequest } from "../../client/src/scanners/scan.ts";
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";
import { linesOf } from "../../server/src/core/text/lines.ts";
import { Unavailable } from "../../scripts/setup/debian.ts";
import { trivy } from "../../scripts/setup/peers.ts";
import { setUpPodman } from "../../scripts/setup/podman.ts";
import { type Machine, mustDocker, startMachine } from "./machine.ts";
import { writeTrivyDatabase } from "./trivy-database.ts";

const BASE = `FROM scratch
COPY etc /etc
COPY dpkg /var/lib/dpkg
`;

/** The line of each thing a scanner is to find stands in its text. */
const APP = (base: string): string => `# what the tests look for
FROM ${base} AS base
LABEL a=b
FROM base AS build
COPY unused /unused
FROM base
COPY lodash /app/node_modules/lodash
WORKDIR /srv
COPY --chown=1:1 minimist /srv/node_modules/minimist
COPY token /srv/token
USER root
CMD ["/app"]
`;
const LINE = { base: 2, lodash: 7, minimist: 9, token: 10, user: 11 } as const;

const DPKG = `Package: zlib1g
Status: install ok installed
Architecture: amd64
Source: zlib
Version: 1:1.2.11.dfsg-4

Package: zlib1g-dev
Status: install ok installed
Architecture: amd64
Source: zlib
Version: 1:1.2.11.dfsg-4
`;

const packageJson = (name: string, version: string): string => JSON.stringify({ name, version, license: "MIT" });
/** No login of anybody: letters in order, as Trivy's rule wants them. */
const TOKEN = `ghp_${"0123456789abcdefghijklmnopqrstuvwxyz"}`;

interface Bench {
  readonly machine: Machine;
  readonly run: Run;
  readonly found: Found;
  readonly root: string;
  readonly image: string;
  readonly base: string;
  readonly text: string;
  /** What both are built from. */
  readonly context: string;
}

const folder = await mkdtemp(join(tmpdir(), "dockwright-scan-test-"));
const bench = await benchOrReason();
if (typeof bench === "string") {
  console.error(`NOT RUN: the tests with a real Trivy: ${bench}`);
  test("a real Trivy", { skip: bench }, () => {});
} else {
  after(() => bench.machine[Symbol.asyncDispose]());
  after(() => rm(folder, { recursive: true, force: true }));
  tests(bench);
}

async function benchOrReason(): Promise<Bench | string> {
  try {
    const program = await trivy();
    const bin = join(folder, "bin");
    await mkdir(bin);
    await symlink(program, join(bin, "trivy"));
    const machine = await startMachine();
    setTrusted(() => true);
    const cache = join(folder, "cache");
    await writeTrivyDatabase(cache);
    const env = { ...machine.docker.env, PATH: `${bin}:${machine.docker.env["PATH"]}`, TRIVY_CACHE_DIR: cache };
    const run: Run = (invocation, options) =>
      runProgram({ ...invocation, env: { ...env, ...invocation.env } }, options);
    const wanted = { scanner: "auto", containerImage: "", engine: "docker" };
    const found = await findScanner(wanted, run, new AbortController().signal);
    assert.ok(found, "Trivy answers");
    return { machine, run, found, root: folder, ...(await images(machine)) };
  } catch (error) {
    if (!(error instanceof Unavailable) || process.env["CI"]) throw error;
    return error.message;
  }
}

/** A base image in the registry, and one built on it in dockerd. */
async function images(machine: Machine): Promise<Pick<Bench, "image" | "base" | "text" | "context">> {
  const context = await machine.folder("scan");
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(join(context, path, ".."), { recursive: true });
    await writeFile(join(context, path), text);
  };
  await write("etc/os-release", 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian 12"\n');
  await write("etc/debian_version", "12.5\n");
  await write("dpkg/status", DPKG);
  await write("lodash/package.json", packageJson("lodash", "4.17.20"));
  await write("minimist/package.json", packageJson("minimist", "0.0.8"));
  await write("unused", "");
  await write("token", `github_token = ${TOKEN}\n`);
  const base = `${machine.registry.host}/team/base:12`;
  const image = "scan-app:1";
  const text = APP(base);
  await write("Dockerfile", text);
  await write("base.Dockerfile", BASE);
  const output = `type=image,name=${base},push=true`;
  await mustDocker(
    machine,
    "buildx",
    "build",
    "--provenance=false",
    "--output",
    output,
    "--file",
    join(context, "base.Dockerfile"),
    context,
  );
  await mustDocker(machine, "buildx", "build", "--tag", image, context);
  return { image, base, text, context };
}

const signal = (): AbortSignal => new AbortController().signal;
const lines: string[] = [];

const scanning = (
  { run, found }: Bench,
  target: ScanRequest["target"],
  more: Partial<ScanRequest> & {
    readonly cache?: string;
    readonly found?: Found;
    readonly run?: Run;
    readonly signal?: AbortSignal;
  } = {},
): Promise<Report> => {
  const { cache, found: other, run: runner, signal: given, ...request } = more;
  return scan(
    other ?? found,
    { target, offline: true, engines: ["docker", "podman"], digest: async () => undefined, where: {}, ...request },
    {
      run: runner ?? run,
      cache: cache === undefined ? undefined : scanCache(cache),
      log: (line) => lines.push(line),
      now: Date.now,
    },
    given ?? signal(),
  );
};

/** As `dockwright/buildFacts` has it. */
function chainIn(text: string): ReturnType<typeof chainOf> {
  const { stages, instructions } = parseDockerfile(text);
  const at = linesOf(text);
  const line = (offset: number): number => at.position(offset).line;
  return chainOf({
    stages: stages.map(({ name, image, from }) => ({
      ...(name && { name: name.text }),
      base: image?.text ?? "",
      line: line(from.span.start),
    })),
    instructions: instructions.map(({ stage, name, logical, span }) => ({
      stage,
      keyword: name,
      text: logical.text.trim(),
      line: line(span.start),
    })),
  });
}

const byId = (findings: readonly Finding[]): Map<string, Finding> =>
  new Map(findings.map((finding) => [finding.id, finding]));

function tests(here: Bench): void {
  const image = { kind: "image", image: here.image } as const;
  describe("a real Trivy", () => {
    test("finds every advisory of the database, each at the instruction whose layer brought it", async () => {
      const report = await scanning(here, image);
      const found = byId(report.findings);
      assert.deepEqual(
        [...found]
          .filter(([, { kind }]) => kind === "vulnerability")
          .map(([id]) => id)
          .toSorted(),
        ["CVE-2021-23337", "CVE-2021-44906", "CVE-2022-37434", "CVE-2023-45853"],
      );
      assert.deepEqual(
        ["CVE-2022-37434", "CVE-2021-23337", "CVE-2021-44906"].map((id) => found.get(id)?.severity),
        ["critical", "high", "medium"],
      );
      assert.deepEqual(found.get("CVE-2021-44906")?.fixed, ["1.2.6", "0.2.4"]);
      assert.deepEqual(found.get("CVE-2022-37434")?.package, {
        name: "zlib1g",
        version: "1:1.2.11.dfsg-4",
        type: "deb",
        source: "zlib",
        parts: ["zlib1g", "zlib1g-dev"],
      });
      const chain = chainIn(here.text);
      assert.ok(chain && report.image);
      const { layers, steps } = imageLines(report.image, chain);
      const lineOf = (id: string): unknown => layers.get(found.get(id)?.layer ?? "");
      assert.deepEqual(lineOf("CVE-2021-23337"), { line: LINE.lodash, base: false });
      assert.deepEqual(lineOf("CVE-2021-44906"), { line: LINE.minimist, base: false });
      assert.deepEqual(lineOf("CVE-2022-37434"), { line: LINE.base, base: true });
      assert.deepEqual(lineOf("github-pat"), { line: LINE.token, base: false });
      assert.deepEqual(steps[found.get("DS-0002")?.step ?? -1], { line: LINE.user, base: false });
      assert.deepEqual(report.warnings, []);
      assert.ok(!JSON.stringify(report).includes(TOKEN), "a secret is named by its place only");
    });

    test("an image that only its registry has", async () => {
      const report = await scanning(here, { kind: "image", image: here.base });
      const ids = report.findings.filter(({ kind }) => kind === "vulnerability").map(({ id }) => id);
      assert.deepEqual(ids.toSorted(), ["CVE-2022-37434", "CVE-2023-45853"]);
    });

    test("the Docker of the context that was chosen, whatever DOCKER_HOST says", async () => {
      const host = here.machine.docker.env["DOCKER_HOST"];
      assert.ok(host);
      const config = join(here.root, "contexts");
      const without: Run = (invocation, options) =>
        here.run(
          {
            ...invocation,
            env: { DOCKER_HOST: "unix:///nowhere.sock", ...invocation.env, DOCKER_CONFIG: config },
          },
          options,
        );
      const options = { signal: signal(), timeoutMs: 20_000 };
      const create = ["context", "create", "the-other", "--docker", `host=${host}`];
      assert.equal((await without({ command: "docker", args: create }, options)).code, 0);
      const engines = ["docker"];
      await assert.rejects(scanning(here, image, { run: without, engines }), /not in docker on this machine/);
      const where = { dockerContext: "the-other" };
      const { findings } = await scanning(here, image, { run: without, engines, where });
      assert.equal(findings.filter(({ kind }) => kind === "vulnerability").length, 4);
    });

    test("an engine no scanner gets to hands the image over", async () => {
      const asked: string[] = [];
      const run: Run = async (invocation, options) => {
        const [first] = invocation.args;
        if (invocation.command === "trivy") asked.push(...invocation.args.slice(-2, -1));
        if (first === "context")
          return {
            ...{ code: 0, stderr: "", truncated: false, missing: false },
            stdout: JSON.stringify([{ Endpoints: { docker: { Host: "ssh://me@far" } } }]),
          };
        return here.run(invocation, options);
      };
      const { findings, target } = await scanning(here, image, { run });
      assert.deepEqual(asked, ["--input"]);
      assert.deepEqual(target, image);
      assert.equal(findings.filter(({ kind }) => kind === "vulnerability").length, 4);
    });

    test("a real Podman's image: without its service, as an archive; with it, by its socket", async () => {
      await using podman = await setUpPodman({ folder: join(here.root, "podman") });
      const { context } = here;
      const asked: string[] = [];
      const run: Run = (invocation, options) => {
        const env = { ...podman.env, PATH: [podman.env["PATH"], join(here.root, "bin")].join(delimiter) };
        if (invocation.command !== "podman") {
          asked.push(invocation.args.includes("--input") ? "archive" : (invocation.env?.["TRIVY_PODMAN_HOST"] ?? ""));
          return here.run({ ...invocation, env: { ...invocation.env, DOCKER_HOST: "unix:///nowhere.sock" } }, options);
        }
        return runProgram({ ...invocation, env }, options);
      };
      const build = ["build", "--isolation=chroot", "--tag", "by-podman:1", "--file", join(context, "base.Dockerfile")];
      const built = await run(
        { command: "podman", args: [...build, context] },
        { signal: signal(), timeoutMs: 120_000 },
      );
      assert.equal(built.code, 0, built.stderr);
      const target = { kind: "image", image: "localhost/by-podman:1" } as const;
      const ids = async (): Promise<readonly string[]> =>
        (await scanning(here, target, { run, engines: ["podman"] })).findings
          .filter(({ kind }) => kind === "vulnerability")
          .map(({ id }) => id)
          .toSorted();
      assert.deepEqual(await ids(), ["CVE-2022-37434", "CVE-2023-45853"]);

      const socket = join(here.root, "podman.sock");
      const controller = new AbortController();
      const service = run(
        { command: "podman", args: ["system", "service", "--time=0", `unix://${socket}`] },
        { signal: controller.signal, timeoutMs: 120_000 },
      ).catch(() => undefined);
      try {
        for (let tries = 0; tries < 100 && !existsSync(socket); tries += 1) await setTimeout(100);
        const direct: Run = async (invocation, options) => {
          if (invocation.args[0] !== "info") return run(invocation, options);
          // Where this service is; podman tells of the one systemd starts.
          const stdout = JSON.stringify({ path: socket, exists: true });
          return { code: 0, stdout, stderr: "", truncated: false, missing: false };
        };
        const { findings } = await scanning(here, target, { run: direct, engines: ["podman"] });
        assert.ok(byId(findings).has("CVE-2022-37434"));
        assert.deepEqual(asked, ["archive", socket]);
      } finally {
        controller.abort(new Error("enough"));
        await service;
      }
    });

    test("a folder whose name has blanks, quotes and what a shell would run", async () => {
      const target = join(here.root, `-a b;$(touch x)'"`);
      await mkdir(target);
      const lock = {
        name: "app",
        lockfileVersion: 3,
        packages: { "": { dependencies: { lodash: "4.17.20" } }, "node_modules/lodash": { version: "4.17.20" } },
      };
      await writeFile(join(target, "package-lock.json"), JSON.stringify(lock));
      await writeFile(join(target, "Dockerfile"), "FROM debian\nRUN true\n");
      const { findings } = await scanning(here, { kind: "folder", folder: target });
      const found = byId(findings);
      assert.equal(found.get("CVE-2021-23337")?.path, "package-lock.json");
      assert.equal(found.get("DS-0002")?.path, "Dockerfile");
    });

    test("what is ignored in a file is not reported", async () => {
      const ignoreFile = join(here.root, ".trivyignore.yaml");
      await writeFile(ignoreFile, "vulnerabilities:\n  - id: CVE-2021-23337\n    statement: not reachable\n");
      const { findings, suppressed } = await scanning(here, image, { ignoreFile });
      assert.ok(!byId(findings).has("CVE-2021-23337"));
      assert.equal(suppressed, 1);
      assert.ok(byId(findings).has("CVE-2021-44906"));
      const rootUser = byId(findings).get("DS-0002");
      assert.ok(rootUser);
      // As this release calls it; ours is one for all.
      const [id = rootUser.id] = rootUser.aliases;
      await writeFile(ignoreFile, `misconfigurations:\n  - id: ${id}\n    statement: in a sandbox\n`);
      assert.ok(!byId((await scanning(here, image, { ignoreFile })).findings).has("DS-0002"));
    });

    test("the same image, scanner and database are not scanned again", async () => {
      const cache = join(here.root, "reports");
      const found = { ...here.found, versions: { ...here.found.versions, database: { version: "2/today" } } };
      const first = await scanning(here, image, { cache, found });
      let scans = 0;
      const run: Run = (invocation, options) => {
        if (invocation.command === "trivy") scans += 1;
        return here.run(invocation, options);
      };
      assert.deepEqual(await scanning(here, image, { cache, found, run }), first);
      assert.equal(scans, 0);
      await scanning(here, image, {
        cache,
        found: { ...found, versions: { ...found.versions, database: { version: "2/tomorrow" } } },
        run,
      });
      assert.equal(scans, 1);
    });

    test("an image nobody has", async () => {
      await assert.rejects(
        scanning(here, { kind: "image", image: `${here.machine.registry.host}/team/none:1` }),
        (error) => {
          assert.ok(error instanceof ScanFailure);
          assert.match(
            error.message,
            /team\/none:1 is not in docker or podman on this machine, so it was looked for in its registry/,
          );
          return true;
        },
      );
    });

    test("an image that is deleted between build and scan", async () => {
      await mustDocker(here.machine, "tag", here.image, "scan-gone:1");
      const run: Run = async (invocation, options) => {
        if (invocation.command === "trivy") await mustDocker(here.machine, "image", "rm", "scan-gone:1");
        return here.run(invocation, options);
      };
      await assert.rejects(
        scanning(here, { kind: "image", image: "scan-gone:1" }, { run }),
        /scan-gone:1 was deleted while it was scanned; build or pull it and scan again/,
      );
    });

    test("no database, and downloads are off", async () => {
      const run: Run = (invocation, options) =>
        here.run({ ...invocation, env: { ...invocation.env, TRIVY_CACHE_DIR: join(here.root, "empty") } }, options);
      await assert.rejects(
        scanning(here, image, { run }),
        /it has no vulnerability database yet, and downloads are off/,
      );
    });

    test("cancelled, it ends at once and leaves nothing running", async () => {
      const controller = new AbortController();
      const run: Run = (invocation, options) => {
        if (invocation.command === "trivy") void setTimeout(300).then(() => controller.abort(new Error("enough")));
        return here.run(invocation, options);
      };
      await assert.rejects(scanning(here, image, { run, signal: controller.signal }), /enough/);
    });

    test("a database that is old, and how a real Trivy tells its age", async () => {
      const cache = join(here.root, "old");
      await writeTrivyDatabase(cache, new Date(Date.now() - 30 * 86_400_000));
      const run: Run = (invocation, options) =>
        here.run({ ...invocation, env: { ...invocation.env, TRIVY_CACHE_DIR: cache } }, options);
      const found = await findScanner({ scanner: "trivy", containerImage: "", engine: "docker" }, run, signal());
      assert.ok(found?.versions.database?.built);
      const { warnings } = await scanning(here, image, { found, run });
      assert.deepEqual(warnings, [
        "Old database (30 days): Trivy does not find what became known since. Let it update",
      ]);
    });

    test("from its container image, which gets the image as an archive and leaves no container", async () => {
      const context = await here.machine.folder("contained");
      await copyFile(await trivy(), join(context, "trivy"));
      await writeTrivyDatabase(join(context, "cache"));
      const dockerfile = `FROM scratch
COPY --chmod=755 trivy /trivy
COPY cache /root/.cache/trivy
WORKDIR /tmp
ENV HOME=/root
ENTRYPOINT ["/trivy"]
`;
      await writeFile(join(context, "Dockerfile"), dockerfile);
      await mustDocker(here.machine, "buildx", "build", "--tag", "own/trivy:1", context);
      const wanted = { scanner: "auto", containerImage: "own/trivy:1", engine: "docker" };
      // Without the program on this machine.
      const run: Run = (invocation, options) =>
        here.run(invocation.command === "trivy" ? { ...invocation, command: "no-such-trivy" } : invocation, options);
      const found = await findScanner(wanted, run, signal());
      assert.ok(found?.contained);
      const { findings } = await scanning(here, image, { found, run });
      assert.equal(findings.filter(({ kind }) => kind === "vulnerability").length, 4);
      assert.equal((await mustDocker(here.machine, "ps", "--all", "--quiet")).stdout, "");

      const controller = new AbortController();
      const cancelled: Run = (invocation, options) => {
        if (invocation.args[0] === "run") void setTimeout(1_000).then(() => controller.abort(new Error("enough")));
        return here.run(invocation, options);
      };
      await assert.rejects(scanning(here, image, { found, run: cancelled, signal: controller.signal }), /enough/);
      assert.equal((await mustDocker(here.machine, "ps", "--all", "--quiet")).stdout, "");
    });

    test("a scanner that is killed", async () => {
      const killer = await program(here.root, "killed", "kill -9 $$");
      await assert.rejects(
        scanning(here, image, { run: replaced(here, killer) }),
        /Trivy was ended from outside while it scanned scan-app:1/,
      );
    });

    test("200 MB of output", async () => {
      const loud = await program(here.root, "loud", "head -c 200000000 /dev/zero | tr '\\0' x");
      await assert.rejects(
        scanning(here, image, { run: replaced(here, loud) }),
        /printed more about scan-app:1 than can be read/,
      );
    });

    test("output that is no UTF-8", async () => {
      const strange = await program(here.root, "strange", "printf '\\377\\376\\001{'");
      await assert.rejects(scanning(here, image, { run: replaced(here, strange) }), /neither UTF-8 text nor a report/);
    });
  });
}

async function program(root: string, name: string, script: string): Promise<string> {
  const file = join(root, name);
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return file;
}

const replaced =
  ({ run }: Bench, command: string): Run =>
  (invocation, options) =>
    run(invocation.command === "trivy" ? { ...invocation, command } : invocation, options);
