/** What Docker's two builders share: the context, and how the daemon is asked whether it is there. */
import type { Invocation, Outcome } from "../process.ts";
import { complaint, fieldsOf, type Probe, type Where } from "./engine.ts";

/** Given only when somebody chose one: without it docker heeds DOCKER_HOST and its own current context. */
export const docker = (args: readonly string[], { dockerContext }: Where = {}): Invocation => ({
  command: "docker",
  args: [...(dockerContext === undefined ? [] : [`--context=${dockerContext}`]), ...args],
});

export const versionInvocation = (where: Where): Invocation => docker(["version", "--format={{json .}}"], where);
export const buildxVersionInvocation = (where: Where): Invocation => docker(["buildx", "version"], where);

export function readVersion(outcome: Outcome): Probe {
  if (outcome.missing) return { found: false, missing: true, why: "docker is not on PATH" };
  const fields = fieldsOf(outcome.stdout);
  // Podman under Docker's name: it is found under its own.
  if (/podman/i.test(outcome.stdout) || /emulate docker cli using podman/i.test(outcome.stderr))
    return { found: false, missing: true, why: "docker is Podman here" };
  const server = fieldsOf(JSON.stringify(fields?.["Server"] ?? null));
  const client = fieldsOf(JSON.stringify(fields?.["Client"] ?? null));
  const version = server?.["Version"];
  if (typeof version !== "string") return { found: false, missing: false, why: complaint(errorsOnly(outcome)) };
  const context = client?.["Context"];
  const elsewhere =
    typeof context === "string" && context !== "" && context !== "default" ? `, context ${context}` : "";
  return { found: true, detail: `${version}${elsewhere}` };
}

/** What it prints of itself when the daemon does not answer is no reason. */
const errorsOnly = (outcome: Outcome): Outcome => (outcome.stderr.trim() === "" ? outcome : { ...outcome, stdout: "" });

/** Undefined when there is no buildx, or something else under that name. */
export const readBuildxVersion = (outcome: Outcome): string | undefined =>
  /^github\.com\/docker\/buildx v?(\d+\.\d+[^\s]*)/m.exec(outcome.stdout)?.[1];
