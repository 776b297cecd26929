/**
 * What builds download from, so that they need no network but the machine's own package mirrors, and those once: an HTTP proxy that
 * answers for Debian's mirror, npm's registry, Python's and Ruby's index out of the cache. Builds have it as `http_proxy`.
 */
import { createHash } from "node:crypto";
import { existsSync, globSync } from "node:fs";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { basename, dirname, join } from "node:path";
import { mustRun, which } from "../../scripts/process.ts";
import { cacheDir } from "../../scripts/setup/cache.ts";
import { debianMirror, Unavailable } from "../../scripts/setup/debian.ts";

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Uint8Array | string;
}

type Site = (path: string) => Promise<Answer>;

const NOT_FOUND: Answer = { status: 404, type: "text/plain", body: "not here\n" };
const text = (body: string, type = "text/html"): Answer => ({ status: 200, type, body });
const bytes = (body: Uint8Array): Answer => ({ status: 200, type: "application/octet-stream", body });

/** Listens on a socket file: a network namespace does not hide it. `packages` is a folder with one for each language. */
export async function startMirror(socket: string, packages: string): Promise<AsyncDisposable> {
  const gems: Site = (path) => ruby(join(packages, "ruby"), path);
  const sites: Readonly<Record<string, Site>> = {
    "deb.debian.org": debian,
    "registry.npmjs.org": npm(await lockedPackages()),
    "pypi.org": (path) => python(join(packages, "python"), path),
    "rubygems.org": gems,
    "index.rubygems.org": gems,
  };
  const server = createServer((request, response) => void answer(sites, request, response));
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(socket, resolve));
  return { [Symbol.asyncDispose]: () => closed(server) };
}

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

async function answer(
  sites: Readonly<Record<string, Site>>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const url = new URL(request.url ?? "/", "http://nowhere.invalid");
    const site = sites[url.hostname];
    const readable = request.method === "GET" || request.method === "HEAD";
    const { status, type, body } = site && readable ? await site(decodeURIComponent(url.pathname)) : NOT_FOUND;
    response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body) });
    response.end(request.method === "HEAD" ? undefined : body);
  } catch (error) {
    response.writeHead(502, { "content-type": "text/plain" }).end(`${String(error)}\n`);
  }
}

/** Packages and what goes by its digest never change; for the rest the copy is for when the mirror does not answer. */
async function debian(path: string): Promise<Answer> {
  if (path.includes("..")) return NOT_FOUND;
  const file = join(cacheDir(), "matrix-debian", path);
  const fixed = /\/pool\/|\/by-hash\//.test(path);
  if (fixed && existsSync(file)) return bytes(await readFile(file));
  try {
    const upstream = await fetch(`${debianMirror()}${path.replace(/^\/debian/, "")}`, {
      signal: AbortSignal.timeout(120_000),
    });
    if (!upstream.ok) return { ...NOT_FOUND, status: upstream.status };
    const body = new Uint8Array(await upstream.arrayBuffer());
    await keep(file, body);
    return bytes(body);
  } catch (error) {
    if (existsSync(file)) return bytes(await readFile(file));
    throw error;
  }
}

async function keep(file: string, body: Uint8Array): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const partial = `${file}.${crypto.randomUUID()}`;
  await writeFile(partial, body);
  await rename(partial, file);
}

/** Versions by package, out of the lock files of the projects and the examples. */
type Locked = ReadonlyMap<string, ReadonlySet<string>>;

interface LockFile {
  readonly packages: Readonly<
    Record<string, { readonly version?: string; readonly os?: readonly string[]; readonly cpu?: readonly string[] }>
  >;
}

async function lockedPackages(): Promise<Locked> {
  const locked = new Map<string, Set<string>>();
  const folders = ["../projects", "../../examples"];
  for (const file of folders.flatMap((folder) => globSync(join(import.meta.dirname, folder, "*/package-lock.json")))) {
    const { packages } = JSON.parse(await readFile(file, "utf8")) as LockFile;
    for (const [path, { version, os, cpu }] of Object.entries(packages)) {
      const name = path.split("node_modules/").at(-1) ?? "";
      const here = (os?.includes(process.platform) ?? true) && (cpu?.includes(process.arch) ?? true);
      if (name === "" || version === undefined || !here) continue;
      locked.set(name, (locked.get(name) ?? new Set()).add(version));
    }
  }
  return locked;
}

