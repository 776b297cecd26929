/**
 * The login a person has stored for a registry: Docker's configuration with its credential helpers, else Podman's.
 * Only files of the user are read, never one of the workspace; callers ask in trusted workspaces only.
 */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../process.ts";
import { registerLogin, registerSecret } from "../redact.ts";
import { asObject, asText, type JsonObject, member, parseObject } from "./json.ts";

export type Credentials =
  | { readonly kind: "password"; readonly username: string; readonly password: string }
  | { readonly kind: "identity-token"; readonly token: string };

export interface CredentialSource {
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
  readonly log: (message: string) => void;
}

const HUB = "https://index.docker.io/v1/";
const HUB_NAMES: readonly string[] = [HUB, "index.docker.io", "docker.io", "registry-1.docker.io"];
const MAX_CONFIG_BYTES = 1 << 20;
const HELPER_NAME = /^[A-Za-z0-9._-]+$/;
const HELPER_MS = 10_000;
const HELPER_BYTES = 1 << 20;

/** @param domain as in a reference, `docker.io` for Docker Hub */
export async function findCredentials(
  domain: string,
  path: string,
  source: CredentialSource,
  signal: AbortSignal,
): Promise<Credentials | undefined> {
  const found =
    (await dockerCredentials(domain, source, signal)) ?? (await podmanCredentials(domain, path, source, signal));
  if (found?.kind === "password") registerLogin(found.username, found.password);
  if (found?.kind === "identity-token") registerSecret(found.token);
  return found;
}

async function dockerCredentials(domain: string, source: CredentialSource, signal: AbortSignal) {
  const { env, home } = source;
  const keys = keysOf(domain);
  const inline = parseObject(env["DOCKER_AUTH_CONFIG"] ?? "");
  const given = fromAuths(asObject(member(inline, "auths")), keys);
  if (given) return given;

  const config = await readConfig(join(env["DOCKER_CONFIG"] || join(home, ".docker"), "config.json"), source);
  const helper = helperFor(config, keys);
  const helped = helper === undefined ? undefined : await askHelper(helper, keys[0] ?? domain, source, signal);
  return helped ?? fromAuths(asObject(member(config, "auths")), keys);
}

const keysOf = (domain: string): readonly string[] => (domain === "docker.io" ? HUB_NAMES : [domain]);

function helperFor(config: JsonObject | undefined, keys: readonly string[]): string | undefined {
  const helpers = asObject(member(config, "credHelpers"));
  const own = keys.find((key) => member(helpers, key) !== undefined);
  // An empty helper for one registry means: not the general store, but this file.
  return asText(own === undefined ? member(config, "credsStore") : member(helpers, own));
}

/** The exact key, else one that names the host in a URL, as older versions of Docker wrote it. */
function fromAuths(auths: JsonObject | undefined, keys: readonly string[]): Credentials | undefined {
  if (!auths) return undefined;
  const exact = keys.find((key) => Object.hasOwn(auths, key));
  const key = exact ?? Object.keys(auths).find((candidate) => keys.includes(hostOf(candidate)));
  return key === undefined ? undefined : fromEntry(asObject(auths[key]));
}

const hostOf = (key: string): string => key.replace(/^https?:\/\//, "").split("/")[0] ?? "";

/** `docker login` with a token writes `auth` with an empty password besides the identity token, which therefore comes first. */
function fromEntry(entry: JsonObject | undefined): Credentials | undefined {
  const token = asText(member(entry, "identitytoken"));
  if (token !== undefined) return { kind: "identity-token", token };
  const auth = asText(member(entry, "auth"));
  const decoded = Buffer.from(auth ?? "", "base64").toString("utf8");
  const colon = decoded.indexOf(":");
  const username = colon > 0 ? decoded.slice(0, colon) : asText(member(entry, "username"));
  const password = colon > 0 ? decoded.slice(colon + 1).replace(/\0+$/, "") : asText(member(entry, "password"));
  return username && password ? { kind: "password", username, password } : undefined;
}

/** https://github.com/docker/docker-credential-helpers: the key on stdin, JSON on stdout, exit 1 when there is nothing. */
async function askHelper(
  name: string,
  key: string,
  { env, log }: CredentialSource,
  signal: AbortSignal,
): Promise<Credentials | undefined> {
  if (!HELPER_NAME.test(name)) {
    log("the credential helper named in Docker's configuration is not run: its name is no plain program name");
    return undefined;
  }
  const program = `docker-credential-${name}`;
  try {
    const limits = { timeoutMs: HELPER_MS, maxBytes: HELPER_BYTES, input: key };
    const { code, stdout } = await run(program, ["get"], { ...limits, env, signal });
    if (code !== 0) {
      // What it printed is not logged: it may be part of a secret.
      if (!stdout.includes("credentials not found"))
        log(`${program} ended with ${code ?? "a signal"}; going on without it`);
      return undefined;
    }
    const answer = parseObject(stdout);
    const username = asText(member(answer, "Username"));
    const secret = asText(member(answer, "Secret"));
    if (username === undefined || secret === undefined) return undefined;
    return username === "<token>"
      ? { kind: "identity-token", token: secret }
      : { kind: "password", username, password: secret };
  } catch (error) {
    signal.throwIfAborted();
    log(`${error instanceof Error ? error.message : program}; going on without it`);
    return undefined;
  }
}

/** containers-auth.json(5): keys are a registry or a path within one; the longest that fits is meant. */
async function podmanCredentials(
  domain: string,
  path: string,
  source: CredentialSource,
  signal: AbortSignal,
): Promise<Credentials | undefined> {
  const { env, home } = source;
  const files = [
    env["REGISTRY_AUTH_FILE"],
    ...(process.platform === "linux" ? [join(runtimeFolder(env), "containers", "auth.json")] : []),
    join(env["XDG_CONFIG_HOME"] || join(home, ".config"), "containers", "auth.json"),
  ];
  const elements = [domain, ...path.split("/")];
  const keys = elements.map((_, index) => elements.slice(0, elements.length - index).join("/"));
  for (const file of files) {
    const config = file ? await readConfig(file, source) : undefined;
    const helper = asText(member(asObject(member(config, "credHelpers")), domain));
    const helped = helper === undefined ? undefined : await askHelper(helper, domain, source, signal);
    if (helped) return helped;
    const auths = asObject(member(config, "auths"));
    const key = keys.find((candidate) => auths && Object.hasOwn(auths, candidate));
    const found = key === undefined ? undefined : fromEntry(asObject(auths?.[key]));
    if (found) return found;
  }
  return undefined;
}

/** Where Podman on Linux keeps what is gone after a restart; elsewhere it keeps logins with its configuration. */
const runtimeFolder = (env: NodeJS.ProcessEnv): string =>
  env["XDG_RUNTIME_DIR"] || join("/run/containers", String(process.getuid?.() ?? 0));

async function readConfig(file: string, { log }: CredentialSource): Promise<JsonObject | undefined> {
  let text: string;
  try {
    if ((await stat(file)).size > MAX_CONFIG_BYTES) throw new Error("it is too large");
    text = await readFile(file, "utf8");
  } catch (error) {
    const missing = error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
    if (!missing)
      log(`${file} could not be read (${error instanceof Error ? error.message : error}); going on without it`);
    return undefined;
  }
  const config = parseObject(text);
  if (!config) log(`${file} is not JSON; repair it, or log in again`);
  return config;
}
