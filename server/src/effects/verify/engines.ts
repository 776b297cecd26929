/** The engines that can both build and run: their commands for what a verification does. Pure: arguments and texts. */
import type { Configuration, Health } from "../../core/verify/facts.ts";
import { asObject, asText, type JsonObject, member, parseObject } from "../registry/json.ts";
import type { Limits } from "./limits.ts";

export type EngineName = "docker" | "podman";

export interface BuildWish {
  readonly dockerfile: string;
  /** The one of its own that the Dockerfile has; undefined for the context's. */
  readonly ignoreFile: string | undefined;
  readonly context: string;
  readonly tag: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly network: string | undefined;
}

export interface RunWish {
  readonly image: string;
  readonly name: string;
  /** A file of `K=V` lines. */
  readonly environment: string;
  readonly ports: readonly number[];
  readonly network: string | undefined;
  readonly hasHealthcheck: boolean;
  readonly limits: Limits;
}

export interface State {
  readonly running: boolean;
  /** It never ran. */
  readonly created: boolean;
  readonly exitCode: number | undefined;
  readonly health: Health;
  /** Of its first process, and of the container. */
  readonly pid: number | undefined;
  readonly id: string | undefined;
  readonly error: string | undefined;
}

interface Commands {
  /** Ends what RUN has started when nobody waits for the build any more. */
  readonly hasDaemon: boolean;
  readonly atContext: (context: string) => readonly string[];
  /** Ends with 0 where the engine is there and runs. */
  readonly version: readonly string[];
  /** Ends with 0 where `build` can be used; otherwise `plainBuild` is. */
  readonly canBuild: readonly string[] | undefined;
  readonly build: (wish: BuildWish) => readonly string[];
  readonly plainBuild: (wish: BuildWish) => readonly string[];
  readonly create: (wish: RunWish) => readonly string[];
  /** Shows the processes' users, a line each below a heading. */
  readonly users: (name: string) => readonly string[];
  /** Asks for the health where the engine's own answer says nothing: 0 healthy, 1 not. */
  readonly checkHealth: ((name: string) => readonly string[]) | undefined;
}

const buildCommon = ({ dockerfile, tag, buildArgs, network, context }: BuildWish): readonly string[] => [
  ...["--file", dockerfile, "--tag", tag],
  ...Object.entries(buildArgs).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]),
  // A network of containers is nothing a build can be in.
  ...(network === "host" || network === "none" ? ["--network", network] : []),
  context,
];

/** Nothing is written to logs: what it prints is read as it comes. Ports are bound to the loopback address, to a free one each. */
const createCommon = ({ image, name, environment, ports, network, limits }: RunWish): readonly string[] => [
  ...["--name", name, "--label", "dockwright=verify", "--env-file", environment, "--log-driver", "none"],
  ...(limits.memory === "" ? [] : ["--memory", limits.memory]),
  ...(limits.processes === 0 ? [] : ["--pids-limit", String(limits.processes)]),
  ...(network === undefined ? [] : ["--network", network]),
  ...(hasOwnPorts(network) ? ports.flatMap((port) => ["--publish", `127.0.0.1::${port}`]) : []),
  // The machine's own name where it has the machine's network; otherwise the same for both.
  ...(network === "host" ? [] : ["--hostname", "verify"]),
  image,
];

/** It has a network in which its ports are nobody else's. */
export const hasOwnPorts = (network: string | undefined): boolean => network !== "host" && network !== "none";

export const ENGINES: Readonly<Record<EngineName, Commands>> = {
  docker: {
    hasDaemon: true,
    atContext: (context) => ["--context", context],
    version: ["version", "--format", "{{.Server.Version}}"],
    canBuild: ["buildx", "version"],
    build: (wish) => ["buildx", "build", "--load", "--progress=plain", ...buildCommon(wish)],
    plainBuild: (wish) => ["build", "--force-rm", ...buildCommon(wish)],
    create: (wish) => [
      ...["create", ...(wish.hasHealthcheck ? ["--health-interval", "1s"] : [])],
      ...createCommon(wish),
    ],
    users: (name) => ["top", name, "-o", "pid,uid"],
    checkHealth: undefined,
  },
  podman: {
    hasDaemon: false,
    atContext: (context) => ["--connection", context],
    version: ["version", "--format", "{{.Client.Version}}"],
    canBuild: undefined,
    build: (wish) => [
      // OCI's format has no HEALTHCHECK.
      ...["build", "--format", "docker"],
      ...(wish.ignoreFile === undefined ? [] : ["--ignorefile", wish.ignoreFile]),
      ...buildCommon(wish),
    ],
    plainBuild: (wish) => ["build", ...buildCommon(wish)],
    create: (wish) => ["create", ...createCommon(wish)],
    users: (name) => ["top", name, "pid", "user"],
    // Its checks run by timers of systemd, which not every machine has.
    checkHealth: (name) => ["healthcheck", "run", name],
  },
};

