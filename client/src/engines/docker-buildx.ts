/** Docker with buildx: BuildKit, on this machine or wherever the builder is. */
import { rawjsonReader } from "../build/rawjson.ts";
import { commonFlags, environmentOf, secretFlags } from "./build-flags.ts";
import { buildxVersionInvocation, docker, readBuildxVersion, readVersion, versionInvocation } from "./docker.ts";
import { type Engine, flag, flags, readImageInspect, switched } from "./engine.ts";

/** rawjson came with buildx 0.13. */
const OLDEST = [0, 13] as const;

export const dockerBuildx: Engine = {
  name: "docker-buildx",
  title: "Docker with buildx",

  probe: (where) => [versionInvocation(where), buildxVersionInvocation(where)],

  readProbe([version, buildx]) {
    if (!version || !buildx) return { found: false, missing: true, why: "docker was not asked" };
    const server = readVersion(version);
    if (!server.found) return server;
    const plugin = readBuildxVersion(buildx);
    if (plugin === undefined) return { found: false, missing: true, why: "docker has no buildx" };
    const [major = 0, minor = 0] = plugin.split(".").map(Number);
    if (major === OLDEST[0] && minor < OLDEST[1])
      return { found: false, missing: false, why: `buildx ${plugin} is older than ${OLDEST.join(".")}: update it` };
    return { found: true, detail: `${server.detail}, buildx ${plugin}` };
  },

  build: (options) => ({
    ...docker(
      [
        ...["buildx", "build", "--progress=rawjson"],
        ...flag("builder", options.builder),
        ...flags("tag", options.tags),
        ...commonFlags(options),
        ...flag("platform", options.platforms?.join(",")),
        ...secretFlags(options),
        ...flags("ssh", options.ssh),
        ...flags("cache-from", options.cacheFrom),
        ...flags("cache-to", options.cacheTo),
        ...flag("provenance", PROVENANCE[options.provenance ?? "default"]),
        ...switched("sbom", options.sbom),
        ...flag("metadata-file", options.metadataFile),
        // A builder in a container keeps what it builds to itself unless told where it goes.
        ...(options.output === undefined ? ["--load"] : [`--output=${options.output}`]),
        ...["--", options.context],
      ],
      options,
    ),
    env: {
      ...environmentOf(options),
      ...(options.sourceDateEpoch !== undefined && { SOURCE_DATE_EPOCH: String(options.sourceDateEpoch) }),
    },
  }),

  lacks: () => [],
  reader: rawjsonReader,
  inspect: (image, where) => docker(["image", "inspect", "--", image], where),
  readImage: readImageInspect,
};

const PROVENANCE = { default: undefined, off: "false", min: "mode=min", max: "mode=max" } as const;
