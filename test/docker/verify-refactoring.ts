/** Verifying refactorings with the real engines: pairs that are the same, pairs that are not, hostile images, and what is left afterwards. */
import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { run, type RunResult } from "../../scripts/process.ts";
import { setUpPodman } from "../../scripts/setup/podman.ts";
import type { EngineName } from "../../server/src/effects/verify/engines.ts";
import { type Verification, verifyRefactoring, type VerifyOptions } from "../../server/src/effects/verify/verify.ts";
import { dockwright } from "./dockwright.ts";
import { type Machine, namespaceMissing } from "./machine.ts";
import { PAGES } from "./verify-published.ts";

type Environment = Readonly<Record<string, string | undefined>>;

interface Place {
  readonly name: EngineName;
  readonly env: Environment;
}

interface Wish {
  readonly files?: Readonly<Record<string, string>>;
  readonly original: string;
  readonly result: string;
  readonly options?: VerifyOptions;
  readonly signal?: AbortSignal;
  readonly onProgress?: (message: string) => void;
}

/** Short where nothing is waited for. */
const LIMITS = { answerMs: 20_000, watchMs: 3_000, askMs: 30_000, healthMs: 20_000 };

export function verifyRefactoringTests(machine: Machine): void {
  describe("verifying a refactoring", () => {
    const places = new Map<string, Place>();
    let temporary = "";
    /** Containers of other tests. */
    const others = new Set<string>();
    before(async () => {
      temporary = await machine.folder("temporary");
      const usual = process.env["TMPDIR"];
      process.env["TMPDIR"] = temporary;
      after(() => {
        if (usual === undefined) delete process.env["TMPDIR"];
        else process.env["TMPDIR"] = usual;
      });
      const noPlugins = await machine.folder("no-plugins");
      const podman = await setUpPodman({ folder: await machine.folder("podman"), registries: [machine.registry.host] });
      after(() => podman[Symbol.asyncDispose]());
      await withoutUlimits(podman.env["CONTAINERS_CONF"] ?? "");
      const docker = { ...machine.docker.env };
      places.set("docker", { name: "docker", env: docker });
      places.set("docker without buildx", {
        name: "docker",
        env: { ...docker, DOCKER_CONFIG: noPlugins, DOCKER_BUILDKIT: "0" },
      });
      places.set("podman", { name: "podman", env: podman.env });
      for (const place of places.values()) for (const id of await containersOf(place)) others.add(id);
    });

    const base = (): string => `${machine.registry.host}/library/alpine:3.22`;
    const environmentOf = ({ env }: Place): NodeJS.ProcessEnv => ({ ...process.env, ...env });

    async function verified(place: Place, wish: Wish): Promise<Verification> {
      const { files = {}, original, result, options, signal, onProgress } = wish;
      const context = await machine.folder("verify");
      for (const [name, text] of Object.entries({ ...files, Dockerfile: original }))
        await writeFile(join(context, name), text);
      return verifyRefactoring({
        engine: { name: place.name, env: environmentOf(place) },
        context,
        original: { text: original, path: join(context, "Dockerfile") },
        result: { text: result },
        // The daemon of the tests has no network of its own.
        options: { network: "host", ...options, limits: { ...LIMITS, ...options?.limits } },
        signal,
        onProgress,
      });
    }

    const asked = async ({ name, env }: Place, ...args: readonly string[]): Promise<string> => {
      const { stdout, stderr, code } = await run(name, args, { env, timeoutMs: 30_000 });
      assert.equal(code, 0, stderr);
      return stdout;
    };

    async function containersOf(place: Place): Promise<readonly string[]> {
      const external = place.name === "podman" ? ["--external"] : [];
      const listed = await asked(place, "ps", "--all", "--no-trunc", ...external, "--format", "{{.ID}}");
      return listed.split("\n").filter((id) => id !== "");
    }

    /** Nothing of ours in the engine. */
    async function nothingLeft(place: Place): Promise<void> {
      const images = await asked(place, "image", "ls", "--format", "{{.Repository}}:{{.Tag}}");
      const containers = await containersOf(place);
      assert.deepEqual(
        containers.filter((id) => !others.has(id)),
        [],
      );
      assert.doesNotMatch(images, /dockwright-verify/);
    }

    const row = ({ rows }: Verification, what: string) => rows.find((each) => each.what === what);
    const differing = ({ rows }: Verification): readonly string[] =>
      rows.filter(({ verdict }) => verdict === "different").map(({ what }) => what);
    const inShort = (verification: Verification): string =>
      JSON.stringify({ ...verification, facts: undefined }, undefined, 1);

    for (const kind of ["docker", "docker without buildx", "podman"] as const)
      describe(kind, () => {
        const place = (): Place => {
          const found = places.get(kind);
          assert.ok(found);
          return found;
        };

        test("a conversion that behaves the same", async () => {
          const port = await freePort();
          const result = await verified(place(), pages(base(), port));
          assert.equal(result.outcome, "same", inShort(result));
          assert.equal(row(result, "GET /")?.before, "200, text/html, 77 B");
          assert.deepEqual(
            result.rows.filter(({ subject }) => subject === "answer").map(({ what }) => what),
            [
              "GET /",
              "GET /health",
              "GET /dockwright-asks-for-a-page-that-is-not-there",
              "GET /about.txt",
              "GET /deep/er.txt?a=1&b=2",
            ],
          );
          assert.equal(row(result, "GET /deep/er.txt?a=1&b=2")?.before, "200, text/plain, 5 B");
          assert.equal(row(result, "user")?.verdict, "expected");
          assert.equal(row(result, "processes run as")?.verdict, "expected");
          assert.deepEqual([row(result, "health")?.after, row(result, "health")?.verdict], ["healthy", "expected"]);
          assert.match(row(result, "command")?.why ?? "", /without a shell/);
          assert.ok((result.facts.before?.image.bytes ?? 0) > 1_000_000);
          await nothingLeft(place());
        });

        test("a result whose program is not there", async () => {
          const result = await verified(place(), {
            original: `FROM ${base()}\nCMD ["echo", "done"]\n`,
            result: `FROM ${base()}\nRUN rm /bin/echo\nCMD ["echo", "done"]\n`,
          });
          assert.deepEqual(differing(result), ["exit code", "output, line 1"]);
          assert.equal(row(result, "exit code")?.before, "0");
          assert.match(row(result, "exit code")?.after ?? "", kind === "podman" ? /^125$/ : /^127$/);
          assert.match(result.said.join("\n"), /executable file not found/);
        });

        test("a result that starts nothing", async () => {
          const result = await verified(place(), {
            original: `FROM ${base()}\nCMD ["echo", "done"]\n`,
            result: `FROM ${base()} AS build\nFROM scratch\nCOPY --from=build / /\n`,
          });
          assert.deepEqual(differing(result), ["command", "exit code", "output, line 1"]);
          assert.match(result.said.join("\n"), /no command/i);
        });

        test("one that is cancelled while it builds", async () => {
          const controller = new AbortController();
          const seconds = 5_100 + [...places.keys()].indexOf(kind);
          const building = verified(place(), {
            original: `FROM ${base()}\nRUN sleep ${seconds}\n`,
            result: `FROM ${base()}\n`,
            signal: controller.signal,
          });
          building.catch(() => {});
          await untilThere(`sleep\0${seconds}\0`);
          controller.abort(new Error("enough"));
          await assert.rejects(building, /enough/);
          await untilGone(`sleep\0${seconds}\0`);
          await nothingLeft(place());
        });

        test("one that is cancelled while it runs", async () => {
          const controller = new AbortController();
          const seconds = 5_200 + [...places.keys()].indexOf(kind);
          const text = `FROM ${base()}\nCMD ["sleep", "${seconds}"]\n`;
          const running = verified(place(), {
            ...{ original: text, result: text, signal: controller.signal },
            options: { limits: { watchMs: 60_000 } },
          });
          running.catch(() => {});
          await untilThere(`sleep\0${seconds}\0`);
          controller.abort(new Error("enough"));
          await assert.rejects(running, /enough/);
          await untilGone(`sleep\0${seconds}\0`);
          await nothingLeft(place());
        });
      });

    describe("docker", () => {
      const place = (): Place => ({ name: "docker", env: machine.docker.env });

      test("a file the result lacks is found by its answer", async () => {
        const port = await freePort();
        const { files, original } = template(base(), port);
        const result = await verified(place(), {
          ...{ files, original },
          result: original.replace("COPY page.cgi page.html /w/", "COPY page.cgi /w/"),
        });
        assert.equal(result.outcome, "differs");
        assert.deepEqual(differing(result), ["GET /"]);
        assert.deepEqual(
          [row(result, "GET /")?.before, row(result, "GET /")?.after],
          ["200, text/html, 13 B", "500, text/plain, 12 B"],
        );
        await nothingLeft(place());
      });

      test("an original that does not build", async () => {
        const result = await verified(place(), {
          original: `FROM ${base()}\nRUN echo last words && exit 3\n`,
          result: `FROM ${base()}\n`,
        });
        assert.equal(result.outcome, "unverifiable");
        assert.match(result.why ?? "", /^the original does not build: .*exit code: 3$/);
        assert.ok(
          result.said.some((line) => line.includes("last words")),
          result.said.join("\n"),
        );
        assert.ok(result.said.length <= 12);
      });

      test("a result that does not build", async () => {
        const result = await verified(place(), {
          original: `FROM ${base()}\nCMD ["true"]\n`,
          result: `FROM ${base()}\nCOPY --from=nothing /x /x\n`,
        });
        assert.equal(result.outcome, "differs");
        assert.deepEqual(differing(result), ["builds"]);
        await nothingLeft(place());
      });

      test("an original that ends because something is missing, and what it gets by an option", async () => {
        const port = await freePort();
        const original = `FROM ${base()}\nEXPOSE ${port}\nSTOPSIGNAL SIGKILL\nCMD test -n "$NEEDED" || { echo NEEDED is not set >&2; exit 4; }; exec httpd -f -p ${port} -h /etc\n`;
        const without = await verified(place(), { original, result: original });
        assert.equal(without.outcome, "unverifiable");
        assert.equal(without.why, "the original ends with exit code 4 before it answers: NEEDED is not set");
        const options = { environment: { NEEDED: "a=b c'\"$HOME" }, paths: ["/passwd"] };
        const given = await verified(place(), { original, result: original, options });
        assert.equal(given.outcome, "same", inShort(given));
        assert.match(row(given, "GET /passwd")?.before ?? "", /^200/);
      });

      test("one that never answers", async () => {
        const port = await freePort();
        const original = `FROM ${base()}\nEXPOSE ${port}\nSTOPSIGNAL SIGKILL\nCMD ["sleep", "60"]\n`;
        const result = await verified(place(), {
          original,
          result: original,
          options: { limits: { answerMs: 2_000 } },
        });
        assert.equal(result.outcome, "unverifiable");
        assert.equal(result.why, `the original does not answer on port ${port}`);
      });

      test("a port of the machine that is taken", async () => {
        const server = createServer().listen(0, "127.0.0.1");
        await new Promise((resolve) => server.once("listening", resolve));
        const address = server.address();
        const port = typeof address === "object" ? address?.port : undefined;
        try {
          const original = `FROM ${base()}\nEXPOSE ${port}\nCMD ["true"]\n`;
          const result = await verified(place(), { original, result: original });
          assert.equal(result.outcome, "unverifiable");
          assert.match(result.why ?? "", new RegExp(`^port ${port} of this machine is taken`));
        } finally {
          server.close();
        }
        await nothingLeft(place());
      });

      test("endless output is read no further", async () => {
        const began = performance.now();
        const original = `FROM ${base()}\nCMD ["yes", "endless"]\n`;
        const result = await verified(place(), { original, result: original });
        assert.equal(result.outcome, "same", inShort(result));
        assert.equal(row(result, "once started")?.before, "prints without end");
        assert.equal(result.facts.before?.run.stdout.length, 20);
        assert.ok(performance.now() - began < 60_000);
        await nothingLeft(place());
      });

      test("endless, slow and broken answers", async () => {
        const port = await freePort();
        const { files, original } = hostile(base(), port);
        const result = await verified(place(), { files, original, result: original });
        assert.equal(result.outcome, "same", inShort(result));
        assert.match(row(result, "GET /endless.cgi")?.before ?? "", /over 1\.0 MB/);
        assert.equal(result.rows.filter(({ subject }) => subject === "answer").length, 3 + 20);
        await nothingLeft(place());
      });

      test("the ignore file that has the Dockerfile's name", async () => {
        const result = await verified(place(), {
          files: { kept: "kept\n", left: "left\n", "Dockerfile.dockerignore": "left\n", ".dockerignore": "kept\n" },
          original: `FROM ${base()}\nCOPY . /files\nCMD ["ls", "/files"]\n`,
          result: `FROM ${base()} AS all\nCOPY . /files\nFROM ${base()}\nCOPY --from=all /files /files\nCMD ["ls", "/files"]\n`,
        });
        assert.equal(result.outcome, "same", inShort(result));
        assert.ok(result.facts.after?.run.stdout.includes("kept"));
        assert.ok(!result.facts.after?.run.stdout.includes("left"));
      });

      test("an engine that is not there", async () => {
        const nowhere = { ...machine.docker.env, DOCKER_HOST: `unix://${join(temporary, "no.sock")}` };
        const result = await verified(
          { name: "docker", env: nowhere },
          { original: "FROM scratch\n", result: "FROM scratch\n" },
        );
        assert.equal(result.outcome, "unverifiable");
      });

      const cli = async (folder: string, ...args: readonly string[]): Promise<RunResult> =>
        dockwright(machine, ["refactor", "--verify", "--network", "host", ...args], folder, {
          ...machine.docker.env,
          TMPDIR: temporary,
        });

      test("the command line: a table, JSON, exit codes", async () => {
        const context = await machine.folder("verify-cli");
        const texts = {
          before: `FROM ${base()}\nLABEL a=b\nCMD ["echo", "done"]\n`,
          after: `FROM ${base()}\nLABEL a=c\nCMD ["echo", "done"]\n`,
          broken: `FROM ${base()}\nRUN exit 3\n`,
        };
        for (const [name, text] of Object.entries(texts)) await writeFile(join(context, `Dockerfile.${name}`), text);
        const same = await cli(context, "Dockerfile.before", "Dockerfile.before");
        assert.equal(same.code, 0, same.stderr);
        assert.match(same.stdout, /\nsame +output +1 lines +1 lines\n[^]*\nThey behave the same\n$/);
        assert.equal(
          same.stderr,
          ["Building the original", "Building the result", "Running the original", "Running the result", "Comparing"]
            .map((line) => `dockwright: ${line}\n`)
            .join(""),
        );
        const differs = await cli(context, "Dockerfile.before", "Dockerfile.after");
        assert.equal(differs.code, 1);
        assert.match(differs.stdout, /\nDIFFERENT +labels +a=b +a=c\n/);
        const broken = await cli(context, "--json", "Dockerfile.broken", "Dockerfile.after");
        assert.equal(broken.code, 2);
        const said = JSON.parse(broken.stdout) as Verification;
        assert.equal(said.outcome, "unverifiable");
        assert.ok(said.said.length > 0);
        await nothingLeft(place());
      });
    });

    test("no temporary file is left", async () => {
      assert.deepEqual(
        (await readdir(temporary)).filter((name) => name.startsWith("dockwright-verify-")),
        [],
      );
    });

    test("published ports, in a network of the engine's own", { skip: namespaceMissing() }, async () => {
      const script = join(import.meta.dirname, "verify-published.ts");
      const { code, stdout, stderr } = await run("unshare", ["--net", process.execPath, script], {
        timeoutMs: 240_000,
      });
      assert.equal(code, 0, stderr);
      const { outcome, rows, published, unexposed } = JSON.parse(stdout) as Verification & {
        readonly published: string;
        readonly unexposed: Verification["rows"];
      };
      assert.equal(outcome, "same", stdout);
      assert.deepEqual(
        rows.filter(({ subject }) => subject === "answer").map(({ what, before }) => `${what} ${before.slice(0, 3)}`),
        [
          "GET / 200",
          "GET /health 404",
          "GET /dockwright-asks-for-a-page-that-is-not-there 404",
          "GET /about.txt 200",
          "GET /deep/er.txt?a=1&b=2 200",
        ],
      );
      assert.match(published, /^127\.0\.0\.1:\d+$/);
      assert.equal(unexposed.find(({ what }) => what === "GET /about.txt")?.before, "200, text/plain, 6 B");
    });
  });
}

