/** Where the engine is that has an image, so that a scanner looks at the same one as the person's own commands. */
import { join } from "node:path";
import { docker } from "../engines/docker.ts";
import type { Where } from "../engines/engine.ts";
import type { Invocation, Outcome } from "../process.ts";
import { fieldsOf, listOf, textOf } from "./json.ts";

export interface Daemon {
  readonly engine: "docker" | "podman";
  /** `unix:///run/docker.sock`, `tcp://host:2376`; absent where the scanner finds it as the engine's own program does. */
  readonly host?: string;
  /** The context that was chosen, by name. */
  readonly context?: string;
  /** The folder with ca.pem, cert.pem and key.pem. */
  readonly certificates?: string;
  /** Who answers need not be who the certificate says. */
  readonly skipVerify?: boolean;
}

/** How a program of an engine is called, at the engine that was chosen. */
export const engineCall = (program: string, args: readonly string[], where: Where): Invocation =>
  program === "docker" ? docker(args, where) : { command: program, args };

/** What asks an engine where it is; undefined for one that no scanner reaches. */
export function daemonQuestion(program: string, { dockerContext }: Where): Invocation | undefined {
  if (program === "docker")
    return docker(["context", "inspect", ...(dockerContext === undefined ? [] : ["--", dockerContext])]);
  if (program === "podman") return { command: "podman", args: ["info", "--format", "{{json .Host.RemoteSocket}}"] };
  return undefined;
}

/** Undefined where no program but the engine's own gets there: it hands the image over then. */
export function readDaemon(program: string, { code, stdout }: Outcome, { dockerContext }: Where): Daemon | undefined {
  const value = code === 0 ? parsed(stdout) : undefined;
  if (program === "podman") return podmanDaemon(fieldsOf(value));
  if (program !== "docker") return undefined;
  const [context] = listOf(value).map(fieldsOf);
  const host = textOf(fieldsOf(fieldsOf(context?.["Endpoints"])["docker"])["Host"]);
  // A docker without contexts is where its environment says, for scanners too.
  if (host === undefined) return dockerContext === undefined ? { engine: "docker" } : undefined;
  // Through SSH only docker itself goes.
  if (!/^(?:unix|npipe|tcp|https?):/.test(host)) return undefined;
  const tls = textOf(fieldsOf(context?.["Storage"])["TLSPath"]);
  const isEncrypted = listOf(fieldsOf(context?.["TLSMaterial"])["docker"]).length > 0;
  return {
    engine: "docker",
    host,
    ...(dockerContext !== undefined && { context: dockerContext }),
    ...(isEncrypted && tls !== undefined && { certificates: join(tls, "docker") }),
    ...(fieldsOf(fieldsOf(context?.["Endpoints"])["docker"])["SkipTLSVerify"] === true && { skipVerify: true }),
  };
}

/** Podman has a socket only where somebody switched its service on. */
function podmanDaemon({ path, exists }: Readonly<Record<string, unknown>>): Daemon | undefined {
  const socket = textOf(path);
  if (socket === undefined || exists !== true) return undefined;
  return { engine: "podman", host: socket.includes("://") ? socket : `unix://${socket}` };
}

/** As every program that is built on Docker's own client reads it. */
export const dockerEnvironment = ({
  host,
  context,
  certificates,
  skipVerify,
}: Daemon): Readonly<Record<string, string>> =>
  host === undefined
    ? {}
    : {
        DOCKER_HOST: host,
        ...(certificates !== undefined && {
          DOCKER_CERT_PATH: certificates,
          DOCKER_TLS_VERIFY: skipVerify === true ? "" : "1",
        }),
        // What the environment says of another host is not said of this context's.
        ...(certificates === undefined && context !== undefined && { DOCKER_CERT_PATH: "", DOCKER_TLS_VERIFY: "" }),
      };

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
