/** Debian packages unpacked into the cache without being installed: no root, no change to the system. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { mustRun, which } from "../process.ts";
import { cached } from "./cache.ts";

export interface DebianOptions {
  /** A suite other than the machine's own, such as a newer release. */
  readonly suite?: string;
  /** Also unpack the packages these depend on and the machine does not have. */
  readonly withDependencies?: boolean;
}

/** Why this machine cannot give a component; the test groups turn it into a loud "not run". */
export class Unavailable extends Error {}

/** The folder that holds the unpacked files of the packages: `usr/bin/...` as on an installed system. */
export async function debianPackages(names: readonly string[], options: DebianOptions = {}): Promise<string> {
  const machine = debianMachine();
  const suite = options.suite ?? machine.codename;
  const key = createHash("sha256")
    .update(JSON.stringify([names, options.withDependencies ?? false]))
    .digest("hex");
  return cached(`debian-${suite}-${names[0]}-${key.slice(0, 8)}`, async (folder) => {
    const work = join(folder, ".apt");
    const apt = await privateApt(work, machine, suite);
    const wanted = options.withDependencies ? await missingPackages(apt, names) : names;
    await mustRun("apt-get", [...apt, "download", ...wanted], { cwd: work, timeoutMs: 600_000 });
    for (const file of await readdir(work)) {
      if (file.endsWith(".deb")) await mustRun("dpkg-deb", ["--extract", join(work, file), folder]);
    }
    await rm(work, { recursive: true });
  });
}

interface Machine {
  readonly codename: string;
  readonly mirror: string;
}

/** The mirror the machine itself installs from: `http://deb.debian.org/debian`. @throws Unavailable */
export const debianMirror = (): string => debianMachine().mirror.replace(/\/$/, "");

function debianMachine(): Machine {
  if (!which("apt-get") || !which("dpkg-deb")) {
    throw new Unavailable("this machine has no apt-get and dpkg-deb, so Debian packages cannot be fetched");
  }
  const release = readFileSync("/etc/os-release", "utf8");
  const codename = /^VERSION_CODENAME=(\w+)/m.exec(release)?.[1];
  if (!/^ID=debian$/m.test(release) || !codename) {
    throw new Unavailable("this machine does not run Debian, so Debian packages cannot be fetched");
  }
  const mirror = mirrorOf(codename);
  if (!mirror) throw new Unavailable(`the machine's apt configuration names no mirror of Debian ${codename} main`);
  return { codename, mirror };
}

/** The mirror the machine itself installs from, out of both formats of apt's source lists. */
function mirrorOf(codename: string): string | undefined {
  for (const text of sourceLists()) {
    for (const line of text.matchAll(/^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+(.*)$/gm)) {
      if (line[2] === codename && line[3]?.split(/\s+/).includes("main")) return line[1];
    }
    for (const stanza of text.split(/\n\s*\n/)) {
      const field = (name: string): readonly string[] =>
        new RegExp(`^${name}:[ \\t]*(.*)$`, "mi").exec(stanza)?.[1]?.split(/\s+/) ?? [];
      if (field("Suites").includes(codename) && field("Components").includes("main")) return field("URIs")[0];
    }
  }
  return undefined;
}

function sourceLists(): readonly string[] {
  const folder = "/etc/apt/sources.list.d";
  const parts = existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
  return ["/etc/apt/sources.list", ...parts]
    .filter((file) => /\.(list|sources)$/.test(file) && existsSync(file))
    .map((file) => readFileSync(file, "utf8"));
}

/** apt with a source list, list folder and cache of its own; the arguments every call starts with. */
async function privateApt(work: string, machine: Machine, suite: string): Promise<readonly string[]> {
  const lists = join(work, "lists");
  await mkdir(join(lists, "partial"), { recursive: true });
  await mkdir(join(work, "cache", "archives", "partial"), { recursive: true });
  const sources = join(work, "own.list");
  await writeFile(sources, `deb ${machine.mirror} ${suite} main\n`);
  const settings = [
    `Dir::Etc::sourcelist=${sources}`,
    "Dir::Etc::sourceparts=/dev/null",
    `Dir::State::Lists=${lists}`,
    `Dir::Cache=${join(work, "cache")}`,
    "APT::Sandbox::User=",
    "Acquire::Languages=none",
    "Acquire::Retries=3",
  ];
  const apt = ["-qq", ...settings.flatMap((setting) => ["-o", setting])];
  await mustRun("apt-get", [...apt, "update"], { timeoutMs: 300_000 });
  return apt;
}

/** What an installation would bring in, computed by apt without installing. */
async function missingPackages(apt: readonly string[], names: readonly string[]): Promise<readonly string[]> {
  const plan = await mustRun("apt-get", [...apt, "--simulate", "install", "--no-install-recommends", ...names]);
  const brought = [...plan.stdout.matchAll(/^Inst (\S+)/gm)].map((match) => match[1] ?? "");
  return [...new Set([...names, ...brought])];
}
