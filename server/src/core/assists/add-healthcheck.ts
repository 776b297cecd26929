/**
 * A HEALTHCHECK for the image a stage makes: a command its base can run, on the port the file names. Exec form, so that it
 * needs no shell; 127.0.0.1, because localhost may be IPv6 first where the server listens on IPv4 alone.
 */
import type { Family, Prober } from "../model/dockerfile/bases.ts";
import { baseImageOf, exposedPorts, familyUnder, lastOf, startArguments, startOf } from "../model/dockerfile/facts.ts";
import { insertAbove, insertBelow, keywordLike } from "../model/dockerfile/layout.ts";
import type { Dockerfile, Stage } from "../model/dockerfile/model.ts";
import { expandIn } from "../model/dockerfile/scope.ts";
import { commandsOf } from "../model/dockerfile/shell.ts";
import { lineageInstructions, rootBase } from "../model/dockerfile/stages.ts";
import { unquote } from "../model/dockerfile/words.ts";
import type { Edit } from "../text/edit.ts";

export type HealthcheckPlan =
  | { readonly edits: readonly Edit[]; readonly snippet: readonly Edit[]; readonly title: string }
  | { readonly refusal: string };

export function planHealthcheck(dockerfile: Dockerfile, stage: Stage): HealthcheckPlan {
  if (dockerfile.instructions.at(-1)?.open) return { refusal: "the file ends in the middle of an instruction" };
  const ports = portsOf(dockerfile, stage);
  const port = ports[0];
  if (port === undefined)
    return { refusal: "no port is known, so there is nothing to ask: EXPOSE the port, or write a command of your own" };
  const protocol = port === 9000 && baseImageOf(dockerfile, stage)?.name === "php" ? "FastCGI" : NOT_HTTP.get(port);
  if (protocol !== undefined)
    return { refusal: `port ${port} speaks ${protocol}, not HTTP: use the check that comes with the server` };
  const prober = proberOf(dockerfile, stage);
  if ("refusal" in prober) return prober;
  const command = COMMANDS[prober.name];
  const options = "--interval=30s --timeout=3s --start-period=10s";
  const keyword = keywordLike(dockerfile, "HEALTHCHECK");
  const line = (url: string): string => `${keyword} ${options} CMD ${JSON.stringify(command(url))}`;
  const choices = ports.length > 1 ? `\${1|${ports.join(",")}|}` : `\${1:${port}}`;
  const tabbed = snippetText(line(`${PORT_MARK}/${PATH_MARK}`))
    .replace(PORT_MARK, choices)
    .replace(PATH_MARK, "${2}");
  return {
    edits: [place(dockerfile, stage, line(`${port}/`))],
    snippet: [place(dockerfile, stage, tabbed)],
    title: `Add a HEALTHCHECK that asks port ${port} with ${prober.name}`,
  };
}

const PORT_MARK = "PORTPLACE";
const PATH_MARK = "PATHPLACE";
const snippetText = (text: string): string => text.replace(/[\\$}]/g, "\\$&");

/** Well-known servers that are no web servers. */
const NOT_HTTP: ReadonlyMap<number, string> = new Map([
  [21, "FTP"],
  [22, "SSH"],
  [25, "SMTP"],
  [53, "DNS"],
  [110, "POP3"],
  [143, "IMAP"],
  [389, "LDAP"],
  [443, "TLS"],
  [465, "SMTP over TLS"],
  [587, "SMTP"],
  [636, "LDAP over TLS"],
  [993, "IMAP over TLS"],
  [1433, "SQL Server's protocol"],
  [1521, "Oracle's protocol"],
  [1883, "MQTT"],
  [2181, "ZooKeeper's protocol"],
  [3306, "MySQL's protocol"],
  [4222, "NATS"],
  [5432, "PostgreSQL's protocol"],
  [5671, "AMQP"],
  [5672, "AMQP"],
  [6379, "Redis' protocol"],
  [8443, "TLS"],
  [9042, "Cassandra's protocol"],
  [9092, "Kafka's protocol"],
  [11211, "memcached's protocol"],
  [27017, "MongoDB's protocol"],
  [50051, "gRPC"],
]);

