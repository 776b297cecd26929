/** Who finds out what rules ask: put together once for the editor and the command line. */
import type { Finders } from "./answers.ts";
import { existsInFolder, listFolder, readInFolder } from "./files/context.ts";
import type { Registry } from "./registry/registry.ts";
import { vulnerabilities } from "./trivy.ts";

/** The folder of a question about files is always there when it gets here. */
export const fileFinders: Finders = {
  exists: ({ path }, { folder = "" }) => existsInFolder(folder, path),
  read: ({ path }, { folder = "" }) => readInFolder(folder, path),
  list: (_question, { folder = "", signal }) => listFolder(folder, signal),
};

/** What is found out about images. Trivy runs as a program: whoever asks has seen to it that the workspace is trusted. */
export const registryFinders = (registry: Registry): Finders => ({
  vulnerabilities: ({ image }, { signal }) => vulnerabilities(image, signal),
  digest: ({ image }, { signal }) => registry.digest(image, signal),
  "version-tag": ({ image }, { signal }) => registry.versionTag(image, signal),
  "newer-tag": ({ image }, { signal }) => registry.newerTag(image, signal),
  environment: ({ image }, { signal }) => registry.environment(image, signal),
  platforms: ({ image }, { signal }) => registry.platforms(image, signal),
});
