/**
 * `--baseline`: findings that were there before do not count. A finding is known by file, rule and the text it is about, and how often
 * that occurs, so that lines that move bring nothing back and a new one beside an old one is new.
 */
import { readFile, writeFile } from "node:fs/promises";
import { dirname, relative, resolve, sep } from "node:path";
import type { Rule } from "../../core/rule.ts";
import { failureOf } from "../../effects/files/failure.ts";
import type { Option } from "../args.ts";
import { UsageError } from "../io.ts";
import type { CheckedFile } from "./check-file.ts";

export const BASELINE: readonly Option[] = [
  { name: "baseline", value: "FILE", help: "leave out the findings this file knows" },
  { name: "write-baseline", help: "write the findings of this run into the --baseline file" },
  { name: "stale", help: "also say which findings of the --baseline file do not occur any more" },
];

export interface BaselineFinding {
  /** Relative to the baseline, with forward slashes. */
  readonly file: string;
  readonly rule: string;
  readonly fingerprint: string;
  readonly count: number;
}

export interface Baseline {
  /** Absolute. */
  readonly folder: string;
  readonly findings: readonly BaselineFinding[];
}

const VERSION = 1;

/** @throws UsageError when it cannot be read or is something else */
export async function readBaseline(cwd: string, path: string): Promise<Baseline> {
  const absolute = resolve(cwd, path);
  const text = await readFile(absolute, "utf8").catch((error: unknown) => {
    throw new UsageError(`${path} ${failureOf(path, error).message}; --write-baseline writes it`);
  });
  const findings = findingsIn(text);
  if (!findings) throw new UsageError(`${path} is no baseline; write it with --write-baseline`);
  return { folder: dirname(absolute), findings };
}

function findingsIn(text: string): readonly BaselineFinding[] | undefined {
  try {
    const { version, findings } = JSON.parse(text) as { version?: unknown; findings?: unknown };
    if (version !== VERSION || !Array.isArray(findings)) return undefined;
    return findings.every(isFinding) ? findings : undefined;
  } catch {
    return undefined;
  }
}

function isFinding(value: unknown): value is BaselineFinding {
  if (typeof value !== "object" || value === null) return false;
  const { file, rule, fingerprint, count } = value as Record<string, unknown>;
  return (
    typeof file === "string" && typeof rule === "string" && typeof fingerprint === "string" && Number.isInteger(count)
  );
}

/** Gives how many findings it holds. @throws UsageError when it cannot be written */
export async function writeBaseline(cwd: string, path: string, files: readonly CheckedFile[]): Promise<number> {
  const absolute = resolve(cwd, path);
  const counted = new Map<string, BaselineFinding>();
  for (const one of files.flatMap((file) => identified(file, dirname(absolute)))) {
    const key = keyOf(one);
    counted.set(key, { ...one, count: (counted.get(key)?.count ?? 0) + 1 });
  }
  const findings = [...counted.values()].toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const lines = findings.map((one) => `    ${JSON.stringify(one)}`).join(",\n");
  const text = `{\n  "version": ${VERSION},\n  "findings": [${lines === "" ? "" : `\n${lines}\n  `}]\n}\n`;
  await writeFile(absolute, text).catch((error: unknown) => {
    throw new UsageError(`${path} could not be written: ${failureOf(path, error).message}`);
  });
  return findings.reduce((sum, { count }) => sum + count, 0);
}

export interface Applied {
  /** With the findings that are new. */
  readonly files: readonly CheckedFile[];
  /** What the baseline knows of the checked files, by rules that ran, and was not found again. */
  readonly stale: readonly BaselineFinding[];
}

export function applyBaseline(
  { folder, findings }: Baseline,
  files: readonly CheckedFile[],
  rules: readonly Rule[],
): Applied {
  const left = new Map(findings.map((one) => [keyOf(one), one.count]));
  const seen = new Map<string, ReadonlySet<string>>();
  const filtered = files.map((file) => {
    seen.set(pathFrom(folder, file.file), new Set(file.ran.split(",")));
    const ids = identified(file, folder).map(keyOf);
    const isNew = ids.map((id) => {
      const count = left.get(id) ?? 0;
      left.set(id, count - 1);
      return count <= 0;
    });
    const keep = (_: unknown, at: number): boolean => isNew[at] === true;
    return {
      ...file,
      findings: file.findings.filter(keep),
      fingerprints: file.fingerprints?.filter(keep) ?? [],
    };
  });
  const stale = findings.flatMap((one) => {
    const count = left.get(keyOf(one)) ?? 0;
    const ran = seen.get(one.file);
    // What Docker could not read is found by no rule.
    const looked = ran !== undefined && (ran.has(one.rule) || rules.every(({ id }) => id !== one.rule));
    return count > 0 && looked ? [{ ...one, count }] : [];
  });
  return { files: filtered, stale };
}

type Identified = Omit<BaselineFinding, "count">;

const identified = ({ file, findings, fingerprints = [] }: CheckedFile, folder: string): readonly Identified[] =>
  findings.map(({ rule }, at) => ({
    file: pathFrom(folder, file),
    rule,
    fingerprint: fingerprints[at] ?? "",
  }));

const keyOf = ({ file, rule, fingerprint }: Identified): string => `${file}\0${rule}\0${fingerprint}`;

const pathFrom = (folder: string, file: string): string => relative(folder, file).split(sep).join("/");
