/** Reports that outlive the window: one file for each workspace, the newest reports in it, the oldest go. */
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fieldsOf, objectsOf } from "./json.ts";
import { type Report, SEVERITIES } from "./report.ts";

export interface KeptReports {
  /** The newest last; none where nothing was kept, or what was kept is damaged. */
  readonly read: () => Promise<readonly Report[]>;
  /** Resolves when the last of the reports that were given is written, or could not be. */
  readonly write: (reports: readonly Report[]) => Promise<void>;
}

const MOST = 20;
const MOST_LENGTH = 8 * 1024 * 1024;
/** Goes up when the shape of a report changes. */
const SHAPE = 1;

/** @param file where they are; without one nothing is kept */
export function keptReports(file: string | undefined): KeptReports {
  if (file === undefined) return { read: async () => [], write: async () => {} };
  let next: readonly Report[] | undefined;
  let writing: Promise<void> | undefined;

  const writeAll = async (): Promise<void> => {
    while (next) {
      const reports = next;
      next = undefined;
      await writeWhole(file, reports).catch(() => {
        // The next scan is shown all the same, and tried to be kept again.
      });
    }
    writing = undefined;
  };

  return {
    async read() {
      try {
        return (await stat(file)).size > 2 * MOST_LENGTH ? [] : reportsIn(await readFile(file, "utf8"));
      } catch {
        return []; // nothing was kept
      }
    },
    write(reports) {
      next = reports;
      writing ??= writeAll();
      return writing;
    },
  };
}

/** Whole or not at all, though the window is closed meanwhile. */
async function writeWhole(file: string, reports: readonly Report[]): Promise<void> {
  if (reports.length === 0) {
    await rm(file, { force: true });
    return;
  }
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, textOf(reports));
  await rename(temporary, file);
}

/** As many of the newest as there is room for. */
export function textOf(reports: readonly Report[]): string {
  const kept: string[] = [];
  let length = 0;
  for (const report of reports.toReversed()) {
    const text = JSON.stringify(report);
    length += text.length;
    if (kept.length === MOST || length > MOST_LENGTH) break;
    kept.unshift(text);
  }
  return `{"shape":${SHAPE},"reports":[${kept.join(",")}]}`;
}

export function reportsIn(text: string): readonly Report[] {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    return [];
  }
  const { shape, reports } = fieldsOf(file);
  // oxlint-disable-next-line typescript/consistent-type-assertions -- written above, and by nobody else
  return shape === SHAPE ? (objectsOf(reports).filter(isReport) as unknown as readonly Report[]) : [];
}

/** Enough to tell half a file and another program's from ours. */
const isReport = (value: Readonly<Record<string, unknown>>): boolean =>
  ["trivy", "grype", "scout"].includes(String(value["scanner"])) &&
  ["image", "folder"].includes(String(fieldsOf(value["target"])["kind"])) &&
  Array.isArray(value["warnings"]) &&
  typeof value["scannedAt"] === "number" &&
  Array.isArray(value["findings"]) &&
  objectsOf(value["findings"]).every(
    ({ kind, id, severity, fixed }) =>
      typeof kind === "string" &&
      typeof id === "string" &&
      Array.isArray(fixed) &&
      SEVERITIES.some((each) => each === severity),
  );
