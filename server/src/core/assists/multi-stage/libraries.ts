/**
 * Shared libraries of programs that a build made: the first stage asks the programs themselves which they load and the package manager
 * whose they are, the last one installs those. So no table of package names has to follow a distribution's releases. What a
 * program loads by name while it runs (dlopen) is not seen.
 */
import type { Case } from "./recipe.ts";

export interface LibrarySteps {
  /** At the end of the first stage. */
  readonly build: readonly string[];
  /** In the last stage, behind FROM. */
  readonly runtime: readonly string[];
}

const LIST = "/runtime-packages";

/** `files` is what is looked at, as a shell reads it: a path, or `$(find …)`. */
export function librarySteps({ dockerfile, stage }: Case, manager: "apt" | "apk", files: string): LibrarySteps {
  const { eol, escape } = dockerfile;
  const from = stage.as?.text ?? "build";
  const next = ` ${escape}${eol}`;
  const mount = `--mount=type=bind,from=${from},source=${LIST},target=${LIST}`;
  if (manager === "apk")
    return {
      build: [`RUN ldd ${files} | awk '/=>/ && $1 !~ /musl/ { print "so:" $1 }' | sort -u > ${LIST}`],
      runtime: [`RUN ${mount}${next}    xargs -r apk add --no-cache < ${LIST}`],
    };
  return {
    build: [
      [
        `RUN ldd ${files} | awk '/=> \\// { print $3 }' | xargs -r readlink -f | sort -u`,
        `    | while read -r file; do dpkg-query -S "$file" "\${file#/usr}" "/usr$file" 2>/dev/null; done`,
        `    | cut -d: -f1 | sort -u > ${LIST}`,
      ].join(next),
    ],
    runtime: [
      [
        `RUN ${mount}`,
        `    apt-get update && xargs -r apt-get install -y --no-install-recommends < ${LIST}`,
        ` && rm -rf /var/lib/apt/lists/*`,
      ].join(next),
    ],
  };
}
