/** The flags of Buildah's `build`, which is also Podman's. */
import type { BuildOptions } from "../build/options.ts";
import type { Invocation } from "../process.ts";
import { commonFlags, environmentOf, secretFlags } from "./build-flags.ts";
import { csv, flag, flags } from "./engine.ts";
import { lacking } from "./lacking.ts";

export function buildahFlags(options: BuildOptions): Required<Pick<Invocation, "args" | "env">> {
  const several = (options.platforms?.length ?? 0) > 1;
  return {
    args: [
      "--layers",
      // Images for several platforms are kept as one list, which has one name.
      ...(several ? flags("manifest", options.tags.slice(0, 1)) : flags("tag", options.tags)),
      // It reads file names as a line of CSV.
      ...commonFlags({ ...options, dockerfile: csv([options.dockerfile]) }),
      ...flag("platform", options.platforms?.join(",")),
      ...secretFlags(options),
      ...flags("ssh", options.ssh),
      ...flags("cache-from", repositories(options.cacheFrom)),
      ...flags("cache-to", repositories(options.cacheTo)),
      ...flag("timestamp", options.sourceDateEpoch?.toString()),
      ...["--", options.context],
    ],
    env: environmentOf(options),
  };
}

export const buildahLacks = (options: BuildOptions): readonly string[] =>
  lacking(options, {
    attestations: true,
    output: true,
    builder: true,
    cacheFrom: (cache) => repositoryOf(cache) === undefined,
    cacheToOf: (cache) => repositoryOf(cache) === undefined,
  });

const repositories = (caches: readonly string[] = []): readonly string[] =>
  caches.flatMap((cache) => repositoryOf(cache) ?? []);

/** Its caches are repositories without a tag. */
function repositoryOf(cache: string): string | undefined {
  const ref = cache.includes("=") ? /^type=registry(?:,.*)?,ref=([^,]+)/.exec(cache)?.[1] : cache;
  return ref?.replace(/:[^/:]+$/, "");
}
