/** Answers `{ ask: "package-version" }`: which version of a package is installed today where none is asked for. */
import type { Answer, Question } from "../../core/rule.ts";
import { type Fetch, FetchError } from "../downloads/fetch.ts";
import { createIndexes, ORIGINS, type Origins } from "./distributions.ts";
import { newestIn, REGISTRIES, type Registries } from "./languages.ts";

export type PackageQuestion = Extract<Question, { readonly ask: "package-version" }>;

/** Rejects only when the signal aborted, with its reason. */
export type Versions = (question: PackageQuestion, signal: AbortSignal) => Promise<Answer>;

export function createVersions(
  fetch: Fetch,
  origins: Origins = ORIGINS,
  registries: Registries = REGISTRIES,
): Versions {
  const indexes = createIndexes(fetch, origins);
  const languages = newestIn(registries);
  return async ({ manager, name, within }, signal) => {
    try {
      const version =
        manager === "apt" || manager === "apk"
          ? await indexes(name, within, signal)
          : await languages[manager](fetch, name, within, signal);
      if (version === undefined)
        return { unknown: `${WHERE[manager]} has no ${name}${within === "" ? "" : ` for ${within}`}` };
      // It goes into a command line: anything but a version is none.
      return /^[A-Za-z0-9][\w.+:~-]*$/.test(version)
        ? version
        : { unknown: `${WHERE[manager]} gives ${name} no version that can be written` };
    } catch (error) {
      if (error instanceof FetchError) return { unknown: error.message };
      throw error;
    }
  };
}

const WHERE: Readonly<Record<PackageQuestion["manager"], string>> = {
  apt: "the package index",
  apk: "the package index",
  pip: "PyPI",
  npm: "npm's registry",
  gem: "RubyGems",
};
