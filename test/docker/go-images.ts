/**
 * What examples/go is built from, under the names its Dockerfile has: Go and a shell out of Debian's packages, and something that
 * stands where docker/dockerfile would.
 */
import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { mustRun } from "../../scripts/process.ts";
import { cached } from "../../scripts/setup/cache.ts";
import { debianPackages } from "../../scripts/setup/debian.ts";
import { BUSYBOX, pushImages } from "./base-images.ts";

/** The release that has the version examples/go asks for; its programs are linked statically. */
const GO = { suite: "trixie", packages: ["golang-1.24-go", "golang-1.24-src"], bin: "usr/lib/go-1.24/bin" };
const ALPINE_PACKAGES = ["ca-certificates", "tzdata"] as const;

/** As the real one is marked, so that it runs without a network. */
const FRONTEND = `FROM scratch
LABEL moby.buildkit.frontend.network.none=true
LABEL moby.buildkit.frontend.caps=moby.buildkit.frontend.inputs,moby.buildkit.frontend.subrequests,moby.buildkit.frontend.contexts
COPY dockerfile-frontend /bin/dockerfile-frontend
ENTRYPOINT ["/bin/dockerfile-frontend"]
`;

const GOLANG = `${BUSYBOX}
FROM busybox
COPY --from=go-files . /
ENV PATH=/${GO.bin}:$PATH GOTOOLCHAIN=local
`;

const ALPINE = `${BUSYBOX}
FROM busybox
COPY apk /sbin/apk
${ALPINE_PACKAGES.map((name) => `COPY --from=${name} . /var/cache/apk/${name}/`).join("\n")}
`;

/** Knows `add`, of the packages that lie in the image, which need no others. */
const APK = `#!/bin/sh
set -eu
[ "$1" = add ] || { echo "apk: only add is known here" >&2; exit 1; }
shift
for name; do
  [ -d "/var/cache/apk/$name" ] || { echo "ERROR: unable to select packages: $name (no such package)" >&2; exit 1; }
  echo "Installing $name"
  cp -a "/var/cache/apk/$name/." /
done
`;

/** Pushes `library/golang:1.24`, `library/alpine:latest` and `docker/dockerfile:1`; `folder` is an empty one. */
export async function pushGoImages(machine: Parameters<typeof pushImages>[0], folder: string): Promise<void> {
  const go = await debianPackages(GO.packages, { suite: GO.suite });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "apk"), APK, { mode: 0o755 });
  await copyFile(await frontend(join(go, GO.bin, "go")), join(folder, "dockerfile-frontend"));
  const packages = ALPINE_PACKAGES.map(async (name) => [name, await debianPackages([name])] as const);
  await pushImages(machine, folder, {
    contexts: { "go-files": go, ...Object.fromEntries(await Promise.all(packages)) },
    dockerfiles: { "docker/dockerfile:1": FRONTEND, "library/golang:1.24": GOLANG, "library/alpine:latest": ALPINE },
  });
}

/** The program, compiled once. */
async function frontend(go: string): Promise<string> {
  const source = join(import.meta.dirname, "dockerfile-frontend");
  const hash = createHash("sha256").update(await readFile(join(source, "main.go")));
  const folder = await cached(`dockerfile-frontend-${hash.digest("hex").slice(0, 12)}`, async (target) => {
    const cache = join(target, "cache");
    const env = { GOCACHE: cache, GOENV: "off", GOTOOLCHAIN: "local", CGO_ENABLED: "0" };
    const args = ["build", "-buildvcs=false", "-trimpath", "-o", join(target, "dockerfile-frontend"), "."];
    await mustRun(go, args, { cwd: source, env, timeoutMs: 300_000 });
    await rm(cache, { recursive: true });
  });
  return join(folder, "dockerfile-frontend");
}
