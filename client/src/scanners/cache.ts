/** Reports that hold as long as image, scanner and database are the same: a file each, the oldest go. */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Found } from "./find.ts";
import { fieldsOf } from "./json.ts";
import type { Report, Target } from "./report.ts";

export interface ScanCache {
  readonly read: (key: string) => Promise<Report | undefined>;
  readonly write: (key: string, report: Report) => Promise<void>;
}

const KEPT = 40;
/** Goes up when the report's shape changes. */
const SHAPE = 2;

/** Undefined where the database is not known, for then nobody knows how long a report holds. */
export async function scanKey(
  { scanner, versions }: Pick<Found, "scanner" | "versions">,
  image: string,
  { target, ignoreFile }: { readonly target: Target; readonly ignoreFile?: string },
): Promise<string | undefined> {
  if (!versions.database) return undefined;
  const platform = target.kind === "image" ? target.platform : undefined;
  const ignored = ignoreFile === undefined ? "" : await readFile(ignoreFile, "utf8").catch(() => "");
  const parts = [SHAPE, scanner.name, versions.version, versions.database.version, image, platform, ignored];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

export function scanCache(folder: string): ScanCache {
  const fileOf = (key: string): string => join(folder, `${key}.json`);
  return {
    async read(key) {
      try {
        const report: unknown = JSON.parse(await readFile(fileOf(key), "utf8"));
        const { findings, target } = fieldsOf(report);
        if (!Array.isArray(findings) || target === undefined) return undefined;
        await utimes(fileOf(key), new Date(), new Date());
        return report as Report; // written below, and by nobody else
      } catch {
        return undefined; // not there, or half of it
      }
    },
    async write(key, report) {
      try {
        await mkdir(folder, { recursive: true });
        // Whole or not at all, though the editor is closed meanwhile.
        const temporary = `${fileOf(key)}.${process.pid}`;
        await writeFile(temporary, JSON.stringify(report));
        await rename(temporary, fileOf(key));
        await removeOldest(folder);
      } catch {
        // The next scan takes as long as this one.
      }
    },
  };
}

async function removeOldest(folder: string): Promise<void> {
  const names = await readdir(folder);
  if (names.length <= KEPT) return;
  const files = await Promise.all(
    names.map(async (name) => ({ path: join(folder, name), used: (await stat(join(folder, name))).mtimeMs })),
  );
  for (const { path } of files.toSorted((a, b) => b.used - a.used).slice(KEPT)) await rm(path, { force: true });
}
