/**
 * Shared libraries of programs that a build made: the first stage asks the programs themselves which they load and the package manager
 * whose they are, the last one installs those. So no table of package names has to follow a distribution's releases. What a
 * program loads by name while it runs (dlopen) is not seen.
 */
import { buildName } from "./plan.ts";
import type { Case } from "./recipe.ts";

export interface LibrarySteps {
  /** At the end of the first stage. */
  readonly build: readonly string[];
  /** In the last stage, behind FROM. */
  readonly runtime: readonly string[];
}

/** Whoever builds may write there. */
const LIST = "/tmp/runtime-packages";

/** The command that looks at every library of a folder, and at every program of its `bin`. */
export const lddBelow = (folder: string): string =>
  `find ${folder} -type f \\( -name '*.so*' -o -path '*/bin/*' \\) -exec ldd {} +`;

/**
 * `look` prints what ldd says: `ldd /app/server`, or `lddBelow`; it fails on what is no program, which is no fault. `extra` is
 * installed as well. Libraries that no package has, as wheels bring them and as lie in /usr/local, come along by themselves.
 */
export function librarySteps(
  { dockerfile, stage }: Case,
  manager: "apt" | "apk",
  look: string,
  extra: readonly string[] = [],
): LibrarySteps {
  const { eol, escape } = dockerfile;
  const from = buildName(stage);
  const next = ` ${escape}${eol}`;
  const names = extra.map((name) => `${name} `).join("");
  const mount = `--mount=type=bind,from=${from},source=${LIST},target=${LIST}`;
  if (manager === "apk")
    return {
      build: [
        `RUN { ${look} || true; } | awk '$3 ~ /^\\/(usr\\/)?lib\\// && $1 !~ /musl/ { print "so:" $1 }' | sort -u > ${LIST}`,
      ],
      runtime: [`RUN ${mount}${next}    apk add --no-cache ${names}$(cat ${LIST})`],
    };
  return {
    build: [
      [
        `RUN { ${look} || true; } | awk '/=> \\// { print $3 }' | xargs -r readlink -f | sort -u`,
        `    | while read -r file; do dpkg-query -S "$file" "\${file#/usr}" "/usr$file" 2>/dev/null || true; done`,
        `    | awk -F: '!/^diversion / { print $1 }' | sort -u > ${LIST}`,
      ].join(next),
    ],
    runtime: [
      [
        `RUN ${mount}`,
        `    apt-get update && apt-get install -y --no-install-recommends ${names}$(cat ${LIST})`,
        ` && rm -rf /var/lib/apt/lists/*`,
      ].join(next),
    ],
  };
}
