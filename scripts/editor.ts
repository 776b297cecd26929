/** Opens a folder in VS Code with the extension on: the desktop one, or a real workbench on a loopback port. */
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { answers, freePort, runInTerminal, start, waitUntil, which } from "./process.ts";
import { codeServer } from "./setup/code-server.ts";
import { Unavailable } from "./setup/debian.ts";

export interface WorkbenchOptions {
  /** The extension's folder, built; under test also an address, from which the browser's own extension host takes it. */
  readonly extension: string;
  readonly folder: string;
  /** Absolute path of a file to show. */
  readonly file?: string | undefined;
  /** User settings, besides those that keep welcome pages away. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** True, the default: no question about trust. False: the folder opens in Restricted Mode. */
  readonly trusted?: boolean;
  /** Absolute path, or address, of a test suite to run in the extension host; needs a driver that exposes its callbacks. */
  readonly suite?: string;
  /** Added to the environment of the extension host. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly port?: number;
}

export interface Workbench extends AsyncDisposable {
  readonly url: string;
  readonly output: () => string;
  readonly exited: Promise<number>;
  readonly stop: () => Promise<void>;
}

const SETTINGS = {
  "workbench.startupEditor": "none",
  "chat.disableAIFeatures": true,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "telemetry.telemetryLevel": "off",
  "security.workspace.trust.startupPrompt": "never",
  "security.workspace.trust.banner": "never",
  "extensions.ignoreRecommendations": true,
  "git.openRepositoryInParentFolders": "never",
  "remote.autoForwardPorts": false,
};
/** What of the extension's folder an installed extension has. */
const INSTALLED = [
  "package.json",
  "dist",
  "syntaxes",
  "snippets",
  "language-configuration",
  "README.md",
  "LICENSE",
  "docs/rules",
  "media",
];

export async function startWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const workbench = await codeServer();
  const port = options.port ?? (await freePort());
  const data = await mkdtemp(join(tmpdir(), "dockwright-workbench-"));
  const extensions = join(data, "extensions");
  await mkdir(extensions);
  const settings = JSON.stringify({ ...SETTINGS, ...options.settings }, undefined, 2);
  // The second holds for settings of the machine: to the browser this one is remote.
  for (const folder of ["User", "Machine"].map((name) => join(data, "data", name))) {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "settings.json"), settings);
  }
  // Under test the extension runs from its own folder, as one being developed.
  if (options.suite === undefined) await install(options.extension, extensions);
  const daemon = start(
    process.execPath,
    [
      join(workbench, "out", "server-main.js"),
      ...["--host", "127.0.0.1", "--port", String(port), "--without-connection-token"],
      ...["--accept-server-license-terms", "--disable-telemetry", "--server-data-dir", data],
      ...["--extensions-dir", extensions],
      ...(options.trusted === false ? [] : ["--disable-workspace-trust"]),
      ...(options.suite === undefined ? [] : ["--enable-smoke-test-driver"]),
    ],
    // As from a command line: the host takes this environment, and not the one of a login shell, whose PATH is another.
    { env: { NODE_OPTIONS: undefined, VSCODE_CLI: "1", ...options.env } },
  );
  const origin = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    await daemon.stop();
    await rm(data, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    await waitUntil("the workbench", () => answers(`${origin}/version`), { daemon });
  } catch (error) {
    await stop();
    throw error;
  }
  const url = addressOf(origin, options);
  return { url, output: daemon.output, exited: daemon.exited, stop, [Symbol.asyncDispose]: stop };
}

function addressOf(origin: string, { folder, file, suite, extension }: WorkbenchOptions): string {
  const url = new URL(origin);
  const remote = (path: string): string => `vscode-remote://${url.host}${pathToFileURL(path).pathname}`;
  const place = (path: string): string => (path.startsWith("http:") ? path : remote(path));
  const payload = [
    ...(file === undefined ? [] : [["openFile", remote(file)]]),
    ...(suite === undefined
      ? []
      : [
          ["extensionDevelopmentPath", place(extension)],
          ["extensionTestsPath", place(suite)],
        ]),
  ];
  url.searchParams.set("folder", folder);
  if (payload.length > 0) url.searchParams.set("payload", JSON.stringify(payload));
  return url.href;
}

/** A copy, so that nothing the workbench does with its extensions reaches the project. */
async function install(extension: string, extensions: string): Promise<void> {
  const target = join(extensions, "dockwright");
  await mkdir(target);
  for (const name of INSTALLED.filter((each) => existsSync(join(extension, each)))) {
    await cp(join(extension, name), join(target, name), { recursive: true });
  }
}

/** For a person: returns when the desktop VS Code has taken over, or the workbench is ended with Ctrl+C. */
export async function openEditor({
  extension,
  folder,
  file,
}: Pick<WorkbenchOptions, "extension" | "folder" | "file">): Promise<void> {
  const code = which("code");
  if (code !== undefined) {
    console.log("\nOpening VS Code with the extension on…");
    const files = file === undefined ? [folder] : [folder, file];
    const status = await runInTerminal(code, ["--new-window", `--extensionDevelopmentPath=${extension}`, ...files]);
    if (status === 0) return;
    console.log(`code ended with ${status}: a workbench for the browser is started instead`);
  }
  let workbench: Workbench | undefined;
  const stopped = interrupted().then(() => {
    // Still being installed or started: nothing to end in good order.
    if (workbench === undefined) process.exit(130);
  });
  try {
    workbench = await startWorkbench({ extension, folder, file });
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    console.error(`There is no editor to open: ${error.message}`);
    process.exitCode = 1;
    return;
  }
  console.log(`\nVS Code with the extension on runs at\n\n    ${workbench.url}\n`);
  console.log("Open that address in a browser. Ctrl+C ends it.");
  await Promise.race([workbench.exited, stopped]);
  await workbench.stop();
}

const interrupted = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve());
  });
