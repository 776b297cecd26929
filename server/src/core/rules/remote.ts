/** What ADD fetches, and what in a URL stays the same tomorrow. Shared by the rules about downloads. */
import type { Dockerfile, Instruction, Word } from "../model/dockerfile/model.ts";
import { expandIn } from "../model/dockerfile/scope.ts";
import { unquote } from "../model/dockerfile/words.ts";

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
export const remoteSources = (dockerfile: Dockerfile): readonly RemoteSource[] =>
  dockerfile.all.flatMap((instruction) => {
    if (instruction.name !== "ADD" || instruction.heredocs.length > 0) return [];
    return instruction.words.slice(0, -1).flatMap((word): readonly RemoteSource[] => {
      const url = unquote(expandIn(dockerfile, instruction, word.text).text, dockerfile.escape);
      if (GIT.test(url)) return [{ instruction, word, url, kind: "git" }];
      return /^https?:\/\//i.test(url) ? [{ instruction, word, url, kind: "http" }] : [];
    });
  });

export const hasChecksum = ({ flags }: Instruction): boolean => flags.some(({ name }) => name === "--checksum");

/** A part of the path that means whatever is newest. */
const MOVING =
  /[/_.=-](?:latest|nightly|master|main|HEAD|head|trunk|develop|snapshot|current|edge|canary)(?=[/_.?#-]|$)|\/refs\/heads\//;

export const movingPart = (url: string): string | undefined =>
  MOVING.exec(url.replace(/^[a-z+]+:\/\/[^/]+/i, ""))?.[0].replace(/^[/_.=-]|\/$/g, "");

/** A commit, or a name with a version in it. */
export const isCommit = (reference: string): boolean => /^[0-9a-f]{7,64}$/i.test(reference);
export const isVersion = (reference: string): boolean => /\d+[._]\d|^v?\d+$/i.test(reference) && !/^refs\/heads\//.test(reference);
