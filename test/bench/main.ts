/**
 * `npm run bench [-- FOLDER]`: medians of one run, beside peers' on the same texts; with a folder of real Dockerfiles (by default
 * `../shared/corpus/dockerfiles`, where that is there) whole commands too. Machines are noisy: read the ratios. `--write` puts the
 * tables into docs/benchmarks.md. `npm run bench -- image` takes the one of images alone, `-- wire` the one of
 * Dockerfiles over the wire.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { validate } from "dockerfile-utils";
import { Bench } from "tinybench";
import { inspect } from "../../server/src/core/findings/inspect.ts";
import { defaultSettings, type Settings } from "../../server/src/core/findings/settings.ts";
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";
import { rules } from "../../server/src/core/rules/index.ts";
import { composeTimes } from "./compose.ts";
import { wireTimes } from "./dockerfile-wire.ts";
import { imageTable, imageTimes } from "./image.ts";
import { registryTimes } from "./registry.ts";
import { peerTimes, type Timed } from "./peers.ts";
import { typingLatency } from "./typing.ts";

if (process.argv[2] === "image") {
  console.log(imageTable(await imageTimes()));
  process.exit();
}

const everything: Settings = { ...defaultSettings, profile: "all" };
const sixty = readFileSync(join(import.meta.dirname, "sixty-lines.Dockerfile"), "utf8");

/** Sixty lines over and over, each repetition a stage chain of its own. */
const repeated = (lines: number): string =>
  Array.from({ length: Math.ceil(lines / 60) }, (_, at) => sixty.replaceAll("STAGE", `stage${at}`)).join("\n");
if (process.argv[2] === "wire") {
  console.log(await wireTable());
  process.exit();
}
const fiveThousand = repeated(5000);

const bench = new Bench({ time: 2000, warmupTime: 500 });
bench
  .add("dockerfile-utils validate, 60 lines", () => validate(sixty))
  .add(`dockwright, ${rules.length} rules, 60 lines`, () => inspect(sixty, rules, everything, new Map()))
  .add("dockwright, model alone, 60 lines", () => parseDockerfile(sixty))
  .add("dockerfile-utils validate, 5,000 lines", () => validate(fiveThousand))
  .add(`dockwright, ${rules.length} rules, 5,000 lines`, () => inspect(fiveThousand, rules, everything, new Map()));
await bench.run();

const median = (name: string): number => {
  const task = bench.tasks.find((each) => each.name === name);
  const result = task?.result;
  if (!result || !("latency" in result)) throw new Error(`${name} did not run`);
  return result.latency.p50;
};

const [peer60 = "", ours60 = "", model60 = "", peer5000 = "", ours5000 = ""] = bench.tasks.map(({ name }) => name);
const typing = await typingLatency(repeated(500));
const row = (what: string, value: string, goal: string): string => `| ${what} | ${value} | ${goal} |`;

const table = [
  "| what | measured | goal |",
  "|---|---|---|",
  row(peer60, ms(median(peer60)), ""),
  row(ours60, ms(median(ours60)), ""),
  row("ratio to dockerfile-utils, 60 lines", (median(ours60) / median(peer60)).toFixed(2), "≤ 1.5"),
  row(model60, ms(median(model60)), ""),
  row(peer5000, ms(median(peer5000)), ""),
  row(ours5000, ms(median(ours5000)), "< 300 ms"),
  row("typing in 500 lines over the wire, p50 of 200 changes", ms(typing.p50), ""),
  row("typing in 500 lines over the wire, p95 of 200 changes", ms(typing.p95), "< 30 ms"),
].join("\n");
console.log(table);

const wire = await wireTable();
console.log(`\n${wire}`);

const registries = await registryTable();
console.log(`\n${registries}`);

const folder =
  process.argv.slice(2).find((word) => !word.startsWith("-")) ??
  join(import.meta.dirname, "../../../shared/corpus/dockerfiles");
const compose = await composeTable(join(folder, "../compose"));
console.log(`\n${compose}`);
const commands = existsSync(folder) ? await commandTable(folder) : undefined;
if (commands !== undefined) console.log(`\n${commands}`);

function ms(value: number): string {
  return `${value.toFixed(2)} ms`;
}

