/** A real registry (Debian's docker-registry, which is distribution 2.8) on a loopback port: plain, with passwords, TLS or tokens. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { accepts, freePort, start, waitUntil, which } from "../process.ts";
import { debianPackages } from "./debian.ts";

export interface DockerRegistryOptions {
  /** Holds configuration and logs of this process. */
  readonly folder: string;
  /** Holds the images; registries may share one. */
  readonly storage: string;
  readonly auth?: { readonly kind: "htpasswd" } | TokenAuth;
  /** Files in PEM. */
  readonly tls?: { readonly certificate: string; readonly key: string };
  /** Address of the registry it is a pull-through mirror of; nothing can be pushed then. */
  readonly mirrorOf?: string;
  /** A free one by default. */
  readonly port?: number;
}

export interface TokenAuth {
  readonly kind: "token";
  /** Address of the token server. */
  readonly realm: string;
  readonly service: string;
  readonly issuer: string;
  /** PEM file of the authority whose certificates sign tokens. */
  readonly rootCertificate: string;
}

export interface RunningRegistry extends AsyncDisposable {
  /** As in an image reference: `127.0.0.1:5000`. */
  readonly host: string;
  /** What it has printed so far. */
  readonly output: () => string;
  readonly stop: () => Promise<void>;
}

/** The login that `htpasswd` registries take; known to everyone, for a registry that lives as long as a test. */
export const TEST_LOGIN = { username: "testuser", password: "testpass" };
const HTPASSWD = "testuser:$2b$10$vOwpVC5ggvFYt1dlpOwAtOK6Y5XAYmCHxjhGcA4QbMO63TDNUaEUa\n";

/** The program, fetched when the machine does not have it. */
export async function dockerRegistryProgram(): Promise<string> {
  return which("docker-registry") ?? join(await debianPackages(["docker-registry"]), "usr", "bin", "docker-registry");
}

export async function startDockerRegistry(options: DockerRegistryOptions): Promise<RunningRegistry> {
  const program = await dockerRegistryProgram();
  const port = options.port ?? (await freePort());
  await mkdir(options.folder, { recursive: true });
  const file = join(options.folder, "config.yml");
  // JSON is YAML.
  await writeFile(file, JSON.stringify(await configuration(options, port), undefined, 2));
  const daemon = start(program, ["serve", file], { env: { OTEL_TRACES_EXPORTER: "none" } });
  try {
    await waitUntil("docker-registry", () => accepts({ port }), { daemon, timeoutMs: 20_000 });
  } catch (error) {
    await daemon.stop();
    throw error;
  }
  const { output, stop } = daemon;
  return { host: `127.0.0.1:${port}`, output, stop, [Symbol.asyncDispose]: stop };
}

async function configuration(options: DockerRegistryOptions, port: number): Promise<object> {
  const { tls } = options;
  return {
    version: "0.1",
    log: { level: "info", formatter: "text" },
    storage: { filesystem: { rootdirectory: options.storage }, delete: { enabled: true } },
    http: { addr: `127.0.0.1:${port}`, ...(tls && { tls: { certificate: tls.certificate, key: tls.key } }) },
    ...(options.mirrorOf !== undefined && { proxy: { remoteurl: options.mirrorOf } }),
    ...(options.auth && { auth: await authentication(options.auth, options.folder) }),
  };
}

async function authentication(auth: NonNullable<DockerRegistryOptions["auth"]>, folder: string): Promise<object> {
  if (auth.kind === "token") {
    const { realm, service, issuer, rootCertificate } = auth;
    return { token: { realm, service, issuer, rootcertbundle: rootCertificate } };
  }
  const path = join(folder, "htpasswd");
  await writeFile(path, HTPASSWD);
  return { htpasswd: { realm: "test", path } };
}
