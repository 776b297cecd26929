/** Programs that write files: whoever they run as has to be allowed to. */
import { runtimeBase } from "./base.ts";
import type { Case, RuntimeBase } from "./recipe.ts";

/** Calls that write files or folders, by what the sources are written in; temporary ones are left out. */
const WRITES: Readonly<Record<string, RegExp>> = {
  go: /\bos\.(?:Create|OpenFile|WriteFile|Mkdir(?:All)?|Rename)\(|\bioutil\.WriteFile\(|\bbbolt\b|\bbadger\b/,
  rs: /\bFile::create\(|\bfs::(?:write|create_dir(?:_all)?|rename)\(|\bOpenOptions::new\(|\bsled::/,
  c: /\bfopen\s*\([^;]*,\s*"[wa]|\bmkdir\s*\(|\bO_CREAT\b|\bofstream\b/,
  py: /\bopen\([^()\n]*,\s*(?:mode\s*=\s*)?["'][wax]|\b(?:makedirs|mkdir)\(|\.write_(?:text|bytes)\(|\.to_(?:csv|parquet|excel)\(|\bFileHandler\(|\.save\(\s*["'f]/,
};

/** A database in a file; one in memory writes nothing. */
const writesDatabase = (text: string): boolean => /sqlite/i.test(text) && !text.includes(":memory:");

/** Why the program has to keep its rights: its sources write files, and whose folders those are is not known. */
export function writingSource({ context }: Case, language: keyof typeof WRITES, extension: RegExp): string | undefined {
  const path = (context.paths ?? []).find((each) => {
    if (!extension.test(each) || /(?:^|\/)tests?\/|_test\.go$/.test(each)) return false;
    const text = context.read(each) ?? "";
    return WRITES[language]?.test(text) === true || writesDatabase(text);
  });
  return path === undefined ? undefined : `${path} writes files, and another user may not be allowed to where it does`;
}

/** The variant of a base without a shell that runs as root. */
export const withRoot = (base: RuntimeBase): RuntimeBase =>
  base.image.endsWith(":nonroot") ? runtimeBase(base.image.replace(/:nonroot$/, ""), base.why) : base;
