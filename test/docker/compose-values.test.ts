/** Asks the real compose what test/compose expects it to make of values. UPDATE=1 writes its answers down. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { run } from "../../scripts/process.ts";
import { inParallel } from "../../scripts/setup/compose.ts";
import { Unavailable } from "../../scripts/setup/debian.ts";
import { dockerPrograms } from "../../scripts/setup/docker.ts";
import { type Answer, ENVIRONMENT, GRAMMARS, type ValueCase } from "../compose/value-grammars.ts";

const FILE = new URL("../fixtures/compose-values.ndjson", import.meta.url);
const AT_ONCE = 3;

const programs = await programsOrReason();
if (programs.reason !== undefined) console.error(`NOT RUN: values against the real compose: ${programs.reason}`);

test("the real compose answers as written down", { skip: programs.reason ?? false }, async () => {
  const cases: readonly ValueCase[] = readFileSync(FILE, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const root = await mkdtemp(join(tmpdir(), "dockwright-values-"));
  try {
    const answers = await inParallel(
      cases.map((each, index) => ({ ...each, folder: join(root, String(index), "folder") })),
      AT_ONCE,
      ask,
    );
    if (process.env["UPDATE"]) {
      const rows = cases.map(({ grammar, text }, index) => JSON.stringify({ grammar, text, answer: answers[index] }));
      writeFileSync(FILE, `${rows.join("\n")}\n`);
    } else
      for (const [index, { text, answer }] of cases.entries())
        assert.deepEqual(answers[index], answer, JSON.stringify(text));
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});

async function ask({ grammar: name, text, folder }: ValueCase & { readonly folder: string }): Promise<Answer> {
  const grammar = GRAMMARS[name];
  assert.ok(grammar, name);
  const written = grammar.variables ? text : text.replaceAll("$", () => "$$");
  const service = { image: "x", ...grammar.service?.(written) };
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, "compose.yaml"),
    JSON.stringify({ name: "p", services: { a: service }, ...grammar.top?.(written) }),
  );
  if (grammar.file) await writeFile(join(folder, "x.env"), text);
  const { code, stdout } = await run(
    join(programs.path, "libexec/docker/cli-plugins/docker-compose"),
    ["config", "--format", "json", "--no-consistency", "--no-path-resolution"],
    { cwd: folder, env: { ...ENVIRONMENT, U: undefined, HOME: folder }, timeoutMs: 60_000 },
  );
  return code === 0 ? grammar.answer(JSON.parse(stdout)) : null;
}

/** Where Docker's programs cannot be had that is said loudly, and under CI it is a failure. */
async function programsOrReason(): Promise<{ readonly path: string; readonly reason?: string }> {
  try {
    return { path: await dockerPrograms() };
  } catch (error) {
    if (!(error instanceof Unavailable) || process.env["CI"]) throw error;
    return { path: "", reason: error.message };
  }
}
