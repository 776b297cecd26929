/** A real Trivy on PATH with a database of its own, and images in the registry for it to look at. */
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { trivy } from "../../scripts/setup/peers.ts";
import { writeTrivyDatabase } from "../docker/trivy-database.ts";
import { type Layer, pushFiles } from "../effects/push-files.ts";

const system = (zlib: string): Layer => ({
  createdBy: "COPY rootfs / # buildkit",
  files: {
    "etc/os-release": 'ID=debian\nVERSION_ID="12"\n',
    "etc/debian_version": "12.5\n",
    "var/lib/dpkg/status": `Package: zlib1g\nStatus: install ok installed\nArchitecture: amd64\nSource: zlib\nVersion: ${zlib}\n`,
  },
});

const LODASH: Layer = {
  createdBy: "COPY lodash /app/node_modules/lodash # buildkit",
  files: { "app/node_modules/lodash/package.json": '{"name":"lodash","version":"4.17.20"}' },
};

/** Instructions that make no layer. */
const METADATA: readonly Layer[] = [{ createdBy: "USER root" }, { createdBy: 'CMD ["/app"]' }];

export interface Scanning {
  /** The folder with the program. */
  readonly programs: string;
  readonly env: Readonly<Record<string, string>>;
}

/** @throws Unavailable */
export async function scanningHere(folder: string, host: string): Promise<Scanning> {
  const programs = join(folder, "scanner");
  await mkdir(programs);
  await symlink(await trivy(), join(programs, "trivy"));
  const cache = join(folder, "trivy");
  await writeTrivyDatabase(cache);
  const base = `${host}/team/base`;
  await pushFiles(base, "1.0.0", [system("1:1.2.11.dfsg-4")]);
  await pushFiles(base, "1.1.0", [system("1:1.2.11.dfsg-5")]);
  await pushFiles(base, "2.0.0", [system("1:1.2.13.dfsg-2")]);
  await pushFiles(`${host}/team/app`, "1", [system("1:1.2.11.dfsg-4"), LODASH, ...METADATA]);
  return {
    programs,
    env: {
      DOCKWRIGHT_TEST_SCAN: host,
      TRIVY_CACHE_DIR: cache,
      TRIVY_SKIP_DB_UPDATE: "true",
      TRIVY_SKIP_CHECK_UPDATE: "true",
    },
  };
}