/** Each fails on a connection error and on a status of 400 and above. `address` is `PORT/PATH`. */
export const COMMANDS: Readonly<Record<Prober, (address: string) => readonly string[]>> = {
  node: (address) => [
    "node",
    "-e",
    `require('http').get('http://127.0.0.1:${address}',r=>process.exit(r.statusCode<400?0:1)).on('error',()=>process.exit(1))`,
  ],
  bun: (address) => ["bun", "-e", `process.exit((await fetch('http://127.0.0.1:${address}')).ok?0:1)`],
  python: (address) => [
    "python",
    "-c",
    `import urllib.request as u;u.urlopen('http://127.0.0.1:${address}',timeout=3)`,
  ],
  ruby: (address) => [
    "ruby",
    "-rnet/http",
    "-e",
    `exit Net::HTTP.get_response(URI('http://127.0.0.1:${address}')).code.to_i<400`,
  ],
  php: (address) => ["php", "-r", `exit(@file_get_contents('http://127.0.0.1:${address}')===false?1:0);`],
  curl: (address) => ["curl", "-fsS", "-o", "/dev/null", `http://127.0.0.1:${address}`],
  wget: (address) => ["wget", "-q", "-O", "/dev/null", `http://127.0.0.1:${address}`],
  bash: (address) => {
    const slash = address.indexOf("/");
    const [port, path] = [address.slice(0, slash), address.slice(slash)];
    return [
      "bash",
      "-c",
      `exec 3<>/dev/tcp/127.0.0.1/${port}; printf 'GET ${path} HTTP/1.0\\r\\n\\r\\n' >&3; read -r _ s _ <&3; [ "$s" -lt 400 ]`,
    ];
  },
};

function proberOf(dockerfile: Dockerfile, stage: Stage): { readonly name: Prober } | { readonly refusal: string } {
  const installed = installedProber(dockerfile, stage);
  const base = baseImageOf(dockerfile, stage);
  // Distroless' python and nodejs have an entrypoint of their own, but the interpreter is there all the same.
  const [best] = base?.probers ?? [];
  const own = base?.family === "distroless" && best === "node" ? undefined : best;
  if (own !== undefined && own !== "bash" && own !== "wget") return { name: own };
  if (installed) return { name: installed };
  if (own !== undefined) return { name: own };
  const family = base ? undefined : familyUnder(dockerfile, stage);
  const usual = family && USUAL[family];
  if (usual) return { name: usual };
  const root = rootBase(dockerfile, stage);
  if (root.kind === "scratch" || base)
    return {
      refusal: `${base?.name ?? "scratch"} has no program that could ask: give the application a self-check subcommand and call that`,
    };
  return { refusal: "the base image is not known, so neither is a program in it that could ask" };
}

/** What every image of a distribution has, for images of which nothing else is known. */
const USUAL: Readonly<Partial<Record<Family, Prober>>> = {
  alpine: "wget",
  debian: "bash",
  redhat: "bash",
  "minimal-rpm": "bash",
  suse: "bash",
};

const INSTALLERS: ReadonlySet<string> = new Set(["apt-get", "apt", "apk", "dnf", "microdnf", "yum", "tdnf", "zypper"]);

/** curl or wget, where the chain installs it by name. */
function installedProber(dockerfile: Dockerfile, stage: Stage): Prober | undefined {
  const packages = new Set(
    lineageInstructions(dockerfile, stage)
      .filter(({ name }) => name === "RUN")
      .flatMap((run) => commandsOf(dockerfile, run))
      .filter(
        ({ name, args }) =>
          name !== undefined &&
          INSTALLERS.has(name) &&
          args.some(({ value }) => value === "install" || value === "add"),
      )
      .flatMap(({ args }) => args.map(({ value }) => value.split("=")[0] ?? "")),
  );
  if (packages.has("curl")) return "curl";
  return packages.has("wget") ? "wget" : undefined;
}

