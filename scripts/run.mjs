// What the scripts of package.json call. Plain JavaScript for whatever Node the machine has: it installs what package-lock.json
// says when that is not there yet, then runs scripts/<name>.ts on the Node that the project brings.
import { spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, rmSync, statSync, utimesSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const stamp = join(root, "node_modules", ".dockwright-installed");
const windows = process.platform === "win32";
const node = join(root, "node_modules", "node", "bin", windows ? "node.exe" : "node");

const SCRIPTS = {
  bench: "test/bench/main.ts",
};

const [name = "", ...args] = process.argv.slice(2);
const script = join(root, SCRIPTS[name] ?? join("scripts", `${name}.ts`));
if (!existsSync(script)) {
  console.error(`there is no script ${name}`);
  process.exit(2);
}

install();
const child = spawn(node, [script, ...args], {
  cwd: root,
  stdio: "inherit",
  env: { ...process.env, PATH: `${dirname(node)}${windows ? ";" : ":"}${process.env.PATH}` },
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(signal ? 130 : (code ?? 1)));

/**
 * Installs when the lock file is newer than the last installation; one at a time. `npm install --no-save` rather than `npm ci`: it
 * takes the same versions from the lock file and leaves it as it is, and it does not stop where a registry has not all of the
 * optional packages for other platforms.
 */
function install() {
  if (isInstalled()) return;
  const lock = join(root, ".install.lock");
  const release = take(lock);
  try {
    if (isInstalled()) return;
    console.log("Installing what package-lock.json lists…");
    // npm says where it is: its own script on this Node needs no shell, which npm.cmd on Windows would.
    const npm = process.env.npm_execpath;
    const [program, first] = npm ? [process.execPath, [npm]] : ["npm", []];
    const args = [...first, "install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
    const done = spawnSync(program, args, { cwd: root, stdio: "inherit" });
    if (done.status !== 0 || !existsSync(node)) {
      console.error("npm install did not succeed: see its output above, then run the same command again");
      process.exit(1);
    }
    mkdirSync(dirname(stamp), { recursive: true });
    closeSync(openSync(stamp, "w"));
    utimesSync(stamp, new Date(), new Date());
  } finally {
    release();
  }
}

function isInstalled() {
  return (
    existsSync(stamp) &&
    existsSync(node) &&
    statSync(stamp).mtimeMs >= statSync(join(root, "package-lock.json")).mtimeMs
  );
}

/** A lock file older than ten minutes was left behind by a run that was killed. */
function take(file) {
  for (;;) {
    try {
      closeSync(openSync(file, "wx"));
      return () => rmSync(file, { force: true });
    } catch {
      if (existsSync(file) && Date.now() - statSync(file).mtimeMs > 600_000) rmSync(file, { force: true });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
    }
  }
}
