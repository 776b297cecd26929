/**
 * What is known of the images that compose files run: how their health is asked for, what they write, which of their ports lead to
 * data. Facts of the images' own Dockerfiles and entrypoints, of those alone that are certain: a fix rests on each.
 */
import { parseImageRef } from "../image-ref.ts";
import { fieldOf, isSet, perService, textOf } from "./fields.ts";
import { withDefaults } from "./interpolation.ts";
import type { Service } from "./model.ts";
import { variablesOf } from "./variables.ts";

/** What a check may depend on. */
export interface Started {
  /** `latest` where none is written; empty where a variable decides. */
  readonly tag: string;
  /** A variable of the service as compose would write it; undefined where it is not set or its value is not in the file. */
  env(name: string): string | undefined;
  /** More variables come from files. */
  readonly hasEnvFile: boolean;
}

export interface WebServer {
  readonly port: number;
  readonly path: string;
  readonly prober: "curl" | "wget" | "bash";
}

/** A command in the image that fails while the service is not well, or where it answers HTTP. */
export type HealthTest =
  | { readonly command: readonly string[] }
  | { readonly shell: string }
  | { readonly http: WebServer };

export interface KnownImage {
  /** Repository, `docker.io/library/` left out. */
  readonly name: string;
  /** Ports of the container that lead to data. */
  readonly dataPorts: readonly number[];
  /** Its Dockerfile has a HEALTHCHECK. */
  readonly ownHealthcheck: boolean;
  /** Folders it does not start without being able to write to, besides those that are for its data. */
  readonly writes: readonly string[] | undefined;
  /** What its entrypoint needs when all other capabilities are dropped; undefined when that is not known. */
  readonly capabilities: readonly string[] | undefined;
  /** Its own user, as whom it may be started on folders that are this user's. */
  readonly account: string | undefined;
  /** A limit that it starts under, for a template. */
  readonly memory: string;
}

interface Row {
  readonly dataPorts?: readonly number[];
  readonly ownHealthcheck?: true;
  readonly health?: (started: Started) => HealthTest | undefined;
  readonly writes?: readonly string[];
  readonly capabilities?: readonly string[];
  readonly account?: string;
  readonly memory?: string;
}

const command = (...words: readonly string[]): HealthTest => ({ command: words });
const isAlpine = (tag: string): boolean => tag.includes("alpine");

/** Root prepares the data folder, then gives root up with gosu or setpriv. */
const DROPPING = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"];

/** Over TCP, because the server that runs the scripts of the first start listens on its socket alone. */
function postgresHealth({ env, hasEnvFile }: Started): HealthTest {
  const ready = ["pg_isready", "-h", "127.0.0.1"];
  if (hasEnvFile) return { shell: `${ready.join(" ")} -U "$\${POSTGRES_USER:-postgres}"` };
  const database = env("POSTGRES_DB");
  return command(
    ...ready,
    "-U",
    env("POSTGRES_USER") ?? "postgres",
    ...(database === undefined ? [] : ["-d", database]),
  );
}

/** It succeeds as soon as the server answers, also when that is a refusal. */
const mysqlHealth = (): HealthTest => command("mysqladmin", "ping", "-h", "127.0.0.1", "--silent");

/** healthcheck.sh came in the images of early 2022; since 11 there is no mysqladmin. */
function mariadbHealth({ tag }: Started): HealthTest {
  const isOld = /^(?:5|10\.[0-5](?!\d)|10\.\d+\.\d+)/.test(tag);
  return isOld ? mysqlHealth() : command("healthcheck.sh", "--connect", "--innodb_initialized");
}

/** mongosh came with 5.0, and 6.0 has no mongo. */
function mongoHealth({ tag }: Started): HealthTest {
  const shell = /^[34]\b/.test(tag) ? "mongo" : "mongosh";
  return command(shell, "--quiet", "--eval", "db.adminCommand('ping').ok");
}

