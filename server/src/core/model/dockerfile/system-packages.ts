/** What the calls of a distribution's package managers do, whatever each of them calls it. */
import { perDocument, perInstruction } from "./memo.ts";
import type { Dockerfile, Instruction } from "./model.ts";
import { isSystemManager, type SystemManager } from "./managers.ts";
import { type PackageCall, packageCalls } from "./packages.ts";
import type { ShellWord } from "./shell.ts";
import { allNamed } from "./named.ts";

/** Managers that share their actions, options and index. */
export type System = "apt" | "apk" | "rpm" | "zypper";

/** `refresh` fetches the index, `upgrade` replaces what is installed. */
export type Effect = "install" | "group" | "module" | "refresh" | "upgrade" | "remove" | "clean" | "other";

export interface SystemCall extends PackageCall {
  readonly manager: SystemManager;
  readonly system: System;
  readonly effect: Effect;
  /** The word that says what is done: `install`, also of `dnf module install`. */
  readonly verb: ShellWord;
  /** What it is done to, the verb left out. */
  readonly packages: readonly ShellWord[];
}

const SYSTEMS: Readonly<Record<SystemManager, System>> = {
  "apt-get": "apt",
  apt: "apt",
  aptitude: "apt",
  apk: "apk",
  yum: "rpm",
  dnf: "rpm",
  dnf5: "rpm",
  microdnf: "rpm",
  tdnf: "rpm",
  zypper: "zypper",
};

const EFFECTS: Readonly<Record<System, Readonly<Partial<Record<Effect, string>>>>> = {
  apt: {
    install: "install reinstall build-dep satisfy source download",
    refresh: "update",
    upgrade: "upgrade dist-upgrade full-upgrade safe-upgrade",
    remove: "remove purge autoremove auto-remove autopurge",
    clean: "clean distclean dist-clean",
  },
  apk: { install: "add fix fetch", refresh: "update", upgrade: "upgrade", remove: "del" },
  // Aliases as in dnf's and dnf5's own lists; `localinstall` is yum's.
  rpm: {
    install: "install in localinstall reinstall rei downgrade dg swap builddep build-dep",
    group: "groupinstall groupupdate",
    refresh: "makecache mc check-update check-upgrade",
    upgrade:
      "update up upgrade upgrade-minimal update-minimal up-min upgrade-min distro-sync dsync distribution-synchronization",
    remove: "remove rm erase autoremove groupremove",
    clean: "clean",
  },
  zypper: {
    install: "install in source-install si install-new-recommends inr",
    refresh: "refresh ref",
    upgrade: "update up patch dist-upgrade dup",
    remove: "remove rm",
    clean: "clean cc",
  },
};

const effectOf: Readonly<Record<System, ReadonlyMap<string, Effect>>> = {
  apt: inverted("apt"),
  apk: inverted("apk"),
  rpm: inverted("rpm"),
  zypper: inverted("zypper"),
};

function inverted(system: System): ReadonlyMap<string, Effect> {
  const effects = Object.entries(EFFECTS[system]) as [Effect, string][];
  return new Map(effects.flatMap(([effect, names]) => names.split(" ").map((name) => [name, effect] as const)));
}

/** `dnf group install`, `dnf module install`: the verb is the word behind. */
const COLLECTIONS: ReadonlyMap<string, Effect> = new Map([
  ["group", "group"],
  ["groups", "group"],
  ["grp", "group"],
  ["environment", "group"],
  ["module", "module"],
]);

/** The calls of system package managers in a RUN, in order. */
export const systemCalls = perInstruction((dockerfile: Dockerfile, instruction: Instruction): readonly SystemCall[] =>
  packageCalls(dockerfile, instruction).flatMap((call) => readCall(call) ?? []),
);

/** Those of the whole file. */
export const allSystemCalls = perDocument((dockerfile): readonly SystemCall[] =>
  allNamed(dockerfile, "RUN").flatMap((run) => systemCalls(dockerfile, run)),
);

function readCall(call: PackageCall): SystemCall | undefined {
  const { manager, action, operands } = call;
  if (!isSystemManager(manager)) return undefined;
  const system = SYSTEMS[manager];
  const collection = system === "rpm" ? COLLECTIONS.get(action.value) : undefined;
  const [second, ...rest] = operands;
  if (collection === undefined || !second)
    return {
      ...call,
      manager,
      system,
      effect: effectOf[system].get(action.value) ?? "other",
      verb: action,
      packages: operands,
    };
  const effect = effectOf[system].get(second.value) === "install" ? collection : "other";
  return { ...call, manager, system, effect, verb: second, packages: rest };
}

/** From the program to the verb: `apt-get -q install`. */
export const callSpan = ({ command, verb }: SystemCall): { start: number; end: number } => ({
  start: command.nameWord?.span.start ?? command.span.start,
  end: verb.span.end,
});
