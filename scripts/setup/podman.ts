/** Podman and Buildah out of Debian's packages, with storage, home and configuration in a folder of their own. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { mustRun, run } from "../process.ts";
import { debianPackages, Unavailable } from "./debian.ts";

export interface Podman extends AsyncDisposable {
  /** For programs that call podman and buildah. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

interface PodmanOptions {
  /** Holds everything they write. */
  readonly folder: string;
  /** Registries that may be asked over plain HTTP: `127.0.0.1:5000`. */
  readonly registries?: readonly string[];
}

/** Containers are run by Debian's runc, which needs no library, in the network of the machine. */
export async function setUpPodman({ folder, registries = [] }: PodmanOptions): Promise<Podman> {
  if (process.platform !== "linux") throw new Unavailable("Podman needs Linux");
  if (process.getuid?.() !== 0) throw new Unavailable("Podman is set up for root here, and this process is not root");
  if (process.arch !== "x64" && process.arch !== "arm64")
    throw new Unavailable(`no Debian library folder is known for ${process.arch}`);
  const library = process.arch === "x64" ? "x86_64-linux-gnu" : "aarch64-linux-gnu";
  const [buildah, podman, runc] = await Promise.all([
    debianPackages(["buildah"], { withDependencies: true }),
    debianPackages(["podman"], { withDependencies: true }),
    debianPackages(["runc"]),
  ]);
  const home = join(folder, "home");
  const configuration = join(home, ".config", "containers");
  await mkdir(configuration, { recursive: true });
  const inConfiguration = async (name: string, text: string): Promise<string> => {
    await writeFile(join(configuration, name), text);
    return join(configuration, name);
  };
  await inConfiguration("policy.json", JSON.stringify({ default: [{ type: "insecureAcceptAnything" }] }));
  const storage = await inConfiguration(
    "storage.conf",
    `[storage]\ndriver = "vfs"\ngraphroot = "${join(folder, "images")}"\nrunroot = "${join(folder, "run")}"\n`,
  );
  const containers = await inConfiguration(
    "containers.conf",
    [
      ...["[engine]", 'cgroup_manager = "cgroupfs"', 'events_logger = "file"', 'runtime = "runc"'],
      ...[`tmp_dir = "${join(folder, "tmp")}"`, `static_dir = "${join(folder, "static")}"`],
      `conmon_path = ["${join(podman, "usr", "bin", "conmon")}"]`,
      ...["[engine.runtimes]", `runc = ["${join(runc, "usr", "sbin", "runc")}"]`],
      ...["[containers]", 'netns = "host"', ""],
    ].join("\n"),
  );
  const known = registries.map((host) => `[[registry]]\nlocation = "${host}"\ninsecure = true\n`).join("");
  const env = {
    HOME: home,
    XDG_RUNTIME_DIR: undefined,
    CONTAINER_HOST: undefined,
    CONTAINERS_STORAGE_CONF: storage,
    CONTAINERS_CONF: containers,
    CONTAINERS_REGISTRIES_CONF: await inConfiguration(
      "registries.conf",
      `unqualified-search-registries = []\n${known}`,
    ),
    BUILDAH_ISOLATION: "oci",
    BUILDAH_RUNTIME: join(runc, "usr", "sbin", "runc"),
    PATH: [
      ...[buildah, podman, runc].flatMap((each) => [join(each, "usr/bin"), join(each, "usr/sbin")]),
      process.env["PATH"],
    ].join(":"),
    LD_LIBRARY_PATH: [buildah, podman].map((each) => join(each, "usr", "lib", library)).join(":"),
  };
  for (const program of ["podman", "buildah"])
    await mustRun(join(program === "podman" ? podman : buildah, "usr/bin", program), ["version"], {
      env,
      timeoutMs: 60_000,
    });
  return {
    env,
    [Symbol.asyncDispose]: async () => {
      await run(join(podman, "usr", "bin", "podman"), ["system", "reset", "--force"], { env, timeoutMs: 60_000 }).catch(
        () => undefined,
      );
    },
  };
}
