/** Where a vulnerable package's version is written, and the version to write there: a pin in RUN, or the line of a manifest. */
import { literal } from "./literal.ts";
import type { Finding } from "./report.ts";

export interface Bump {
  /** Offsets of the version in the text. */
  readonly start: number;
  readonly end: number;
  readonly from: string;
  readonly to: string;
}

/** Which file says what a lock file locks. */
const MANIFESTS: Readonly<Record<string, string>> = {
  "package-lock.json": "package.json",
  "npm-shrinkwrap.json": "package.json",
  "yarn.lock": "package.json",
  "pnpm-lock.yaml": "package.json",
  "bun.lock": "package.json",
  "composer.lock": "composer.json",
  "poetry.lock": "pyproject.toml",
  "uv.lock": "pyproject.toml",
  "pdm.lock": "pyproject.toml",
  "Pipfile.lock": "Pipfile",
  "Cargo.lock": "Cargo.toml",
  "go.sum": "go.mod",
  "Gemfile.lock": "Gemfile",
};

/** Where packages of a type are asked for, when the finding names no file of the project. */
const BY_TYPE: Readonly<Record<string, readonly string[]>> = {
  npm: ["package.json"],
  pypi: ["requirements.txt", "pyproject.toml", "Pipfile"],
  golang: ["go.mod"],
  cargo: ["Cargo.toml"],
  gem: ["Gemfile"],
  composer: ["composer.json"],
  maven: ["pom.xml"],
};

/** The files to look into, best first; for a folder relative to it, for an image by their name alone. */
export function manifestsFor(finding: Finding): readonly string[] {
  const { path, package: of } = finding;
  if (!of) return [];
  const slash = path?.lastIndexOf("/") ?? -1;
  const name = path?.slice(slash + 1) ?? "";
  const manifest = MANIFESTS[name] ?? (isManifest(name) ? name : undefined);
  // A package.json below node_modules is the package's own, and not what asks for it.
  const beside =
    manifest !== undefined && !path?.includes("node_modules/") ? [`${path?.slice(0, slash + 1)}${manifest}`] : [];
  return [...new Set([...beside, ...(BY_TYPE[of.type] ?? [])])];
}

const isManifest = (name: string): boolean =>
  /^(?:requirements[\w.-]*\.txt|constraints[\w.-]*\.txt|package\.json|pom\.xml|go\.mod)$/.test(name);

/** The version that fixes it and is nearest to the one there is: of the same major version where there is one. */
export function versionToTake(installed: string, fixed: readonly string[]): string | undefined {
  const newer = fixed.filter((version) => compare(version, installed) > 0).toSorted(compare);
  const major = numbersOf(installed)[0];
  return newer.find((version) => numbersOf(version)[0] === major) ?? newer[0];
}

const numbersOf = (version: string): readonly number[] =>
  (/^(?:\d+:)?v?(\d+(?:\.\d+)*)/.exec(version)?.[1] ?? "").split(".").map(Number);