/** This sandbox may not raise what it is limited to, which Podman's defaults do. */
async function withoutUlimits(file: string): Promise<void> {
  const text = await readFile(file, "utf8");
  await writeFile(
    file,
    text.replace("[containers]\n", '[containers]\ndefault_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]\n'),
  );
}

const pages = (base: string, port: number): Pick<Wish, "files" | "original" | "result"> => ({
  files: PAGES.files,
  original: PAGES.original(base, port),
  result: PAGES.result(base, port),
});

const answering = (port: number): string =>
  `EXPOSE ${port}\nSTOPSIGNAL SIGKILL\nCMD ["httpd", "-f", "-p", "${port}", "-h", "/w", "-c", "/w/httpd.conf"]\n`;
/** BusyBox' server starts what ends in .cgi through the interpreter that stands there. */
const INTERPRETED = "*.cgi:/bin/sh\n";

/** A page made from a template when it is asked for. */
const template = (base: string, port: number): Pick<Wish, "original"> & { readonly files: Record<string, string> } => ({
  files: {
    "page.html": "<h1>page</h1>",
    "page.cgi": `#!/bin/sh
if page=$(cat /w/page.html); then printf 'HTTP/1.0 200 OK\\r\\nContent-type: text/html\\r\\n\\r\\n%s' "$page"
else printf 'HTTP/1.0 500 Internal Server Error\\r\\nContent-type: text/plain\\r\\n\\r\\nno template\\n'
fi
`,
    "httpd.conf": `${INTERPRETED}I:page.cgi\n`,
  },
  original: `FROM ${base}\nCOPY httpd.conf /w/\nCOPY page.cgi page.html /w/\nRUN mkdir /w/cgi-bin && mv /w/page.cgi /w/cgi-bin/index.cgi && chmod 755 /w/cgi-bin/index.cgi\n${answering(port)}`,
});

