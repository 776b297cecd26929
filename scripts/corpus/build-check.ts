/** Real files before and after all their fixes, read by the real BuildKit: what it read before, it reads afterwards. */
import { fixAll } from "../../server/src/core/findings/fix-all.ts";
import type { Dockerfile } from "../../server/src/core/model/dockerfile/model.ts";
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";
import { rules } from "../../server/src/core/rules/index.ts";
import { buildKitChecks } from "../../test/docker/buildkit-check.ts";
import { startMachine } from "../../test/docker/machine.ts";
import { everything } from "../check-fixes.ts";
import type { CorpusFile } from "./files.ts";

interface BuildCheck {
  /** Fixed texts that BuildKit read. */
  readonly checked: number;
  /** Files it refuses before any fix. */
  readonly unread: number;
  readonly broken: readonly string[];
}

export async function buildCheck(files: readonly CorpusFile[]): Promise<BuildCheck> {
  const pairs = files.flatMap(({ name, text }) =>
    ([["safe"], ["safe", "unsafe"]] as const).flatMap((allow) => {
      const fixed = fixAll(text, { rules, settings: everything, answers: new Map(), allow }).text;
      return fixed === text ? [] : [{ name: `${name} (${allow.join(", ")})`, text, fixed, safe: allow.length === 1 }];
    }),
  );
  const broken = pairs
    .filter(({ safe, text, fixed }) => safe && order(parseDockerfile(text)) !== order(parseDockerfile(fixed)))
    .map(({ name }) => `${name}: the instructions are in another order`);
  await using machine = await startMachine();
  const checks = await buildKitChecks(
    machine,
    pairs.flatMap(({ text, fixed }) => [text, fixed]),
  );
  let unread = 0;
  for (const { name, text, fixed } of pairs) {
    if (checks.get(text)?.error !== undefined) unread++;
    else if (checks.get(fixed)?.error !== undefined) broken.push(`${name}: ${checks.get(fixed)?.error}`);
  }
  return { checked: pairs.length - unread - broken.length, unread, broken };
}

/** What safe fixes keep: the instructions that stay, in their order. They replace MAINTAINER by LABEL and ADD by COPY, split ENV, and drop what is overridden. */
const CHANGED: ReadonlySet<string> = new Set(["MAINTAINER", "LABEL", "CMD", "ENTRYPOINT", "HEALTHCHECK"]);
const order = ({ instructions }: Dockerfile): string =>
  instructions
    .map(({ name }) => (name === "ADD" ? "COPY" : name))
    .filter((name, at, all) => !CHANGED.has(name) && !(name === "ENV" && all[at - 1] === "ENV"))
    .join(" ");
