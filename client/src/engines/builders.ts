/** Where Docker can build: the builders of buildx and Docker's contexts, and new builders. */
import type { Invocation } from "../process.ts";
import { docker } from "./docker.ts";
import { csv, fieldsOf, flag } from "./engine.ts";

type Fields = Readonly<Record<string, unknown>>;

export interface Builder {
  readonly name: string;
  /** docker, docker-container, kubernetes, remote, cloud. */
  readonly driver: string;
  readonly current: boolean;
  /** One line: its state, where it is, and for which platforms it builds. */
  readonly detail: string;
}

export interface DockerContext {
  readonly name: string;
  readonly current: boolean;
  readonly endpoint: string;
  readonly description: string;
}

export const buildersInvocation = (): Invocation => docker(["buildx", "ls", "--format=json"]);
export const contextsInvocation = (): Invocation => docker(["context", "ls", "--format=json"]);

export const readBuilders = (stdout: string): readonly Builder[] =>
  objectsIn(stdout).flatMap((each): readonly Builder[] => {
    const name = each["Name"];
    if (typeof name !== "string") return [];
    const nodes = listOf(each["Nodes"]);
    const states = [...new Set(nodes.map(({ Status }) => textOf(Status)).filter((state) => state !== ""))];
    const endpoints = nodes
      .map(({ Endpoint }) => textOf(Endpoint))
      .filter((endpoint) => endpoint !== "" && endpoint !== name);
    const platforms = [
      ...new Set(nodes.flatMap(({ Platforms }) => (Array.isArray(Platforms) ? Platforms.map(String) : []))),
    ];
    const error = each["Err"] ?? nodes.find(({ Err }) => Err)?.["Err"];
    const parts = error ? [textOf(error)] : [states.join(", "), endpoints.join(", "), platforms.join(" ")];
    return [
      {
        name,
        driver: textOf(each["Driver"]),
        current: each["Current"] === true,
        detail: parts.filter((part) => part !== "").join(" · "),
      },
    ];
  });

export const readContexts = (stdout: string): readonly DockerContext[] =>
  objectsIn(stdout).flatMap((each): readonly DockerContext[] => {
    const name = each["Name"];
    if (typeof name !== "string") return [];
    const [endpoint, description] = [textOf(each["DockerEndpoint"]), textOf(each["Description"])];
    return [{ name, current: each["Current"] === true, endpoint, description }];
  });

/** An object in each line, or one list of them. */
function objectsIn(stdout: string): readonly Fields[] {
  const text = stdout.trim();
  if (text.startsWith("[")) return listOf(fieldsOf(`{"list":${text}}`)?.["list"]);
  return text.split("\n").flatMap((line): readonly Fields[] => {
    const fields = fieldsOf(line);
    return fields ? [fields] : [];
  });
}

const listOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

export type NewBuilder =
  | { readonly driver: "docker-container"; readonly name: string }
  | {
      readonly driver: "kubernetes";
      readonly name: string;
      readonly namespace: string;
      readonly replicas: number;
      /** A context of kubectl; the current one when there is none. */
      readonly kubeContext?: string;
    }
  | {
      readonly driver: "remote";
      readonly name: string;
      /** `tcp://host:1234`, `unix:///run/buildkit.sock` */
      readonly endpoint: string;
      readonly tls?: { readonly ca: string; readonly cert: string; readonly key: string };
    };

/** Makes the builder and leaves the current one as it is. */
export function createInvocation(builder: NewBuilder): Invocation {
  const options = driverOptions(builder);
  const where = builder.driver === "remote" ? [builder.endpoint] : kubernetesContext(builder);
  return docker([
    ...["buildx", "create", `--driver=${builder.driver}`],
    ...flag("name", builder.name),
    ...(options.length === 0 ? [] : [`--driver-opt=${csv(options)}`]),
    ...(where.length === 0 ? [] : ["--", ...where]),
  ]);
}

function driverOptions(builder: NewBuilder): readonly string[] {
  if (builder.driver === "kubernetes") return [`namespace=${builder.namespace}`, `replicas=${builder.replicas}`];
  if (builder.driver !== "remote" || !builder.tls) return [];
  const { ca, cert, key } = builder.tls;
  return [`cacert=${ca}`, `cert=${cert}`, `key=${key}`];
}

const kubernetesContext = (builder: NewBuilder): readonly string[] =>
  builder.driver === "kubernetes" && builder.kubeContext !== undefined ? [`kubernetes:///${builder.kubeContext}`] : [];

/** Starts it if need be and tells whether it answers. */
export const bootInvocation = (name: string): Invocation => docker(["buildx", "inspect", "--bootstrap", "--", name]);

export const problemOfBuilderName = (name: string): string | undefined =>
  /^[a-zA-Z][a-zA-Z0-9._-]*$/.test(name)
    ? undefined
    : "A builder's name begins with a letter; letters, digits, . _ - follow";
