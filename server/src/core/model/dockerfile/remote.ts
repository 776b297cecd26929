/** What ADD fetches, and what in a URL stays the same tomorrow. Shared by the rules about downloads. */
import type { Dockerfile, Instruction, Word } from "./model.ts";
import { expandIn } from "./scope.ts";
import { unquote } from "./words.ts";
import { allNamed } from "./named.ts";

export interface RemoteSource {
  readonly instruction: Instruction;
  readonly word: Word;
  /** With known variables put in. */
  readonly url: string;
  readonly kind: "git" | "http";
}

/** git repositories as BuildKit's util/gitutil tells them from files: by protocol, by user@host:path, by .git. */
const GIT = /^(?:git:\/\/|ssh:\/\/|[\w.-]+@[\w.-]+:)|^https?:\/\/[^?#]+\.git(?:[?#]|$)/;

/** The sources of ADD that are not in the build context. */
const remoteSources = (dockerfile: Dockerfile): readonly RemoteSource[] =>
  allNamed(dockerfile, "ADD").flatMap((instruction) => {
    if (instruction.heredocs.length > 0) return [];
    return instruction.words.slice(0, -1).flatMap((word): readonly RemoteSource[] => {
      const url = unquote(expandIn(dockerfile, instruction, word.text).text, dockerfile.escape);
      const kind = remoteKind(url);
      return kind === undefined ? [] : [{ instruction, word, url, kind }];
    });
  });

/** What kind of download a source is; undefined for a path of the build context. */
export function remoteKind(source: string): RemoteSource["kind"] | undefined {
  if (GIT.test(source)) return "git";
  return /^https?:\/\//i.test(source) ? "http" : undefined;
}

/** Those that nothing holds to what they are today: no checksum, and from another machine. */
export const uncheckedSources = (dockerfile: Dockerfile): readonly RemoteSource[] =>
  remoteSources(dockerfile).filter(
    ({ instruction, url }) => !hasChecksum(instruction) && !isLoopback(url) && !isCacheBuster(url),
  );

const hasChecksum = ({ flags }: Instruction): boolean => flags.some(({ name }) => name === "--checksum");

/** A part of the path that means whatever is newest. */
const MOVING =
  /[/_.=-](?:latest|nightly|master|main|HEAD|head|trunk|develop|snapshot|current|edge|canary)(?=[/_.?#-]|$)|\/refs\/heads\//;

/** A question to GitHub for a branch's last commit: it is added to end the cache when the branch moves. */
const CACHE_BUSTER = /^https:\/\/api\.github\.com\/repos\/[^/]+\/[^/]+\/(?:git\/|commits|branches)/;

const isCacheBuster = (url: string): boolean => CACHE_BUSTER.test(url);

/** What makes a URL move; a version in the file's name stands still, whatever folder it is in. */
export function movingPart(url: string): string | undefined {
  const path = url.replace(/^[a-z+]+:\/\/[^/]+/i, "");
  if (/\d+\.\d+[^/]*$|VERSION\}?[^/]*$/.test(path) && !/\/(?:master|main)\//.test(path)) return undefined;
  return MOVING.exec(path)?.[0].replace(/^[/_.=-]|\/$/g, "");
}

/** A commit, or a name with a version in it. */
export const isCommit = (reference: string): boolean => /^[0-9a-f]{7,64}$/i.test(reference);
export const isVersion = (reference: string): boolean =>
  /\d+[._]\d|^v?\d+$/i.test(reference) && !reference.startsWith("refs/heads/");

/** The machine itself: nobody stands between. */
export const isLoopback = (host: string): boolean =>
  /^(?:[a-z]+:\/\/)?(?:localhost|127\.\d+\.\d+\.\d+|\[?::1\]?|0\.0\.0\.0)(?=[:/]|$)/i.test(host);
