/** A Docker with an image whose layers are shown: of a project that keeps what it need not, on a base that is made here. */
import { chmod, copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { randomFillSync } from "node:crypto";
import { mustRun } from "../process.ts";
import { debianPackages } from "../setup/debian.ts";
import { startDocker } from "../setup/docker.ts";

export interface LayersProject extends AsyncDisposable {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder to open, with a Dockerfile. */
  readonly folder: string;
  readonly image: string;
  readonly build: () => Promise<void>;
  /** Builds it again after somebody has changed files. */
  readonly buildChanged: () => Promise<void>;
}

const MB = 1_000_000;
const IMAGE = "shop:main";
const BASE = "debian:bookworm-slim";

/** No mirror of Debian can be reached: it stores files as the real one does, as large as they are there. */
const APT_GET = `#!/bin/sh
fill() { mkdir -p "$(dirname "$1")"; head -c "$2" /dev/urandom > "$1"; }
lists=/var/lib/apt/lists/deb.debian.org_debian_dists_bookworm
libraries=/usr/lib/x86_64-linux-gnu
case "$1" in
  update)
    fill "\${lists}_InRelease" 151000
    fill "\${lists}_main_binary-amd64_Packages.lz4" 17900000
    fill "\${lists}-security_main_binary-amd64_Packages.lz4" 510000 ;;
  install)
    fill /usr/bin/ffmpeg 316000
    fill $libraries/libavcodec.so.59.37.100 12900000
    fill $libraries/libavfilter.so.8.44.100 3700000
    fill $libraries/libavformat.so.59.27.100 2600000
    fill $libraries/libx265.so.199 15900000
    fill /usr/share/doc/ffmpeg/changelog.gz 420000 ;;
esac
`;

const DOCKERFILE = `FROM ${BASE}
WORKDIR /srv/shop
RUN apt-get update && apt-get install -y --no-install-recommends ffmpeg=7:5.1.6
COPY . .
RUN tar -xf models.tar && rm models.tar
RUN chmod -R g+w assets
USER 1000:1000
CMD ["/srv/shop/serve"]
`;

const FILES: Readonly<Record<string, number>> = {
  ".git/objects/pack/pack-5f1c2e.pack": 8.4 * MB,
  ".git/index": 120_000,
  "assets/films/opening.webm": 9.6 * MB,
  "assets/films/closing.webm": 4.1 * MB,
  "assets/fonts/Inter.woff2": 340_000,
  "assets/pictures/cover.avif": 780_000,
  serve: 6.2 * MB,
};

const NEW_FILE = join("assets", "films", "summer.webm");

export async function layersProject(work: string): Promise<LayersProject> {
  const busybox = join(await debianPackages(["busybox-static"]), "bin", "busybox");
  const running = await startDocker();
  const run = async (args: readonly string[]): Promise<void> => {
    const { code, stderr } = await running.docker(args);
    if (code !== 0) throw new Error(`docker ${args[0]}: ${stderr}`);
  };
  try {
    const base = join(work, "debian");
    await mkdir(base);
    await copyFile(busybox, join(base, "busybox"));
    await chmod(join(base, "busybox"), 0o755);
    await fill(join(base, "locale-archive"), 27 * MB);
    await fill(join(base, "libc.so.6"), 19 * MB);
    await writeFile(join(base, "apt-get"), APT_GET, { mode: 0o755 });
    await writeFile(
      join(base, "Dockerfile"),
      [
        "FROM scratch",
        "COPY busybox /bin/busybox",
        'RUN ["/bin/busybox", "--install", "-s", "/bin"]',
        "COPY libc.so.6 /usr/lib/x86_64-linux-gnu/",
        "COPY locale-archive /usr/lib/locale/C.utf8/",
        "COPY apt-get /usr/bin/",
        'CMD ["sh"]',
      ].join("\n"),
    );
    const flags = ["buildx", "build", "--provenance=false", "--network=host"];
    await run([...flags, "--tag", BASE, base]);
    const folder = join(work, "shop");
    await mkdir(folder);
    await fill(join(work, "models", "models", "upscale.onnx"), 14.5 * MB);
    await mustTar(work, join(folder, "models.tar"));
    await writeFile(join(folder, "Dockerfile"), DOCKERFILE);
    return {
      ...{ env: running.env, folder, image: IMAGE },
      async build() {
        await rm(join(folder, NEW_FILE), { force: true });
        for (const [path, bytes] of Object.entries(FILES)) await fill(join(folder, path), bytes);
        await run([...flags, "--tag", IMAGE, folder]);
      },
      async buildChanged() {
        await fill(join(folder, NEW_FILE), 5.3 * MB);
        await fill(join(folder, "serve"), 5.8 * MB);
        await run([...flags, "--tag", IMAGE, folder]);
      },
      [Symbol.asyncDispose]: () => running.stop(),
    };
  } catch (error) {
    await running.stop();
    throw error;
  }
}

/** What no compression makes smaller. */
async function fill(path: string, bytes: number): Promise<void> {
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, randomFillSync(Buffer.alloc(bytes)));
}

const mustTar = (work: string, archive: string): Promise<unknown> =>
  mustRun("tar", ["-cf", archive, "-C", join(work, "models"), "models"]);
