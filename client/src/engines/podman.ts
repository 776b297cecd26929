/** Podman, on this machine or in its virtual one. */
import { buildahReader } from "../build/step-by-step.ts";
import { buildahFlags, buildahLacks } from "./buildah-flags.ts";
import { complaint, type Engine, fieldsOf, readImageInspect } from "./engine.ts";

export const podman: Engine = {
  name: "podman",
  title: "Podman",

  // Unlike `version`, this fails when its machine is not running.
  probe: () => [{ command: "podman", args: ["info", "--format=json"] }],

  readProbe([outcome]) {
    if (!outcome || outcome.missing) return { found: false, missing: true, why: "podman is not on PATH" };
    const version = fieldsOf(JSON.stringify(fieldsOf(outcome.stdout)?.["version"] ?? null))?.["Version"];
    if (typeof version !== "string") return { found: false, missing: false, why: complaint(outcome) };
    return { found: true, detail: version };
  },

  build: (options) => {
    const { args, env } = buildahFlags(options);
    return { command: "podman", args: ["build", ...args], env };
  },

  lacks: buildahLacks,
  reader: buildahReader,
  inspect: (image) => ({ command: "podman", args: ["image", "inspect", "--", image] }),
  readImage: readImageInspect,
};
