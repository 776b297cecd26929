/** Two builds of one Dockerfile with the real engines: a planted date is found on its line, and a build without one is the same twice. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { buildTwice, type TwiceResult } from "../../client/src/build/twice.ts";
import type { EngineName } from "../../client/src/engines/engine.ts";
import { ENGINES } from "../../client/src/engines/find.ts";
import { listImages, readImages } from "../../client/src/images.ts";
import { runProgram, setTrusted } from "../../client/src/process.ts";
import { setUpPodman } from "../../scripts/setup/podman.ts";
import { defaultSettings } from "../../server/src/core/findings/settings.ts";
import { inspect } from "../../server/src/core/findings/inspect.ts";
import { type ImageReport, reportOf } from "../../server/src/core/image/report.ts";
import { rules } from "../../server/src/core/rules/index.ts";
import { compareArchives } from "../../server/src/effects/image/compare.ts";
import { readImage } from "../../server/src/effects/image/read.ts";
import { dockwright } from "./dockwright.ts";
import { type Machine, mustDocker } from "./machine.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const EPOCH = 1_700_000_000;
const NAME = "dockwright-reproducibility-test";

/** What each engine cannot make the same, however alike the builds are. */
const LEAVES_TIMES: ReadonlySet<EngineName> = new Set(["docker-classic"]);

