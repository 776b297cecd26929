/** Where the indexes of Debian, Ubuntu and Alpine are: every place the sources of the official images name. */
import { type Fetch, FetchError } from "../downloads/fetch.ts";
import { createMemo } from "../registry/memo.ts";
import { type Fields, type Index, indexAt } from "./index-file.ts";
import { compareDebian } from "./order.ts";

export interface Origins {
  readonly debian: string;
  readonly debianSecurity: string;
  readonly ubuntu: string;
  /** For what is neither amd64 nor i386. */
  readonly ubuntuPorts: string;
  readonly alpine: string;
}

/** Ubuntu's are asked over http, as its images do; a version that is not what the repository has stops the build. */
export const ORIGINS: Origins = {
  debian: "https://deb.debian.org/debian",
  debianSecurity: "https://deb.debian.org/debian-security",
  ubuntu: "http://archive.ubuntu.com/ubuntu",
  ubuntuPorts: "http://ports.ubuntu.com/ubuntu-ports",
  alpine: "https://dl-cdn.alpinelinux.org/alpine",
};

const APT: Fields = { name: "Package:", version: "Version:" };
const APK: Fields = { name: "P:", version: "V:" };

/** One index; the same text in several forms, of which the first that is there is read. */
interface Place {
  readonly urls: readonly string[];
  readonly fields: Fields;
}

/** The indexes that `debian trixie amd64` and `v3.22 x86_64` stand for; the newest version of all of them is what is installed. */
export function indexesOf(within: string, origins: Origins): readonly Place[] {
  const words = within.split(" ");
  if (words.length === 2) {
    const [branch = "", arch = ""] = words;
    return ["main", "community"].map((each) => ({
      urls: [`${origins.alpine}/${branch}/${each}/${arch}/APKINDEX.tar.gz`],
      fields: APK,
    }));
  }
  const [system, suite = "", arch = ""] = words;
  const at = (origin: string, pocket: string, component: string, ...forms: readonly string[]): Place => ({
    urls: forms.map((form) => `${origin}/dists/${pocket}/${component}/binary-${arch}/Packages.${form}`),
    fields: APT,
  });
  if (system === "debian") {
    const rolling = suite === "sid" || suite === "unstable";
    return [
      at(origins.debian, suite, "main", "gz", "xz"),
      ...(rolling
        ? []
        : [
            at(origins.debian, `${suite}-updates`, "main", "xz", "gz"),
            at(origins.debianSecurity, `${suite}-security`, "main", "xz", "gz"),
          ]),
    ];
  }
  const origin = /^(?:amd64|i386)$/.test(arch) ? origins.ubuntu : origins.ubuntuPorts;
  return ["", "-updates", "-security"].flatMap((pocket) =>
    ["main", "universe", "restricted", "multiverse"].map((component) =>
      at(origin, `${suite}${pocket}`, component, "gz", "xz"),
    ),
  );
}

/** Each index is read once and kept for a while: one file asks about many packages. */
const KEPT_MS = 10 * 60_000;
/** Of a passing failure, so that a file with fifty packages does not ask fifty times. */
const FAILED_MS = 15_000;
/** Those of one release of Ubuntu; each is a few megabytes. */
const MAX_KEPT = 12;

/** Undefined where no index has the package. Rejects with a FetchError, or the signal's reason. */
export type Versions = (name: string, within: string, signal: AbortSignal) => Promise<string | undefined>;

export function createIndexes(fetch: Fetch, origins: Origins): Versions {
  const memo = createMemo<Index>({ successMs: KEPT_MS, failureMs: () => FAILED_MS, most: MAX_KEPT });
  return async (name, within, signal) => {
    const indexes = await Promise.all(
      indexesOf(within, origins).map(({ urls, fields }) =>
        memo(urls.join(" "), signal, (flight) => firstIndex(fetch, urls, fields, flight)),
      ),
    );
    return indexes
      .flatMap((index) => index.get(name) ?? [])
      .toSorted(compareDebian)
      .at(-1);
  };
}

async function firstIndex(fetch: Fetch, urls: readonly string[], fields: Fields, signal: AbortSignal): Promise<Index> {
  const [url = "", ...others] = urls;
  try {
    return await indexAt(fetch, url, fields, signal);
  } catch (error) {
    if (others.length > 0 && error instanceof FetchError && error.missing)
      return firstIndex(fetch, others, fields, signal);
    throw error;
  }
}
