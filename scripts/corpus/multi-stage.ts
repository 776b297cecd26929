/**
 * Real files of one stage, converted without their build context: how many are converted, refused and left because nothing is to be
 * gained. Every result has to be read by the real BuildKit without a word it did not say before, to bring no finding of the recommended
 * profile that was not there, to keep every comment, and to be left alone by a second conversion.
 */
import { convertToMultiStage } from "../../server/src/core/assists/multi-stage/convert.ts";
import { NO_CONTEXT } from "../../server/src/core/assists/multi-stage/recipe.ts";
import { defaultSettings } from "../../server/src/core/findings/settings.ts";
import { inspect } from "../../server/src/core/findings/inspect.ts";
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";
import type { Dockerfile } from "../../server/src/core/model/dockerfile/model.ts";
import { rules } from "../../server/src/core/rules/index.ts";
import { buildKitChecks } from "../../test/docker/buildkit-check.ts";
import { startMachine } from "../../test/docker/machine.ts";
import type { CorpusFile } from "./files.ts";

/** At least this share of those a recipe knows and something is to be gained of. */
const LEAST_CONVERTED = 0.5;

interface Pair {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

export async function multiStageSurvey(files: readonly CorpusFile[]): Promise<number> {
  const reasons = new Map<string, number>();
  const count = (reason: string): void => void reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  const converted: Pair[] = [];
  const faults: string[] = [];
  let single = 0;
  let refused = 0;
  let noBenefit = 0;
  for (const { name, text } of files) {
    const dockerfile = parseDockerfile(text, "Dockerfile");
    if (dockerfile.stages.length !== 1) continue;
    single++;
    const conversion = convertToMultiStage(dockerfile, NO_CONTEXT);
    if (conversion.outcome === "converted") {
      converted.push({ name, before: text, after: conversion.text });
      faults.push(...faultsOf(dockerfile, conversion.text).map((fault) => `${name}: ${fault}`));
      continue;
    }
    count(`${conversion.outcome}, ${conversion.recipe ?? "no recipe"}: ${conversion.reason}`);
    if (conversion.recipe === undefined) continue;
    if (conversion.outcome === "refused") refused++;
    else noBenefit++;
  }
  faults.push(...(await unreadFaults(converted)));
  for (const [reason, times] of [...reasons].toSorted((a, b) => b[1] - a[1])) console.log(`${times}  ${reason}`);
  for (const fault of faults) console.log(fault);
  const share = converted.length / Math.max(1, converted.length + refused);
  console.log(
    `${single} files of one stage; known to a recipe ${converted.length + refused + noBenefit}: ${converted.length} converted, ${refused} refused, ${noBenefit} without benefit; ` +
      `${(share * 100).toFixed(1)} % of those with something to gain converted; ${faults.length} faults`,
  );
  return faults.length > 0 || share < LEAST_CONVERTED ? 1 : 0;
}

function faultsOf(before: Dockerfile, text: string): readonly string[] {
  const after = parseDockerfile(text, "Dockerfile");
  const faults = after.problems.map(({ message }) => message);
  const missing = commentsOf(before).filter((comment) => !commentsOf(after).includes(comment));
  faults.push(...missing.map((comment) => `the comment is gone: ${comment}`));
  if (convertToMultiStage(after, NO_CONTEXT).outcome === "converted") faults.push("it is converted a second time");
  const known = new Set(findingsOf(before.text));
  faults.push(
    ...findingsOf(text)
      .filter((rule) => !known.has(rule))
      .map((rule) => `a finding of ${rule} is new`),
  );
  return faults;
}

const commentsOf = ({ comments, instructions }: Dockerfile): readonly string[] =>
  [...comments, ...instructions.flatMap((instruction) => instruction.comments)].map(({ text }) => text);

const findingsOf = (text: string): readonly string[] =>
  inspect(text, rules, defaultSettings, new Map()).findings.map(({ rule }) => rule);

/** What BuildKit says of a result and did not say of the original. */
async function unreadFaults(pairs: readonly Pair[]): Promise<readonly string[]> {
  await using machine = await startMachine();
  const checks = await buildKitChecks(
    machine,
    pairs.flatMap(({ before, after }) => [before, after]),
  );
  return pairs.flatMap(({ name, before, after }) => {
    const one = checks.get(before);
    const other = checks.get(after);
    if (one?.error !== undefined) return [];
    if (other?.error !== undefined) return [`${name}: BuildKit does not read the result: ${other.error}`];
    const said = new Set(one?.warnings.map(({ code }) => code));
    return (other?.warnings ?? [])
      .filter(({ code }) => !said.has(code))
      .map(({ code }) => `${name}: BuildKit's ${code} is new`);
  });
}