const http =
  (port: number, path: string, debian: WebServer["prober"], alpine: WebServer["prober"] = "wget") =>
  ({ tag }: Started): HealthTest | undefined =>
    /fpm|fastcgi|distroless|windows|nanoserver/.test(tag)
      ? undefined
      : { http: { port, path, prober: isAlpine(tag) ? alpine : debian } };

/** Only without TLS and a login can it be asked so. */
const searchHealth =
  (isOpen: (started: Started) => boolean) =>
  (started: Started): HealthTest | undefined =>
    isOpen(started) ? { http: { port: 9200, path: "/_cluster/health", prober: "curl" } } : undefined;

const isOff = (value: string | undefined): boolean => value?.toLowerCase() === "false";
const isOn = (value: string | undefined): boolean => value?.toLowerCase() === "true";

const POSTGRES: Row = {
  dataPorts: [5432],
  health: postgresHealth,
  writes: ["/var/run/postgresql"],
  capabilities: DROPPING,
  account: "postgres",
};
const MYSQL: Row = {
  dataPorts: [3306, 33060],
  health: mysqlHealth,
  writes: ["/var/run/mysqld", "/tmp"],
  capabilities: DROPPING,
  account: "mysql",
  memory: "1g",
};
const REDIS: Row = {
  dataPorts: [6379],
  health: () => command("redis-cli", "ping"),
  writes: [],
  // setpriv empties the bounding set, which is a right of its own.
  capabilities: [...DROPPING, "SETPCAP"].toSorted(),
  account: "redis",
  memory: "256m",
};
const VALKEY: Row = { ...REDIS, health: () => command("valkey-cli", "ping"), account: "valkey" };
const ELASTICSEARCH: Row = {
  dataPorts: [9200, 9300],
  health: searchHealth(({ tag, env }) => /^[567]\b/.test(tag) || isOff(env("xpack.security.enabled"))),
  capabilities: [],
  memory: "2g",
};
/** mc is in the image, and has `ready`, since autumn 2023. */
const MINIO: Row = {
  health: ({ tag }) => (/^RELEASE\.20(?:[01]\d|2[0-2]|23-0)/.test(tag) ? undefined : command("mc", "ready", "local")),
  capabilities: [],
};
const NGINX = http(80, "/", "curl");
const PHP_APACHE: Row = {
  health: http(80, "/", "curl"),
  capabilities: ["CHOWN", "DAC_OVERRIDE", "KILL", "NET_BIND_SERVICE", "SETGID", "SETUID"],
};
const OWN: Row = { ownHealthcheck: true };

