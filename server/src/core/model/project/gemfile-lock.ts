/** Gemfile.lock → every gem with its version, Ruby's and Bundler's. */

export interface GemfileLock {
  /** `3.4.1`, of `RUBY VERSION`. */
  readonly ruby: string | undefined;
  /** Bundler's. */
  readonly bundledWith: string | undefined;
  readonly gems: ReadonlyMap<string, string>;
  readonly platforms: readonly string[];
  /** Folders of the build context that gems come from. */
  readonly paths: readonly string[];
  /** A gem comes with git. */
  readonly git: boolean;
}

/** Undefined where there is none of its sections. */
export function readGemfileLock(text: string): GemfileLock | undefined {
  const gems = new Map<string, string>();
  const platforms: string[] = [];
  const paths: string[] = [];
  let section = "";
  let ruby: string | undefined;
  let bundledWith: string | undefined;
  let git = false;
  let isLock = false;
  for (const line of text.split(/\r?\n/)) {
    if (/^[A-Z]/.test(line)) {
      section = line.trim();
      isLock ||= /^(?:GEM|PATH|GIT|PLATFORMS|DEPENDENCIES)$/.test(section);
      git ||= section === "GIT";
      continue;
    }
    const [, name, version] = /^ {4}(\S+) \(([^)]*)\)$/.exec(line) ?? [];
    // Per platform there is an entry: `nokogiri (1.18.0-x86_64-linux-gnu)`.
    if (name !== undefined && version !== undefined)
      gems.set(name, gems.get(name) ?? version.replace(/-(?:x86|aarch|arm|java|mingw|mswin).*$/, ""));
    if (section === "PATH") paths.push(...[/^ {2}remote: (.+)$/.exec(line)?.[1] ?? []].flat());
    if (section === "PLATFORMS" && line.trim() !== "") platforms.push(line.trim());
    if (section === "RUBY VERSION") ruby ??= /^ +ruby (\d[\d.]*)/.exec(line)?.[1];
    if (section === "BUNDLED WITH") bundledWith ??= /^ +(\d\S*)/.exec(line)?.[1];
  }
  return isLock ? { ruby, bundledWith, gems, platforms, paths, git } : undefined;
}