export function reproducibilityTests(machine: Machine): void {
  describe("building twice", () => {
    const environments = new Map<EngineName, Environment>();
    before(async () => {
      setTrusted(() => true);
      const podman = await setUpPodman({ folder: await machine.folder("podman"), registries: [machine.registry.host] });
      after(() => podman[Symbol.asyncDispose]());
      for (const name of ["docker-buildx", "docker-classic"] as const) environments.set(name, machine.docker.env);
      for (const name of ["podman", "buildah"] as const) environments.set(name, podman.env);
    });
    after(() => setTrusted(() => false));

    const env = (name: EngineName): Environment => environments.get(name) ?? {};
    const base = (): string => `${machine.registry.host}/library/alpine:3.22`;

    async function twice(name: EngineName, context: string, signal: AbortSignal): Promise<TwiceResult> {
      const engine = ENGINES.find((each) => each.name === name);
      assert.ok(engine);
      return buildTwice({
        engine,
        options: {
          ...{ dockerfile: join(context, "Dockerfile"), context, tags: [] },
          ...(name === "docker-classic" ? {} : { sourceDateEpoch: EPOCH }),
          // The daemon of the tests has no network of its own.
          ...(name.startsWith("docker") && { network: "host" }),
        },
        folder: await machine.folder("archives"),
        name: NAME,
        signal,
        say() {},
        run: (invocation, until, onOutput) =>
          runProgram(
            { ...invocation, env: { ...env(name), ...invocation.env } },
            {
              signal: until,
              timeoutMs: 120_000,
              ...(onOutput && {
                onStdout: (text) => onOutput("stdout", text),
                onStderr: (text) => onOutput("stderr", text),
              }),
            },
          ),
      });
    }

    async function built(
      name: EngineName,
      dockerfile: string,
    ): Promise<{ readonly a: string; readonly b: string; readonly context: string; readonly report: ImageReport }> {
      const context = await machine.folder("twice");
      await writeFile(join(context, "Dockerfile"), dockerfile);
      await writeFile(join(context, "file"), "hello\n");
      const result = await twice(name, context, new AbortController().signal);
      assert.equal(result.kind, "built", result.kind === "failed" ? result.outcome.stderr + result.report.text : "");
      const compared = await compareArchives(result.a, result.b);
      const settings = { ...defaultSettings, profile: "all" } as const;
      const { document, findings } = inspect(dockerfile, rules, settings, new Map());
      assert.ok(document.language === "dockerfile");
      return { ...result, context, report: reportOf(compared, { dockerfile: document, findings }, 100) };
    }

    async function imagesOfOurs(name: EngineName): Promise<readonly string[]> {
      const invocation = listImages(name, {});
      const { stdout } = await runProgram(
        { ...invocation, env: { ...env(name), ...invocation.env } },
        { signal: new AbortController().signal, timeoutMs: 60_000 },
      );
      return readImages(stdout).filter((image) => image.includes(NAME));
    }

    for (const name of ["docker-buildx", "docker-classic", "podman", "buildah"] as const)
      describe(name, () => {
        test("a planted date is named with its line and its rule, and nothing beside it", async () => {
          const dockerfile = `FROM ${base()}\nCOPY file /srv/file\nRUN echo same >/etc/same && chmod 600 /etc/same\nRUN date +%s >/etc/built\nCMD ["true"]\n`;
          const { report, a, b, context } = await built(name, dockerfile);
          assert.deepEqual([report.identical, report.by], [false, "layers"]);
          const content = report.layers.filter(({ files }) =>
            files.some(({ aspects }) => aspects.some(({ what }) => what === "content")),
          );
          assert.equal(content.length, 1, JSON.stringify(report, undefined, 1));
          const [layer] = content;
          assert.deepEqual(
            layer?.files
              .filter(({ aspects }) => aspects.some(({ what }) => what === "content"))
              .map(({ path }) => path),
            ["etc/built"],
          );
          assert.deepEqual(layer.rules, ["timestamp-in-build"]);
          const at = layer.madeBy[0]?.span?.start ?? -1;
          assert.equal(dockerfile.slice(at).split("\n")[0], "RUN date +%s >/etc/built");
          if (!LEAVES_TIMES.has(name)) assert.equal(report.count, 1, JSON.stringify(report, undefined, 1));

          const said = await dockwright(machine, ["compare", a, b, "--file", "Dockerfile"], context);
          assert.equal(said.code, 1, said.stderr);
          assert.match(said.stdout, /line 4: RUN date \+%s >\/etc\/built\n {2}~ \/etc\/built: content/);
          assert.match(said.stdout, /see dockwright explain timestamp-in-build/);
        });

        test("without one the image is the same", async () => {
          const { report, a, b, context } = await built(
            name,
            `FROM ${base()}\nCOPY file /srv/file\nRUN echo same >/etc/same && mkdir -p /var/new && rm -rf /root\n`,
          );
          const but = LEAVES_TIMES.has(name) ? ["mtime"] : [];
          const what = report.layers.flatMap(({ files }) =>
            files.flatMap(({ aspects }) => aspects.map((each) => each.what)),
          );
          assert.deepEqual([...new Set(what)], but, JSON.stringify(report, undefined, 1));
          if (but.length > 0) return;
          assert.equal(report.identical, true, JSON.stringify(report, undefined, 1));
          assert.equal((await dockwright(machine, ["compare", a, b], context)).code, 0);
        });

        test("no image of ours is left", async () => assert.deepEqual(await imagesOfOurs(name), []));
      });

    test("a RUN that fails ends it with the first build", async () => {
      const context = await machine.folder("twice");
      await writeFile(join(context, "Dockerfile"), `FROM ${base()}\nRUN exit 3\n`);
      const result = await twice("docker-buildx", context, new AbortController().signal);
      assert.deepEqual([result.kind, result.kind === "failed" && result.which], ["failed", "first"]);
    });

    test("cancelling ends the build that runs, and no other begins", async () => {
      const context = await machine.folder("twice");
      await writeFile(join(context, "Dockerfile"), `FROM ${base()}\nRUN sleep 60\n`);
      for (const name of ["docker-buildx", "docker-classic"] as const) {
        const controller = new AbortController();
        setTimeout(() => controller.abort(new Error("enough")), 3_000);
        const began = performance.now();
        await assert.rejects(twice(name, context, controller.signal), /enough/);
        assert.ok(performance.now() - began < 20_000);
        assert.deepEqual(await imagesOfOurs(name), []);
      }
    });
  });

  describe("images as Docker saves them", () => {
    test("have the layers that Docker names, and the size of its files", async () => {
      const folder = await machine.folder("saved");
      await writeFile(
        join(folder, "Dockerfile"),
        `FROM ${machine.registry.host}/library/alpine:3.22\nRUN mkdir /a && echo x >/a/x && ln /a/x /a/y && ln -s x /a/z\nRUN rm -rf /a && mkdir /a && echo new >/a/new\n`,
      );
      await mustDocker(machine, "buildx", "build", "--network=host", "--tag", "saved:1", folder);
      const archive = join(folder, "saved.tar");
      await mustDocker(machine, "image", "save", "--output", archive, "saved:1");
      const image = await readImage(archive);
      const inspected = await mustDocker(machine, "image", "inspect", "--format", "{{json .RootFS.Layers}}", "saved:1");
      assert.deepEqual(
        image.layers.map(({ diffId }) => diffId),
        JSON.parse(inspected.stdout),
      );
      assert.ok(
        image.names.some((each) => each.endsWith("saved:1")),
        image.names.join(),
      );
      const [made, replaced] = image.layers
        .slice(-2)
        .map(({ entries }) => entries.filter(({ path }) => path.startsWith("a/")));
      assert.deepEqual(made?.map(({ path, type }) => [path, type]).toSorted(), [
        ["a/x", "file"],
        ["a/y", "hardlink"],
        ["a/z", "symlink"],
      ]);
      assert.ok(replaced?.some(({ path }) => path === "a/new"));
      assert.ok(
        replaced?.some(({ path }) => path.startsWith("a/.wh.")),
        JSON.stringify(replaced),
      );
    });
  });
}
