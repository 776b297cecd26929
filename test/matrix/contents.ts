/** What lies in an image, and what of it has no place in one that runs. */
import { join } from "node:path";
import { mustRun } from "../../scripts/process.ts";
import { mustDocker } from "../docker/machine.ts";
import type { Place } from "./place.ts";

/** Programs and folders that build, and have no place in an image that runs. */
export const COMPILERS =
  /^(?:.*\/)?s?bin\/(?:\w+-linux-gnu-)?(?:gcc|cc|g\+\+|c\+\+|clang|cpp|as|ld|make|cmake|go|gofmt|cargo|rustc|javac|jlink)(?:-[\d.]+)?$|\/node_modules\/(?:typescript|vite|prettier)\/package\.json$/;
export const CACHES =
  /^(?:root\/\.npm\/_cacache|root\/\.cache|root\/\.m2\/repository|go\/pkg\/mod|usr\/local\/cargo\/registry|var\/cache\/apt\/archives\/.*\.deb$|var\/lib\/apt\/lists\/.*_Packages)/;

/** Every path of an image, without a leading slash. */
export async function filesIn({ docker, root }: Place, image: string): Promise<readonly string[]> {
  const container = (await mustDocker({ docker }, "create", image, "nothing")).stdout.trim();
  const archive = join(root, `${container}.tar`);
  await mustDocker({ docker }, "export", "--output", archive, container);
  await mustDocker({ docker }, "rm", container);
  return (await mustRun("tar", ["-tf", archive])).stdout.split("\n");
}
