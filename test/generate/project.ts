/** Projects written as one text: options, then each file behind a line with its path. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ProjectFiles } from "../../server/src/core/generate/files.ts";
import { type NoPlan, type Plan, planOf } from "../../server/src/core/generate/plan.ts";

export interface Case {
  readonly name: string;
  readonly files: ReadonlyMap<string, string>;
  /** Paths that git ignores and that are there. */
  readonly ignored: readonly string[];
  readonly folder: string | undefined;
  readonly choices: ReadonlyMap<string, string>;
}

const CASES = join(import.meta.dirname, "cases");

export const cases: readonly Case[] = readdirSync(CASES)
  .toSorted()
  .map((name) => readCase(name.replace(/\.txt$/, ""), readFileSync(join(CASES, name), "utf8")));

/** `choose id=value`, `folder path` and `ignored path` stand above the first file. */
function readCase(name: string, text: string): Case {
  const [head = "", ...parts] = text.split(/^=== /m);
  const option = (key: string): readonly string[] =>
    [...head.matchAll(new RegExp(`^${key} (.+)$`, "gm"))].map(([, value = ""]) => value);
  return {
    name,
    files: new Map(
      parts.map((part) => {
        const end = part.indexOf("\n");
        return [part.slice(0, end), part.slice(end + 1)] as const;
      }),
    ),
    ignored: option("ignored"),
    folder: option("folder")[0],
    choices: new Map(option("choose").map((each) => each.split("=", 2) as [string, string])),
  };
}

export const projectFiles = ({ files, ignored, name }: Pick<Case, "files" | "ignored" | "name">): ProjectFiles => ({
  name,
  paths: [...files.keys()],
  ignored,
  read: (path) => files.get(path),
});

/** As long as a digest is, and another one for each image. */
export const madeUpDigest = (image: string): string =>
  `sha256:${Array.from(image)
    .map((each) => (each.codePointAt(0) ?? 0).toString(16).padStart(2, "0"))
    .join("")
    .padEnd(64, "0")
    .slice(0, 64)}`;

export function planCase(each: Case, digest: (image: string) => string | undefined = () => undefined): Plan | NoPlan {
  return planOf(projectFiles(each), {
    folder: each.folder,
    choices: each.choices,
    digest,
    ci: {
      remote: { host: "github.com", path: "example/project" },
      branch: "main",
      version: "1.2.3",
      commits: new Map(),
    },
  });
}