export const startCommand = (name: string): readonly string[] => ["start", "--attach", name];
export const stopCommand = (name: string, seconds: number): readonly string[] => ["stop", "-t", String(seconds), name];
export const portCommand = (name: string, port: number): readonly string[] => ["port", name, `${port}/tcp`];
export const stateCommand = (name: string): readonly string[] => [
  "container",
  "inspect",
  "--format",
  "{{json .}}",
  name,
];
export const killCommand = (name: string): readonly string[] => ["kill", name];
export const removeCommand = (name: string): readonly string[] => ["rm", "--force", "--volumes", name];
export const removeImageCommand = (tag: string): readonly string[] => ["image", "rm", "--force", tag];
export const inspectCommand = (tag: string): readonly string[] => ["image", "inspect", "--format", "{{json .}}", tag];

/** podman 4.3 prints a list whatever the format. */
const onlyObject = (stdout: string): JsonObject | undefined =>
  parseObject(stdout) ?? parseObject(stdout.trim().replace(/^\[([^]*)\]$/, "$1"));

/** Undefined for what is no image. */
export function readConfiguration(stdout: string): Configuration | undefined {
  const image = onlyObject(stdout);
  const config = asObject(member(image, "Config"));
  if (!config) return undefined;
  const texts = (name: string): readonly string[] => {
    const list = member(config, name);
    return Array.isArray(list) ? list.filter((each) => typeof each === "string") : [];
  };
  const keys = (name: string): readonly string[] => Object.keys(asObject(member(config, name)) ?? {}).toSorted();
  const healthcheck = asObject(
    member(config, "Healthcheck") ?? member(image, "Healthcheck") ?? member(image, "HealthCheck"),
  );
  const test = member(healthcheck, "Test");
  return {
    entrypoint: texts("Entrypoint"),
    command: texts("Cmd"),
    environment: Object.fromEntries(texts("Env").map(pairOf)),
    folder: asText(member(config, "WorkingDir")) || "/",
    ports: keys("ExposedPorts"),
    volumes: keys("Volumes"),
    labels: ownLabels(asObject(member(config, "Labels")) ?? {}),
    stopSignal: asText(member(config, "StopSignal")) || "SIGTERM",
    user: asText(member(config, "User")) || "root",
    hasHealthcheck: Array.isArray(test) && test.length > 0 && test[0] !== "NONE",
  };
}

function pairOf(setting: string): readonly [string, string] {
  const at = setting.indexOf("=");
  return at === -1 ? [setting, ""] : [setting.slice(0, at), setting.slice(at + 1)];
}

/** Without what a builder writes of itself. */
const ownLabels = (labels: JsonObject): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(labels).flatMap(([name, value]) =>
      typeof value === "string" && name !== "io.buildah.version" ? [[name, value]] : [],
    ),
  );

const HEALTH: readonly Health[] = ["healthy", "unhealthy", "starting"];

/** Undefined for what is no container. */
export function readState(stdout: string): State | undefined {
  const container = onlyObject(stdout);
  const state = asObject(member(container, "State"));
  if (!state) return undefined;
  const status = asText(member(state, "Status"));
  const [code, pid] = [member(state, "ExitCode"), member(state, "Pid")];
  const health = asText(member(asObject(member(state, "Health") ?? member(state, "Healthcheck")), "Status"));
  return {
    running: member(state, "Running") === true,
    created: status === "created" || status === "configured" || status === "initialized",
    exitCode: typeof code === "number" ? code : undefined,
    health: HEALTH.find((each) => each === health) ?? "unknown",
    pid: typeof pid === "number" && pid > 0 ? pid : undefined,
    id: asText(member(container, "Id")),
    error: asText(member(state, "Error")) || undefined,
  };
}

/** The last column, without its heading, each once. */
export const readUsers = (stdout: string): readonly string[] => [
  ...new Set(
    stdout
      .trim()
      .split("\n")
      .slice(1)
      .flatMap((line) => line.trim().split(/\s+/).at(-1) || []),
  ),
];

/** `127.0.0.1:32768`. */
export function readPort(stdout: string): number | undefined {
  const [, port] = /^127\.0\.0\.1:(\d+)$/m.exec(stdout.trim()) ?? [];
  return port === undefined ? undefined : Number(port);
}
