/** Buildah, which builds without a daemon. */
import { buildahReader } from "../build/step-by-step.ts";
import { complaint, type Engine, fieldsOf, type ImageFact } from "./engine.ts";
import { buildahFlags, buildahLacks } from "./buildah-flags.ts";

export const buildah: Engine = {
  name: "buildah",
  title: "Buildah",

  probe: () => [{ command: "buildah", args: ["version", "--json"] }],

  readProbe([outcome]) {
    if (!outcome || outcome.missing) return { found: false, missing: true, why: "buildah is not on PATH" };
    const version = fieldsOf(outcome.stdout)?.["version"];
    if (typeof version !== "string") return { found: false, missing: false, why: complaint(outcome) };
    return { found: true, detail: version };
  },

  build: (options) => {
    const { args, env } = buildahFlags(options);
    return { command: "buildah", args: ["build", ...args], env };
  },

  lacks: buildahLacks,
  reader: buildahReader,
  inspect: (image) => ({ command: "buildah", args: ["images", "--json", "--", image] }),
  readImage,
};

/** A list of one, its size for people to read: `2.14 MB`. */
function readImage(stdout: string): ImageFact | undefined {
  const { id, size } = fieldsOf(stdout.trim().replace(/^\[/, "").replace(/\]$/, "")) ?? {};
  if (typeof id !== "string") return undefined;
  const [, number, unit = ""] = /^([\d.]+) ?([kKMGT]?)i?B$/.exec(typeof size === "string" ? size : "") ?? [];
  if (number === undefined) return { id };
  const power = unit === "" ? 0 : "KMGT".indexOf(unit.toUpperCase()) + 1;
  return { id, bytes: Math.round(Number(number) * 1000 ** power) };
}
