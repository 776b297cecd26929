/** Dockerfiles with the usual mistakes, repaired by `dockwright fix --unsafe`: they build, start and answer. */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, test } from "node:test";
import { freePort } from "../../scripts/process.ts";
import { dockwright } from "./dockwright.ts";
import { type Machine, mustDocker } from "./machine.ts";

interface Project {
  readonly base: string;
  readonly dockerfile: (port: number) => string;
  /** What stands in the health check's command. */
  readonly prober: RegExp;
}

const PROJECTS: Readonly<Record<string, Project>> = {
  Alpine: {
    base: "alpine:3.22",
    prober: /^wget$/,
    dockerfile: (port) => `from alpine:3.22 as build
maintainer someone@example.org
ADD index.html /site/index.html
RUN cd /site && echo built >>index.html

FROM alpine:3.22
ENV SITE /srv/site
COPY --from=build /site /srv/site
RUN touch /srv/site/ready
EXPOSE ${port}
CMD busybox httpd -f -p ${port} -h /srv/site
`,
  },
  Debian: {
    base: "debian:13",
    prober: /^bash$/,
    dockerfile: (port) => `FROM debian:13 as Build
ADD index.html /site/

FROM debian:13
LABEL maintained yes
COPY --from=Build /site /srv/site
EXPOSE ${port}
CMD busybox httpd -f -p ${port} -h /srv/site
`,
  },
};

/** The image's own times are made for production; zero would mean the image's. */
const QUICK = ["--health-interval=1s", "--health-start-period=1ms", "--health-retries=2"];

interface ImageConfig {
  readonly User?: string;
  readonly Cmd?: readonly string[];
  readonly Healthcheck?: { readonly Test?: readonly string[] };
}

export function endToEndTests(machine: Machine): void {
  for (const [name, project] of Object.entries(PROJECTS)) {
    describe(`from mistakes to a running container: ${name}`, () => {
      const tag = `end-to-end-${name.toLowerCase()}`;
      test("the repaired file builds, runs as another user than root and becomes healthy", async () => {
        const port = await freePort();
        const folder = await machine.folder(tag);
        const file = join(folder, "Dockerfile");
        await writeFile(join(folder, "index.html"), "hello\n");
        await writeFile(file, project.dockerfile(port));

        const fixed = await dockwright(
          machine,
          ["fix", "--unsafe", "--offline", "--profile", "strict", "Dockerfile"],
          folder,
        );
        assert.notEqual(fixed.code, 2, fixed.stderr);
        const text = await readFile(file, "utf8");
        await mustDocker(machine, "buildx", "build", "--network=host", "--tag", tag, folder);

        const inspected = await mustDocker(machine, "image", "inspect", "--format", "{{json .Config}}", tag);
        const config = JSON.parse(inspected.stdout) as ImageConfig;
        assert.equal(config.User, "10001:10001", text);
        assert.deepEqual(config.Cmd, ["busybox", "httpd", "-f", "-p", String(port), "-h", "/srv/site"]);
        const [form, program = ""] = config.Healthcheck?.Test ?? [];
        assert.equal(form, "CMD", text);
        assert.match(program, project.prober);

        await mustDocker(machine, "run", "--detach", "--network=host", ...QUICK, "--name", tag, tag);
        assert.equal((await mustDocker(machine, "exec", tag, "id", "-u")).stdout.trim(), "10001");
        assert.equal(await healthOf(machine, tag), "healthy");
        const answer = await fetch(`http://127.0.0.1:${port}/index.html`);
        assert.match(await answer.text(), /^hello\n/);
      });

      test("BuildKit warns about the file before and not after", async () => {
        const folder = await machine.folder(tag);
        await writeFile(join(folder, "Dockerfile"), project.dockerfile(8080));
        await writeFile(join(folder, "index.html"), "hello\n");
        const check = () => machine.docker.docker(["buildx", "build", "--check", folder]);
        assert.match((await check()).stdout, /WARNING: /);
        await dockwright(machine, ["fix", "--unsafe", "--offline", "--profile", "strict", "Dockerfile"], folder);
        const after = await check();
        assert.deepEqual([after.code, after.stdout.match(/WARNING: .*/g)], [0, null], after.stdout);
      });

      test("a health check that finds nobody fails", async () => {
        const folder = await machine.folder(tag);
        const port = await freePort();
        await writeFile(join(folder, "index.html"), "hello\n");
        await writeFile(join(folder, "Dockerfile"), project.dockerfile(port).replace(/^CMD .*$/m, "CMD sleep 600"));
        await dockwright(machine, ["fix", "--unsafe", "--offline", "--profile", "strict", "Dockerfile"], folder);
        await mustDocker(machine, "buildx", "build", "--network=host", "--tag", `${tag}-silent`, folder);
        await mustDocker(
          machine,
          "run",
          "--detach",
          "--network=host",
          ...QUICK,
          "--name",
          `${tag}-silent`,
          `${tag}-silent`,
        );
        assert.equal(await healthOf(machine, `${tag}-silent`), "unhealthy");
      });
    });
  }
}

/** The first state that is not `starting`. */
async function healthOf(machine: Machine, container: string): Promise<string> {
  for (let waited = 0; waited < 30_000; waited += 500) {
    const state = (
      await mustDocker(machine, "inspect", "--format", "{{.State.Health.Status}}", container)
    ).stdout.trim();
    if (state !== "starting") return state;
    await sleep(500);
  }
  const log = await mustDocker(machine, "inspect", "--format", "{{json .State}}", container);
  throw new Error(`${container} is still starting: ${log.stdout}`);
}
