/** Rewritings of compose files by what the real compose makes of them: other forms say the same, hardening changes what it names. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { run } from "../../scripts/process.ts";
import { inParallel } from "../../scripts/setup/compose.ts";
import { Unavailable } from "../../scripts/setup/debian.ts";
import { dockerPrograms } from "../../scripts/setup/docker.ts";
import { composeAssists, isRefusal, REQUESTS } from "../../server/src/core/assists/compose/index.ts";
import { parseCompose } from "../../server/src/core/model/compose/parse.ts";
import { unitsOf } from "../../server/src/core/model/compose/units.ts";
import { applyEdits } from "../../server/src/core/text/edit.ts";
import { assistText } from "../compose/assist-texts.ts";

const AT_ONCE = 3;
const TEXTS = Number(process.env["FUZZ_RUNS"] ?? 14);
const SEED = Number(process.env["FUZZ_SEED"] ?? 1);

/** What of a service each may change; nothing where it is not named. */
const MAY_CHANGE: Readonly<Record<string, readonly string[]>> = {
  harden: [
    ...["restart", "healthcheck", "user", "read_only", "tmpfs", "cap_drop", "cap_add", "security_opt"],
    ...["deploy", "cpus", "mem_limit", "pids_limit"],
  ],
  "extract-secret": ["environment", "secrets"],
};

const program = await programOrReason();
if (program.reason !== undefined) console.error(`NOT RUN: rewritings against the real compose: ${program.reason}`);

interface Sample {
  readonly name: string;
  readonly text: string;
  readonly after: string;
  readonly may: readonly string[];
}

test("compose makes the same of what is rewritten, but for what it is about", {
  skip: program.reason ?? false,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), "dockwright-assists-"));
  try {
    for (const name of [".env", "x.env"]) await writeFile(join(folder, name), "FROM_FILE=1\n");
    const known = new Map<string, ReturnType<typeof servicesOf>>();
    const asked = (text: string): ReturnType<typeof servicesOf> => {
      const answer = known.get(text) ?? servicesOf(text, folder);
      known.set(text, answer);
      return answer;
    };
    const wrong = await inParallel(samples(), AT_ONCE, async ({ name, text, after, may }) => {
      const [before, now] = [await asked(text), await asked(after)];
      if (typeof before === "string") return `the text itself is refused: ${before}\n${text}`;
      if (typeof now === "string") return `${name}: ${now}\n${after}`;
      const changed = Object.keys({ ...before, ...now }).filter(
        (key) => JSON.stringify(before[key]) !== JSON.stringify(now[key]) && !may.includes(key.split(" ")[1] ?? ""),
      );
      return changed.length === 0 ? "" : `${name} changes ${changed.join(", ")}\n${text}\n=>\n${after}`;
    });
    assert.deepEqual(
      wrong.filter((each) => each !== ""),
      [],
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/** All requests of each text, and some of what is offered in it that is said to be safe. */
function samples(): readonly Sample[] {
  return fc.sample(assistText, { seed: SEED, numRuns: TEXTS }).flatMap(({ text }, index) => {
    const compose = parseCompose(text, "compose.yaml");
    const requested = Object.entries(REQUESTS).flatMap(([name, { request }]): readonly Sample[] => {
      const made = request(true)(compose, undefined);
      return isRefusal(made) ? [] : [{ name, text, after: applyEdits(text, made.edits), may: MAY_CHANGE[name] ?? [] }];
    });
    const places = unitsOf(compose).filter((_, at) => at % 11 === index % 11);
    const offered = places.flatMap(({ start }) =>
      composeAssists(compose, { start, end: start }).flatMap((assist): readonly Sample[] => {
        if (assist.safety === "unsafe" || assist.refusal !== undefined) return [];
        const made = assist.rewrite();
        return isRefusal(made) ? [] : [{ name: assist.title, text, after: applyEdits(text, made.edits), may: [] }];
      }),
    );
    return [...requested, ...new Map(offered.map((each) => [each.after, each])).values()];
  });
}

/** What compose would run, by service and key; why it refuses the text. */
async function servicesOf(text: string, folder: string): Promise<Readonly<Record<string, unknown>> | string> {
  const { code, stdout, stderr } = await run(
    join(program.path, "libexec/docker/cli-plugins/docker-compose"),
    [
      "--project-name",
      "project",
      "--file",
      "-",
      "config",
      "--format",
      "json",
      "--no-env-resolution",
      "--no-path-resolution",
    ],
    { cwd: folder, input: text, env: { PATH: process.env["PATH"], PW: "pw", TOKEN: "token" }, timeoutMs: 60_000 },
  );
  if (code !== 0) return stderr;
  const config = JSON.parse(stdout) as { services: Record<string, Record<string, unknown>> };
  return Object.fromEntries(
    Object.entries(config.services).flatMap(([service, keys]) =>
      // Nothing is said by an empty mapping of a volume's options.
      Object.entries(keys).map(([key, value]) => [
        `${service} ${key}`,
        JSON.parse(JSON.stringify(value).replaceAll(',"volume":{}', "")),
      ]),
    ),
  );
}

async function programOrReason(): Promise<{ readonly path: string; readonly reason?: string }> {
  try {
    return { path: await dockerPrograms() };
  } catch (error) {
    if (!(error instanceof Unavailable) || process.env["CI"]) throw error;
    return { path: "", reason: error.message };
  }
}
