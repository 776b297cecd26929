/** Compose files: findings beside dclint's on the same texts, whole commands beside its, and completion over the wire. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DCLinter } from "dclint";
import { Bench } from "tinybench";
import { run } from "../../scripts/process.ts";
import { inspect } from "../../server/src/core/findings/inspect.ts";
import { defaultSettings, type Settings } from "../../server/src/core/findings/settings.ts";
import { rules } from "../../server/src/core/rules/index.ts";
import { type Latency, completionLatency } from "./typing.ts";

const everything: Settings = { ...defaultSettings, profile: "all" };
const root = join(import.meta.dirname, "../..");
const FILES = 300;
const ROUNDS = 5;
const MINUTES = 60_000;

/** Twenty-five lines a service, with what people do right and wrong. */
const service = (at: number): string => `  service${at}:
    image: registry.example/team/app${at}:1.${at}
    container_name: app-${at}
    ports:
      - "${8000 + at}:80"
      - 127.0.0.1:${9000 + at}:9000
    environment:
      LEVEL: info
      TOKEN: \${TOKEN:-none}
      INDEX: "${at}"
    volumes:
      - data:/var/lib/app
      - ./config/${at}.toml:/etc/app.toml:ro
    networks: [front, back]
    depends_on:
      - service${Math.max(0, at - 1) === at ? 1 : Math.max(0, at - 1)}
    healthcheck:
      test: ["CMD", "wget", "-qO-", "http://localhost/"]
      interval: 30s
    deploy:
      resources:
        limits:
          cpus: "0.5"
          memory: 256M
    restart: unless-stopped
`;

/** About so many lines. */
export const composeOf = (lines: number): string =>
  `name: bench\nservices:\n${Array.from({ length: Math.round(lines / 25) }, (_, at) => service(at)).join("")}` +
  "networks:\n  front:\n  back:\nvolumes:\n  data:\n";

export interface ComposeTimes {
  /** Milliseconds, medians. */
  readonly ours: number;
  readonly dclint: number;
  readonly completion: Latency;
  readonly commands: { readonly files: number; readonly ours: number; readonly dclint: number } | undefined;
}

export async function composeTimes(folder: string): Promise<ComposeTimes> {
  const work = mkdtempSync(join(tmpdir(), "dockwright-bench-"));
  try {
    const text = composeOf(300);
    const file = join(work, "compose.yaml");
    writeFileSync(file, text);
    const linter = new DCLinter({ rules: {}, quiet: true, debug: false, exclude: [] });
    const bench = new Bench({ time: 2000, warmupTime: 500 });
    bench
      .add("dclint", () => linter.lintFiles([file], false))
      .add("dockwright", () =>
        inspect(text, rules, everything, new Map(), { language: "compose", name: "compose.yaml" }),
      );
    await bench.run();
    const [dclint = Number.NaN, ours = Number.NaN] = bench.tasks.map(({ result }) =>
      result && "latency" in result ? result.latency.p50 : Number.NaN,
    );
    return {
      ours,
      dclint,
      completion: await completionLatency(composeOf(1000)),
      commands: existsSync(folder) ? await commandTimes(folder, work) : undefined,
    };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function commandTimes(folder: string, work: string): Promise<ComposeTimes["commands"]> {
  const files = join(work, "files");
  mkdirSync(files);
  const names = readdirSync(folder).sort().slice(0, FILES);
  for (const [at, name] of names.entries()) copyFileSync(join(folder, name), join(files, `compose-${at}.yaml`));
  const check = ["check", "--profile", "all", "--format", "json", "--no-config", "--offline", "--shellcheck", "off"];
  const commands = [
    [join(root, "dist/cli.js"), ...check, files],
    [join(root, "node_modules/dclint/bin/dclint.cjs"), "--formatter", "json", files],
  ];
  const env = { ...process.env, XDG_CACHE_HOME: join(work, "cache") };
  const times = commands.map((): number[] => []);
  for (let round = 0; round <= ROUNDS; round++)
    for (const [at, args] of commands.entries()) {
      const start = performance.now();
      const { stdout } = await run(process.execPath, args, { cwd: work, env, timeoutMs: 5 * MINUTES });
      if (stdout.length < 1000)
        throw new Error(`${args[0]} printed too little to have looked at ${names.length} files`);
      // The first round fills the file system's cache.
      if (round > 0) times[at]?.push(performance.now() - start);
    }
  const [ours = Number.NaN, dclint = Number.NaN] = times.map((all) => all.toSorted((a, b) => a - b)[all.length >> 1]);
  return { files: names.length, ours, dclint };
}
