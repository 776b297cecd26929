/** Lines of Dockerfiles: one function for each form they all have. */
import type { Notes } from "./notes.ts";

/** The instructions of a stage, the next stage behind an empty line. */
export const fileOf = (syntax: string, ...stages: readonly (readonly (string | undefined)[])[]): string =>
  `# syntax=${syntax}\n\n${stages
    .map((lines) => lines.filter((line) => line !== undefined && line !== "").join("\n"))
    .join("\n\n")}\n`;

export const from = (image: string, name?: string): string => `FROM ${image}${name === undefined ? "" : ` AS ${name}`}`;

const PLAIN = /^[\w./:@%+=,-]+$/;

/** Of the JSON form, quoted only there. */
export const words = (list: readonly string[]): string => `[${list.map((word) => JSON.stringify(word)).join(", ")}]`;

export const cmd = (list: readonly string[]): string => `CMD ${words(list)}`;

/** One RUN: its mounts, then its commands, each on a line of its own. */
export function run(commands: readonly string[], mounts: readonly string[] = []): string {
  const body = commands.join(" \\\n && ");
  if (mounts.length === 0) return `RUN ${body}`;
  return `RUN ${mounts.map((mount) => `--mount=${mount}`).join(" \\\n    ")} \\\n    ${body}`;
}

export const cache = (target: string, locked = false): string =>
  `type=cache,target=${target}${locked ? ",sharing=locked" : ""}`;

/** Sources and target; the JSON form where a name has a blank in it. */
export function copy(sources: readonly string[], target: string, ...flags: readonly string[]): string {
  const options = flags.map((flag) => `${flag} `).join("");
  const all = [...sources, target];
  return all.every((path) => PLAIN.test(path)) ? `COPY ${options}${all.join(" ")}` : `COPY ${options}${words(all)}`;
}

export const env = (pairs: Readonly<Record<string, string>>): string =>
  `ENV ${Object.entries(pairs)
    .map(([name, value]) => `${name}=${/^[\w./:@%+,$-]*$/.test(value) ? value : JSON.stringify(value)}`)
    .join(" \\\n    ")}`;

export const healthcheck = (probe: readonly string[] | undefined, startSeconds = 10): string =>
  probe === undefined
    ? "HEALTHCHECK NONE"
    : `HEALTHCHECK --interval=30s --timeout=3s --start-period=${startSeconds}s CMD ${words(probe)}`;

/** Above the range distributions give to people; a number, because Kubernetes' runAsNonRoot goes by numbers. */
export const UID = 10001;
export const OWNER = `${UID}:${UID}`;

const ACCOUNT: Readonly<Record<"debian" | "alpine", readonly string[]>> = {
  debian: [
    `groupadd --system --gid ${UID} app`,
    `useradd --system --no-log-init --uid ${UID} --gid ${UID} --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin app`,
  ],
  alpine: [`addgroup -S -g ${UID} app`, `adduser -S -D -H -u ${UID} -G app app`],
};

/** An account that owns nothing and cannot log in. */
export const account = (family: "debian" | "alpine"): readonly string[] => ACCOUNT[family];

/** Packages of Debian, without what their installation leaves behind. */
export const aptInstall = (packages: readonly string[]): readonly string[] => [
  "apt-get update",
  `apt-get install --yes --no-install-recommends ${packages.toSorted().join(" ")}`,
  "rm -rf /var/lib/apt/lists/*",
];

/** Above a RUN that installs packages of the distribution, for the rule `apt-unpinned` of the profile `strict`. */
export function unpinnedPackages(notes: Notes): string {
  notes.note(
    "apt-versions",
    "Packages of Debian are installed without a version, and apt-unpinned is switched off for that",
    "Debian takes a version away as soon as the next one is there, so that a number written today breaks the build later",
  );
  return "# Debian takes old versions away: a number here would break the build later.\n# dockwright ignore=apt-unpinned";
}

/** What a program was linked with, as names of Debian's packages in /runtime-packages. Needs bash. */
export const linkedPackages = (binaries: string): readonly string[] => [
  'SHELL ["/bin/bash", "-o", "pipefail", "-c"]',
  `# The packages of the libraries it is linked with, for the image that runs it.
RUN (ldd ${binaries} || true) | awk '$3 ~ "^/" { print $3 }' | sort --unique | while read -r library; do \\
      file=$(readlink --canonicalize "$library"); \\
      dpkg-query --search "$file" || dpkg-query --search "\${file#/usr}"; \\
    done | cut --delimiter : --fields 1 | sort --unique > /runtime-packages`,
];

/** Installs them, from that stage. */
export const installLinked = (stage: string): string =>
  run(
    [
      "apt-get update",
      "xargs --no-run-if-empty apt-get install --yes --no-install-recommends < /tmp/runtime-packages",
      "rm -rf /var/lib/apt/lists/*",
    ],
    [`type=bind,from=${stage},source=/runtime-packages,target=/tmp/runtime-packages`],
  );
