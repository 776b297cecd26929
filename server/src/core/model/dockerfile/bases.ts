/**
 * What is known of the base images people use: their distribution, user and tools. Facts of the images' own Dockerfiles
 * (docker-library/*, distroless, dotnet, chainguard), for what a rule has to decide without pulling anything.
 */
import { parseImageRef } from "../image-ref.ts";

/** Decides the command that makes a user and the shell there is. */
export type Family = "debian" | "alpine" | "redhat" | "minimal-rpm" | "suse" | "distroless" | "windows";

/** A program that can ask an HTTP server how it is. */
export type Prober = "node" | "bun" | "python" | "ruby" | "php" | "curl" | "wget" | "bash";

export interface Account {
  readonly name: string;
  readonly uid: number;
}

export interface KnownBase {
  /** Name people know it by, for messages: `node`, `gcr.io/distroless/static`. */
  readonly name: string;
  readonly family: Family;
  /** Who the image's process is unless the file says otherwise. */
  readonly user: "root" | "other";
  /** A user of the image that an application may run as. */
  readonly account?: Account;
  /** The image starts as root on purpose and its entrypoint gives that up: why a USER is not the answer. */
  readonly rootOnPurpose?: string;
  /** What rootOnPurpose rests on is the image's ENTRYPOINT: it holds for CMDs that run the image's own server. */
  readonly dropsRoot: boolean;
  readonly hasBash: boolean;
  readonly hasShell: boolean;
  /** Best first. */
  readonly probers: readonly Prober[];
  /** The port the image's server has without configuration. */
  readonly port?: number;
}

interface Row {
  readonly family: Family;
  readonly user?: "other";
  readonly account?: Account;
  readonly rootOnPurpose?: string;
  /** Of the language itself, in every variant of the image. */
  readonly runtime?: readonly Prober[];
  /** In the full Debian variant; `slim` and alpine do not have them. */
  readonly full?: readonly Prober[];
  /** In every glibc variant. */
  readonly always?: readonly Prober[];
  readonly port?: number;
}

const DROPS = "its entrypoint prepares the data folder as root and then gives root up by itself";
const APACHE = "Apache's parent process opens port 80 as root and its workers run as www-data";
const account = (name: string, uid: number): Account => ({ name, uid });
const curlAndWget: readonly Prober[] = ["curl", "wget"];

