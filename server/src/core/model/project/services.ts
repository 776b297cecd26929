/** Services that code needs beside itself, by the libraries it depends on: one table for all ecosystems. */

export type ServiceName =
  | "postgres"
  | "mysql"
  | "mariadb"
  | "sqlserver"
  | "oracle"
  | "mongodb"
  | "redis"
  | "memcached"
  | "rabbitmq"
  | "kafka"
  | "nats"
  | "mqtt"
  | "elasticsearch"
  | "opensearch"
  | "meilisearch"
  | "typesense"
  | "cassandra"
  | "clickhouse"
  | "neo4j"
  | "influxdb"
  | "s3"
  | "smtp"
  | "qdrant"
  | "ldap";

export type PackageEcosystem = "npm" | "python" | "go" | "cargo" | "maven" | "nuget" | "rubygems" | "composer" | "hex";

interface Row {
  readonly service: ServiceName;
  /**
   * certain: the library speaks to that service and to nothing else. possible: it can, its configuration decides: an adapter, a
   * client that also speaks to a service in the cloud.
   */
  readonly needed: "certain" | "possible";
  readonly packages: Readonly<Partial<Record<PackageEcosystem, readonly string[]>>>;
}

export interface NeededService {
  readonly service: ServiceName;
  readonly needed: "certain" | "possible";
  /** The libraries that say so. */
  readonly because: readonly string[];
}

