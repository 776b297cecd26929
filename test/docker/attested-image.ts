/**
 * Builds an image with `--attest type=sbom` and prints what the invocation in its argument says about it. A program of its own,
 * to be started in a network namespace of its own: BuildKit runs SBOM scanners on Docker's bridge, which is then made there
 * and not on the machine.
 */
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attestedSbom } from "../../client/src/sbom/buildkit.ts";
import { mustRun } from "../../scripts/process.ts";
import { debianPackages } from "../../scripts/setup/debian.ts";
import { startDocker } from "../../scripts/setup/docker.ts";
import { startDockerRegistry } from "../../scripts/setup/docker-registry.ts";

/** A scanner by BuildKit's protocol: it is given the image's files, and leaves a statement. This one knows dpkg. */
const SCANNER = `#!/bin/busybox sh
set -eu
{
  echo '{"_type":"https://in-toto.io/Statement/v0.1","predicateType":"https://spdx.dev/Document","predicate":{'
  echo '"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","name":"sbom","packages":['
  /bin/busybox awk '/^Package: / { name = $2 } /^Version: / {
    printf "%s{\\"name\\":\\"%s\\",\\"SPDXID\\":\\"SPDXRef-%s\\",\\"versionInfo\\":\\"%s\\"}\\n", comma, name, name, $2; comma = ","
  }' "$BUILDKIT_SCAN_SOURCE/var/lib/dpkg/status"
  echo ']}}'
} >"$BUILDKIT_SCAN_DESTINATION/sbom.spdx.json"
`;
const STATUS = "Package: apt\nVersion: 2.6.1\n\nPackage: zlib1g\nVersion: 1:1.2.13\n";

await mustRun("ip", ["link", "set", "lo", "up"]);
const root = await mkdtemp(join(tmpdir(), "dockwright-attested-"));
try {
  await using registry = await startDockerRegistry({ folder: join(root, "registry"), storage: join(root, "images") });
  await using docker = await startDocker({ bridge: true });
  const build = async (name: string, files: Readonly<Record<string, string>>, ...args: readonly string[]) => {
    const context = join(root, name);
    await mkdir(context);
    for (const [file, text] of Object.entries(files)) await writeFile(join(context, file), text);
    const output = `type=image,name=${registry.host}/team/${name}:1,push=true`;
    const { code, stderr } = await docker.docker(["buildx", "build", ...args, "--output", output, context]);
    if (code !== 0) throw new Error(stderr);
  };
  const busybox = await debianPackages(["busybox-static"]);
  await chmod(root, 0o755);
  await build(
    "scanner",
    {
      Dockerfile: 'FROM scratch\nCOPY --from=files bin/busybox /bin/\nCOPY --chmod=755 scan /\nENTRYPOINT ["/scan"]\n',
      scan: SCANNER,
    },
    ...["--provenance=false", "--build-context", `files=${busybox}`],
  );
  await build(
    "app",
    { Dockerfile: "FROM scratch\nCOPY status /var/lib/dpkg/\n", status: STATUS },
    `--attest=type=sbom,generator=${registry.host}/team/scanner:1`,
  );
  const { args } = attestedSbom({ image: `${registry.host}/team/app:1`, source: "registry", format: "spdx" });
  const { code, stdout, stderr } = await docker.docker(args);
  process.stderr.write(stderr);
  process.stdout.write(stdout);
  process.exitCode = code;
} finally {
  await rm(root, { recursive: true, force: true });
}