/** By repository, `docker.io/library/` left out. */
const ROWS: Readonly<Record<string, Row>> = {
  alpine: { family: "alpine" },
  busybox: { family: "alpine" },
  debian: { family: "debian" },
  ubuntu: { family: "debian" },
  "buildpack-deps": { family: "debian", full: curlAndWget },
  node: { family: "debian", account: account("node", 1000), runtime: ["node"], full: curlAndWget },
  "oven/bun": { family: "debian", account: account("bun", 1000), runtime: ["bun"] },
  "denoland/deno": { family: "debian", account: account("deno", 1993) },
  python: { family: "debian", runtime: ["python"], full: curlAndWget },
  pypy: { family: "debian", full: curlAndWget },
  ruby: { family: "debian", runtime: ["ruby"], full: curlAndWget },
  php: { family: "debian", account: account("www-data", 33), runtime: ["php"], always: ["curl"] },
  golang: { family: "debian", full: curlAndWget, always: curlAndWget },
  rust: { family: "debian", full: curlAndWget },
  gcc: { family: "debian", full: curlAndWget },
  perl: { family: "debian", full: curlAndWget },
  elixir: { family: "debian", full: curlAndWget },
  erlang: { family: "debian", full: curlAndWget },
  haskell: { family: "debian", always: ["curl"] },
  swift: { family: "debian" },
  openjdk: { family: "debian" },
  "eclipse-temurin": { family: "debian", always: curlAndWget },
  maven: { family: "debian", always: ["curl"] },
  gradle: { family: "debian", account: account("gradle", 1000), always: curlAndWget },
  tomcat: { family: "debian", always: ["curl"], port: 8080 },
  jetty: { family: "debian", user: "other", account: account("jetty", 999), always: curlAndWget, port: 8080 },
  amazoncorretto: { family: "minimal-rpm", always: ["curl"] },
  nginx: {
    family: "debian",
    always: ["curl"],
    port: 80,
    rootOnPurpose:
      "its master process opens port 80 and its log files as root: build on nginxinc/nginx-unprivileged instead",
  },
  "nginxinc/nginx-unprivileged": {
    family: "debian",
    user: "other",
    account: account("nginx", 101),
    always: ["curl"],
    port: 8080,
  },
  httpd: {
    family: "debian",
    port: 80,
    rootOnPurpose: "its parent process opens port 80 as root and its workers run as www-data",
  },
  caddy: { family: "alpine", port: 80 },
  haproxy: { family: "debian", user: "other", account: account("haproxy", 99) },
  traefik: { family: "alpine" },
  postgres: { family: "debian", rootOnPurpose: DROPS },
  redis: { family: "debian", rootOnPurpose: DROPS },
  valkey: { family: "debian", rootOnPurpose: DROPS },
  "valkey/valkey": { family: "debian", rootOnPurpose: DROPS },
  mysql: { family: "minimal-rpm", rootOnPurpose: DROPS },
  mariadb: { family: "debian", rootOnPurpose: DROPS },
  mongo: { family: "debian", rootOnPurpose: DROPS },
  rabbitmq: { family: "debian", rootOnPurpose: DROPS },
  cassandra: { family: "debian", rootOnPurpose: DROPS },
  ghost: { family: "debian", rootOnPurpose: DROPS, runtime: ["node"] },
  wordpress: { family: "debian", rootOnPurpose: APACHE },
  drupal: { family: "debian", rootOnPurpose: APACHE },
  memcached: { family: "debian", user: "other", account: account("memcache", 11211) },
  elasticsearch: { family: "debian", user: "other", account: account("elasticsearch", 1000) },
  "jenkins/jenkins": { family: "debian", user: "other", account: account("jenkins", 1000), port: 8080 },
  "grafana/grafana": { family: "alpine", user: "other", account: account("grafana", 472), port: 3000 },
  "prom/prometheus": { family: "alpine", user: "other", account: account("nobody", 65534), port: 9090 },
  "phusion/baseimage": { family: "debian", rootOnPurpose: "its init starts services as root" },
  fedora: { family: "redhat", always: ["curl"] },
  centos: { family: "redhat", always: ["curl"] },
  rockylinux: { family: "redhat", always: ["curl"] },
  "rockylinux/rockylinux": { family: "redhat", always: ["curl"] },
  almalinux: { family: "redhat", always: ["curl"] },
  oraclelinux: { family: "redhat", always: ["curl"] },
  amazonlinux: { family: "minimal-rpm", always: ["curl"] },
  "opensuse/leap": { family: "suse", always: ["curl"] },
  "opensuse/tumbleweed": { family: "suse", always: ["curl"] },
  "redhat/ubi8": { family: "redhat", always: ["curl"] },
  "redhat/ubi9": { family: "redhat", always: ["curl"] },
  "redhat/ubi10": { family: "redhat", always: ["curl"] },
  "redhat/ubi8-minimal": { family: "minimal-rpm", always: ["curl"] },
  "redhat/ubi9-minimal": { family: "minimal-rpm", always: ["curl"] },
  "redhat/ubi10-minimal": { family: "minimal-rpm", always: ["curl"] },
  ros: { family: "debian" },
  "r-base": { family: "debian" },
  "rocker/r-ver": { family: "debian" },
  sonarqube: { family: "debian", user: "other", account: account("sonarqube", 1000), port: 9000 },
  "continuumio/miniconda3": { family: "debian", runtime: ["python"] },
  "tiangolo/uvicorn-gunicorn-fastapi": { family: "debian", runtime: ["python"], port: 80 },
  "nvidia/cuda": { family: "debian" },
  composer: { family: "alpine", runtime: ["php"] },
};

