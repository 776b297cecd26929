/** The folder for caches of the person who runs this, as the XDG Base Directory Specification has it. */
import { homedir } from "node:os";
import { join } from "node:path";

export function cacheFolder(env: NodeJS.ProcessEnv): string {
  const base = env["XDG_CACHE_HOME"] || env["LOCALAPPDATA"] || join(env["HOME"] || homedir(), ".cache");
  return join(base, "dockwright");
}
