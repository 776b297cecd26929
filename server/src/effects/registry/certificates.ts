/**
 * Certificates for connections to a registry: the authorities Node and the system trust, those handed in, and the folder
 * per registry that Docker and Podman have (`certs.d/<registry>/*.crt`, and `*.cert` with `*.key` for client certificates).
 */
import { X509Certificate } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createSecureContext, getCACertificates, type SecureContext } from "node:tls";
import { RegistryError } from "./errors.ts";

export interface CertificateSource {
  /** PEM texts of further authorities. */
  readonly ca: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
  /** Client keys are credentials: they are read in trusted workspaces only. */
  readonly trusted: boolean;
}

/** Gives the certificates for a host, as in a reference, with its port. Hosts without a folder of their own share them: reading takes a while. */
export function createCertificates(source: CertificateSource): (host: string) => SecureContext {
  let shared: SecureContext | undefined;
  return (host) => {
    const files = certsFolders(host, source).flatMap(filesOf);
    if (files.length > 0) return secureContext(host, files, source);
    shared ??= secureContext(host, [], source);
    return shared;
  };
}

function secureContext(host: string, files: readonly CertificateFile[], source: CertificateSource): SecureContext {
  const authorities = files.filter(({ name }) => name.endsWith(".crt")).map(({ text }) => text);
  const client = files.find(({ name }) => name.endsWith(".cert"));
  const key = client && files.find(({ name }) => name === client.name.replace(/\.cert$/, ".key"));
  const identity = client && key && source.trusted ? { cert: client.text, key: key.text } : {};
  try {
    const given = [...source.ca, ...authorities];
    // Node passes over an authority it cannot read, and the connection would fail for another reason.
    for (const text of given) new X509Certificate(text);
    return createSecureContext({ ca: [...known(), ...given], ...identity });
  } catch {
    const message = `a certificate for ${host} could not be read; check the files in certs.d/${host} and the given CA`;
    throw new RegistryError("tls", message);
  }
}

interface CertificateFile {
  readonly name: string;
  readonly text: string;
}

let trustedByAll: readonly string[] | undefined;

/** `default` has Node's own and NODE_EXTRA_CA_CERTS. Read once: the system's store takes a while on some machines. */
function known(): readonly string[] {
  trustedByAll ??= [...new Set([...getCACertificates("default"), ...getCACertificates("system")])];
  return trustedByAll;
}

/** Rootless Docker's, and Podman's for one person, are below the folder of configurations. */
function certsFolders(host: string, { env, home }: CertificateSource): readonly string[] {
  const config = env["XDG_CONFIG_HOME"] || join(home, ".config");
  if (process.platform === "win32") {
    // A colon cannot be part of a file name there; Docker leaves it out.
    const name = host.replaceAll(":", "");
    const programData = env["ProgramData"];
    return [
      ...(programData ? [join(programData, "docker", "certs.d", name)] : []),
      join(home, ".docker", "certs.d", name),
    ];
  }
  return [
    join("/etc/docker/certs.d", host),
    join(home, ".docker", "certs.d", host),
    join(config, "docker", "certs.d", host),
    join("/etc/containers/certs.d", host),
    join(config, "containers", "certs.d", host),
  ];
}

/** A folder that is not there, or may not be read, has no certificates. */
function filesOf(folder: string): readonly CertificateFile[] {
  try {
    const names = readdirSync(folder).filter((name) => /\.(?:crt|cert|key)$/.test(name));
    return names.map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));
  } catch {
    return [];
  }
}