/** By repository, `docker.io/library/` left out. */
const ROWS: Readonly<Record<string, Row>> = {
  postgres: POSTGRES,
  "postgis/postgis": POSTGRES,
  "pgvector/pgvector": POSTGRES,
  "ankane/pgvector": POSTGRES,
  "timescale/timescaledb": POSTGRES,
  "bitnami/postgresql": { dataPorts: [5432] },
  "bitnamilegacy/postgresql": { dataPorts: [5432] },
  "supabase/postgres": { dataPorts: [5432] },
  "quay.io/debezium/postgres": { dataPorts: [5432] },
  mysql: MYSQL,
  percona: { dataPorts: [3306, 33060] },
  "mysql/mysql-server": { ...OWN, dataPorts: [3306, 33060] },
  "bitnami/mysql": { dataPorts: [3306] },
  mariadb: { ...MYSQL, health: mariadbHealth, writes: ["/run/mysqld", "/tmp"] },
  "bitnami/mariadb": { dataPorts: [3306] },
  mongo: {
    dataPorts: [27017],
    health: mongoHealth,
    writes: ["/tmp"],
    capabilities: DROPPING,
    account: "mongodb",
    memory: "1g",
  },
  "bitnami/mongodb": { dataPorts: [27017] },
  redis: REDIS,
  "redis/redis-stack-server": { dataPorts: [6379], health: REDIS.health! },
  "redis/redis-stack": { dataPorts: [6379], health: REDIS.health! },
  "bitnami/redis": { dataPorts: [6379] },
  valkey: VALKEY,
  "valkey/valkey": VALKEY,
  memcached: {
    dataPorts: [11211],
    health: ({ tag }) =>
      isAlpine(tag)
        ? command("nc", "-z", "127.0.0.1", "11211")
        : command("bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/11211"),
    writes: [],
    capabilities: [],
    account: "memcache",
    memory: "128m",
  },
  elasticsearch: ELASTICSEARCH,
  "docker.elastic.co/elasticsearch/elasticsearch": ELASTICSEARCH,
  "opensearchproject/opensearch": {
    dataPorts: [9200, 9300],
    health: searchHealth(({ env }) => isOn(env("DISABLE_SECURITY_PLUGIN")) || isOn(env("plugins.security.disabled"))),
    capabilities: [],
    memory: "2g",
  },
  cassandra: { dataPorts: [9042, 7199], memory: "2g" },
  "scylladb/scylla": { dataPorts: [9042], memory: "2g" },
  couchdb: { dataPorts: [5984] },
  influxdb: { dataPorts: [8086] },
  neo4j: { dataPorts: [7474, 7687], memory: "1g" },
  arangodb: { dataPorts: [8529] },
  "mcr.microsoft.com/mssql/server": { dataPorts: [1433], memory: "2g" },
  "gvenzl/oracle-free": { dataPorts: [1521], memory: "2g" },
  "gvenzl/oracle-xe": { dataPorts: [1521], memory: "2g" },
  "clickhouse/clickhouse-server": { dataPorts: [8123, 9000], health: http(8123, "/ping", "wget"), memory: "2g" },
  "qdrant/qdrant": { dataPorts: [6333, 6334] },
  "getmeili/meilisearch": { dataPorts: [7700], health: http(7700, "/health", "curl", "curl") },
  rabbitmq: {
    health: () => command("rabbitmq-diagnostics", "-q", "ping"),
    capabilities: DROPPING,
    account: "rabbitmq",
  },
  "minio/minio": MINIO,
  "quay.io/minio/minio": MINIO,
  nginx: {
    health: NGINX,
    writes: ["/var/cache/nginx", "/var/run"],
    capabilities: ["CHOWN", "NET_BIND_SERVICE", "SETGID", "SETUID"],
    memory: "128m",
  },
  "nginxinc/nginx-unprivileged": {
    health: http(8080, "/", "curl"),
    writes: ["/tmp"],
    capabilities: [],
    memory: "128m",
  },
  httpd: {
    health: http(80, "/", "bash"),
    writes: ["/usr/local/apache2/logs"],
    capabilities: ["KILL", "NET_BIND_SERVICE", "SETGID", "SETUID"],
    memory: "128m",
  },
  caddy: { health: http(2019, "/config/", "wget"), capabilities: ["NET_BIND_SERVICE"], memory: "128m" },
  wordpress: PHP_APACHE,
  drupal: PHP_APACHE,
  phpmyadmin: PHP_APACHE,
  "phpmyadmin/phpmyadmin": PHP_APACHE,
  nextcloud: { ...PHP_APACHE, health: http(80, "/status.php", "curl") },
  adminer: { health: http(8080, "/", "wget"), capabilities: [], memory: "128m" },
  registry: { health: http(5000, "/", "wget"), memory: "256m" },
  "grafana/grafana": {
    health: ({ tag }) =>
      http(
        3000,
        "/api/health",
        tag.includes("ubuntu") ? "curl" : "wget",
      )({ tag, env: () => undefined, hasEnvFile: false }),
    capabilities: [],
  },
  "prom/prometheus": { health: http(9090, "/-/healthy", "wget"), writes: [], capabilities: [] },
  "prom/alertmanager": { health: http(9093, "/-/healthy", "wget"), capabilities: [] },
  "gitea/gitea": { health: http(3000, "/api/healthz", "curl", "curl") },
  "jenkins/jenkins": { health: http(8080, "/login", "curl", "curl"), capabilities: [], memory: "2g" },
  "n8nio/n8n": { health: http(5678, "/healthz", "wget"), capabilities: [] },
  "docker.n8n.io/n8nio/n8n": { health: http(5678, "/healthz", "wget"), capabilities: [] },
  "verdaccio/verdaccio": { health: http(4873, "/-/ping", "wget"), capabilities: [], memory: "256m" },
  "axllent/mailpit": OWN,
  "vaultwarden/server": OWN,
  "louislam/uptime-kuma": OWN,
  "jellyfin/jellyfin": OWN,
  "pihole/pihole": OWN,
  "gitlab/gitlab-ce": OWN,
  "gitlab/gitlab-ee": OWN,
  "localstack/localstack": OWN,
  "gcr.io/cadvisor/cadvisor": OWN,
  "netdata/netdata": OWN,
  "filebrowser/filebrowser": OWN,
};