/** Tarballs that npm itself fetches, once; what npm asks about a package is said from what is in them. */
function npm(locked: Locked): Site {
  const fetched = new Map<string, Promise<string>>();
  const tarball = (name: string, version: string): Promise<string> => {
    const id = `${name}@${version}`;
    const known = fetched.get(id) ?? fetchTarball(name, version);
    fetched.set(id, known);
    return known;
  };
  return async (path) => {
    const [name = "", file] = path.slice(1).split("/-/");
    const versions = locked.get(name);
    if (!versions) return NOT_FOUND;
    if (file !== undefined) {
      const version = [...versions].find((each) => file === `${basename(name)}-${each}.tgz`);
      return version === undefined ? NOT_FOUND : bytes(await readFile(await tarball(name, version)));
    }
    const about = await Promise.all(
      [...versions].map(async (each) => [each, await manifest(await tarball(name, each))]),
    );
    const [latest] = [...versions].toSorted().toReversed();
    return text(
      JSON.stringify({ name, "dist-tags": { latest }, versions: Object.fromEntries(about) as unknown }),
      "application/json",
    );
  };
}

async function fetchTarball(name: string, version: string): Promise<string> {
  const folder = join(cacheDir(), "matrix-npm");
  const file = `${name.replace("@", "").replace("/", "-")}-${version}.tgz`;
  if (existsSync(join(folder, file))) return join(folder, file);
  const program = which("npm");
  if (program === undefined) throw new Unavailable("npm is not on PATH, and packages are fetched with it");
  const own = join(folder, crypto.randomUUID());
  await mkdir(own, { recursive: true });
  await mustRun(program, ["pack", `${name}@${version}`, "--pack-destination", own, "--loglevel=error"], {
    cwd: own,
    timeoutMs: 120_000,
  });
  const [packed = ""] = await readdir(own);
  await rename(join(own, packed), join(folder, file));
  return join(folder, file);
}

async function manifest(file: string): Promise<object> {
  const body = await readFile(file);
  const listed = (await mustRun("tar", ["-tzf", file])).stdout.split("\n");
  const member = listed.find((path) => /^[^/]+\/package\.json$/.test(path)) ?? "package/package.json";
  const { stdout } = await mustRun("tar", ["-xzOf", file, member]);
  const own = JSON.parse(stdout) as { readonly name: string; readonly version: string };
  const integrity = `sha512-${createHash("sha512").update(body).digest("base64")}`;
  const address = `http://registry.npmjs.org/${own.name}/-/${basename(own.name)}-${own.version}.tgz`;
  return { ...own, dist: { tarball: address, integrity, shasum: createHash("sha1").update(body).digest("hex") } };
}

/** The simple index of PEP 503. */
async function python(folder: string, path: string): Promise<Answer> {
  const normal = (name: string): string => name.toLowerCase().replaceAll(/[-_.]+/g, "-");
  const file = /^\/files\/([^/]+)$/.exec(path)?.[1];
  if (file !== undefined) {
    const known = (await readdir(folder)).includes(file);
    return known ? bytes(await readFile(join(folder, file))) : NOT_FOUND;
  }
  const name = /^\/simple\/([^/]+)\/$/.exec(path)?.[1];
  if (name === undefined) return NOT_FOUND;
  const files = (await readdir(folder)).filter((each) => normal(each.replace(/-\d.*$/, "")) === normal(name));
  if (files.length === 0) return NOT_FOUND;
  const links = files.map(async (each) => {
    const hash = createHash("sha256")
      .update(await readFile(join(folder, each)))
      .digest("hex");
    return `<a href="/files/${each}#sha256=${hash}">${each}</a><br>`;
  });
  return text(`<!DOCTYPE html><html><body>\n${(await Promise.all(links)).join("\n")}\n</body></html>\n`);
}

/** Bundler's compact index, which lies there as files. */
async function ruby(folder: string, path: string): Promise<Answer> {
  if (!/^\/(?:versions|(?:info|gems)\/[\w.-]+)$/.test(path)) return NOT_FOUND;
  const file = join(folder, path);
  return existsSync(file) ? bytes(await readFile(file)) : NOT_FOUND;
}
