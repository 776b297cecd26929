/** Which configuration file is about a Dockerfile: the nearest upward, ours before hadolint's, then hadolint's own places. */
import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { HADOLINT_NAMES, OWN_NAMES } from "../../core/config/names.ts";

export type ConfigKind = "dockwright" | "hadolint";

export interface ConfigPlace {
  readonly kind: ConfigKind;
  readonly path: string;
}

export type ConfigFinder = (folder: string) => Promise<ConfigPlace | undefined>;

/** The kind of a file somebody named. */
export const kindOf = (path: string): ConfigKind => (/hadolint[^/\\]*$/i.test(path) ? "hadolint" : "dockwright");

/** Each folder is looked into once for as long as the finder is kept. */
export function createConfigFinder(env: NodeJS.ProcessEnv): ConfigFinder {
  const looked = new Map<string, Promise<readonly (string | undefined)[]>>();
  const look = (folder: string): Promise<readonly (string | undefined)[]> => {
    const found =
      looked.get(folder) ??
      Promise.all([firstFile(folder, OWN_NAMES), firstFile(folder, HADOLINT_NAMES), exists(join(folder, ".git"))]);
    looked.set(folder, found);
    return found;
  };
  let personal: Promise<string | undefined> | undefined;

  return async (folder) => {
    let hadolint: string | undefined;
    for (let at = folder; ; at = dirname(at)) {
      const [own, theirs, repository] = await look(at);
      if (own !== undefined) return { kind: "dockwright", path: own };
      hadolint ??= theirs;
      // What is above the repository is about other people's files.
      if (repository !== undefined || dirname(at) === at) break;
    }
    hadolint ??= await (personal ??= personalHadolint(env));
    return hadolint === undefined ? undefined : { kind: "hadolint", path: hadolint };
  };
}

/** Where hadolint looks when the project has no file: its Configfile.hs, in that order. */
async function personalHadolint(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const home = env["HOME"] || homedir();
  const visible = ["hadolint.yaml", "hadolint.yml"];
  return (
    (await firstFile(env["XDG_CONFIG_HOME"] || join(home, ".config"), visible)) ??
    (await firstFile(join(home, ".hadolint"), [...visible, "config.yaml", "config.yml"])) ??
    (await firstFile(home, HADOLINT_NAMES))
  );
}

async function firstFile(folder: string, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    const path = join(folder, name);
    if (await isFile(path)) return path;
  }
  return undefined;
}

const isFile = async (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );

const exists = async (path: string): Promise<string | undefined> =>
  stat(path).then(
    () => path,
    () => undefined,
  );