const ROWS: readonly Row[] = [
  {
    service: "postgres",
    needed: "certain",
    packages: {
      npm: ["pg", "pg-native", "pg-promise", "postgres", "pg-boss", "graphile-worker", "slonik"],
      python: ["psycopg", "psycopg2", "psycopg2-binary", "asyncpg", "pg8000", "aiopg", "pgvector", "psycopg-binary"],
      go: [
        "github.com/lib/pq",
        "github.com/jackc/pgx",
        "gorm.io/driver/postgres",
        "github.com/go-pg/pg",
        "github.com/uptrace/bun/driver/pgdriver",
      ],
      cargo: ["postgres", "tokio-postgres", "deadpool-postgres", "pq-sys"],
      maven: [
        "org.postgresql:postgresql",
        "io.r2dbc:r2dbc-postgresql",
        "org.postgresql:r2dbc-postgresql",
        "io.quarkus:quarkus-jdbc-postgresql",
        "io.quarkus:quarkus-reactive-pg-client",
      ],
      nuget: ["Npgsql", "Npgsql.EntityFrameworkCore.PostgreSQL", "Marten"],
      rubygems: ["pg"],
      hex: ["postgrex"],
    },
  },
  {
    service: "mysql",
    needed: "certain",
    packages: {
      npm: ["mysql", "mysql2"],
      python: ["mysqlclient", "pymysql", "aiomysql", "asyncmy", "mysql-connector-python"],
      go: ["github.com/go-sql-driver/mysql", "gorm.io/driver/mysql"],
      cargo: ["mysql", "mysql_async", "mysqlclient-sys"],
      maven: ["com.mysql:mysql-connector-j", "mysql:mysql-connector-java", "io.quarkus:quarkus-jdbc-mysql"],
      nuget: ["MySql.Data", "MySqlConnector", "Pomelo.EntityFrameworkCore.MySql", "MySql.EntityFrameworkCore"],
      rubygems: ["mysql2", "trilogy"],
      hex: ["myxql"],
    },
  },
  {
    service: "mariadb",
    needed: "certain",
    packages: {
      npm: ["mariadb"],
      python: ["mariadb"],
      maven: ["org.mariadb.jdbc:mariadb-java-client", "io.quarkus:quarkus-jdbc-mariadb"],
    },
  },
  {
    service: "sqlserver",
    needed: "certain",
    packages: {
      npm: ["mssql", "tedious"],
      python: ["pymssql"],
      go: ["github.com/microsoft/go-mssqldb", "github.com/denisenkom/go-mssqldb", "gorm.io/driver/sqlserver"],
      cargo: ["tiberius"],
      maven: ["com.microsoft.sqlserver:mssql-jdbc"],
      nuget: ["Microsoft.EntityFrameworkCore.SqlServer", "Microsoft.Data.SqlClient", "System.Data.SqlClient"],
      rubygems: ["tiny_tds", "activerecord-sqlserver-adapter"],
      hex: ["tds"],
    },
  },
  {
    service: "oracle",
    needed: "certain",
    packages: {
      npm: ["oracledb"],
      python: ["oracledb", "cx-oracle"],
      go: ["github.com/godror/godror", "github.com/sijms/go-ora"],
      maven: ["com.oracle.database.jdbc:ojdbc11", "com.oracle.database.jdbc:ojdbc8"],
      nuget: ["Oracle.ManagedDataAccess.Core", "Oracle.EntityFrameworkCore"],
      rubygems: ["ruby-oci8"],
    },
  },
  {
    service: "mongodb",
    needed: "certain",
    packages: {
      npm: ["mongodb", "mongoose", "@nestjs/mongoose", "connect-mongo", "agenda"],
      python: ["pymongo", "motor", "mongoengine", "beanie", "odmantic"],
      go: ["go.mongodb.org/mongo-driver"],
      cargo: ["mongodb"],
      maven: [
        "org.springframework.boot:spring-boot-starter-data-mongodb",
        "org.springframework.boot:spring-boot-starter-data-mongodb-reactive",
        "org.mongodb:mongodb-driver-sync",
        "io.quarkus:quarkus-mongodb-panache",
      ],
      nuget: ["MongoDB.Driver", "MongoDB.EntityFrameworkCore"],
      rubygems: ["mongo", "mongoid"],
      composer: ["mongodb/mongodb", "mongodb/laravel-mongodb", "jenssegers/mongodb", "doctrine/mongodb-odm-bundle"],
      hex: ["mongodb_driver"],
    },
  },
  {
    service: "redis",
    needed: "certain",
    packages: {
      npm: [
        "redis",
        "ioredis",
        "@redis/client",
        "bull",
        "bullmq",
        "bee-queue",
        "connect-redis",
        "@nestjs/bull",
        "@nestjs/bullmq",
        "rate-limit-redis",
        "@socket.io/redis-adapter",
      ],
      python: ["redis", "aioredis", "django-redis", "channels-redis", "rq", "arq", "django-rq", "coredis"],
      go: [
        "github.com/redis/go-redis",
        "github.com/go-redis/redis",
        "github.com/gomodule/redigo",
        "github.com/hibiken/asynq",
        "github.com/redis/rueidis",
      ],
      cargo: ["redis", "fred", "deadpool-redis", "bb8-redis"],
      maven: [
        "org.springframework.boot:spring-boot-starter-data-redis",
        "org.springframework.boot:spring-boot-starter-data-redis-reactive",
        "redis.clients:jedis",
        "io.lettuce:lettuce-core",
        "org.redisson:redisson",
        "io.quarkus:quarkus-redis-client",
      ],
      nuget: ["StackExchange.Redis", "Microsoft.Extensions.Caching.StackExchangeRedis"],
      rubygems: ["redis", "redis-client", "sidekiq", "resque", "redis-rails", "kredis"],
      composer: ["predis/predis", "laravel/horizon", "snc/redis-bundle"],
      hex: ["redix", "exq"],
    },
  },
  {
    service: "memcached",
    needed: "certain",
    packages: {
      npm: ["memcached", "memjs"],
      python: ["pymemcache", "pylibmc", "python-memcached", "aiomcache"],
      go: ["github.com/bradfitz/gomemcache"],
      cargo: ["memcache"],
      nuget: ["EnyimMemcachedCore"],
      rubygems: ["dalli"],
    },
  },
  {
    service: "rabbitmq",
    needed: "certain",
    packages: {
      npm: ["amqplib", "amqp-connection-manager", "rhea", "@golevelup/nestjs-rabbitmq"],
      python: ["pika", "aio-pika", "amqpstorm", "aiormq"],
      go: ["github.com/rabbitmq/amqp091-go", "github.com/streadway/amqp"],
      cargo: ["lapin", "amqprs"],
      maven: ["org.springframework.boot:spring-boot-starter-amqp", "com.rabbitmq:amqp-client"],
      nuget: ["RabbitMQ.Client", "MassTransit.RabbitMQ", "EasyNetQ"],
      rubygems: ["bunny", "sneakers"],
      composer: ["php-amqplib/php-amqplib", "symfony/amqp-messenger"],
      hex: ["amqp", "broadway_rabbitmq"],
    },
  },
  {
    service: "kafka",
    needed: "certain",
    packages: {
      npm: ["kafkajs", "node-rdkafka", "@confluentinc/kafka-javascript"],
      python: ["kafka-python", "kafka-python-ng", "confluent-kafka", "aiokafka", "faust-streaming"],
      go: [
        "github.com/segmentio/kafka-go",
        "github.com/confluentinc/confluent-kafka-go",
        "github.com/IBM/sarama",
        "github.com/Shopify/sarama",
        "github.com/twmb/franz-go",
      ],
      cargo: ["rdkafka", "kafka"],
      maven: [
        "org.springframework.kafka:spring-kafka",
        "org.apache.kafka:kafka-clients",
        "org.apache.kafka:kafka-streams",
        "io.quarkus:quarkus-messaging-kafka",
      ],
      nuget: ["Confluent.Kafka", "MassTransit.Kafka"],
      rubygems: ["ruby-kafka", "rdkafka", "karafka"],
      composer: ["arnaud-lb/php-rdkafka", "mateusjunges/laravel-kafka"],
      hex: ["brod", "broadway_kafka"],
    },
  },
  {
    service: "nats",
    needed: "certain",
    packages: {
      npm: ["nats", "@nats-io/transport-node"],
      python: ["nats-py"],
      go: ["github.com/nats-io/nats.go"],
      cargo: ["async-nats", "nats"],
      maven: ["io.nats:jnats"],
      nuget: ["NATS.Net", "NATS.Client"],
      rubygems: ["nats-pure"],
      hex: ["gnat"],
    },
  },
  {
    service: "mqtt",
    needed: "certain",
    packages: {
      npm: ["mqtt"],
      python: ["paho-mqtt", "aiomqtt", "asyncio-mqtt"],
      go: ["github.com/eclipse/paho.mqtt.golang"],
      cargo: ["rumqttc", "paho-mqtt"],
      maven: ["org.eclipse.paho:org.eclipse.paho.client.mqttv3"],
      nuget: ["MQTTnet"],
    },
  },
  {
    service: "elasticsearch",
    needed: "certain",
    packages: {
      npm: ["@elastic/elasticsearch", "@nestjs/elasticsearch"],
      python: ["elasticsearch", "elasticsearch-dsl", "django-elasticsearch-dsl"],
      go: ["github.com/elastic/go-elasticsearch", "github.com/olivere/elastic"],
      cargo: ["elasticsearch"],
      maven: [
        "org.springframework.boot:spring-boot-starter-data-elasticsearch",
        "co.elastic.clients:elasticsearch-java",
      ],
      nuget: ["Elastic.Clients.Elasticsearch", "NEST"],
      rubygems: ["elasticsearch", "elasticsearch-model", "chewy"],
      composer: ["elasticsearch/elasticsearch"],
    },
  },
  {
    service: "opensearch",
    needed: "certain",
    packages: {
      npm: ["@opensearch-project/opensearch"],
      python: ["opensearch-py"],
      go: ["github.com/opensearch-project/opensearch-go"],
      cargo: ["opensearch"],
      maven: ["org.opensearch.client:opensearch-java"],
      nuget: ["OpenSearch.Client"],
      rubygems: ["opensearch-ruby"],
      composer: ["opensearch-project/opensearch-php"],
    },
  },
  {
    service: "meilisearch",
    needed: "certain",
    packages: {
      npm: ["meilisearch"],
      python: ["meilisearch"],
      go: ["github.com/meilisearch/meilisearch-go"],
      cargo: ["meilisearch-sdk"],
      rubygems: ["meilisearch", "meilisearch-rails"],
      composer: ["meilisearch/meilisearch-php"],
    },
  },
  {
    service: "typesense",
    needed: "certain",
    packages: {
      npm: ["typesense"],
      python: ["typesense"],
      rubygems: ["typesense"],
      composer: ["typesense/typesense-php"],
    },
  },
  {
    service: "cassandra",
    needed: "certain",
    packages: {
      npm: ["cassandra-driver"],
      python: ["cassandra-driver", "scylla-driver"],
      go: ["github.com/gocql/gocql"],
      cargo: ["scylla", "cdrs-tokio"],
      maven: ["org.springframework.boot:spring-boot-starter-data-cassandra", "com.datastax.oss:java-driver-core"],
      nuget: ["CassandraCSharpDriver"],
      hex: ["xandra"],
    },
  },
  {
    service: "clickhouse",
    needed: "certain",
    packages: {
      npm: ["@clickhouse/client"],
      python: ["clickhouse-driver", "clickhouse-connect", "asynch"],
      go: ["github.com/ClickHouse/clickhouse-go"],
      cargo: ["clickhouse"],
      maven: ["com.clickhouse:clickhouse-jdbc"],
      nuget: ["ClickHouse.Client"],
    },
  },
  {
    service: "neo4j",
    needed: "certain",
    packages: {
      npm: ["neo4j-driver"],
      python: ["neo4j", "neomodel"],
      go: ["github.com/neo4j/neo4j-go-driver"],
      cargo: ["neo4rs"],
      maven: ["org.springframework.boot:spring-boot-starter-data-neo4j", "org.neo4j.driver:neo4j-java-driver"],
      nuget: ["Neo4j.Driver"],
    },
  },
  {
    service: "influxdb",
    needed: "certain",
    packages: {
      npm: ["@influxdata/influxdb-client", "influx"],
      python: ["influxdb-client", "influxdb", "influxdb3-python"],
      go: ["github.com/influxdata/influxdb-client-go"],
      cargo: ["influxdb"],
      maven: ["com.influxdb:influxdb-client-java"],
      nuget: ["InfluxDB.Client"],
    },
  },
  {
    service: "s3",
    needed: "certain",
    packages: {
      npm: ["minio"],
      python: ["minio", "miniopy-async"],
      go: ["github.com/minio/minio-go"],
      cargo: ["minio"],
      maven: ["io.minio:minio"],
      nuget: ["Minio"],
    },
  },
  {
    service: "s3",
    needed: "possible",
    packages: {
      npm: ["@aws-sdk/client-s3", "multer-s3"],
      python: ["django-storages", "s3fs"],
      go: ["github.com/aws/aws-sdk-go-v2/service/s3"],
      cargo: ["aws-sdk-s3", "rust-s3"],
      maven: ["software.amazon.awssdk:s3", "com.amazonaws:aws-java-sdk-s3"],
      nuget: ["AWSSDK.S3"],
      rubygems: ["aws-sdk-s3", "shrine"],
      composer: ["league/flysystem-aws-s3-v3"],
      hex: ["ex_aws_s3"],
    },
  },
  {
    service: "smtp",
    needed: "possible",
    packages: {
      npm: ["nodemailer", "@nestjs-modules/mailer"],
      python: ["flask-mail", "fastapi-mail", "aiosmtplib"],
      go: ["gopkg.in/gomail", "github.com/wneessen/go-mail"],
      cargo: ["lettre"],
      maven: ["org.springframework.boot:spring-boot-starter-mail"],
      nuget: ["MailKit"],
      composer: ["symfony/mailer"],
      hex: ["swoosh", "bamboo"],
    },
  },
  {
    service: "qdrant",
    needed: "certain",
    packages: {
      npm: ["@qdrant/js-client-rest"],
      python: ["qdrant-client"],
      go: ["github.com/qdrant/go-client"],
      cargo: ["qdrant-client"],
      nuget: ["Qdrant.Client"],
    },
  },
  {
    service: "ldap",
    needed: "certain",
    packages: {
      npm: ["ldapjs", "ldapts", "passport-ldapauth"],
      python: ["python-ldap", "ldap3", "django-auth-ldap"],
      go: ["github.com/go-ldap/ldap"],
      maven: ["org.springframework.ldap:spring-ldap-core"],
      rubygems: ["net-ldap"],
      composer: ["symfony/ldap"],
    },
  },
];

/** Services the names stand for, in the table's order; certain ones first where a service is both. */
export function servicesOf(ecosystem: PackageEcosystem, names: Iterable<string>): readonly NeededService[] {
  const known = new Map<string, string>();
  for (const name of names) known.set(comparable(ecosystem, name), name);
  const found: NeededService[] = [];
  for (const { service, needed, packages } of ROWS) {
    const because = (packages[ecosystem] ?? []).flatMap((each) => known.get(comparable(ecosystem, each)) ?? []);
    if (because.length > 0 && !found.some((each) => each.service === service)) found.push({ service, needed, because });
  }
  return found;
}

/** Go's modules carry a major version at their end, and NuGet's names are the same in any case. */
function comparable(ecosystem: PackageEcosystem, name: string): string {
  if (ecosystem === "go") return name.replace(/[/.]v\d+$/, "");
  // A version may stand behind the two parts that name a library.
  if (ecosystem === "maven") return name.split(":").slice(0, 2).join(":");
  return ecosystem === "nuget" ? name.toLowerCase() : name;
}