/** Ports by how sure they are: EXPOSE, then the command's arguments, then PORT, then what the server does by itself. */
function portsOf(dockerfile: Dockerfile, stage: Stage): readonly number[] {
  const exposed = exposedPorts(dockerfile, stage);
  if (exposed.length > 0) return exposed;
  const argv = startArguments(dockerfile, stage);
  const argued = portIn(argv);
  if (argued !== undefined) return [argued];
  const variable = environmentPort(dockerfile, stage);
  if (variable !== undefined) return [variable];
  // `--port $PORT`: whoever starts the container chooses, so the server's own default is not it.
  if (argv.some((argument, at) => /\$/.test(PORT_OPTION.test(argument) ? argument + (argv[at + 1] ?? "") : "")))
    return [];
  const fallback = serverDefault(dockerfile, stage);
  return fallback === undefined ? [] : [fallback];
}

const PORT_OPTION = /^(?:--port|--http-port|--server\.port|-p|--listen|--bind|-b|--server\.address)(?:=(.*))?$/;

function portIn(argv: readonly string[]): number | undefined {
  for (const [at, argument] of argv.entries()) {
    const option = PORT_OPTION.exec(argument);
    const text = option
      ? (option[1] ?? argv[at + 1] ?? "")
      : /^(?:0\.0\.0\.0|\[::\])?:\d+$/.test(argument)
        ? argument
        : "";
    const port = Number(/(?:^|:)(\d{2,5})$/.exec(text)?.[1]);
    if (port > 0 && port < 65536) return port;
  }
  return undefined;
}

function environmentPort(dockerfile: Dockerfile, stage: Stage): number | undefined {
  for (const env of lineageInstructions(dockerfile, stage).toReversed()) {
    if (env.name !== "ENV") continue;
    const pair = env.pairs.findLast(({ key }) => /^(PORT|HTTP_PORT|SERVER_PORT|ASPNETCORE_HTTP_PORTS)$/.test(key.text));
    const { text, known } = expandIn(dockerfile, env, pair?.value?.text ?? "");
    const port = known ? Number(unquote(text)) : Number.NaN;
    if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  }
  return undefined;
}

/** By program, or by the module or subcommand it runs. */
const SERVER_DEFAULTS: readonly (readonly [words: RegExp, port: number])[] = [
  [/\b(uvicorn|gunicorn|hypercorn|daphne)\b/, 8000],
  [/\bflask\b.*\brun\b/, 5000],
  [/\bstreamlit\b.*\brun\b/, 8501],
  [/manage\.py runserver|\bhttp\.server\b/, 8000],
  [/\brails (server|s)\b|\bpuma\b|\bnext start\b/, 3000],
  [/\bvite preview\b/, 4173],
  [/\bng serve\b/, 4200],
  [/\bcatalina\.sh\b/, 8080],
];

function serverDefault(dockerfile: Dockerfile, stage: Stage): number | undefined {
  const words = startArguments(dockerfile, stage).join(" ");
  const known = SERVER_DEFAULTS.find(([pattern]) => pattern.test(words))?.[1];
  if (known !== undefined) return known;
  const base = baseImageOf(dockerfile, stage);
  // The base's own server, unless the file starts something else.
  const program = startOf(dockerfile, stage)?.program;
  return base?.port !== undefined && (program === undefined || base.name.endsWith(program)) ? base.port : undefined;
}

function place(dockerfile: Dockerfile, stage: Stage, line: string): Edit {
  const start = stage.instructions.find(({ name }) => name === "ENTRYPOINT" || name === "CMD");
  if (start) return insertAbove(dockerfile, start, [line]);
  return insertBelow(dockerfile, stage.instructions.at(-1) ?? stage.from, [line]);
}

/** True when something in the chain says how health is checked, or that it is not. */
export const hasHealthcheck = (dockerfile: Dockerfile, stage: Stage): boolean =>
  lastOf(dockerfile, stage, "HEALTHCHECK") !== undefined;
