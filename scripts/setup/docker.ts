/** A real Docker: dockerd with BuildKit, buildx and compose in a folder of its own, which goes away with it. */
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { accepts, mustRun, type RunOptions, type RunResult, run, start, waitUntil } from "../process.ts";
import { debianPackages, Unavailable } from "./debian.ts";

export interface RunningDocker extends AsyncDisposable {
  /** What the docker program needs to find this daemon; for programs that call docker themselves. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `docker <args>` against this daemon; any exit code is a result. */
  readonly docker: (args: readonly string[], options?: Omit<RunOptions, "env">) => Promise<RunResult>;
  /** What the daemon has printed so far. */
  readonly output: () => string;
  readonly stop: () => Promise<void>;
}

export interface DockerOptions {
  /** Address of a registry that is asked for Docker Hub's images first: `127.0.0.1:5000`. */
  readonly mirror?: string;
}

/** The release whose Docker is current. Its Go programs run on older Debian as they are; its runc wants a newer libc. */
const SUITE = "forky";
const PACKAGES = ["docker.io", "docker-cli", "docker-buildx", "docker-compose", "containerd"];
const PLUGINS = ["docker-buildx", "docker-compose"];

/**
 * Starts a daemon without bridge and firewall rules, so that it touches no network of the machine: containers and builds
 * that need one take `--network=host`. Registries on loopback addresses may be plain HTTP.
 */
export async function startDocker({ mirror }: DockerOptions = {}): Promise<RunningDocker> {
  if (process.platform !== "linux") throw new Unavailable("dockerd needs Linux");
  if (process.getuid?.() !== 0) throw new Unavailable("dockerd needs root, and this process is not root");
  const programs = join(await debianPackages(PACKAGES, { suite: SUITE }), "usr");
  const runc = join(await debianPackages(["runc"]), "usr");
  const folder = await mkdtemp(join(tmpdir(), "dockwright-docker-"));
  const config = join(folder, "config");
  const socket = join(folder, "docker.sock");
  const env = {
    DOCKER_HOST: `unix://${socket}`,
    DOCKER_CONFIG: config,
    PATH: [join(programs, "bin"), join(programs, "sbin"), join(runc, "sbin"), process.env["PATH"]].join(":"),
    DOCKER_CONTEXT: undefined,
    BUILDX_BUILDER: undefined,
    BUILDX_CONFIG: undefined,
  };
  await mkdir(join(config, "cli-plugins"), { recursive: true });
  for (const plugin of PLUGINS) {
    await symlink(join(programs, "libexec", "docker", "cli-plugins", plugin), join(config, "cli-plugins", plugin));
  }
  const settings = join(folder, "daemon.json");
  await writeFile(
    settings,
    JSON.stringify({
      features: { "containerd-snapshotter": true },
      "insecure-registries": ["127.0.0.0/8"],
      ...(mirror !== undefined && { "registry-mirrors": [`http://${mirror}`] }),
    }),
  );
  const exec = join(folder, "exec");
  const daemon = start(
    join(programs, "sbin", "dockerd"),
    [
      ...["--config-file", settings, "--data-root", join(folder, "data"), "--exec-root", exec],
      ...["--host", env.DOCKER_HOST, "--pidfile", join(folder, "docker.pid")],
      ...["--bridge=none", "--iptables=false", "--ip6tables=false"],
    ],
    { env },
  );
  const docker: RunningDocker["docker"] = (args, options = {}) =>
    run(join(programs, "bin", "docker"), args, { timeoutMs: 120_000, ...options, env });
  const stop = async (): Promise<void> => {
    const containers = await docker(["ps", "--all", "--quiet"]).catch(() => undefined);
    const ids = containers?.code === 0 ? containers.stdout.split(/\s+/).filter((id) => id !== "") : [];
    if (ids.length > 0) await docker(["rm", "--force", ...ids]).catch(() => undefined);
    await daemon.stop();
    await endContainerd(join(exec, "containerd", "containerd.pid"));
    await unmountBelow(folder);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await waitUntil("dockerd", () => accepts({ path: socket }), { daemon, timeoutMs: 60_000 });
    const answer = await docker(["version", "--format", "{{.Server.Version}}"]);
    if (answer.code !== 0) throw new Error(`dockerd does not answer: ${answer.stderr}`);
  } catch (error) {
    await stop();
    throw error;
  }
  return { env, docker, output: daemon.output, stop, [Symbol.asyncDispose]: stop };
}

/** dockerd starts containerd in a session of its own: it may outlive a dockerd that had to be killed. */
async function endContainerd(pidFile: string): Promise<void> {
  const pid = Number(await readFile(pidFile, "utf8").catch(() => ""));
  if (!Number.isInteger(pid) || pid <= 1) return;
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    for (let waited = 0; waited < 3_000; waited += 100) {
      if (!isContainerd(pid)) return;
      if (waited === 0) process.kill(pid, signal);
      await sleep(100);
    }
  }
}

/** The number may belong to another program by now. */
function isContainerd(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim() === "containerd";
  } catch {
    return false;
  }
}

async function unmountBelow(folder: string): Promise<void> {
  const mounts = await readFile("/proc/self/mounts", "utf8");
  const points = mounts.split("\n").map((line) => line.split(" ")[1] ?? "");
  for (const point of points.filter((path) => path.startsWith(`${folder}/`)).toReversed()) {
    await mustRun("umount", ["--lazy", point]);
  }
}
