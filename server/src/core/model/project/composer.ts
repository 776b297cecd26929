/** composer.json and composer.lock → what PHP projects require and run. */
import { readJson } from "./json.ts";
import { at, fieldsOf, isFields, itemsOf, namedTexts, textAt, textOf, textsOf } from "./values.ts";

export interface ComposerJson {
  readonly name: string | undefined;
  /** `library` when not set; `project` for an application. */
  readonly type: string | undefined;
  /** Of PHP. */
  readonly php: string | undefined;
  /** The PHP version dependencies are chosen for, whatever PHP runs composer. */
  readonly platformPhp: string | undefined;
  /** Packages alone: PHP and its extensions stand elsewhere. */
  readonly require: ReadonlyMap<string, string>;
  readonly requireDev: ReadonlyMap<string, string>;
  /** `intl`, `gd`: without `ext-`. */
  readonly extensions: readonly string[];
  /** Event or name → commands. */
  readonly scripts: ReadonlyMap<string, readonly string[]>;
  /** Folders and files the autoloader looks into: an optimised one needs them when it is written. */
  readonly autoload: readonly string[];
  /** `vendor` when not set. */
  readonly vendorDir: string | undefined;
  /** Folders of the build context that packages come from. */
  readonly pathRepositories: readonly string[];
}

export function readComposerJson(text: string): ComposerJson | undefined {
  const data = readJson(text);
  if (!isFields(data)) return undefined;
  const require = namedTexts(at(data, "require"));
  return {
    name: textAt(data, "name"),
    type: textAt(data, "type"),
    php: require.get("php") ?? require.get("php-64bit"),
    platformPhp: textAt(data, "config", "platform", "php"),
    require: packagesOf(require),
    requireDev: packagesOf(namedTexts(at(data, "require-dev"))),
    extensions: extensionsOf(require.keys()),
    scripts: new Map(Object.entries(fieldsOf(at(data, "scripts"))).map(([name, script]) => [name, commandsOf(script)])),
    autoload: autoloadOf(at(data, "autoload")),
    vendorDir: textAt(data, "config", "vendor-dir"),
    pathRepositories: [
      ...itemsOf(at(data, "repositories")),
      ...Object.values(fieldsOf(at(data, "repositories"))),
    ].flatMap((each) => (textAt(each, "type") === "path" ? (textAt(each, "url") ?? []) : [])),
  };
}

/** The scripts composer runs by itself during `composer install`, unless told otherwise. */
export const installScripts = ({ scripts }: ComposerJson): ReadonlyMap<string, readonly string[]> =>
  new Map([...scripts].filter(([name]) => /^(?:pre|post)-(?:install-cmd|autoload-dump|package-install)$/.test(name)));

/** A package's name has a slash; PHP, its extensions and libraries have none. */
const packagesOf = (require: ReadonlyMap<string, string>): ReadonlyMap<string, string> =>
  new Map([...require].filter(([name]) => name.includes("/")));

const extensionsOf = (names: Iterable<string>): readonly string[] =>
  [...names].flatMap((name) => (/^ext-/i.test(name) ? [name.slice(4).toLowerCase()] : []));

const commandsOf = (script: unknown): readonly string[] => (typeof script === "string" ? [script] : textsOf(script));

function autoloadOf(autoload: unknown): readonly string[] {
  const folders = ["psr-4", "psr-0"].flatMap((kind) =>
    Object.values(fieldsOf(at(autoload, kind))).flatMap((each) =>
      Array.isArray(each) ? textsOf(each) : (textOf(each) ?? []),
    ),
  );
  return [...folders, ...textsOf(at(autoload, "classmap")), ...textsOf(at(autoload, "files"))];
}

export interface ComposerLock {
  /** Name → version. */
  readonly packages: ReadonlyMap<string, string>;
  readonly devPackages: ReadonlyMap<string, string>;
  /** What the packages of production need of PHP: `intl`. */
  readonly extensions: readonly string[];
  readonly php: string | undefined;
  readonly contentHash: string | undefined;
}

export function readComposerLock(text: string): ComposerLock | undefined {
  const data = readJson(text);
  if (!Array.isArray(at(data, "packages"))) return undefined;
  const named = (group: string): ReadonlyMap<string, string> =>
    new Map(
      itemsOf(at(data, group)).flatMap((each): [string, string][] => {
        const name = textAt(each, "name");
        return name === undefined ? [] : [[name, textAt(each, "version") ?? ""]];
      }),
    );
  const needed = itemsOf(at(data, "packages")).flatMap((each) => Object.keys(fieldsOf(at(each, "require"))));
  return {
    packages: named("packages"),
    devPackages: named("packages-dev"),
    extensions: [...new Set(extensionsOf([...needed, ...Object.keys(fieldsOf(at(data, "platform")))]))],
    php: textAt(data, "platform", "php"),
    contentHash: textAt(data, "content-hash"),
  };
}

/** What is required and not locked: `composer install` fails. The rest only composer itself can tell, by a hash. */
export const missingFromLock = (project: ComposerJson, lock: ComposerLock): readonly string[] => [
  ...[...project.require.keys()].filter((name) => !lock.packages.has(name.toLowerCase())),
  ...[...project.requireDev.keys()].filter(
    (name) => !lock.devPackages.has(name.toLowerCase()) && !lock.packages.has(name.toLowerCase()),
  ),
];
