/** Who downloads what a person has chosen. Nothing of a person's logins goes along. */
import { homedir } from "node:os";
import type { Finders } from "../answers.ts";
import { createVersions } from "../packages/versions.ts";
import { checksumOf } from "./checksum.ts";
import { createFetch } from "./fetch.ts";

export function downloadFinders(env: NodeJS.ProcessEnv): Finders {
  const fetch = createFetch({ ca: [], env, home: homedir(), trusted: false });
  const versions = createVersions(fetch);
  return {
    checksum: ({ url }, { signal }) => checksumOf(fetch, url, signal),
    "package-version": (question, { signal }) => versions(question, signal),
  };
}