/** By registry and the beginning of the path, where one row holds for a family of repositories. */
const PREFIXES: readonly (readonly [prefix: string, row: Row])[] = [
  ["gcr.io/distroless/python3", { family: "distroless", runtime: ["python"] }],
  ["gcr.io/distroless/nodejs", { family: "distroless", runtime: ["node"] }],
  ["gcr.io/distroless/", { family: "distroless" }],
  ["cgr.dev/chainguard/", { family: "distroless", user: "other" }],
  ["mcr.microsoft.com/dotnet/framework/", { family: "windows" }],
  ["mcr.microsoft.com/dotnet/", { family: "debian", account: account("app", 1654) }],
  ["mcr.microsoft.com/devcontainers/", { family: "debian", full: curlAndWget }],
  ["mcr.microsoft.com/playwright", { family: "debian", account: account("pwuser", 1001), runtime: ["node"] }],
  ["mcr.microsoft.com/azurelinux/", { family: "minimal-rpm", always: ["curl"] }],
  ["mcr.microsoft.com/cbl-mariner/", { family: "minimal-rpm", always: ["curl"] }],
  ["mcr.microsoft.com/windows", { family: "windows" }],
  ["ghcr.io/oracle/oraclelinux", { family: "redhat", always: ["curl"] }],
  ["container-registry.oracle.com/os/oraclelinux", { family: "redhat", always: ["curl"] }],
  ["registry.fedoraproject.org/fedora-minimal", { family: "minimal-rpm", always: ["curl"] }],
  ["registry.fedoraproject.org/fedora", { family: "redhat", always: ["curl"] }],
  ["registry.access.redhat.com/ubi", { family: "redhat", always: ["curl"] }],
  ["registry.redhat.io/ubi", { family: "redhat", always: ["curl"] }],
  ["ghcr.io/astral-sh/uv", { family: "debian", runtime: ["python"] }],
];

/** Red Hat's images for applications, unlike plain UBI, run as a user that exists as a number only. */
const UBI_APPLICATION = /^registry\.(?:access\.redhat\.com|redhat\.io)\/ubi\d+\/(?!ubi)([a-z]+)/;

function ubiApplication(full: string): Row | undefined {
  const kind = UBI_APPLICATION.exec(full)?.[1];
  if (kind === undefined) return undefined;
  return { family: "redhat", user: "other", account: kind === "openjdk" ? account("185", 185) : account("1001", 1001) };
}

/** Copies of Docker Hub's official images, and of single vendors, under other registries. */
const MIRRORS =
  /^(?:docker\.io\/library\/|docker\.io\/|mirror\.gcr\.io\/library\/|mirror\.gcr\.io\/|public\.ecr\.aws\/docker\/library\/|quay\.io\/(?=centos\/centos|rockylinux\/))/;
/** Official images for one architecture live under `amd64/`, `arm64v8/` and the like. */
const ARCHITECTURE = /^(?:amd64|arm32v[567]|arm64v8|i386|ppc64le|s390x|riscv64|mips64le)\//;

const cache = new Map<string, KnownBase | undefined>();
const MAX_CACHED = 500;

/** What is known of an image; undefined when nothing is. */
export function knownBase(reference: string): KnownBase | undefined {
  if (cache.has(reference)) return cache.get(reference);
  if (cache.size >= MAX_CACHED) cache.clear();
  const base = look(reference);
  cache.set(reference, base);
  return base;
}

function look(reference: string): KnownBase | undefined {
  const parsed = parseImageRef(reference);
  if (!parsed.ok) return undefined;
  const { domain, path, tag = "latest" } = parsed.ref;
  const full = `${domain}/${path}`;
  const name = full.replace(MIRRORS, "").replace(ARCHITECTURE, "");
  const row = Object.hasOwn(ROWS, name)
    ? ROWS[name]
    : (ubiApplication(full) ?? PREFIXES.find(([prefix]) => full.startsWith(prefix))?.[1]);
  return row && described(name, tag, row);
}

