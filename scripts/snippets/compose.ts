/** Compose files and services of them: what *Containerize* writes beside a Dockerfile, and services it does not know. */
import { fileOf, planned } from "./projects.ts";
import type { Snippet } from "./snippet.ts";
import { digestStops, EXAMPLE_DIGEST, type Stop, withTabStops, word } from "./tab-stops.ts";

/** Service → the library of Node.js that speaks to it, which is how it comes into the plan. */
const LIBRARIES = {
  postgres: "pg",
  mysql: "mysql2",
  mariadb: "mariadb",
  mongodb: "mongodb",
  redis: "redis",
  memcached: "memjs",
} as const;
type Known = keyof typeof LIBRARIES;
const KNOWN = Object.keys(LIBRARIES) as readonly Known[];

/** @returns the compose.yaml of a small server that needs these services */
function composeWith(...services: readonly Known[]): string {
  const dependencies = Object.fromEntries(
    ["express", ...services.map((service) => LIBRARIES[service])].map((name) => [name, "1.0.0"]),
  );
  const packages = Object.fromEntries(
    Object.keys(dependencies).map((name) => [`node_modules/${name}`, { version: "1.0.0" }]),
  );
  const files = new Map([
    ["package.json", JSON.stringify({ name: "app", scripts: { start: "node server.js" }, dependencies })],
    ["package-lock.json", JSON.stringify({ lockfileVersion: 3, packages: { "": { dependencies }, ...packages } })],
    [
      "server.js",
      'import express from "express";\nconst app = express();\napp.get("/health", (_, response) => response.send("ok"));\napp.listen(3000);\n',
    ],
  ]);
  const choices = new Map(services.map((service) => [`service-${service}`, "container"]));
  return fileOf(planned("app", files, choices), "compose.yaml");
}

