/** Colours for a terminal. The only importer of picocolors. */
import picocolors from "picocolors";
import type { Args } from "./args.ts";
import type { Io } from "./io.ts";

export type Colors = Pick<
  ReturnType<typeof picocolors.createColors>,
  "bold" | "dim" | "red" | "yellow" | "blue" | "cyan" | "green"
>;

export const colors = (on: boolean): Colors => picocolors.createColors(on);

/** `--color` first, then NO_COLOR and FORCE_COLOR (no-color.org, force-color.org), then whether this is a terminal. */
export function wantsColor(args: Args, { env, isTTY }: Pick<Io, "env" | "isTTY">): boolean {
  const wish = args.value("color") ?? "auto";
  if (wish !== "auto") return wish === "always";
  if (env["NO_COLOR"]) return false;
  if (env["FORCE_COLOR"]) return env["FORCE_COLOR"] !== "0";
  return isTTY && env["TERM"] !== "dumb";
}