/** The distribution that an image's own name or tag tells, for images nothing else is known of. */
export function familyByName(reference: string): Family | undefined {
  const lower = reference.toLowerCase();
  return NAMED_FAMILIES.find(([pattern]) => pattern.test(lower))?.[1];
}

const NAMED_FAMILIES: readonly (readonly [RegExp, Family])[] = [
  [/windowsservercore|nanoserver|windows\/|-windows|dotnet\/framework|ltsc20\d\d/, "windows"],
  [/alpine/, "alpine"],
  [/distroless|chiseled/, "distroless"],
  [/debian|ubuntu|\b(bookworm|bullseye|buster|trixie|stretch|focal|jammy|noble|bionic)\b/, "debian"],
  [/ubi-?(minimal|micro)|fedora-minimal/, "minimal-rpm"],
  [/\bubi\d*\b|centos|fedora|rocky|almalinux|oraclelinux/, "redhat"],
];

function described(name: string, tag: string, row: Row): KnownBase {
  const family = familyOf(name, tag, row);
  const shellLess = family === "distroless" && !/(^|-)(debug|dev)/.test(tag);
  const slim = /(^|-)slim\b/.test(tag) || /slim/.test(tag);
  const glibc = family !== "alpine" && family !== "distroless" && family !== "windows";
  const chiseled = /chiseled|distroless/.test(tag);
  const probers: Prober[] = [
    ...(row.runtime ?? []),
    ...(glibc && !chiseled ? (row.always ?? []) : []),
    ...(glibc && !chiseled && !slim ? (row.full ?? []) : []),
    ...(family === "alpine" ? (["wget"] as const) : []),
    ...(glibc && !chiseled ? (["bash"] as const) : []),
  ];
  const other = row.user === "other" || chiseled || (family === "distroless" && /(^|-)nonroot/.test(tag));
  const existing = accountIn(name, tag, family, row);
  const rootOnPurpose = name === "php" && tag.includes("apache") ? APACHE : row.rootOnPurpose;
  return {
    name,
    family: chiseled ? "distroless" : family,
    user: other ? "other" : "root",
    ...(existing && { account: existing }),
    ...(rootOnPurpose !== undefined && { rootOnPurpose }),
    dropsRoot: rootOnPurpose === DROPS,
    hasBash: glibc && !chiseled,
    hasShell: !shellLess && !chiseled,
    probers: [...new Set(probers)],
    ...(row.port !== undefined && { port: row.port }),
  };
}

/** The tag often says another distribution than the plain image has. */
function familyOf(name: string, tag: string, row: Row): Family {
  if (/windowsservercore|nanoserver|windows/.test(tag)) return "windows";
  if (/alpine/.test(tag)) return "alpine";
  if (/ubi\d*-?(minimal|micro)/.test(`${tag} ${name}`) || /\/ubi-(minimal|micro)/.test(name)) return "minimal-rpm";
  if (/(^|-)ubi\d*|oraclelinux|(^|-)oracle\b|centos|fedora|rocky/.test(tag))
    return row.family === "alpine" ? row.family : "redhat";
  if (/amazonlinux|(^|-)al20/.test(tag)) return "minimal-rpm";
  if (name === "nvidia/cuda" && !/ubuntu/.test(tag)) return "redhat";
  // Plain openjdk tags from 12 on are Oracle Linux; those with a Debian suite or slim name say so.
  if (name === "openjdk" && /^(1[2-9]|2\d)/.test(tag) && !/bookworm|bullseye|buster|slim/.test(tag))
    return "minimal-rpm";
  return row.family;
}

function accountIn(name: string, tag: string, family: Family, row: Row): Account | undefined {
  if (family === "distroless") return { name: "nonroot", uid: 65532 };
  if (name === "php" && family === "alpine") return { name: "www-data", uid: 82 };
  // The `app` user came with .NET 8.
  if (name.startsWith("mcr.microsoft.com/dotnet/") && /^[1-7]\./.test(tag)) return undefined;
  return row.account;
}
