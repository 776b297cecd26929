/** nerdctl: containerd's own command line, which builds with BuildKit's daemon. */
import { plainReader } from "../build/plain.ts";
import { commonFlags, environmentOf, secretFlags } from "./build-flags.ts";
import { complaint, type Engine, fieldsOf, flag, flags, readImageInspect, switched } from "./engine.ts";
import { lacking } from "./lacking.ts";

export const nerdctl: Engine = {
  name: "nerdctl",
  title: "nerdctl",

  // The server's version takes a containerd that answers.
  probe: () => [{ command: "nerdctl", args: ["version", "--format={{json .}}"] }],

  readProbe([outcome]) {
    if (!outcome || outcome.missing) return { found: false, missing: true, why: "nerdctl is not on PATH" };
    const fields = fieldsOf(outcome.stdout);
    const version = fieldsOf(JSON.stringify(fields?.["Client"] ?? null))?.["Version"];
    if (outcome.code !== 0 || typeof version !== "string" || !fields?.["Server"])
      return { found: false, missing: false, why: complaint(outcome) };
    return { found: true, detail: version.replace(/^v/, "") };
  },

  build: (options) => ({
    command: "nerdctl",
    args: [
      ...["build", "--progress=plain"],
      ...flags("tag", options.tags),
      ...commonFlags(options),
      ...flag("platform", options.platforms?.join(",")),
      ...secretFlags(options),
      ...flags("ssh", options.ssh),
      ...flags("cache-from", options.cacheFrom),
      ...flags("cache-to", options.cacheTo),
      ...flag("provenance", PROVENANCE[options.provenance ?? "default"]),
      ...switched("sbom", options.sbom),
      ...(options.output === undefined ? [] : [`--output=${options.output}`]),
      ...(options.sourceDateEpoch === undefined ? [] : [`--build-arg=SOURCE_DATE_EPOCH=${options.sourceDateEpoch}`]),
      ...["--", options.context],
    ],
    env: environmentOf(options),
  }),

  lacks: (options) => lacking(options, { builder: true }),
  reader: plainReader,
  inspect: (image) => ({ command: "nerdctl", args: ["image", "inspect", "--", image] }),
  readImage: readImageInspect,
};

const PROVENANCE = { default: undefined, off: "false", min: "mode=min", max: "mode=max" } as const;
