/** Compose files put together at random from the ways in which people write each key; compose takes all of them. */
import fc from "fast-check";

/** Lines of a service, without their indentation. */
const PARTS: readonly (readonly string[])[] = [
  [
    "image: postgres:17",
    "image: nginx:1.27-alpine",
    "image: example/app:2.1",
    "build: ./app",
    "build:\n  context: ./app\n  args:\n    - VERSION=1.10\n    - HOST",
    "image: redis:8",
    "build: {context: ., args: {A: b}}",
  ],
  [
    "",
    "command: run --port 80 'a b'",
    'command: ["sh", "-c", "a && b"]',
    "command: >\n  run\n  --fast",
    "entrypoint:\n  - /bin/app\n  - --x",
  ],
  [
    "",
    'ports:\n  - "8080:80"\n  - 127.0.0.1:5353:53/udp',
    'ports: ["443", "9000-9001:9000-9001"]',
    "ports:\n- target: 80\n  published: 8080\n  host_ip: 127.0.0.1\n-   '81:81'",
    'ports:\n  - "${PORT:-90}:90"',
  ],
  [
    "",
    "volumes:\n  - ./a:/a\n  - data:/d:ro\n  - /x",
    "volumes:\n  - type: bind\n    source: ./b\n    target: /b\n    bind:\n      create_host_path: true\n  - {type: volume, source: data, target: /v, volume: {nocopy: true}}",
    'volumes: ["./c:/c:z", "${DIR:-.}/d:/d"]',
    "volumes:\n  - type: bind\n    source: ./e\n    target: /e\n  - type: tmpfs\n    target: /t",
  ],
  [
    "",
    'environment:\n  A: 1\n  B: "2"\n  C:\n  D: ${D:-d}\n  POSTGRES_PASSWORD: s3cret-word',
    "environment:\n  - A=1\n  - B\n  - 'C=x: y'\n  - API_TOKEN=$TOKEN",
    "environment:\n- TEXT=a b\n\n- MORE=$$x",
    'environment: {X: y, N: 1.5, T: true, POSTGRES_PASSWORD: "${PW}"}',
    "environment:\n  LONG: |\n    one\n    two\n  Z: z",
  ],
  [
    "",
    "depends_on:\n  - last",
    "depends_on: [last]",
    "depends_on:\n  last:\n    condition: service_started",
    "depends_on:\n  last:\n    condition: service_healthy\n    restart: true",
  ],
  ["", "restart: always", 'restart: "no"'],
  ["", "labels:\n  - a=b\n  - c", 'labels: {a: "1", b: x}', "labels:\n  a.b/c: d"],
  ["", "networks: [front]", "networks:\n  front:\n  default: {}", "networks:\n  - front\n  - default"],
  ["", "env_file: .env", "env_file:\n  - .env\n  - path: x.env\n    required: false"],
  [
    "",
    "healthcheck:\n  test: curl -f http://localhost",
    'healthcheck: {test: ["CMD", "true"], interval: 5s}',
    'healthcheck:\n  test: ["CMD-SHELL", "exit 0"]',
  ],
  ["", 'extra_hosts:\n  - "a:1.2.3.4"', "extra_hosts:\n  a: 1.2.3.4\n  b: host-gateway", 'extra_hosts: ["a=::1"]'],
  [
    "",
    "deploy:\n  resources:\n    limits:\n      memory: 64m",
    "mem_limit: 64m",
    "deploy:\n  replicas: 2",
    "pids_limit: 5",
  ],
  [
    "",
    "secrets:\n  - key",
    "secrets:\n  - source: key\n    target: /run/secrets/key",
    "secrets: [{source: key, mode: 0440}]",
  ],
  [
    "",
    "security_opt:\n  - label:disable",
    "security_opt: [no-new-privileges:true]",
    "cap_add: [NET_ADMIN]",
    "read_only: true\ntmpfs: /tmp",
    "privileged: true",
  ],
  [
    "",
    "logging: *logging",
    "logging:\n  driver: local\n  options:\n    max-size: 10m",
    "logging:\n  driver: local\n  options:\n    max-size: 10m",
  ],
  [
    "",
    "dns: 1.1.1.1",
    "dns: [1.1.1.1, 8.8.8.8]",
    "sysctls:\n  - net.core.somaxconn=1024",
    "sysctls:\n  net.core.somaxconn: 1024",
  ],
];

const HEAD = "x-logging: &logging\n  driver: json-file\n  options: {max-size: 1m}\nx-common: &common\n  init: true\n";
const TAIL =
  "  last:\n    image: busybox\n    healthcheck: {test: [CMD, 'true']}\nnetworks:\n  front:\nvolumes:\n  data:\nsecrets:\n  key:\n    file: ./key\n";

const part = fc.tuple(...PARTS.map((ways) => fc.constantFrom(...ways)));
const service = fc.record({ parts: part, merges: fc.boolean(), order: fc.nat(1000) });

export interface AssistText {
  readonly text: string;
}

export const assistText: fc.Arbitrary<AssistText> = fc
  .tuple(
    fc.array(service, { minLength: 1, maxLength: 3 }),
    fc.constantFrom("\n", "\n", "\r\n"),
    fc.boolean(),
    fc.infiniteStream(fc.nat(99)),
  )
  .map(([services, eol, finalBreak, chances]) => {
    const chance = (): number => Number(chances.next().value);
    const lines = services.flatMap(({ parts, merges, order }, index) => {
      const [what = "", ...more] = parts;
      const turned = [...more.slice(order % more.length), ...more.slice(0, order % more.length)];
      const own = [...(merges ? ["<<: *common"] : []), ...(order % 2 === 0 ? [what, ...turned] : [...turned, what])];
      const anchor = index === 0 && order % 5 === 0 ? " &first" : "";
      const below = own.flatMap((each) => (each === "" ? [] : each.split("\n").map((line) => line && `    ${line}`)));
      return [`  s${9 - index}:${anchor}`, ...below];
    });
    const commented = withComments(
      [...HEAD.trimEnd().split("\n"), "services:", ...lines, ...TAIL.trimEnd().split("\n")],
      chance,
    );
    const text = commented.join(eol) + (finalBreak ? eol : "");
    return { text, toString: () => text };
  });

/** Comments above lines and behind them, but not in texts of several lines. */
function withComments(lines: readonly string[], chance: () => number): readonly string[] {
  let blockAt = -1;
  return lines.flatMap((line) => {
    const column = line.length - line.trimStart().length;
    if (blockAt >= 0 && (column > blockAt || line === "")) return [line];
    blockAt = /[|>]$/.test(line) ? column : -1;
    const above = chance() < 8 ? [`${" ".repeat(column)}# above ${chance()}`] : [];
    const behind = blockAt < 0 && line !== "" && chance() < 8 ? `${line}  # behind ${chance()}` : line;
    return [...above, behind];
  });
}
