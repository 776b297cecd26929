/** Whether the real compose takes a file or refuses it, as our validation says: on our own cases and on every compose fixture and example. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { run } from "../../scripts/process.ts";
import { inParallel } from "../../scripts/setup/compose.ts";
import { Unavailable } from "../../scripts/setup/debian.ts";
import { dockerPrograms } from "../../scripts/setup/docker.ts";
import { rules } from "../../server/src/core/rules/index.ts";
import { schemaCases, textOf } from "../compose/schema-cases.ts";
import { caseOf, findingsOf, fixed, fixtures } from "../rule-cases.ts";

interface Sample {
  readonly name: string;
  readonly text: string;
  /** It is about keys, values and YAML: what compose refuses it for is ours to find. */
  readonly isOwn: boolean;
  /** Why the verdicts differ. */
  readonly because?: string | undefined;
}

const AT_ONCE = 3;
/** Those that say what compose refuses a text for, whatever else there is. */
const OURS = rules.filter(({ id }) => ["compose-schema", "compose-yaml", "compose-deprecated-key"].includes(id));

/** What is refused for its keys, its values or its YAML; what containers may be called is the business of another rule. */
const BY_SCHEMA = /^(?:yaml:|failed to parse|validating (?!.*container_name))/;

/** What compose refuses a file for beyond keys and values: other files, what refers to what, what a service needs. */
const OTHER_REFUSALS = [
  /no such file|not found|is a directory/,
  /(?:undefined|depends on) \w+/,
  /dependency cycle|Circular reference/,
  /neither an image nor a build|exclusive|can't set|must be unique|already in use|MUST include|empty compose file/,
];

/** It may hold anything; here it has no value, which is refused where a number has to be. */
const VARIABLE = /\$\{?[A-Za-z_]/;

/** Where we stand by another verdict, by what stands in the text. */
const DIFFERENCES: readonly (readonly [on: RegExp, because: string])[] = [
  [/external: the-token/, "other implementations of compose take any text for true"],
];

const program = await programOrReason();
if (program.reason !== undefined) console.error(`NOT RUN: validation against the real compose: ${program.reason}`);

test("the real compose takes and refuses what we say it does", { skip: program.reason ?? false }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "dockwright-schema-"));
  try {
    const all = samples();
    const refusals = await inParallel(all, AT_ONCE, ({ text }) => refusalOf(text, folder));
    const wrong = all.flatMap(({ name, text, isOwn, because }, index) => {
      const refusal = refusals[index] ?? "";
      const mine = findingsOf(text, OURS).filter(({ severity }) => severity === "error");
      const isOfOthers = !isOwn && !BY_SCHEMA.test(refusal);
      const isOther =
        mine.length === 0 && (isOfOthers || VARIABLE.test(text) || OTHER_REFUSALS.some((each) => each.test(refusal)));
      const agrees = mine.length > 0 === (refusal !== "") || isOther;
      if (agrees !== (because !== undefined)) return [];
      return [`${name}\n  compose: ${refusal}\n  ours: ${mine.map(({ message }) => message).join("; ")}`];
    });
    assert.deepEqual(wrong, []);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

function samples(): readonly Sample[] {
  const cases = schemaCases.map((each) => ({
    name: each.service ?? each.file ?? "",
    text: textOf(each),
    isOwn: true,
    because: each.because,
  }));
  const written = fixtures(["compose"]).flatMap(({ rule, sections }) =>
    sections.flatMap((section) => {
      const text = caseOf(section)?.input;
      const name = `${rule}: ${section.split("\n")[0]}`;
      return text === undefined ? [] : [{ name, text, isOwn: OURS.some(({ id }) => id === rule) }];
    }),
  );
  const examples = rules
    .filter(({ language }) => language === "compose")
    .flatMap((rule) =>
      rule.examples.map((example, index) => ({
        name: `${rule.id}: example ${index + 1}`,
        text: "bad" in example ? example.bad : example.good,
        isOwn: OURS.includes(rule),
      })),
    );
  const before: readonly Sample[] = [...cases, ...written, ...examples];
  const after = before.flatMap(({ name, text, isOwn }) => {
    const repaired = isOwn ? fixed(text, OURS).text : text;
    return repaired === text ? [] : [{ name: `${name}, repaired`, text: repaired, isOwn }];
  });
  return [...before, ...after].map((each) => ({
    because: DIFFERENCES.find(([on]) => on.test(each.text))?.[1],
    ...each,
  }));
}

async function refusalOf(text: string, cwd: string): Promise<string> {
  const asked = ["--project-name", "project", "--file", "-", "config", "--quiet"];
  const { code, stderr } = await run(program.path, [...asked, "--no-env-resolution", "--no-path-resolution"], {
    cwd,
    input: text,
    env: { HOME: cwd },
    timeoutMs: 60_000,
  });
  if (code === 0) return "";
  return stderr.replace(/^time="[^\n]*level=warning[^\n]*\n/gm, "").trim() || `code ${code}`;
}

/** Where Docker's programs cannot be had that is said loudly, and under CI it is a failure. */
async function programOrReason(): Promise<{ readonly path: string; readonly reason?: string }> {
  try {
    return { path: join(await dockerPrograms(), "libexec/docker/cli-plugins/docker-compose") };
  } catch (error) {
    if (!(error instanceof Unavailable) || process.env["CI"]) throw error;
    return { path: "", reason: error.message };
  }
}
