/**
 * What an image made from a known base image has without saying so: variables, folder, volumes, ENTRYPOINT and CMD. Facts of the
 * images' own Dockerfiles (docker-library/*, distroless, oven-sh/bun, denoland/deno_docker), as of their current tags.
 */
import { parseImageRef } from "../../image-ref.ts";
import { knownBase } from "../bases.ts";

export interface Inherited {
  /** Undefined: nothing is known of the image. Empty: it has none. */
  readonly entrypoint: readonly string[] | undefined;
  readonly cmd: readonly string[] | undefined;
  /** The working folder it leaves; undefined when not known. */
  readonly folder: string | undefined;
  readonly volumes: readonly string[];
  /** Those that say where tools put things. */
  readonly variables: Readonly<Record<string, string>>;
  /** Folders of PATH, first first. */
  readonly path: readonly string[];
}

interface Row {
  readonly entrypoint?: string;
  readonly cmd?: string;
  readonly folder?: string;
  readonly volumes?: string;
  readonly variables?: Readonly<Record<string, string>>;
  /** In front of the usual ones. */
  readonly path?: string;
}

const USUAL_PATH = "/usr/local/sbin /usr/local/bin /usr/sbin /usr/bin /sbin /bin".split(" ");

const DOCKER_ENTRYPOINT = "docker-entrypoint.sh";
const JDK: Row = { entrypoint: "/__cacert_entrypoint.sh", cmd: "jshell", path: "/opt/java/openjdk/bin" };

/** By the name bases.ts knows the image by. Words are separated by blanks. */
const ROWS: Readonly<Record<string, Row>> = {
  alpine: { cmd: "/bin/sh" },
  busybox: { cmd: "sh" },
  debian: { cmd: "bash" },
  ubuntu: { cmd: "/bin/bash" },
  "buildpack-deps": { cmd: "bash" },
  fedora: { cmd: "/bin/bash" },
  rockylinux: { cmd: "/bin/bash" },
  almalinux: { cmd: "/bin/bash" },
  amazonlinux: { cmd: "/bin/bash" },
  node: { entrypoint: DOCKER_ENTRYPOINT, cmd: "node" },
  "oven/bun": { entrypoint: "/usr/local/bin/docker-entrypoint.sh", cmd: "/usr/local/bin/bun", folder: "/home/bun/app" },
  python: { cmd: "python3" },
  pypy: { cmd: "pypy3" },
  ruby: {
    cmd: "irb",
    variables: { GEM_HOME: "/usr/local/bundle", BUNDLE_APP_CONFIG: "/usr/local/bundle" },
    path: "/usr/local/bundle/bin",
  },
  golang: { cmd: "bash", folder: "/go", variables: { GOPATH: "/go" }, path: "/go/bin /usr/local/go/bin" },
  rust: {
    cmd: "bash",
    variables: { CARGO_HOME: "/usr/local/cargo", RUSTUP_HOME: "/usr/local/rustup" },
    path: "/usr/local/cargo/bin",
  },
  gcc: { cmd: "bash" },
  haskell: { cmd: "ghci" },
  elixir: { cmd: "iex" },
  erlang: { cmd: "erl" },
  perl: { cmd: "perl -de0", folder: "/usr/src/app" },
  "eclipse-temurin": JDK,
  openjdk: { cmd: "jshell" },
  maven: {
    entrypoint: "/usr/local/bin/mvn-entrypoint.sh",
    cmd: "mvn",
    variables: { MAVEN_HOME: "/usr/share/maven", MAVEN_CONFIG: "/root/.m2" },
    path: "/opt/java/openjdk/bin",
  },
  gradle: {
    entrypoint: "/__cacert_entrypoint.sh",
    cmd: "gradle",
    folder: "/home/gradle",
    volumes: "/home/gradle/.gradle",
    variables: { GRADLE_HOME: "/opt/gradle", GRADLE_USER_HOME: "/home/gradle/.gradle" },
    path: "/opt/java/openjdk/bin",
  },
  tomcat: {
    cmd: "catalina.sh run",
    folder: "/usr/local/tomcat",
    variables: { CATALINA_HOME: "/usr/local/tomcat" },
    path: "/usr/local/tomcat/bin /opt/java/openjdk/bin",
  },
  php: { entrypoint: "docker-php-entrypoint", cmd: "php -a" },
  composer: {
    entrypoint: "/docker-entrypoint.sh",
    cmd: "composer",
    folder: "/app",
    variables: { COMPOSER_HOME: "/tmp" },
  },
  nginx: { entrypoint: "/docker-entrypoint.sh", cmd: "nginx -g daemon\u00A0off;" },
  "nginxinc/nginx-unprivileged": { entrypoint: "/docker-entrypoint.sh", cmd: "nginx -g daemon\u00A0off;" },
  httpd: { cmd: "httpd-foreground", folder: "/usr/local/apache2", path: "/usr/local/apache2/bin" },
  caddy: { cmd: "caddy run --config /etc/caddy/Caddyfile --adapter caddyfile", folder: "/srv" },
  postgres: { entrypoint: DOCKER_ENTRYPOINT, cmd: "postgres", volumes: "/var/lib/postgresql/data" },
  mysql: { entrypoint: DOCKER_ENTRYPOINT, cmd: "mysqld", volumes: "/var/lib/mysql" },
  mariadb: { entrypoint: DOCKER_ENTRYPOINT, cmd: "mariadbd", volumes: "/var/lib/mysql" },
  mongo: { entrypoint: DOCKER_ENTRYPOINT, cmd: "mongod", volumes: "/data/db /data/configdb" },
  redis: { entrypoint: DOCKER_ENTRYPOINT, cmd: "redis-server", folder: "/data", volumes: "/data" },
  valkey: { entrypoint: DOCKER_ENTRYPOINT, cmd: "valkey-server", folder: "/data", volumes: "/data" },
  cassandra: { entrypoint: DOCKER_ENTRYPOINT, cmd: "cassandra -f", volumes: "/var/lib/cassandra" },
  rabbitmq: { entrypoint: DOCKER_ENTRYPOINT, cmd: "rabbitmq-server", volumes: "/var/lib/rabbitmq" },
  wordpress: {
    entrypoint: DOCKER_ENTRYPOINT,
    cmd: "apache2-foreground",
    folder: "/var/www/html",
    volumes: "/var/www/html",
  },
  ghost: {
    entrypoint: DOCKER_ENTRYPOINT,
    cmd: "node current/index.js",
    folder: "/var/lib/ghost",
    volumes: "/var/lib/ghost/content",
  },
  "jenkins/jenkins": {
    entrypoint: "/usr/bin/tini -- /usr/local/bin/jenkins.sh",
    cmd: "",
    volumes: "/var/jenkins_home",
  },
};

