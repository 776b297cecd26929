/** Small files that say which version of a language a project is for: `.nvmrc`, `.tool-versions`, `global.json`, … */
import { readJsonc } from "./json.ts";
import { readToml } from "./toml.ts";
import { textAt } from "./values.ts";

export type Language = "node" | "python" | "ruby" | "go" | "java" | "rust" | "dotnet" | "elixir" | "erlang" | "php";

export interface SaidVersion {
  readonly language: Language;
  /** As written, without a `v` in front: `22.11.0`, `3.12`, `lts/jod`, `stable`. */
  readonly version: string;
}

type Read = (text: string) => readonly SaidVersion[];

const firstWord =
  (language: Language): Read =>
  (text) => {
    const [word] = text
      .split("\n")
      .map((line) => line.replace(/#.*/, "").trim())
      .filter(Boolean);
    const version = word?.replace(/^(?:v|ruby-|python-|go)(?=\d)/, "");
    return version === undefined || /\s/.test(version) ? [] : [{ language, version }];
  };

const ASDF: Readonly<Record<string, Language>> = {
  nodejs: "node",
  node: "node",
  python: "python",
  ruby: "ruby",
  golang: "go",
  go: "go",
  java: "java",
  rust: "rust",
  elixir: "elixir",
  erlang: "erlang",
  php: "php",
  "dotnet-core": "dotnet",
  dotnet: "dotnet",
};

const toolVersions: Read = (text) =>
  text.split("\n").flatMap((line) => {
    const [name = "", version] = line.replace(/#.*/, "").trim().split(/\s+/);
    const language = Object.hasOwn(ASDF, name) ? ASDF[name] : undefined;
    return language === undefined || version === undefined ? [] : [{ language, version }];
  });

const said = (language: Language, version: string | undefined): readonly SaidVersion[] =>
  version === undefined ? [] : [{ language, version }];

const FILES: Readonly<Record<string, Read>> = {
  ".nvmrc": firstWord("node"),
  ".node-version": firstWord("node"),
  ".python-version": firstWord("python"),
  "runtime.txt": firstWord("python"),
  ".ruby-version": firstWord("ruby"),
  ".go-version": firstWord("go"),
  ".java-version": firstWord("java"),
  ".php-version": firstWord("php"),
  ".tool-versions": toolVersions,
  ".sdkmanrc": (text) => said("java", /^[ \t]*java[ \t]*=[ \t]*(\S+)/m.exec(text)?.[1]),
  "rust-toolchain": (text) => (text.includes("[") ? toolchain(text) : firstWord("rust")(text)),
  "rust-toolchain.toml": (text) => toolchain(text),
  "global.json": (text) => said("dotnet", textAt(readJsonc(text), "sdk", "version")),
};

const toolchain: Read = (text) => said("rust", textAt(readToml(text), "toolchain", "channel"));

/** By the file's name; nothing where it is none of these, or says nothing. */
export function versionsSaid(path: string, text: string): readonly SaidVersion[] {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const read = Object.hasOwn(FILES, name) ? FILES[name] : undefined;
  return read ? read(text.replace(/^\uFEFF/, "").replaceAll("\r", "")) : [];
}
