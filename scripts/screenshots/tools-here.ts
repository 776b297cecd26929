/** The real tools whose views are shown: a registry with images, Trivy with a database of its own, Docker with a base image. */
import { chmod, copyFile, mkdir, symlink, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { writeTrivyDatabase } from "../../test/docker/trivy-database.ts";
import { type Layer, pushFiles } from "../../test/effects/push-files.ts";
import { accepts, freePort, mustRun } from "../process.ts";
import { debianPackages, Unavailable } from "../setup/debian.ts";
import { startDocker } from "../setup/docker.ts";
import { startDockerRegistry } from "../setup/docker-registry.ts";
import { trivy } from "../setup/peers.ts";

type Env = Readonly<Record<string, string | undefined>>;

export interface Tools extends AsyncDisposable {
  readonly env: Env;
  /** The image to scan, where there are a registry and a scanner. */
  readonly image: string | undefined;
  readonly hasDocker: boolean;
  /** A key of cosign's, where images can be signed. */
  readonly key: Key | undefined;
  /** Which pictures cannot be had here, and why. */
  readonly lacking: readonly string[];
}

interface Key {
  /** Folders of programs. */
  readonly programs: string;
  /** Without `.key` and `.pub`. */
  readonly prefix: string;
  readonly password: string;
}

/** Where a registry is by habit, so that pictures taken again show the same. */
const PORT = 5000;

const PACKAGES: readonly (readonly [name: string, version: string, source: string, licence: string])[] = [
  ["base-files", "12.4+deb12u5", "base-files", "GPL-2.0-or-later"],
  ["ca-certificates", "20230311", "ca-certificates", "MPL-2.0"],
  ["libc6", "2.36-9+deb12u4", "glibc", "LGPL-2.1-only"],
  ["tzdata", "2024a-0+deb12u1", "tzdata", "ICU"],
  ["zlib1g", "1:1.2.11.dfsg-4", "zlib", "Zlib"],
];

const system: Layer = {
  createdBy: "COPY rootfs / # buildkit",
  files: {
    "etc/os-release": 'ID=debian\nVERSION_ID="12"\n',
    "etc/debian_version": "12.5\n",
    "var/lib/dpkg/status": PACKAGES.map(
      ([name, version, source]) =>
        `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nSource: ${source}\nVersion: ${version}\n`,
    ).join("\n"),
    ...Object.fromEntries(
      PACKAGES.map(([name, , , licence]) => [`usr/share/doc/${name}/copyright`, `License: ${licence}\n`]),
    ),
  },
};

const modules = (versions: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(versions).map(([name, version]) => [
      `app/node_modules/${name}/package.json`,
      JSON.stringify({ name, version, license: "MIT" }),
    ]),
  );

const app: readonly Layer[] = [
  system,
  {
    createdBy: "COPY node_modules /app/node_modules # buildkit",
    files: modules({ express: "4.19.2", lodash: "4.17.20", minimist: "1.2.5" }),
  },
  // Put together here, so that nobody takes this file for one with a secret.
  { createdBy: "COPY .npmrc /app/ # buildkit", files: { "app/.npmrc": `token=${"ghp"}_${"0aB".repeat(12)}\n` } },
  { createdBy: 'CMD ["node", "/app/server.js"]' },
];

export async function toolsHere(folder: string): Promise<Tools> {
  const stack = new AsyncDisposableStack();
  const lacking: string[] = [];
  const unless = async <Value>(what: string, start: () => Promise<Value>): Promise<Value | undefined> => {
    try {
      return await start();
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      lacking.push(`${what}: ${error.message}`);
      return undefined;
    }
  };
  try {
    const host = await unless("what needs a registry", async () => stack.use(await registryHere(folder)).host);
    const scanner =
      host === undefined ? undefined : await unless("findings and SBOM of an image", () => scannerHere(folder, host));
    const docker =
      host === undefined
        ? undefined
        : await unless("the failing build and the reproducibility", async () =>
            stack.use(await dockerHere(folder, host)),
          );
    const key = scanner && docker ? await unless("signatures", () => keyHere(folder)) : undefined;
    const path = [key?.programs, scanner?.programs, docker?.env["PATH"] ?? process.env["PATH"]].filter(
      (part) => part !== undefined,
    );
    return {
      env: { DOCKER_CONFIG: join(folder, "no-login"), ...docker?.env, ...scanner?.env, PATH: path.join(delimiter) },
      image: scanner?.image,
      hasDocker: docker !== undefined,
      key,
      lacking,
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

const registryHere = async (folder: string): ReturnType<typeof startDockerRegistry> =>
  startDockerRegistry({
    folder: join(folder, "registry"),
    storage: join(folder, "images"),
    port: (await accepts({ port: PORT })) ? await freePort() : PORT,
  });

async function scannerHere(folder: string, host: string): Promise<{ programs: string; image: string; env: Env }> {
  const program = await trivy();
  const programs = join(folder, "scanner");
  await mkdir(programs);
  await symlink(program, join(programs, "trivy"));
  const cache = join(folder, "trivy");
  await writeTrivyDatabase(cache);
  await pushFiles(`${host}/team/base`, "1.0.0", [system]);
  await pushFiles(`${host}/team/notes`, "1.4.0", app);
  return {
    programs,
    image: `${host}/team/notes:1.4.0`,
    env: { TRIVY_CACHE_DIR: cache, TRIVY_SKIP_DB_UPDATE: "true", TRIVY_SKIP_CHECK_UPDATE: "true" },
  };
}

async function keyHere(folder: string): Promise<Key> {
  const programs = join(await debianPackages(["cosign"], { suite: "forky" }), "usr", "bin");
  const key: Key = { programs, prefix: join(folder, "team"), password: "of the pictures" };
  await mustRun(join(programs, "cosign"), ["generate-key-pair", "--output-key-prefix", key.prefix], {
    ...{ env: { COSIGN_PASSWORD: undefined }, input: key.password },
  });
  return key;
}

/** No registry that has base images can be reached: the mirror has the one that is used, made of a shell. */
async function dockerHere(folder: string, host: string): ReturnType<typeof startDocker> {
  const busybox = join(await debianPackages(["busybox-static"]), "bin", "busybox");
  const docker = await startDocker({ mirror: host });
  try {
    const context = join(folder, "busybox");
    await mkdir(context);
    await copyFile(busybox, join(context, "busybox"));
    await chmod(join(context, "busybox"), 0o755);
    await writeFile(
      join(context, "Dockerfile"),
      'FROM scratch\nCOPY busybox /bin/busybox\nRUN --network=none ["/bin/busybox", "--install", "-s", "/bin"]\nCMD ["sh"]\n',
    );
    const image = `${host}/library/busybox:1.37`;
    for (const args of [
      ["buildx", "build", "--provenance=false", "--tag", image, context],
      ["push", image],
    ]) {
      const { code, stderr } = await docker.docker(args);
      if (code !== 0) throw new Error(`docker ${args[0]}: ${stderr}`);
    }
    return docker;
  } catch (error) {
    await docker.stop();
    throw error;
  }
}

/** Folders that are opened: one whose image is scanned, one whose build fails, one that is not reproducible. */
export async function writeProjects(folder: string, image: string | undefined): Promise<void> {
  const base = image?.replace(/team\/.*$/, "team/base:1.0.0") ?? "node:22";
  const files: Readonly<Record<string, string>> = {
    "notes/Dockerfile": `FROM ${base}\nCOPY node_modules /app/node_modules\nCOPY .npmrc /app/\nCMD ["node", "/app/server.js"]\n`,
    "orders/Dockerfile": FAILING,
    "orders/test.sh": TEST,
    "clock/Dockerfile": CLOCK,
    "clock/greet.sh": "echo hello\n",
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(folder, path, ".."), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

const FAILING = `FROM busybox:1.37 AS test
WORKDIR /src
COPY test.sh ./
RUN --network=none sh test.sh

FROM busybox:1.37
COPY --from=test /src /app
USER 1000:1000
CMD ["sh", "/app/test.sh"]
`;

const TEST = `echo "ok   an order is kept"
echo "ok   an order is found by its number"
echo "FAIL orders are sorted by time: wanted 1 2, got 2 1"
exit 1
`;

const CLOCK = `FROM busybox:1.37
WORKDIR /app
COPY greet.sh ./
RUN --network=none date > /app/built
USER 1000:1000
CMD ["sh", "/app/greet.sh"]
`;