/** By numbers; the rest as text. Enough to tell which fix is nearer, not to order every distribution's versions. */
function compare(a: string, b: string): number {
  const [left, right] = [parts(a), parts(b)];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const [x = "0", y = "0"] = [left[at], right[at]];
    if (x === y) continue;
    const numeric = /^\d+$/.test(x) && /^\d+$/.test(y);
    const difference = numeric ? Number(x) - Number(y) : x < y ? -1 : 1;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** `1:1.35.0-4+deb12u1` → epoch, then numbers and words. */
const parts = (version: string): readonly string[] => {
  const [, epoch = "0", rest = ""] = /^(?:(\d+):)?v?([\s\S]*)$/.exec(version) ?? [];
  return [epoch, ...(rest.match(/\d+|[a-z]+/gi) ?? [])];
};

/** Every place in the file that pins the package to a version with the finding. */
export function bumpsIn(fileName: string, text: string, finding: Finding): readonly Bump[] {
  const { package: of, fixed } = finding;
  const to = of && versionToTake(of.version, fixed);
  if (!of || to === undefined) return [];
  const names = [...new Set([of.name, ...(of.parts ?? []), ...(of.source === undefined ? [] : [of.source])])];
  const patterns = names.flatMap((name) => patternsFor(fileName, of.type, name));
  const found = patterns.flatMap((pattern) =>
    [...text.matchAll(pattern)].flatMap((match): Bump[] => {
      const [start, end] = match.indices?.groups?.["version"] ?? [];
      if (start === undefined || end === undefined) return [];
      const from = text.slice(start, end);
      // A pin that is past the finding already, or no version at all, stays.
      if (/[*${]/.test(from) || compare(from, to) >= 0) return [];
      return [{ start, end, from, to: from.startsWith("v") && !to.startsWith("v") ? `v${to}` : to }];
    }),
  );
  return [...new Map(found.map((bump) => [bump.start, bump])).values()].toSorted((a, b) => a.start - b.start);
}

/** Python takes `-`, `_` and `.` for the same, and capitals for small letters. */
const python = (name: string): string =>
  name
    .split(/[-_.]+/)
    .map(literal)
    .join("[-_.]+");
const WORD_BEFORE = String.raw`(?<![\w./@+-])`;
const VERSION = String.raw`(?<version>v?\d[^\s"'\`;&|\\,)\]]*)`;

/** How a pinned package is written in a command, by type. */
const IN_COMMANDS: Readonly<Record<string, (name: string) => string>> = {
  deb: (name) => `${WORD_BEFORE}${literal(name)}(?::\\w+)?=${VERSION}`,
  apk: (name) => `${WORD_BEFORE}${literal(name)}(?:=|~=|~|>=|>)${VERSION}`,
  rpm: (name) => `${WORD_BEFORE}${literal(name)}-(?=\\d)${VERSION}`,
  pypi: (name) => `${WORD_BEFORE}${python(name)}(?:\\[[^\\]]*\\])?[=~>]=${VERSION}`,
  npm: (name) => `(?<![\\w./-])${literal(name)}@[~^]?${VERSION}`,
  golang: (name) => `${WORD_BEFORE}${literal(name)}(?:/[\\w./-]+)?@${VERSION}`,
  cargo: (name) => `${WORD_BEFORE}${literal(name)}(?:@| --version[ =])${VERSION}`,
  gem: (name) => `${WORD_BEFORE}${literal(name)}(?::| (?:-v|--version)[ =]?)${VERSION}`,
};

/** How a manifest asks for it, by file name. */
const IN_FILES: readonly (readonly [RegExp, (name: string) => readonly string[]])[] = [
  [/^(?:package|composer)\.json$/, (name) => [`"${literal(name)}"\\s*:\\s*"[~^]?${VERSION}"`]],
  [
    /^(?:requirements|constraints)[\w.-]*\.txt$/,
    (name) => [`^[ \\t]*${python(name)}(?:\\[[^\\]]*\\])?[ \\t]*[=~>]=[ \\t]*${VERSION}`],
  ],
  [
    /^(?:pyproject\.toml|Pipfile|Cargo\.toml)$/,
    (name) => [
      `^[ \\t]*"?${python(name)}"?[ \\t]*=[ \\t]*"[~^=]*${VERSION}"`,
      `^[ \\t]*"?${python(name)}"?[ \\t]*=[ \\t]*\\{[^}\\n]*?version[ \\t]*=[ \\t]*"[~^=]*${VERSION}"`,
      `["']${python(name)}(?:\\[[^\\]]*\\])?[ \\t]*[=~>]=[ \\t]*${VERSION}`,
    ],
  ],
  [/^go\.mod$/, (name) => [`^[ \\t]*(?:require[ \\t]+)?${literal(name)}[ \\t]+${VERSION}`]],
  [/^Gemfile$/, (name) => [`gem[ \\t(]+["']${literal(name)}["'][ \\t]*,[ \\t]*["'](?:~>|>=|=)?[ \\t]*${VERSION}`]],
  [
    /^pom\.xml$/,
    (name) => [
      `<artifactId>\\s*${literal(name.split(":").at(-1) ?? name)}\\s*</artifactId>\\s*<version>\\s*(?<version>\\d[^<\\s]*)`,
    ],
  ],
];

function patternsFor(fileName: string, type: string, name: string): readonly RegExp[] {
  const base = fileName.slice(fileName.lastIndexOf("/") + 1);
  const manifest = IN_FILES.find(([file]) => file.test(base));
  const sources = manifest ? manifest[1](name) : [IN_COMMANDS[type]?.(name) ?? []].flat();
  return sources.map((source) => new RegExp(source, type === "pypi" ? "dgim" : "dgm"));
}
