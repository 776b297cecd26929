/** Docker's classic builder: what docker has left where buildx is missing. */
import { classicReader } from "../build/step-by-step.ts";
import { commonFlags, environmentOf } from "./build-flags.ts";
import { docker, readVersion, versionInvocation } from "./docker.ts";
import { type Engine, flag, flags, readImageInspect } from "./engine.ts";
import { lacking } from "./lacking.ts";

export const dockerClassic: Engine = {
  name: "docker-classic",
  title: "Docker's classic builder",

  probe: (where) => [versionInvocation(where)],
  readProbe: ([version]) =>
    version ? readVersion(version) : { found: false, missing: true, why: "docker was not asked" },

  build: (options) => ({
    ...docker(
      [
        "build",
        ...flags("tag", options.tags),
        ...commonFlags(options),
        ...flag("platform", options.platforms?.[0]),
        ...flags("cache-from", options.cacheFrom?.filter(isImage)),
        ...["--", options.context],
      ],
      options,
    ),
    env: { ...environmentOf(options), DOCKER_BUILDKIT: "0" },
  }),

  lacks: (options) =>
    lacking(options, {
      severalPlatforms: true,
      secrets: true,
      ssh: true,
      cacheTo: true,
      attestations: true,
      output: true,
      sourceDateEpoch: true,
      builder: true,
      cacheFrom: (cache) => !isImage(cache),
    }),
  reader: classicReader,
  inspect: (image, where) => docker(["image", "inspect", "--", image], where),
  readImage: readImageInspect,
};

/** It takes images of its own and no kinds of caches. */
const isImage = (cache: string): boolean => !cache.includes("=");
