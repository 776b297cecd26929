/** The file trees of Debian's base images, by debootstrap out of the machine's own mirror; kept in the cache. */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { mustRun } from "../../scripts/process.ts";
import { cached } from "../../scripts/setup/cache.ts";
import { debianMirror, debianPackages } from "../../scripts/setup/debian.ts";

export const SUITES = ["trixie", "bookworm"] as const;

const MINUTES = 60_000;

/** As the official images have it: no packages kept, no translations, nothing started. */
const APT = `APT::Update::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/*.bin || true"; };
DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/*.bin || true"; };
Dir::Cache::pkgcache ""; Dir::Cache::srcpkgcache "";
`;
const LANGUAGES = 'Acquire::Languages "none";\nAcquire::GzipIndexes "true";\n';
const SLIM = ["/usr/share/doc/*", "/usr/share/man/*", "/usr/share/info/*", "/usr/share/locale/*"];

/** A folder with `trixie.tar`, `trixie-slim.tar` and the same of each other suite. */
export async function rootFileSystems(): Promise<string> {
  const debootstrap = await debianPackages(["debootstrap", "debian-archive-keyring"], { suite: "trixie" });
  return cached("matrix-rootfs-1", async (folder) => {
    for (const suite of SUITES) await bootstrap(debootstrap, suite, folder);
  });
}

async function bootstrap(debootstrap: string, suite: string, folder: string): Promise<void> {
  console.error(`Making Debian ${suite}, once…`);
  const root = join(folder, suite);
  const keys = join(debootstrap, "usr/share/keyrings/debian-archive-keyring.gpg");
  await mustRun(
    join(debootstrap, "usr/sbin/debootstrap"),
    ["--variant=minbase", `--keyring=${keys}`, suite, root, debianMirror()],
    { env: { DEBOOTSTRAP_DIR: join(debootstrap, "usr/share/debootstrap") }, timeoutMs: 15 * MINUTES },
  );
  const sources = "Types: deb\nURIs: http://deb.debian.org/debian\nComponents: main\n";
  const signed = "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n";
  await rm(join(root, "etc/apt/sources.list"), { force: true });
  for (const [path, text] of [
    ["etc/apt/sources.list.d/debian.sources", `${sources}Suites: ${suite}\n${signed}`],
    ["etc/apt/apt.conf.d/docker-clean", APT],
    ["etc/apt/apt.conf.d/docker-no-languages", LANGUAGES],
    ["usr/sbin/policy-rc.d", "#!/bin/sh\nexit 101\n"],
    ["etc/hostname", ""],
    ["etc/resolv.conf", ""],
  ] as const)
    await writeFile(join(root, path), text, { mode: path.startsWith("usr/sbin") ? 0o755 : 0o644 });
  for (const path of ["var/lib/apt/lists", "var/cache/apt/archives", "var/log"]) {
    await rm(join(root, path), { recursive: true });
    await mkdir(join(root, path, ...(path === "var/log" ? ["apt"] : ["partial"])), { recursive: true });
  }
  await pack(root, join(folder, `${suite}.tar`));
  const excludes = SLIM.map((path) => `path-exclude ${path}\n`).join("");
  await writeFile(
    join(root, "etc/dpkg/dpkg.cfg.d/docker"),
    `${excludes}path-include /usr/share/doc/*/copyright\npath-include /usr/share/locale/locale.alias\n`,
  );
  for (const path of ["usr/share/man", "usr/share/info", "usr/share/locale", "usr/share/doc"])
    await rm(join(root, path), { recursive: true, force: true });
  await pack(root, join(folder, `${suite}-slim.tar`));
  await rm(root, { recursive: true });
}

const pack = (root: string, file: string): Promise<unknown> =>
  mustRun("tar", [
    "--numeric-owner",
    "--exclude=./dev/*",
    "--exclude=./proc/*",
    "--exclude=./sys/*",
    "-cf",
    file,
    "-C",
    root,
    ".",
  ]);
