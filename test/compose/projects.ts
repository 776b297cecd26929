/** Small projects of several files, for the tests that put them together: ours alone, and beside what compose itself says. */

interface ComposeProject {
  readonly name: string;
  /** By path. */
  readonly files: Readonly<Record<string, string>>;
  /** The one that is open. */
  readonly document: string;
}

const OVERLAID = {
  "compose.yaml": `services:
  web:
    image: nginx:1.29
    profiles: [front]
    command: serve
    ports: ["80:80", "81-82:81-82", "443"]
    volumes: ["./html:/srv:ro", "logs:/var/log", "/anonymous"]
    cap_add: [NET_RAW, CHOWN]
    dns: 1.1.1.1
    environment: {A: "1", B: "2", C: "3"}
    labels: [first=1, second=2]
    networks: [front]
    depends_on: [db]
    secrets: [token]
    build: .
    healthcheck: {test: [CMD, check], interval: 10s}
    logging: {driver: json-file, options: {max-size: 1m}}
  db:
    image: postgres:17
    environment:
      - POSTGRES_DB=app
      - POSTGRES_USER=app
    logging: {driver: json-file, options: {max-size: 1m}}
networks:
  front:
  back:
volumes:
  logs:
secrets:
  token:
    file: ./token.txt
`,
  "compose.override.yaml": `services:
  web:
    command: [serve, --verbose]
    profiles: [front, debug]
    ports: ["80:80", "127.0.0.1:81:81", {target: 443}, "9000:80/udp"]
    volumes: ["./other:/srv", {type: volume, source: logs, target: /var/log}]
    cap_add: [CHOWN, SYS_PTRACE]
    dns: [1.1.1.1, 2.2.2.2]
    environment: [B=two, D=4]
    labels: {second: zwei, third: drei}
    networks: {back: {aliases: [w]}}
    depends_on: {db: {condition: service_healthy}, cache: {condition: service_started, required: false}}
    secrets: [{source: token, target: /etc/token}]
    build: {args: {VERSION: "7"}, target: last}
    healthcheck: {test: check again}
    logging: {driver: local, options: {max-file: "3"}}
  db:
    environment: {POSTGRES_USER: admin}
    logging: {options: {max-file: "3"}}
  cache:
    image: redis:8
`,
  "token.txt": "t\n",
};

export const composeProjects: readonly ComposeProject[] = [
  { name: "an override file over the document", files: OVERLAID, document: "compose.yaml" },
  { name: "the document over a main file", files: OVERLAID, document: "compose.override.yaml" },
  {
    name: "tags that reset and override",
    document: "compose.yaml",
    files: {
      "compose.yaml": `services:
  web:
    image: nginx
    ports: ["80:80"]
    environment: {A: "1", B: "2"}
    volumes: [first:/data]
    healthcheck: {test: [CMD, check], interval: 5s}
    networks: [one]
  gone:
    image: busybox
volumes:
  first:
networks:
  one:
  two:
`,
      "compose.override.yaml": `services:
  web:
    ports: !reset []
    environment: {A: !reset null, C: "3"}
    volumes: !override [second:/data]
    healthcheck: !override {test: [CMD, other]}
    networks: !override [two]
  gone: !reset null
volumes:
  second:
`,
    },
  },
  {
    name: "nothing written over something",
    document: "compose.yaml",
    files: {
      "compose.yaml": `services:
  web:
    image: nginx
    environment: {A: "1"}
    ports: ["80:80"]
    healthcheck: {test: [CMD, check]}
    dns: [1.1.1.1]
`,
      "docker-compose.override.yml": `services:
  web:
    environment:
    ports:
    healthcheck:
    dns:
`,
    },
  },
  {
    name: "extends in the same file, in a chain, with merge keys",
    document: "docker-compose.yml",
    files: {
      "docker-compose.yml": `x-common: &common
  labels: {team: core}
  environment: &env {LEVEL: info}
services:
  root:
    <<: *common
    image: busybox:1
    ports: ["1000:10"]
    networks: [inner]
    healthcheck: {test: [CMD, "true"]}
  middle:
    extends: root
    ports: ["2000:10"]
    environment: {<<: *env, NAME: middle}
  leaf:
    extends: {service: middle}
    environment: [NAME=leaf]
    labels: [team=other, added=yes]
    networks: {outer: }
    depends_on: [middle]
networks:
  inner:
  outer:
`,
    },
  },
  {
    name: "extends from other files, whose paths are relative to them",
    document: "compose.yaml",
    files: {
      "compose.yaml": `services:
  web:
    extends: {file: shared/web.yaml, service: web}
    volumes: ["./here:/here"]
    environment: {B: "2"}
networks:
  inner:
volumes:
  data:
secrets:
  key:
    environment: KEY
`,
      "shared/web.yaml": `services:
  web:
    extends: {file: deeper/base.yaml, service: base}
    build: ./src
    volumes: ["./there:/there", "data:/data", {type: bind, source: ../up, target: /up}]
`,
      "shared/deeper/base.yaml": `services:
  base:
    build: {context: ., dockerfile: Base.Dockerfile, args: [ONE=1]}
    environment: [A=1, B=1]
    networks: [inner]
    secrets: [key]
`,
    },
  },
  {
    name: "include, short and long, one in another",
    document: "compose.yaml",
    files: {
      "compose.yaml": `include:
  - db/compose.yaml
  - path: [tools/compose.yaml, tools/more.yaml]
    project_directory: .
services:
  web:
    image: nginx
    depends_on: [db, tool]
    networks: [data]
`,
      "db/compose.yaml": `include: [../cache.yaml]
services:
  db:
    image: postgres
    volumes: ["./sql:/sql", "db_data:/data"]
    networks: [data]
networks:
  data:
volumes:
  db_data:
`,
      "cache.yaml": "services:\n  cache:\n    image: redis\n",
      "tools/compose.yaml": "services:\n  tool:\n    image: tool\n    volumes: ['./t:/t']\n",
      "tools/more.yaml": "services:\n  tool:\n    environment: {MORE: 'yes'}\n    build: ./tool\n",
    },
  },
  {
    name: "variables from .env",
    document: "compose.yaml",
    files: {
      ".env": "TAG=1.29 # the tag\nEMPTY=\nQUOTED='a b'\nNESTED=${TAG}-x\n",
      "compose.yaml": `services:
  web:
    image: nginx:\${TAG}
    labels:
      default: \${MISSING:-fallback}
      dash: \${EMPTY-unused}
      colon: \${EMPTY:-used}
      plus: \${TAG:+set}
      quoted: \${QUOTED}
      nested: \${NESTED}
      inner: \${MISSING:-\${TAG}}
      dollar: $\${TAG} costs $$5
    environment:
      - TAG=\${TAG:?needed}
      - FROM_SHELL
`,
    },
  },
  {
    name: "files that COMPOSE_FILE names",
    document: "one.yaml",
    files: {
      ".env": "COMPOSE_FILE=one.yaml:two.yaml\n",
      "one.yaml": "services:\n  web:\n    image: nginx\n    ports: ['80:80']\n",
      "two.yaml": "services:\n  web:\n    ports: ['81:81']\n",
    },
  },
];
