/**
 * `npm test [-- GROUP …]`: sets up what is needed and runs everything, or the groups named. The last line is `N passed, N failed`.
 * A group whose component cannot be had on this machine says so and is left out; under CI=true it fails.
 */
import { globSync } from "node:fs";
import { join } from "node:path";
import { buildAll } from "./build.ts";
import { run } from "./process.ts";

const root = join(import.meta.dirname, "..");
const ci = process.env["CI"] === "true";
const bin = (name: string): string => join(root, "node_modules", ".bin", name);
const MINUTES = 60_000;

interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly output: string;
  /** Why the group could not run at all. */
  readonly missing?: string;
}

interface Group {
  readonly name: string;
  /** Groups of one lane run one after the other; two lanes run side by side, for two cores. */
  readonly lane: 0 | 1;
  run(): Promise<Outcome>;
}

/** A program that has nothing to count: one check, by its exit code. */
async function check(command: string, args: readonly string[]): Promise<Outcome> {
  const { code, stdout, stderr } = await run(command, args, { cwd: root, timeoutMs: 10 * MINUTES });
  return {
    passed: code === 0 ? 1 : 0,
    failed: code === 0 ? 0 : 1,
    skipped: 0,
    output: code === 0 ? "" : stdout + stderr,
  };
}

async function all(checks: readonly (() => Promise<Outcome>)[]): Promise<Outcome> {
  let sum: Outcome = { passed: 0, failed: 0, skipped: 0, output: "" };
  for (const each of checks) {
    const { passed, failed, skipped, output, missing } = await each();
    sum = {
      ...sum,
      ...(missing !== undefined && { missing }),
      passed: sum.passed + passed,
      failed: sum.failed + failed,
      skipped: sum.skipped + skipped,
      output: sum.output + output,
    };
  }
  return sum;
}

