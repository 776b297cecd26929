/**
 * The suite inside a real VS Code, through @vscode/test-electron: the desktop one where it is installed or can be downloaded, else a
 * real workbench in a headless browser. Ends in `N passed, N failed`; exits 75 when this machine can have neither.
 */
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runTests } from "@vscode/test-electron";
import { build } from "esbuild";
import { buildAll } from "../../scripts/build.ts";
import { cacheDir } from "../../scripts/setup/cache.ts";
import { chromium } from "../../scripts/setup/chromium.ts";
import { codeServer } from "../../scripts/setup/code-server.ts";
import { debianPackages, Unavailable } from "../../scripts/setup/debian.ts";
import { startDocker } from "../../scripts/setup/docker.ts";
import { startDockerRegistry } from "../../scripts/setup/docker-registry.ts";
import { freePort } from "../../scripts/process.ts";
import { pushGoImages } from "../docker/go-images.ts";
import { pushIndex } from "../effects/push-image.ts";
import { type Scanning, scanningHere } from "./scanning.ts";

type Editor = Pick<Parameters<typeof runTests>[0], "vscodeExecutablePath" | "cachePath" | "launchArgs">;

const NOT_HERE = 75;
const DOWNLOADS = "https://update.code.visualstudio.com/api/releases/stable";
const root = join(import.meta.dirname, "..", "..");

const downloadable = async (): Promise<boolean> => {
  try {
    return (await fetch(DOWNLOADS, { method: "HEAD", signal: AbortSignal.timeout(5_000) })).ok;
  } catch {
    return false;
  }
};

/** Node itself is the executable that takes VS Code's arguments, with our script before them. */
async function editorHere(): Promise<Editor> {
  const own = process.env["DOCKWRIGHT_VSCODE"];
  if (own) return { vscodeExecutablePath: own };
  const display = process.platform !== "linux" || process.env["DISPLAY"] !== undefined;
  if (display && (await downloadable())) return { cachePath: join(cacheDir(), "vscode") };
  await Promise.all([codeServer(), chromium()]);
  return { vscodeExecutablePath: process.execPath, launchArgs: [fileURLToPath(import.meta.resolve("./workbench.ts"))] };
}

const suite = join(root, "dist", "test", "vscode", "index.js");

interface RegistryForTests {
  readonly env: Readonly<Record<string, string>>;
  readonly stop: () => Promise<void>;
}

async function registryHere(folder: string): Promise<RegistryForTests> {
  const registry = await startDockerRegistry({ folder: join(folder, "registry"), storage: join(folder, "images") });
  const { host, stop } = registry;
  const { digest } = await pushIndex(`${host}/team/node`, ["22"], { label: "vscode" });
  return { env: { DOCKWRIGHT_TEST_IMAGE: `${host}/team/node:22`, DOCKWRIGHT_TEST_DIGEST: digest }, stop };
}

/**
 * A real Docker on PATH, and a shell to put into images: no registry that has base images can be reached. What examples/go is built
 * from is in the local one, which Docker asks first; with it goes a port for what that example serves.
 */
async function dockerHere(folder: string, mirror: string | undefined): Promise<RegistryForTests> {
  const busybox = join(await debianPackages(["busybox-static"]), "bin", "busybox");
  const docker = await startDocker(mirror === undefined ? {} : { mirror });
  const { env, stop } = docker;
  const defined = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const forTests = { ...Object.fromEntries(defined), DOCKWRIGHT_TEST_BUSYBOX: busybox };
  if (mirror === undefined) return { env: forTests, stop };
  try {
    await pushGoImages({ docker, registry: { host: mirror } }, join(folder, "go-images"));
  } catch (error) {
    await stop();
    throw error;
  }
  return { env: { ...forTests, DOCKWRIGHT_TEST_PORT: String(await freePort()) }, stop };
}

async function runSuite(folder: string): Promise<void> {
  const workspace = join(folder, "workspace");
  await cp(join(root, "examples"), workspace, { recursive: true });
  const { launchArgs = [], ...editor } = await editorHere();
  let registry: RegistryForTests | undefined;
  try {
    registry = await registryHere(folder);
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    notRun = `the tests against a registry: ${error.message}`;
  }
  let docker: RegistryForTests | undefined;
  try {
    docker = await dockerHere(folder, registry?.env["DOCKWRIGHT_TEST_IMAGE"]?.split("/")[0]);
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    notRun = `the tests against an engine: ${error.message}`;
  }
  let scanner: Scanning | undefined;
  try {
    const host = registry?.env["DOCKWRIGHT_TEST_IMAGE"]?.split("/")[0];
    scanner = host === undefined ? undefined : await scanningHere(folder, host);
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    notRun = `the tests with a scanner: ${error.message}`;
  }
  const path = [scanner?.programs, docker?.env["PATH"], registry?.env["PATH"], process.env["PATH"]].filter(
    (part) => part !== undefined,
  );
  try {
    await runTests({
      ...editor,
      extensionDevelopmentPath: root,
      extensionTestsPath: suite,
      launchArgs: [...launchArgs, workspace],
      // A login of the person at this machine is none of the tests' business.
      extensionTestsEnv: {
        ...{ DOCKER_CONFIG: join(folder, "docker") },
        ...registry?.env,
        ...docker?.env,
        ...scanner?.env,
        PATH: path.join(delimiter),
      },
    });
  } finally {
    await docker?.stop();
    await registry?.stop();
  }
}

let notRun: string | undefined;

await buildAll();
await build({
  absWorkingDir: root,
  entryPoints: ["test/vscode/suite/index.ts"],
  outfile: suite,
  bundle: true,
  platform: "node",
  format: "cjs",
  // Mocha loads itself from node_modules.
  external: ["vscode", "mocha"],
  sourcemap: "inline",
  logLevel: "warning",
});
const folder = await mkdtemp(join(tmpdir(), "dockwright-vscode-"));
try {
  await runSuite(folder);
} catch (error) {
  if (error instanceof Unavailable) notRun = error.message;
  else {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
} finally {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
if (notRun !== undefined && process.exitCode !== 1) {
  console.error(`not run: ${notRun}`);
  process.exitCode = NOT_HERE;
}
