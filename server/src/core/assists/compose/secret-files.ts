/** Images whose entrypoints read the value of a variable from a file, and what the variable with its path is called. */

/** By image; a variable that none of its patterns matches is not read so. */
const READERS: Readonly<Record<string, readonly (readonly [variable: RegExp, suffix: string])[]>> = (() => {
  const postgres = [[/^POSTGRES_(?:PASSWORD|USER|DB|INITDB_ARGS)$/, "_FILE"]] as const;
  const mysql = [[/^MYSQL_(?:ROOT_PASSWORD|PASSWORD|USER|DATABASE|ROOT_HOST)$/, "_FILE"]] as const;
  const bitnami = [[/^[A-Z][A-Z\d_]*_PASSWORD$/, "_FILE"]] as const;
  const minio = [[/^MINIO_ROOT_(?:USER|PASSWORD)$/, "_FILE"]] as const;
  return {
    postgres,
    "postgis/postgis": postgres,
    "pgvector/pgvector": postgres,
    "timescale/timescaledb": postgres,
    mysql,
    percona: mysql,
    mariadb: [
      [
        /^(?:MARIADB|MYSQL)_(?:ROOT_PASSWORD|PASSWORD|USER|DATABASE|ROOT_HOST|ROOT_PASSWORD_HASH|PASSWORD_HASH)$/,
        "_FILE",
      ],
    ],
    mongo: [[/^MONGO_INITDB_ROOT_(?:USERNAME|PASSWORD)$/, "_FILE"]],
    wordpress: [
      [/^WORDPRESS_(?:DB_(?:HOST|USER|PASSWORD|NAME)|(?:AUTH|SECURE_AUTH|LOGGED_IN|NONCE)_(?:KEY|SALT))$/, "_FILE"],
    ],
    nextcloud: [
      [
        /^(?:NEXTCLOUD_ADMIN_(?:USER|PASSWORD)|MYSQL_(?:DATABASE|USER|PASSWORD)|POSTGRES_(?:DB|USER|PASSWORD)|REDIS_HOST_PASSWORD|SMTP_PASSWORD)$/,
        "_FILE",
      ],
    ],
    "grafana/grafana": [[/^GF_[A-Z\d_]+$/, "__FILE"]],
    "grafana/grafana-oss": [[/^GF_[A-Z\d_]+$/, "__FILE"]],
    "gitea/gitea": [[/^GITEA__.+__.+$/, "__FILE"]],
    "vaultwarden/server": [[/^(?:ADMIN_TOKEN|SMTP_PASSWORD|DATABASE_URL)$/, "_FILE"]],
    "minio/minio": minio,
    "quay.io/minio/minio": minio,
    "bitnami/postgresql": bitnami,
    "bitnami/mysql": bitnami,
    "bitnami/mariadb": bitnami,
    "bitnami/mongodb": bitnami,
    "bitnami/redis": bitnami,
  };
})();

/** What the variable that names the file is called; undefined where the image is not known to read one. */
export function fileVariable(image: string | undefined, variable: string): string | undefined {
  const rows = image !== undefined && Object.hasOwn(READERS, image) ? READERS[image] : undefined;
  const row = rows?.find(([pattern]) => pattern.test(variable));
  return row && variable + row[1];
}