/** The least that is asked of us: as fast everywhere, and where the other takes tens of seconds, fifty times as fast. */
async function wireTable(): Promise<string> {
  const rows = await wireTimes(repeated);
  return [
    "| over the wire against dockerfile-language-server-nodejs, a change and its answer | other | dockwright | ratio | goal |",
    "|---|---|---|---|---|",
    ...rows.map(({ feature, lines, peer, ours }) => {
      const goal = feature === "semantic tokens" && lines === 7000 ? "≥ 50" : "≥ 1";
      return `| ${feature}, ${lines.toLocaleString("en")} lines | ${ms(peer)} | ${ms(ours)} | ${(peer / ours).toFixed(1)} | ${goal} |`;
    }),
  ].join("\n");
}

async function registryTable(): Promise<string> {
  const { images: count, serial, first, again } = await registryTimes();
  return [
    `| digests of ${count} images, registry on loopback | measured | goal |`,
    "|---|---|---|",
    row("skopeo inspect, one after the other", `${(serial / 1000).toFixed(2)} s`, ""),
    row("dockwright, nothing in the cache", ms(first), ""),
    row("dockwright, all in the cache", ms(again), ""),
    row("ratio to skopeo", (serial / first).toFixed(1), "≥ 5"),
  ].join("\n");
}

async function composeTable(files: string): Promise<string> {
  const { ours, dclint, completion, commands: whole } = await composeTimes(files);
  const speed = (name: string, time: number): string =>
    row(name, `${((1000 * (whole?.files ?? 0)) / time).toFixed(0)} files/s (${(time / 1000).toFixed(2)} s)`, "");
  return [
    "| compose files | measured | goal |",
    "|---|---|---|",
    row("dclint, all its rules, 300 lines", ms(dclint), ""),
    row("dockwright, all rules, 300 lines", ms(ours), ""),
    row("ratio to dclint, 300 lines", (dclint / ours).toFixed(1), "≥ 5"),
    row("completion in 1,000 lines over the wire, p50 of 200", ms(completion.p50), ""),
    row("completion in 1,000 lines over the wire, p95 of 200", ms(completion.p95), "< 20 ms"),
    ...(whole
      ? [
          speed(`dclint, ${whole.files} real files, start-up included`, whole.dclint),
          speed(`dockwright check, ${whole.files} real files, start-up included`, whole.ours),
          row("ratio to dclint, whole commands", (whole.dclint / whole.ours).toFixed(1), "≥ 5"),
        ]
      : []),
  ].join("\n");
}

async function commandTable(dockerfiles: string): Promise<string> {
  const { files, ours, oursWithShellCheck, trivy, tally, tallyWithShellCheck } = await peerTimes(dockerfiles);
  const speed = ({ name, ms: time }: Timed): string =>
    row(name, `${((1000 * files) / time).toFixed(0)} files/s (${(time / 1000).toFixed(2)} s)`, "");
  const ratio = (peer: Timed, mine: Timed): string =>
    row(`ratio to ${peer.name}`, (peer.ms / mine.ms).toFixed(1), "≥ 5");
  return [
    `| ${files} real files, start-up included | measured | goal |`,
    "|---|---|---|",
    ...[ours, trivy, tally, oursWithShellCheck, tallyWithShellCheck].map(speed),
    ratio(trivy, ours),
    ratio(tally, ours),
    ratio(tallyWithShellCheck, oursWithShellCheck),
  ].join("\n");
}

const images = imageTable(await imageTimes());
console.log(`\n${images}`);

if (process.argv.includes("--write")) {
  const page = join(import.meta.dirname, "../../docs/benchmarks.md");
  // What `npm run matrix -- --write` has written.
  const matrix = existsSync(page)
    ? (/\n## Converted to several stages\n[^]*/.exec(readFileSync(page, "utf8"))?.[0] ?? "")
    : "";
  writeFileSync(
    page,
    [
      "# Benchmarks",
      "",
      "Written by `npm run bench -- --write`: medians of one run on one machine. Absolute figures differ from machine to machine; the",
      "ratios are what counts. Every rule runs (profile `all`), on sixty lines with what people do right and wrong, repeated for the longer texts.",
      "",
      `Node ${process.version}, ${process.platform} ${process.arch}, ${new Date().toISOString().slice(0, 10)}.`,
      "",
      table,
      "",
      wire,
      "",
      compose,
      ...(commands === undefined
        ? []
        : [
            "",
            "Whole commands by turns, five times each after one that does not count. What ShellCheck said is forgotten before each run.",
            "",
            commands,
          ]),
      "",
      registries,
      "",
      "An OCI archive with plain layers, made by the benchmark: medians of five turns, each reading a process of its own.",
      "",
      images,
      matrix,
    ].join("\n"),
  );
}
