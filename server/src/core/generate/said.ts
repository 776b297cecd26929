/** The version of a language that files of the project name: `.nvmrc`, `.tool-versions`, `rust-toolchain.toml`, … */
import { type Language, versionsSaid } from "../model/project/version-files.ts";
import type { ProjectFiles } from "./files.ts";
import type { Said } from "./releases.ts";

const FILES: readonly string[] = [
  ".nvmrc",
  ".node-version",
  ".python-version",
  "runtime.txt",
  ".ruby-version",
  ".go-version",
  ".java-version",
  ".sdkmanrc",
  ".php-version",
  "rust-toolchain.toml",
  "rust-toolchain",
  "global.json",
  ".tool-versions",
];

/** Node's names of its releases with long support. */
const CODENAMES: Readonly<Record<string, string>> = {
  gallium: "16",
  hydrogen: "18",
  iron: "20",
  jod: "22",
  krypton: "24",
};

/** Undefined where nothing says a number: `stable` and `lts/*` are whatever is current. */
export function saidVersion(files: ProjectFiles, language: Language): Said | undefined {
  for (const file of FILES) {
    const text = files.read(file);
    if (text === undefined) continue;
    const said = versionsSaid(file, text).find((each) => each.language === language);
    if (!said) continue;
    const [, codename] = /^lts\/([a-z]+)$/.exec(said.version) ?? [];
    const version = codename === undefined ? said.version : CODENAMES[codename];
    if (version !== undefined && /^\d+(?:\.\d+)*$/.test(version)) return { version, by: file };
  }
  return undefined;
}

/** `1.24.3` → `1.24`: images of a line have its newest patch. */
export const line = (version: string, parts = 2): string => version.split(".").slice(0, parts).join(".");
