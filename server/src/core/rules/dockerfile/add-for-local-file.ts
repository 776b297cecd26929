import { isRemoteSource } from "../../model/dockerfile/copies.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { expandIn } from "../../model/dockerfile/scope.ts";
import { unquote } from "../../model/dockerfile/words.ts";
import { defineRule, safeFix, unsafeFix } from "../../rule.ts";
import { replace } from "../../text/edit.ts";
import { allNamed } from "../../model/dockerfile/named.ts";

export default defineRule({
  id: "add-for-local-file",
  summary: "ADD where COPY does",
  severity: "warning",
  profile: "recommended",
  fixable: "always",
  since: "0.1.0",
  sameAs: [
    "hadolint:DL3020",
    "trivy:DS-0005",
    "kics:Add Instead of Copy",
    "checkov:CKV_DOCKER_4",
    "dockle:CIS-DI-0009",
  ],
  why: `
\`ADD\` also downloads and unpacks, depending on what its source turns out to be. For files and folders of the build context
\`COPY\` says all there is to say, and a file that becomes an archive one day is still copied as it is.`,
  fixSafety: `
Safe: for a local source that is no archive, both do the same. Unsafe where a pattern such as \`*\` may also match archives, which
COPY leaves packed, and where a variable names the source.`,
  examples: [
    { bad: "FROM node:22\nADD package.json /app/\n", fixed: "FROM node:22\nCOPY package.json /app/\n" },
    { good: "FROM alpine:3.22\nADD rootfs.tar.xz /\n" },
    { good: "FROM alpine:3.22\nADD https://example.org/tool /usr/local/bin/\n" },
  ],
  check({ dockerfile, report }) {
    for (const instruction of allNamed(dockerfile, "ADD")) {
      const sources = sourcesOf(dockerfile, instruction) ?? namedByTarget(instruction);
      if (!sources || sources.length === 0 || !sources.every(isLocalFile)) continue;
      if (instruction.flags.some(({ name }) => ONLY_ADD.has(name))) continue;
      const written = instruction.keyword.text === "add" ? "copy" : "COPY";
      const edit = replace(instruction.keyword.span, written);
      const title = `Replace ${instruction.keyword.text} with ${written}`;
      report(instruction.keyword.span, {
        message: `ADD copies ${instruction.heredocs.length > 0 ? "a heredoc" : list(sources)} like COPY would: COPY neither downloads nor unpacks by surprise`,
        fixes: [sources.some(mayBeMore) ? unsafeFix(title, edit) : safeFix(title, edit)],
      });
    }
  },
});

const ONLY_ADD: ReadonlySet<string> = new Set(["--checksum", "--keep-git-dir", "--unpack"]);

/** Undefined when a variable hides one. */
function sourcesOf(dockerfile: Dockerfile, instruction: Instruction): readonly string[] | undefined {
  const sources: string[] = [];
  for (const { text: written } of instruction.words.slice(0, -1)) {
    const { text, known } = expandIn(dockerfile, instruction, written);
    // A hidden folder in front of a visible name does not matter, a hidden name does.
    if (!known && (text.startsWith("$") || text.startsWith('"$') || /\$(?:\w+|\{[^}]*\})["']?$/.test(text)))
      return undefined;
    sources.push(instruction.json ? text : unquote(text, dockerfile.escape));
  }
  return sources;
}

/** `ADD ${JAR_FILE} app.jar`: the destination is the name of one file, and no archive's. */
function namedByTarget({ words }: Instruction): readonly string[] | undefined {
  const [source, target, ...others] = words;
  if (!source || !target || others.length > 0 || !/^\$(?:\w+|\{\w+\})$/.test(source.text)) return undefined;
  if (/ur[il]|link|repo/i.test(source.text) || !/[^/.]\.[A-Za-z]\w*$/.test(target.text) || ARCHIVE.test(target.text))
    return undefined;
  return [source.text];
}

/** tar, plain or compressed: what ADD unpacks. */
const ARCHIVE = /\.(?:tar|gz|bz2|xz|zst|lz|lzma|Z|tZ|tgz|tb2|tbz|tbz2|txz|tlz|tpz|tzst)$/i;
const isLocalFile = (source: string): boolean => source !== "" && !ARCHIVE.test(source) && !isRemoteSource(source);

/** A pattern that archives may match, or a variable. */
const mayBeMore = (source: string): boolean => /[*?\]]$|\.[^/]*[*?[][^/]*$|^\$/.test(source);

const list = (sources: readonly string[]): string =>
  sources.length > 2 ? `${sources.length} local paths` : sources.join(" and ");