/** Copies of Docker Hub's images under other registries. */
const MIRRORS = /^(?:docker\.io|mirror\.gcr\.io|public\.ecr\.aws\/docker|registry-1\.docker\.io)\/(?:library\/)?/;
const ARCHITECTURE = /^(?:amd64|arm32v[567]|arm64v8|i386|ppc64le|s390x|riscv64)\//;

interface Image {
  readonly name: string | undefined;
  readonly tag: string;
}

const imageOf = perService(({ map }): Image => {
  const written = textOf(fieldOf(map, "image")?.value) ?? "";
  const text = withDefaults(written);
  // The name is certain where a variable decides the tag alone.
  const known = text ?? /^([^$]+):[^/]*$/.exec(written)?.[1];
  const parsed = known === undefined ? undefined : parseImageRef(known);
  if (!parsed?.ok) return { name: undefined, tag: "" };
  const { domain, path, tag } = parsed.ref;
  const name = `${domain}/${path}`.replace(MIRRORS, "").replace(ARCHITECTURE, "");
  return { name, tag: text === undefined ? "" : (tag ?? "latest") };
});

/** The repository a service's image is from, `docker.io/library/` left out; undefined where it has none or a variable hides it. */
export const imageNameOf = (service: Service): string | undefined => imageOf(service).name;

/** What an image built here is called is only a name. */
const runsPulledImage = ({ map }: Service): boolean => {
  const build = fieldOf(map, "build");
  return build === undefined || !isSet(build.value);
};

/** What is known of the image a service runs; undefined when nothing is, or when the service builds its own. */
export function knownImageOf(service: Service): KnownImage | undefined {
  const { name } = imageOf(service);
  if (name === undefined || !Object.hasOwn(ROWS, name) || !runsPulledImage(service)) return undefined;
  const row = ROWS[name];
  return {
    name,
    dataPorts: row?.dataPorts ?? [],
    ownHealthcheck: row?.ownHealthcheck ?? false,
    writes: row?.writes,
    capabilities: row?.capabilities,
    account: row?.account,
    memory: row?.memory ?? "512m",
  };
}

/** How to ask the image of a service for its health, with a tool that the image has. */
export function healthTestOf(service: Service): HealthTest | undefined {
  const { name, tag } = imageOf(service);
  if (name === undefined || tag === "" || !runsPulledImage(service)) return undefined;
  const variables = variablesOf(service);
  return (Object.hasOwn(ROWS, name) ? ROWS[name] : undefined)?.health?.({
    tag,
    env: (variable) => {
      const text = variables.get(variable)?.text;
      return text === undefined || text === "" || /\s/.test(text) ? undefined : text;
    },
    hasEnvFile: fieldOf(service.map, "env_file") !== undefined,
  });
}

/** What a capability is called, however it is written: `SYS_ADMIN` for `cap_sys_admin`. */
export const capabilityName = (text: string): string => text.toUpperCase().replace(/^CAP_/, "");
