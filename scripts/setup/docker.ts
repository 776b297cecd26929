/** A real Docker: dockerd with BuildKit, buildx and compose in a folder of its own, which goes away with it. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
  /** Make Docker's bridge, for containers without `--network=host`: only in a network namespace that is not the machine's. */
  readonly bridge?: boolean;
  /** The Docker of that release; of the newest one by default. */
  readonly suite?: string;
  /** A proxy on this machine for pulls over TLS, and registries whose certificate it need not know. */
  readonly proxy?: { readonly port: number; readonly insecure: readonly string[] };
  /** Images in the store of before containerd's, with a graph driver: the classic builder has no other. */
  readonly graphDriver?: boolean;
}

/** The release whose Docker is current. Its Go programs run on older Debian as they are; its runc wants a newer libc. */
const SUITE = "forky";
const PACKAGES = ["docker.io", "docker-cli", "docker-buildx", "docker-compose", "containerd"];
const PLUGINS = ["docker-buildx", "docker-compose"];
const PREFIX = "dockwright-docker-";
/** The file with the id of the process that started the daemon. */
const OWNER = "owner";

/** The address of the machine on Docker's bridge, for what is built and run. */
export const BRIDGE = "172.17.0.1";

/** The folder with `bin`, `sbin` and `libexec`. */
export const dockerPrograms = async (suite = SUITE): Promise<string> =>
  join(await debianPackages(PACKAGES, { suite }), "usr");

/**
 * Starts a daemon without bridge and firewall rules, so that it touches no network of the machine: containers and builds
 * that need one take `--network=host`. Registries on loopback addresses may be plain HTTP.
 */
export async function startDocker({
  mirror,
  bridge = false,
  suite,
  proxy,
  graphDriver = false,
}: DockerOptions = {}): Promise<RunningDocker> {
  if (process.platform !== "linux") throw new Unavailable("dockerd needs Linux");
  if (process.getuid?.() !== 0) throw new Unavailable("dockerd needs root, and this process is not root");
  const programs = await dockerPrograms(suite);
  const runc = join(await debianPackages(["runc"]), "usr");
  await removeAbandoned();
  const folder = await mkdtemp(join(tmpdir(), PREFIX));
  await writeFile(join(folder, OWNER), String(process.pid));
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
      features: { "containerd-snapshotter": !graphDriver },
      "insecure-registries": ["127.0.0.0/8", ...(proxy?.insecure ?? [])],
      ...(mirror !== undefined && { "registry-mirrors": [`http://${mirror}`] }),
    }),
  );
  const exec = join(folder, "exec");
  const daemon = start(
    join(programs, "sbin", "dockerd"),
    [
      ...["--config-file", settings, "--data-root", join(folder, "data"), "--exec-root", exec],
      ...["--host", env.DOCKER_HOST, "--pidfile", join(folder, "docker.pid")],
      ...[...(bridge ? ["--ip-forward=false"] : ["--bridge=none"]), "--iptables=false", "--ip6tables=false"],
    ],
    {
      env: {
        ...env,
        ...(proxy && { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`, NO_PROXY: "127.0.0.0/8" }),
      },
    },
  );
  const docker: RunningDocker["docker"] = (args, options = {}) =>
    run(join(programs, "bin", "docker"), args, { timeoutMs: 120_000, ...options, env });
  const stop = async (): Promise<void> => {
    const containers = await docker(["ps", "--all", "--quiet"]).catch(() => undefined);
    const ids = containers?.code === 0 ? containers.stdout.split(/\s+/).filter((id) => id !== "") : [];
    if (ids.length > 0) await docker(["rm", "--force", ...ids]).catch(() => undefined);
    await daemon.stop();
    await removeAll(folder);
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

/** Folders of runs that were killed, with whatever of theirs still runs. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const folder = join(tmpdir(), name);
    const owner = name.startsWith(PREFIX) ? Number(await readFile(join(folder, OWNER), "utf8").catch(() => "")) : 0;
    if (owner > 0 && !existsSync(`/proc/${owner}`)) await removeAll(folder);
  }
}

async function removeAll(folder: string): Promise<void> {
  for (const pid of processesOf(folder)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // it has ended by itself
    }
  }
  await unmountBelow(folder);
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

/**
 * containerd and the containers' shims are in sessions of their own and outlive a dockerd that was killed. They name the
 * folder in their arguments; the containers' processes do not, but are the shims' children.
 */
function processesOf(folder: string): readonly number[] {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), args: fileOf(name, "cmdline"), parent: parentIn(fileOf(name, "status")) }));
  const named = new Set(all.filter(({ args }) => args.includes(`${folder}/`)).map(({ pid }) => pid));
  const children = all.filter(({ parent }) => named.has(parent)).map(({ pid }) => pid);
  return [...new Set([...children, ...named])];
}

const parentIn = (status: string): number => Number(/^PPid:\s*(\d+)/m.exec(status)?.[1] ?? 0);

function fileOf(pid: string, name: string): string {
  try {
    return readFileSync(join("/proc", pid, name), "utf8");
  } catch {
    return ""; // it has ended
  }
}

async function unmountBelow(folder: string): Promise<void> {
  const mounts = await readFile("/proc/self/mounts", "utf8");
  const points = mounts.split("\n").map((line) => line.split(" ")[1] ?? "");
  for (const point of points.filter((path) => path.startsWith(`${folder}/`)).toReversed()) {
    await mustRun("umount", ["--lazy", point]);
  }
}