/** Files by Node's test runner, in one process unless they need processes of their own. */
async function nodeTests(patterns: readonly string[], isolated = false): Promise<Outcome> {
  const files = patterns.flatMap((pattern) => globSync(pattern, { cwd: root })).sort();
  if (files.length === 0)
    return { passed: 0, failed: 1, skipped: 0, output: `no file matches ${patterns.join(", ")}\n` };
  const isolation = isolated ? [] : ["--test-isolation=none"];
  const { code, stdout, stderr } = await run(
    process.execPath,
    ["--test", ...isolation, "--test-reporter=tap", ...files],
    {
      cwd: root,
      timeoutMs: 20 * MINUTES,
    },
  );
  const count = (name: string): number => Number(new RegExp(`^# ${name} (\\d+)$`, "m").exec(stdout)?.[1] ?? 0);
  const [passed, skipped] = [count("pass"), count("skipped")];
  const failed = Math.max(count("fail") + count("cancelled"), code === 0 ? 0 : 1);
  const missing = /^(?:# )?not run: (.*)$/im.exec(`${stdout}
${stderr}`)?.[1];
  return {
    passed,
    failed,
    skipped,
    output: failed > 0 ? failures(stdout) + stderr : "",
    ...(missing !== undefined && { missing }),
  };
}

/** The failing tests of a TAP report with what stands below them. */
const failures = (tap: string): string =>
  tap
    .split(/^(?=\s*(?:ok|not ok) \d+)/m)
    .filter((part) => /^\s*not ok/.test(part))
    .join("")
    .slice(0, 20_000);

/** A script that ends in `N passed, N failed`, and exits 75 (EX_TEMPFAIL) when a component cannot be had. */
async function script(file: string): Promise<Outcome> {
  const { code, stdout, stderr } = await run(process.execPath, [join(root, file)], {
    cwd: root,
    timeoutMs: 20 * MINUTES,
  });
  const counts = /^(\d+) passed, (\d+) failed/m.exec(stdout.split("\n").toReversed().join("\n"));
  const passed = Number(counts?.[1] ?? 0);
  const failed = Math.max(Number(counts?.[2] ?? 0), code === 0 || code === NOT_HERE ? 0 : 1);
  const output = failed > 0 || code === NOT_HERE ? stdout + stderr : "";
  return {
    passed,
    failed,
    skipped: 0,
    output,
    ...(code === NOT_HERE && { missing: stderr.trim().split("\n").at(-1) ?? "" }),
  };
}

const NOT_HERE = 75;

const GROUPS: readonly Group[] = [
  {
    name: "typecheck",
    lane: 0,
    run: () =>
      all([
        () => check(bin("tsc"), ["--noEmit"]),
        // What runs in a page or a web worker has its types.
        ...[
          "client/src/views/layers/web",
          "client/src/views/multi-stage/web",
          "client/src/web",
          "server/src/lsp/web",
          "test/vscode/browser-suite",
          "test/panel",
        ].map((folder) => () => check(bin("tsc"), ["--noEmit", "--project", folder])),
      ]),
  },
  {
    name: "lint",
    lane: 0,
    run: () =>
      all([
        () => check(bin("oxlint"), ["--type-aware", "--deny-warnings", "server", "client", "test", "scripts"]),
        () => check(bin("biome"), ["format", "--reporter=summary", "."]),
        () => check(bin("knip"), []),
      ]),
  },
  {
    name: "unit",
    lane: 0,
    run: () =>
      all([
        () =>
          nodeTests([
            "test/*.test.ts",
            "test/assists/**/*.test.ts",
            "test/cli/*.test.ts",
            "test/client/*.test.ts",
            "test/compose/*.test.ts",
            "test/dockerfile/*.test.ts",
            "test/flow/*.test.ts",
            "test/generate/*.test.ts",
            "test/grammar/*.test.ts",
            "test/image/*.test.ts",
            "test/image-references/*.test.ts",
            "test/matrix/*.test.ts",
            "test/multi-stage/*.test.ts",
            "test/project/*.test.ts",
            "test/snippets/*.test.ts",
          ]),
        () => nodeTests(["test/memory/*.test.ts"], true),
      ]),
  },
  { name: "lsp", lane: 0, run: () => nodeTests(["test/lsp/*.test.ts"]) },
  { name: "effects", lane: 0, run: () => nodeTests(["test/effects/*.test.ts"]) },
  { name: "matrix", lane: 0, run: () => script("scripts/matrix.ts") },
  { name: "docker", lane: 1, run: () => nodeTests(["test/docker/*.test.ts", "test/generate/build/*.test.ts"], true) },
  {
    name: "vscode",
    lane: 1,
    run: () =>
      all([
        () => script("test/vscode/run.ts"),
        () => script("test/vscode/person.ts"),
        () => script("test/vscode/browser.ts"),
        () => script("test/panel/run.ts"),
      ]),
  },
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !GROUPS.some((group) => group.name === name));
if (unknown.length > 0) {
  console.error(`no group ${unknown.join(", ")}; there are ${GROUPS.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}
const chosen = wanted.length === 0 ? GROUPS : GROUPS.filter(({ name }) => wanted.includes(name));

await buildAll();
let passed = 0;
let failed = 0;
let skipped = 0;

async function runLane(lane: 0 | 1): Promise<void> {
  for (const group of chosen.filter((each) => each.lane === lane)) {
    const began = performance.now();
    const outcome = await group
      .run()
      .catch((error: unknown): Outcome => ({ passed: 0, failed: 1, skipped: 0, output: `${String(error)}\n` }));
    const seconds = ((performance.now() - began) / 1000).toFixed(0);
    const missing = outcome.missing !== undefined && outcome.failed === 0;
    passed += outcome.passed;
    failed += outcome.failed + (missing && ci ? 1 : 0);
    skipped += Math.max(outcome.skipped, missing && !ci ? 1 : 0);
    if (outcome.output) process.stdout.write(outcome.output);
    if (missing) console.log(`${ci ? "FAILED" : "NOT RUN"} ${group.name}: ${outcome.missing}`);
    console.log(
      `${group.name}: ${outcome.passed} passed, ${outcome.failed} failed, ${outcome.skipped} skipped in ${seconds} s`,
    );
  }
}

await Promise.all([runLane(0), runLane(1)]);
if (skipped > 0) console.log(`${skipped} skipped: see NOT RUN above`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
