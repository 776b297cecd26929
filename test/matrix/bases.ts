/** The images of bases/Dockerfile under their official names, in a registry's folder; made once and kept in the cache. */
import { createHash } from "node:crypto";
import {
  chmod,
  copyFile,
  cp,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mustRun, which } from "../../scripts/process.ts";
import { cached } from "../../scripts/setup/cache.ts";
import { Unavailable } from "../../scripts/setup/debian.ts";
import { BRIDGE, type RunningDocker, startDocker } from "../../scripts/setup/docker.ts";
import { startDockerRegistry } from "../../scripts/setup/docker-registry.ts";

/** Target → repositories with tags, as a registry has them. Host names play no part: one registry stands for all. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  "debian-trixie": ["library/debian:trixie", "library/debian:13", "library/debian:latest"],
  "debian-trixie-slim": ["library/debian:trixie-slim", "library/debian:13-slim"],
  "debian-bookworm": ["library/debian:bookworm", "library/debian:12"],
  "debian-bookworm-slim": ["library/debian:bookworm-slim", "library/debian:12-slim"],
  "buildpack-deps": ["library/buildpack-deps:trixie"],
  node: ["library/node:24", "library/node:24-trixie", "library/node:lts"],
  "node-slim": ["library/node:24-slim", "library/node:24-trixie-slim", "library/node:lts-slim"],
  python: ["library/python:3.13", "library/python:3.13-trixie", "library/python:3"],
  "python-slim": ["library/python:3.13-slim", "library/python:3.13-slim-trixie", "library/python:3-slim"],
  golang: ["library/golang:1.24", "library/golang:1.24-trixie"],
  rust: ["library/rust:1", "library/rust:1-trixie", "library/rust:1.85-trixie"],
  "temurin-jdk": ["library/eclipse-temurin:21", "library/eclipse-temurin:21-jdk"],
  "temurin-jre": ["library/eclipse-temurin:21-jre"],
  ruby: ["library/ruby:3.3", "library/ruby:3.3-trixie", "library/ruby:3"],
  "ruby-slim": ["library/ruby:3.3-slim", "library/ruby:3.3-slim-trixie", "library/ruby:3-slim"],
  elixir: ["library/elixir:1.18"],
  "elixir-slim": ["library/elixir:1.18-slim"],
  gcc: ["library/gcc:14", "library/gcc:14-trixie"],
  "nginx-unprivileged": [
    "nginxinc/nginx-unprivileged:stable",
    "nginxinc/nginx-unprivileged:stable-alpine",
    "nginxinc/nginx-unprivileged:latest",
    "nginxinc/nginx-unprivileged:alpine",
  ],
  ...Object.fromEntries(
    ["static", "base", "cc"].flatMap((kind) =>
      ["12", "13"].flatMap((release) => [
        [`${kind}-debian${release}`, [`distroless/${kind}-debian${release}:latest`]],
        [`${kind}-debian${release}-nonroot`, [`distroless/${kind}-debian${release}:nonroot`]],
      ]),
    ),
  ),
};

const NPM = ["npm@11.21.2", "yarn@1.22.22"] as const;
const MINUTES = 60_000;

export interface Bases {
  /** A registry's folder. */
  readonly storage: string;
  /** What the indexes of languages are made of, a folder for each. */
  readonly packages: string;
}

