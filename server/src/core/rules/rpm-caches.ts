/** Where yum, dnf and their like keep what they download, and which of them clean up after which. */
import type { Effect, SystemCall } from "../model/dockerfile/system-packages.ts";
import type { Caches } from "./caches-left.ts";

const FILLING: ReadonlySet<Effect> = new Set<Effect>(["install", "group", "module", "upgrade"]);

/** Where `yum` is dnf under its old name, each cleans up after the other. */
const SAME_CACHE: ReadonlySet<string> = new Set(["yum", "dnf", "dnf5"]);

export const RPM_CACHES: Caches = {
  fills: (call) => FILLING.has(call.effect) && !isMissingJoiner(call),
  cleans: (clean, { manager }) =>
    (clean.manager === manager || (SAME_CACHE.has(clean.manager) && SAME_CACHE.has(manager))) && cleansAll(clean),
  // By distribution and version, whatever the program is called.
  folders: ["/var/cache/dnf", "/var/cache/yum", "/var/cache/libdnf5", "/var/cache/tdnf"],
  elsewhere: new Set(["--installroot", "-C", "--cacheonly", "--assumeno", "--help"]),
  everyStage: true,
  command: "clean all",
};

const cleansAll = ({ packages }: SystemCall): boolean => {
  const kinds = packages.map(({ value }) => value);
  return kinds.includes("all") || (kinds.includes("packages") && kinds.includes("metadata"));
};

/** `yum install curl yum clean all`: the `&&` is missing, and more cleaning does not mend it. */
const isMissingJoiner = ({ packages }: SystemCall): boolean =>
  packages.some(({ value }, at) => value === "clean" && packages[at + 1]?.value === "all");