const APP: readonly Stop[] = [{ at: /^ {2}(app):$/m }, { at: /127\.0\.0\.1:(3000)|(3000):3000|:(3000)\// }];

/** The lines of a service, and what it needs at the top level of the file as a comment: a snippet has one place. */
function serviceBlock(file: string, service: string): string {
  const from = file.indexOf(`\n  ${service}:\n`) + 1;
  const rest = file.slice(from);
  const end = rest.search(/\n(?=\S)/);
  const top = end === -1 ? "" : rest.slice(end + 1).trim();
  const block = (end === -1 ? rest : rest.slice(0, end)).trimEnd().replaceAll(/^ {2}/gm, "");
  if (top === "") return block;
  return `${block}\n${TOP_LEVEL}\n${top.replaceAll(/^(.)/gm, "# $1").replaceAll(/^$/gm, "#")}`;
}
/** Above what belongs elsewhere. */
export const TOP_LEVEL = "# At the top level of the file, beside services:";

const HARDENED = `restart: unless-stopped
  read_only: true
  cap_drop:
    - ALL
  security_opt:
    - no-new-privileges:true
  deploy:
    resources:
      limits:
        cpus: "1.0"
        memory: 512m
        pids: 200`;

/** Services that no library asks for, or that no password can be handed to in a file. */
const OTHERS: readonly { prefix: string; about: string; text: string; stops: readonly Stop[] }[] = [
  {
    prefix: "service-rabbitmq",
    about: "RabbitMQ with health check, limits and a volume; its password comes from the environment",
    text: `rabbitmq:
  image: rabbitmq:4.1@${EXAMPLE_DIGEST}
  # Its data is kept under the name of the machine.
  hostname: rabbitmq
  environment:
    RABBITMQ_DEFAULT_USER: app
    RABBITMQ_DEFAULT_PASS: "\${RABBITMQ_PASSWORD:?set it in the environment or in .env}"
  volumes:
    - rabbitmq-data:/var/lib/rabbitmq
  healthcheck:
    test: ["CMD", "rabbitmq-diagnostics", "--quiet", "check_port_connectivity"]
    interval: 30s
    timeout: 10s
    retries: 3
    start_period: 60s
  user: rabbitmq
  ${HARDENED.replace("memory: 512m", "memory: 1g").replace("pids: 200", "pids: 512").replace("read_only: true", "read_only: true\n  tmpfs:\n    - /tmp")}
${TOP_LEVEL}
# volumes:
#   rabbitmq-data: {}`,
    stops: [{ at: /rabbitmq:(4\.1)@/ }, { at: /RABBITMQ_DEFAULT_USER: (app)/ }],
  },
  {
    prefix: "service-nginx",
    about: "nginx without root in front of other services, with health check and limits",
    text: `nginx:
  image: nginxinc/nginx-unprivileged:1.28-alpine@${EXAMPLE_DIGEST}
  ports:
    - "127.0.0.1:8080:8080"
  volumes:
    - ./nginx.conf:/etc/nginx/conf.d/default.conf:ro
  healthcheck:
    test: ["CMD", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/"]
    interval: 30s
    timeout: 5s
    retries: 3
    start_period: 10s
  tmpfs:
    - /tmp
  ${HARDENED}`,
    stops: [{ at: /127\.0\.0\.1:(8080):8080/ }, { at: /(\.\/nginx\.conf)/ }],
  },
  {
    prefix: "service-worker",
    about: "A second service of the same image, for jobs in the background",
    text: `worker:
  build:
    context: .
  init: true
  command: ["node", "worker.js"]
  healthcheck:
    disable: true
  tmpfs:
    - /tmp
  ${HARDENED}`,
    stops: [{ at: /^(worker):$/m }, { at: /(\["node", "worker\.js"\])/ }],
  },
  {
    prefix: "healthcheck",
    about: "Health check of a service over HTTP",
    text: `healthcheck:
  test: ["CMD", "curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:8080/health"]
  interval: 30s
  timeout: 5s
  retries: 3
  start_period: 30s`,
    stops: [{ at: /:(8080)\// }, { at: /8080(\/health)/ }],
  },
  {
    prefix: "limits",
    about: "Limits of a service: processors, memory, processes",
    text: `deploy:
  resources:
    limits:
      cpus: "1.0"
      memory: 512m
      pids: 200`,
    stops: [{ at: /"(1\.0)"/ }, word("512m"), word("200")],
  },
  {
    prefix: "hardening",
    about: "What a service need not be able to do: write to its image, gain rights, hold capabilities",
    text: `read_only: true
tmpfs:
  - /tmp
cap_drop:
  - ALL
security_opt:
  - no-new-privileges:true`,
    stops: [{ at: /- (\/tmp)/ }],
  },
];

const files = (): readonly Snippet[] => {
  const whole = (prefix: string, about: string, text: string): Snippet => ({
    prefix,
    description: about,
    body: withTabStops(text, [...APP, ...digestStops(text)]),
  });
  return [
    whole(
      "compose-app",
      "A service built here, with health check, limits and no rights it does not need",
      composeWith(),
    ),
    ...KNOWN.map((service) =>
      whole(
        `compose-app-${service}`,
        `A service built here, and ${service} beside it: health checks, limits, passwords as secrets`,
        composeWith(service),
      ),
    ),
  ];
};

const services = (): readonly Snippet[] =>
  KNOWN.map((service) => {
    const text = serviceBlock(composeWith(service), service);
    return {
      prefix: `service-${service}`,
      description:
        `${service} with health check, limits and its password as a secret; what belongs at the top level follows as a comment`.replace(
          service === "redis" || service === "memcached" ? " and its password as a secret" : /(?!)/,
          "",
        ),
      body: withTabStops(text, [{ at: new RegExp(`^(${service}):$`, "m") }, ...digestStops(text)]),
    };
  });

export const composeSnippets = (): readonly Snippet[] => [
  ...files(),
  ...services(),
  ...OTHERS.map(({ prefix, about, text, stops }) => ({
    prefix: prefix.startsWith("service-") ? prefix : `service-${prefix}`,
    description: about,
    body: withTabStops(text, [...stops, ...digestStops(text)]),
  })),
];