/** By the beginning of the name. */
const PREFIXES: readonly (readonly [prefix: string, row: Row])[] = [
  ["gcr.io/distroless/java", { entrypoint: "/usr/bin/java -jar", cmd: "" }],
  ["gcr.io/distroless/nodejs", { entrypoint: "/nodejs/bin/node", cmd: "" }],
  ["gcr.io/distroless/python3", { entrypoint: "/usr/bin/python3", cmd: "" }],
  ["gcr.io/distroless/", { cmd: "" }],
  ["mcr.microsoft.com/dotnet/", { cmd: "bash" }],
];

const UNKNOWN: Inherited = {
  entrypoint: undefined,
  cmd: undefined,
  folder: undefined,
  volumes: [],
  variables: {},
  path: USUAL_PATH,
};

/** `scratch` hands on nothing. */
export const FROM_SCRATCH: Inherited = { ...UNKNOWN, entrypoint: [], cmd: [], folder: "/", path: USUAL_PATH };

/** What an image hands on to those built on it; nothing known of it is `undefined` in each of its fields. */
export function inheritedFrom(reference: string): Inherited {
  const base = knownBase(reference);
  if (!base || base.family === "windows") return UNKNOWN;
  const found = parseImageRef(reference);
  const tag = found.ok ? (found.ref.tag ?? "latest") : "latest";
  const full = found.ok ? `${found.ref.domain}/${found.ref.path}` : "";
  const row = Object.hasOwn(ROWS, base.name)
    ? ROWS[base.name]
    : PREFIXES.find(([prefix]) => full.startsWith(prefix))?.[1];
  return row ? read(base.name === "php" ? { ...row, ...phpRow(tag) } : row) : UNKNOWN;
}

/** Its variants start different servers. */
function phpRow(tag: string): Row {
  if (tag.includes("apache")) return { cmd: "apache2-foreground", folder: "/var/www/html" };
  if (tag.includes("fpm")) return { cmd: "php-fpm", folder: "/var/www/html" };
  return { folder: "/" };
}

/** A no-break space keeps two words one. */
const words = (text: string): readonly string[] =>
  text.split(" ").flatMap((word) => (word === "" ? [] : [word.replaceAll("\u00A0", " ")]));

const read = ({
  entrypoint = "",
  cmd = "",
  folder = "/",
  volumes = "",
  variables = {},
  path = "",
}: Row): Inherited => ({
  entrypoint: words(entrypoint),
  cmd: words(cmd),
  folder,
  volumes: words(volumes),
  variables,
  path: [...words(path), ...USUAL_PATH],
});
