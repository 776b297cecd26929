/** Services that compose.yaml can have: their images, what they are told, and how an application is told about them. */
import type { ServiceName } from "../model/project/services.ts";

export interface ServiceRow {
  readonly image: string;
  readonly port: number;
  /** Variables of the service itself; `{secret}` is the path of its password's file. */
  readonly environment: Readonly<Record<string, string>>;
  /** The variable its password comes from, and that of a second one for its administrator. */
  readonly password: string | undefined;
  readonly command?: readonly string[];
  /** Where its data is. */
  readonly data: string | undefined;
  /** Its address as URLs have it; `{password}` is where the password goes. */
  readonly url: string;
  /** Variables that mean it, beside `DATABASE_…` of databases. */
  readonly names: RegExp;
  readonly isDatabase: boolean;
  /** Lines above the service, for what is known of its image and cannot be had otherwise. */
  readonly comment?: readonly string[];
}

export const SERVICES: Readonly<Partial<Record<ServiceName, ServiceRow>>> = {
  postgres: {
    image: "postgres:17",
    port: 5432,
    environment: { POSTGRES_USER: "app", POSTGRES_DB: "app", POSTGRES_PASSWORD_FILE: "{secret}" },
    password: "POSTGRES_PASSWORD",
    data: "/var/lib/postgresql/data",
    url: "postgresql://app:{password}@postgres:5432/app",
    names: /^(?:PG|POSTGRES(?:QL)?_)/,
    isDatabase: true,
  },
  mysql: {
    image: "mysql:8.4",
    port: 3306,
    environment: {
      MYSQL_USER: "app",
      MYSQL_DATABASE: "app",
      MYSQL_PASSWORD_FILE: "{secret}",
      MYSQL_RANDOM_ROOT_PASSWORD: "yes",
    },
    password: "MYSQL_PASSWORD",
    data: "/var/lib/mysql",
    url: "mysql://app:{password}@mysql:3306/app",
    names: /^MYSQL_/,
    isDatabase: true,
  },
  mariadb: {
    image: "mariadb:11.4",
    port: 3306,
    environment: {
      MARIADB_USER: "app",
      MARIADB_DATABASE: "app",
      MARIADB_PASSWORD_FILE: "{secret}",
      MARIADB_RANDOM_ROOT_PASSWORD: "yes",
    },
    password: "MARIADB_PASSWORD",
    data: "/var/lib/mysql",
    url: "mariadb://app:{password}@mariadb:3306/app",
    names: /^(?:MARIADB|MYSQL)_/,
    isDatabase: true,
  },
  mongodb: {
    image: "mongo:8.0",
    port: 27017,
    environment: { MONGO_INITDB_ROOT_USERNAME: "app", MONGO_INITDB_ROOT_PASSWORD_FILE: "{secret}" },
    password: "MONGO_PASSWORD",
    data: "/data/db",
    url: "mongodb://app:{password}@mongodb:27017/app?authSource=admin",
    names: /^MONGO/,
    isDatabase: true,
  },
  redis: {
    image: "redis:8.0",
    port: 6379,
    environment: {},
    password: undefined,
    data: "/data",
    url: "redis://redis:6379/0",
    names: /^(?:REDIS|CELERY_(?:BROKER|RESULT))/,
    isDatabase: false,
  },
  memcached: {
    image: "memcached:1.6",
    port: 11211,
    environment: {},
    password: undefined,
    data: undefined,
    url: "memcached:11211",
    names: /^MEMCACHED?/,
    isDatabase: false,
  },
};

/** What a variable that means a service is told. */
export function valueFor(name: string, service: string, row: ServiceRow): string | undefined {
  const own =
    row.names.test(name) ||
    (row.isDatabase && /^(?:DB|DATABASE)_/.test(name)) ||
    (row.isDatabase && name.endsWith("_DATABASE_URL"));
  if (!own) return undefined;
  const password = row.password === undefined ? undefined : `\${${row.password}:?set it in the environment or in .env}`;
  if (/(?:URL|URI|DSN|CONNECTION_STRING|BROKER|RESULT_BACKEND|SERVERS?)$/.test(name))
    return row.url.replace("{password}", password ?? "");
  if (/(?:ADDR|ADDRESS)$/.test(name)) return `${service}:${row.port}`;
  if (/(?:HOST|HOSTNAME)$/.test(name)) return service;
  if (name.endsWith("PORT")) return String(row.port);
  if (row.password === undefined) return undefined;
  if (/(?:USER|USERNAME)$/.test(name)) return "app";
  if (/(?:PASSWORD|PASS|PWD)$/.test(name)) return password;
  if (/(?:_DB|_DATABASE|_NAME|PGDATABASE)$/.test(name)) return "app";
  return undefined;
}