const hostile = (base: string, port: number): Pick<Wish, "original"> & { readonly files: Record<string, string> } => ({
  files: {
    "index.html": `<a href="/endless.cgi">x</a><a href="/broken.cgi">x</a>${Array.from({ length: 400 }, (_, at) => `<a href="/page-${at}">x</a>`).join("")}`,
    "endless.cgi": "#!/bin/sh\nprintf 'HTTP/1.0 200 OK\\r\\nContent-type: text/plain\\r\\n\\r\\n'\nexec yes endless\n",
    "broken.cgi":
      "#!/bin/sh\nprintf 'HTTP/1.0 200 OK\\r\\nContent-length: 1000\\r\\nSet-Cookie: \\001\\r\\n\\r\\nshort'\n",
    "httpd.conf": INTERPRETED,
  },
  original: `FROM ${base}\nCOPY index.html endless.cgi broken.cgi httpd.conf /w/\n${answering(port)}`,
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  assert.ok(typeof address === "object" && address);
  return address.port;
}

async function isThere(command: string): Promise<boolean> {
  for (const pid of await readdir("/proc"))
    if (/^\d+$/.test(pid) && (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")) === command) return true;
  return false;
}

async function until(command: string, there: boolean, seconds: number): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while ((await isThere(command)) !== there) {
    assert.ok(performance.now() < end, `${command.replaceAll("\0", " ")}is ${there ? "not " : "still "}there`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
const untilThere = (command: string): Promise<void> => until(command, true, 30);
const untilGone = (command: string): Promise<void> => until(command, false, 10);
