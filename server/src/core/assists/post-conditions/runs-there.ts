/** What a RUN needs is there: the program in that distribution, the number for a new account, a cache the user may write to. */
import type { Family } from "../../model/dockerfile/bases.ts";
import { baseImageOf, isRoot } from "../../model/dockerfile/facts.ts";
import { overlap } from "../../model/dockerfile/flow/place.ts";
import { effectsOf, flowOf } from "../../model/dockerfile/flow/walk.ts";
import type { Dockerfile, Instruction, Stage } from "../../model/dockerfile/model.ts";
import { mountsOf } from "../../model/dockerfile/mounts.ts";
import { commandsOf, type ShellCommand } from "../../model/dockerfile/shell.ts";
import { releaseUnder } from "./distribution.ts";
import { type Fault, newFaults } from "./declared.ts";

export const runsThere = newFaults((dockerfile) =>
  dockerfile.stages.flatMap((stage) => {
    const family = baseImageOf(dockerfile, stage)?.family;
    return stage.instructions.flatMap((instruction): readonly Fault[] =>
      instruction.name !== "RUN"
        ? []
        : [
            ...commandsOf(dockerfile, instruction).flatMap((command) => [
              ...missingProgram(dockerfile, stage, family, command),
              ...takenNumber(dockerfile, stage, command),
            ]),
            ...closedCaches(dockerfile, stage, instruction),
          ],
    );
  }),
);

const DEBIAN: ReadonlySet<Family> = new Set<Family>(["debian"]);
const RPM: ReadonlySet<Family> = new Set<Family>(["redhat", "minimal-rpm", "suse"]);
const SHADOW: ReadonlySet<Family> = new Set<Family>(["debian", "redhat", "minimal-rpm", "suse"]);

/** The families that have a program in their images, for programs that the others lack. */
const HOMES: Readonly<Record<string, ReadonlySet<Family>>> = {
  "apt-get": DEBIAN,
  apt: DEBIAN,
  dpkg: DEBIAN,
  apk: new Set<Family>(["alpine"]),
  dnf: RPM,
  yum: RPM,
  microdnf: RPM,
  useradd: SHADOW,
  groupadd: SHADOW,
  usermod: SHADOW,
};
const OF_SHADOW = { kind: "package", manager: "apk", name: "shadow" } as const;

function missingProgram(
  dockerfile: Dockerfile,
  stage: Stage,
  family: Family | undefined,
  { name = "", conditional, asked }: ShellCommand,
): readonly Fault[] {
  const homes = Object.hasOwn(HOMES, name) ? HOMES[name] : undefined;
  if (!homes || family === undefined || homes.has(family) || conditional || asked) return [];
  // Alpine has them in a package.
  const isInstalled = effectsOf(dockerfile, stage).some(
    ({ writes }) => writes === "anything" || writes.some((place) => overlap(place, OF_SHADOW)),
  );
  if (homes === SHADOW && isInstalled) return [];
  const base = baseImageOf(dockerfile, stage)?.name ?? "its image";
  return [{ key: `${name} ${base}`, reason: `RUN calls ${name}, which this variant of ${base} does not have` }];
}

/** Ubuntu's images have the user ubuntu since 23.04. */
const WITH_UBUNTU: ReadonlySet<string> = new Set(["noble", "oracular", "plucky"]);

function takenNumber(dockerfile: Dockerfile, stage: Stage, { name, args }: ShellCommand): readonly Fault[] {
  if (name !== "useradd" && name !== "adduser") return [];
  const words = args.map(({ value }) => value);
  const at = words.findIndex((word) => word === "-u" || word === "--uid");
  const uid = at === -1 ? words.find((word) => word.startsWith("--uid="))?.slice("--uid=".length) : words[at + 1];
  const base = baseImageOf(dockerfile, stage);
  const release = releaseUnder(dockerfile, stage);
  const owner =
    base?.account && String(base.account.uid) === uid
      ? base.account.name
      : uid === "1000" && release !== undefined && WITH_UBUNTU.has(release)
        ? "ubuntu"
        : undefined;
  // Whoever makes room first knows.
  const makesRoom = effectsOf(dockerfile, stage).some(({ command }) =>
    /^(?:userdel|deluser|usermod)$/.test(command?.name ?? ""),
  );
  if (owner === undefined || makesRoom || words.includes("-o") || words.includes("--non-unique")) return [];
  return [{ key: `${uid} ${owner}`, reason: `the number ${uid} is that of the image's own user ${owner}` }];
}

/** BuildKit makes a cache's folder for root unless the mount says otherwise. */
function closedCaches(dockerfile: Dockerfile, stage: Stage, instruction: Instruction): readonly Fault[] {
  const user = flowOf(dockerfile)[stage.index]?.inForce.get(instruction)?.user;
  if (user === undefined || isRoot(user)) return [];
  return mountsOf(dockerfile, instruction)
    .filter(({ type, flag }) => type === "cache" && !flag.fields.some(({ key }) => key === "uid" || key === "mode"))
    .map(({ target = "the folder" }) => ({
      key: `${target} ${user}`,
      reason: `the cache on ${target} would be root's, and ${user} has to write to it`,
    }));
}