/** What is needed of the network besides packages of Debian: `usr/local` of Node's image. */
export async function nodeFiles(): Promise<string> {
  return cached(`matrix-node-${process.version}-${NPM.join("-")}`, async (folder) => {
    const program = which("npm");
    if (program === undefined) throw new Unavailable("npm is not on PATH, and packages are fetched with it");
    await mkdir(join(folder, "bin"));
    await copyFile(process.execPath, join(folder, "bin/node"));
    await chmod(join(folder, "bin/node"), 0o755);
    const modules = join(folder, "lib/node_modules");
    await mkdir(modules, { recursive: true });
    for (const spec of NPM) {
      await mustRun(program, ["pack", spec, "--loglevel=error"], { cwd: folder, timeoutMs: 2 * MINUTES });
      const name = spec.split("@")[0] ?? "";
      const file = (await readdir(folder)).find((each) => each.endsWith(".tgz")) ?? "";
      await mustRun("tar", ["-xzf", file], { cwd: folder });
      await rm(join(folder, file));
      const unpacked = (await readdir(folder)).find((each) => !["bin", "lib"].includes(each)) ?? "";
      await rename(join(folder, unpacked), join(modules, name));
    }
    for (const [name, to] of [
      ["npm", "npm/bin/npm-cli.js"],
      ["npx", "npm/bin/npx-cli.js"],
      ["yarn", "yarn/bin/yarn.js"],
      ["yarnpkg", "yarn/bin/yarn.js"],
    ] as const)
      await symlink(`../lib/node_modules/${to}`, join(folder, "bin", name));
    await mkdir(join(folder, "etc"));
    await writeFile(join(folder, "etc/npmrc"), "registry=http://registry.npmjs.org/\n");
  });
}

/** The name carries everything the images are made of, but the versions Debian has on that day. */
export async function baseImages(
  proxy: { readonly port: number },
  from: { readonly rootfs: string; readonly node: string },
): Promise<Bases> {
  const sources = join(import.meta.dirname, "bases");
  const hash = createHash("sha256").update(process.version).update(JSON.stringify(NAMES));
  for (const name of (await readdir(sources)).toSorted()) hash.update(await readFile(join(sources, name)));
  const folder = await cached(`matrix-bases-${hash.digest("hex").slice(0, 12)}`, async (target) => {
    console.error("Making the base images, once…");
    const root = await mkdtemp(join(tmpdir(), "dockwright-bases-"));
    try {
      const context = join(root, "context");
      await cp(sources, context, { recursive: true });
      for (const name of await readdir(from.rootfs)) await linkOrCopy(join(from.rootfs, name), join(context, name));
      await using registry = await startDockerRegistry({
        folder: join(root, "registry"),
        storage: join(target, "storage"),
      });
      await using docker = await startDocker({ bridge: true });
      await bake(docker, registry.host, context, {
        node: from.node,
        packages: join(target, "packages"),
        args: proxyArgs(proxy.port),
      });
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  });
  return { storage: join(folder, "storage"), packages: join(folder, "packages") };
}

/** What builds are told of the relay; BuildKit knows this name, and no layer depends on it. */
export const proxyArgs = (port: number): Readonly<Record<string, string>> => ({
  http_proxy: `http://${BRIDGE}:${port}`,
});

const linkOrCopy = (from: string, to: string): Promise<void> => link(from, to).catch(() => copyFile(from, to));

async function bake(
  docker: RunningDocker,
  host: string,
  context: string,
  out: { readonly node: string; readonly packages: string; readonly args: Readonly<Record<string, string>> },
): Promise<void> {
  const common = { context, contexts: { "node-files": out.node }, args: out.args };
  const images = Object.entries(NAMES).map(([target, names]) => [
    target,
    {
      ...common,
      target,
      tags: names.map((name) => `${host}/${name}`),
      output: ["type=image,push=true,oci-mediatypes=true,compression=uncompressed,force-compression=true"],
    },
  ]);
  const packages = { ...common, target: "packages", output: [`type=local,dest=${out.packages}`] };
  const file = join(context, "docker-bake.json");
  const target = Object.fromEntries([...images, ["packages", packages]]) as Readonly<Record<string, object>>;
  await writeFile(file, JSON.stringify({ group: { default: { targets: Object.keys(target) } }, target }));
  const { code, stderr } = await docker.docker(
    ["buildx", "bake", "--file", file, "--allow=fs=*", "--provenance=false", "--progress=plain"],
    {
      cwd: context,
      timeoutMs: 40 * MINUTES,
      ...(process.env["MATRIX_SHOW"] && { onOutput: (text) => process.stderr.write(text) }),
    },
  );
  if (code !== 0) throw new Error(`the base images could not be made\n${stderr.slice(-6_000)}`);
}
