/** The engine of a program that namespace.ts has started: Docker whose registries serve the base images under their official names. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mustRun } from "../../scripts/process.ts";
import { type RunningDocker, startDocker } from "../../scripts/setup/docker.ts";
import { startDockerRegistry } from "../../scripts/setup/docker-registry.ts";
import { createAuthority } from "../effects/certificates.ts";
import { baseImages } from "./bases.ts";
import type { Given } from "./namespace.ts";
import { startRelay } from "./relay.ts";

export interface Engine {
  readonly docker: RunningDocker;
  /** For what is written while it runs. */
  readonly root: string;
  /** Of the proxy that leads builds to the mirror. */
  readonly port: number;
}

/** Registries that are asked over TLS, which is ours. */
const REGISTRIES = ["gcr.io"];

/** Docker's bridge is made in this namespace, and ports of containers are nobody else's. */
export async function withEngine(given: Given, work: (engine: Engine) => Promise<void>): Promise<void> {
  const { socket, rootfs, node, basesOnly } = given;
  await mustRun("ip", ["link", "set", "lo", "up"]);
  let tlsPort = 0;
  await using relay = await startRelay(socket, () => tlsPort);
  const bases = await baseImages(relay, { rootfs, node });
  if (basesOnly) {
    console.log(JSON.stringify(bases));
    return;
  }
  const root = await mkdtemp(join(tmpdir(), "dockwright-engine-"));
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
    await work({ docker, root, port: relay.port });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
