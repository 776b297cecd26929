/**
 * Builds and runs the projects. A program of its own, in a network namespace of its own (run.ts starts it so): Docker's bridge is made
 * there, and ports of containers are nobody else's. Prints a line of JSON for each project.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mustRun } from "../../scripts/process.ts";
import { type RunningDocker, startDocker } from "../../scripts/setup/docker.ts";
import { startDockerRegistry } from "../../scripts/setup/docker-registry.ts";
import { createAuthority } from "../effects/certificates.ts";
import { pushIndex } from "../effects/push-image.ts";
import { baseImages, proxyArgs } from "./bases.ts";
import { checkAll } from "./check.ts";
import { measure, type Outcome } from "./measure.ts";
import { PROJECTS } from "./projects.ts";
import { startRelay } from "./relay.ts";

export interface Task {
  /** Of the mirror. */
  readonly socket: string;
  readonly rootfs: string;
  readonly node: string;
  /** Only the base images, and where they are. */
  readonly basesOnly: boolean;
  readonly projects: readonly string[];
  /** How many are measured side by side. */
  readonly workers: number;
}

/** Registries that are asked over TLS, which is ours. */
const REGISTRIES = ["gcr.io"];

const { socket, rootfs, node, basesOnly, projects, workers } = JSON.parse(process.argv[2] ?? "{}") as Task;
await mustRun("ip", ["link", "set", "lo", "up"]);
let tlsPort = 0;
await using relay = await startRelay(socket, () => tlsPort);
const bases = await baseImages(relay, { rootfs, node });
if (basesOnly) console.log(JSON.stringify(bases));
else await measureAll();

async function measureAll(): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), "dockwright-matrix-"));
  try {
    const { storage } = bases;
    const { certificate, key } = createAuthority("matrix").issue({ dns: REGISTRIES });
    const tls = { certificate: join(root, "certificate.pem"), key: join(root, "key.pem") };
    await writeFile(tls.certificate, certificate);
    await writeFile(tls.key, key, { mode: 0o600 });
    await using hub = await startDockerRegistry({ folder: join(root, "hub"), storage });
    await using others = await startDockerRegistry({ folder: join(root, "others"), storage, tls });
    tlsPort = Number(others.host.split(":")[1]);
    const proxy = { port: relay.port, insecure: REGISTRIES };
    await using docker = await startDocker({ bridge: true, mirror: hub.host, proxy });
    if (projects.length === 0) console.log(JSON.stringify(await checked(docker, root)));
    const waiting = PROJECTS.filter(({ name }) => projects.length === 0 || projects.includes(name));
    const work = async (): Promise<void> => {
      for (let project = waiting.shift(); project; project = waiting.shift()) {
        const { name, label } = project;
        const outcome = await measure({ docker, root, buildArgs: proxyArgs(relay.port) }, project).catch(
          (error: unknown): Outcome => {
            const wrong = error instanceof Error ? (error.stack ?? error.message) : String(error);
            return { name, label, checks: [{ what: `${name}: is measured`, wrong }] };
          },
        );
        console.log(JSON.stringify(outcome));
      }
    };
    await Promise.all(Array.from({ length: workers }, work));
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** Its images come from a registry of its own: the other one's folder stays as it is. */
async function checked(docker: RunningDocker, root: string): Promise<Outcome> {
  await using registry = await startDockerRegistry({
    folder: join(root, "empty"),
    storage: join(root, "empty-images"),
  });
  const emptyImage = `${registry.host}/library/empty:1`;
  await pushIndex(`${registry.host}/library/empty`, ["1"], { label: "empty" });
  const folder = async (name: string): Promise<string> => {
    await mkdir(join(root, name));
    return join(root, name);
  };
  return await checkAll({ docker, folder, emptyImage });
}
