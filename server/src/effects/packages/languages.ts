/** What PyPI, npm's registry and RubyGems say is the newest version of a package. */
import { type Fetch, FetchError, type FetchLimits, textAt } from "../downloads/fetch.ts";
import { compareNumbers } from "./order.ts";
import { accepts } from "./requirement.ts";

export interface Registries {
  readonly pypi: string;
  readonly npm: string;
  readonly rubygems: string;
}

export const REGISTRIES: Registries = {
  pypi: "https://pypi.org",
  npm: "https://registry.npmjs.org",
  rubygems: "https://rubygems.org",
};

/** Packages with thousands of releases have tens of megabytes. */
const LIMITS: FetchLimits = {
  bytes: 64 * 1024 ** 2,
  errorBytes: 64 * 1024,
  redirects: 5,
  idleMs: 15_000,
  totalMs: 60_000,
};

/** Undefined where there is none that fits. `within` is the version of the language. */
type Newest = (fetch: Fetch, name: string, within: string, signal: AbortSignal) => Promise<string | undefined>;

export const newestIn = ({ pypi, npm, rubygems }: Registries): Readonly<Record<"pip" | "npm" | "gem", Newest>> => ({
  /** The newest release that is none of the previews, was not taken back and fits the Python. */
  async pip(fetch, name, python, signal) {
    const project = await jsonAt(fetch, `${pypi}/pypi/${encodeURIComponent(name)}/json`, undefined, signal);
    const releases = Object.entries(objectOf(field(project, "releases")));
    return newestOf(
      releases
        .filter(([version]) => /^\d+(?:\.\d+)*(?:\.post\d+)?$/.test(version))
        .filter(([, files]) =>
          listOf(files).some(
            (file) => field(file, "yanked") !== true && accepts(textOf(field(file, "requires_python")), python),
          ),
        )
        .map(([version]) => version),
    );
  },
  /** What is tagged `latest`, which is what npm takes. */
  async npm(fetch, name, _within, signal) {
    const path = name.replace("/", "%2f");
    const found = await jsonAt(fetch, `${npm}/${path}`, "application/vnd.npm.install-v1+json", signal);
    return textOf(field(field(found, "dist-tags"), "latest"));
  },
  async gem(fetch, name, ruby, signal) {
    const versions = await jsonAt(
      fetch,
      `${rubygems}/api/v1/versions/${encodeURIComponent(name)}.json`,
      undefined,
      signal,
    );
    return newestOf(
      listOf(versions)
        .filter((each) => field(each, "prerelease") !== true && accepts(textOf(field(each, "ruby_version")), ruby))
        .flatMap((each) => textOf(field(each, "number")) ?? []),
    );
  },
});

const newestOf = (versions: readonly string[]): string | undefined => versions.toSorted(compareNumbers).at(-1);

async function jsonAt(fetch: Fetch, url: string, accept: string | undefined, signal: AbortSignal): Promise<unknown> {
  const text = await textAt(fetch, url, { limits: LIMITS, ...(accept !== undefined && { accept }) }, signal);
  try {
    const parsed: unknown = JSON.parse(text);
    return parsed;
  } catch {
    throw new FetchError(`${new URL(url).host} did not answer in JSON`);
  }
}

const field = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? Object.getOwnPropertyDescriptor(value, name)?.value
    : undefined;
const objectOf = (value: unknown): object => (typeof value === "object" && value !== null ? value : {});
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
