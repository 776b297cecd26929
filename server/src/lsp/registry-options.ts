/** How registries are asked by a person's settings. */
import { registryCacheFolder } from "../effects/registry/cache.ts";
import type { RegistryOptions } from "../effects/registry/registry.ts";
import type { RegistrySettings } from "./settings.ts";

export const registryOptions = (
  { insecureRegistries, mirrors, cacheHours }: RegistrySettings,
  log: (message: string) => void,
): RegistryOptions => ({
  // Nothing is asked before the workspace is trusted, so whoever asks may use credentials.
  trusted: true,
  insecureRegistries,
  mirrors,
  cache: { folder: registryCacheFolder(process.env), hours: cacheHours },
  log,
});
