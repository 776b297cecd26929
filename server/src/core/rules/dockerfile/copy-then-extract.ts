import { instructionsBefore } from "../../model/dockerfile/before.ts";
import { type ContextSource, contextSources } from "../../model/dockerfile/copies.ts";
import { folderOfCommand, workdirName } from "../../model/dockerfile/context-files.ts";
import { resolvePath } from "../../model/dockerfile/before.ts";
import type { Dockerfile, Instruction } from "../../model/dockerfile/model.ts";
import { programsWithin } from "../../model/dockerfile/programs.ts";
import { removeInstruction } from "../../model/dockerfile/removal.ts";
import { expandIn } from "../../model/dockerfile/scope.ts";
import type { ShellCommand, ShellWord } from "../../model/dockerfile/shell.ts";
import { plainUnpacking, TAR } from "../../model/dockerfile/tar-calls.ts";
import { defineRule, type Fix, unsafeFix } from "../../rule.ts";
import { replace } from "../../text/edit.ts";
import { allNamed } from "../../model/dockerfile/named.ts";

interface Archive {
  readonly copy: Instruction;
  readonly source: ContextSource | undefined;
  readonly name: string;
}

export default defineRule({
  id: "copy-then-extract",
  summary: "an archive is copied, and unpacked by a later RUN",
  severity: "info",
  profile: "strict",
  fixable: "sometimes",
  since: "0.2.0",
  sameAs: ["hadolint:DL3010"],
  why: `
The image has the content twice: packed in the layer of the \`COPY\`, which a later \`rm\` does not make smaller, and unpacked
in that of the \`RUN\`. \`ADD\` unpacks a tar archive of the build context, plain or compressed with gzip, bzip2, xz or zstd, while it is
added. A zip is none of them: there a \`RUN --mount=type=bind\` unpacks without a copy. Looked at are archives of the build context
and commands of the same stage.`,
  fixSafety: `
Unsafe: \`ADD\` takes the owner and the mode of files from the archive as \`tar\` would as root, yet it reads no options. Offered where the
\`RUN\` does nothing but unpack, into a folder that is known, with no option that changes names.`,
  examples: [
    {
      bad: "FROM debian:13\nCOPY app.tar.gz /tmp/\nRUN tar -xzf /tmp/app.tar.gz -C /opt && rm /tmp/app.tar.gz\n",
      fixed: "FROM debian:13\nADD app.tar.gz /opt/\n",
    },
    { good: "FROM debian:13\nADD app.tar.gz /opt/\n" },
    { good: "FROM debian:13\nCOPY --from=build /app.tar.gz /tmp/\nRUN tar -xzf /tmp/app.tar.gz\n" },
  ],
  check({ dockerfile, report }) {
    const archives = archivesOf(dockerfile);
    if (archives.length === 0) return;
    const seen = new Set<Archive>();
    for (const run of allNamed(dockerfile, "RUN")) {
      for (const { command } of programsWithin(dockerfile, run)) {
        const words = unpacks(command) ? command.args : [];
        const archive = archives.find(
          (each) =>
            each.copy.stage === run.stage && each.copy.index < run.index && words.some((word) => names(word, each)),
        );
        if (!archive || seen.has(archive)) continue;
        seen.add(archive);
        const fix = fixFor(dockerfile, archive, run, command);
        report(archive.copy.args.span, {
          message: `${archive.name} stays packed in this layer after ${command.name} unpacked it: ADD unpacks it at once`,
          related: [{ span: command.span, message: "unpacked here" }],
          ...(fix ? { fixes: [fix] } : { refusal: "the RUN does more than unpack into a folder that is known" }),
        });
      }
    }
  },
});

const PACKED = /\.(?:gz|bz2|xz|zst|lzma|lz|Z)$/;
const UNPACKERS: ReadonlySet<string> = new Set(
  "gunzip bunzip2 unlzma unxz unzstd uncompress zcat gzcat bzcat xzcat zstdcat bsdtar".split(" "),
);

/** The archives that COPY brings, by the name they have in the image. */
function archivesOf(dockerfile: Dockerfile): readonly Archive[] {
  const copies = Map.groupBy(
    contextSources(dockerfile).filter(({ instruction }) => instruction.name === "COPY" && !instruction.triggered),
    ({ instruction }) => instruction,
  );
  return [...copies].flatMap(([copy, sources]): Archive[] => {
    const target = targetOf(dockerfile, copy);
    if (isArchive(target)) return [{ copy, source: sources[0], name: baseName(target) }];
    return sources
      .filter(({ text }) => isArchive(text) && !/[*?[]/.test(text))
      .map((source) => ({ copy, source, name: baseName(source.text) }));
  });
}

const isArchive = (path: string): boolean => TAR.test(path) || PACKED.test(path);

const baseName = (path: string): string => path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);

function targetOf(dockerfile: Dockerfile, copy: Instruction): string {
  const word = copy.words.at(-1);
  return word ? expandIn(dockerfile, copy, word.text).text.replace(/["']/g, "") : "";
}

const names = ({ value, literal }: ShellWord, { name }: Archive): boolean =>
  literal && (baseName(value) === name || baseName(value.slice(value.indexOf("=") + 1)) === name);

/** tar: `-xf`, `xf`, `--extract`, `--get`; the others do nothing else. */
const unpacks = ({ name, args }: ShellCommand): boolean =>
  name === "tar"
    ? args.some(({ value }, at) =>
        value.startsWith("--")
          ? value === "--extract" || value === "--get"
          : (at === 0 || value.startsWith("-")) && /^-?[A-Za-z]*x/.test(value),
      )
    : name !== undefined && UNPACKERS.has(name);

function fixFor(dockerfile: Dockerfile, archive: Archive, run: Instruction, command: ShellCommand): Fix | undefined {
  const { copy, source } = archive;
  const target = copy.words.at(-1);
  const unpacking = plainUnpacking(command);
  if (!unpacking || !source || !target || run.triggered || copy.words.length !== 2 || copy.json) return undefined;
  if (!TAR.test(source.text) || copy.heredocs.length > 0 || run.comments.length > 0 || run.flags.length > 0)
    return undefined;
  const others = programsWithin(dockerfile, run).filter((each) => each.command !== command);
  if (!others.every(({ command: other }) => isCleanup(other, archive))) return undefined;
  const written = unpacking.folder;
  const folder = written?.startsWith("/")
    ? written
    : resolvePath(folderOfCommand(dockerfile, run, command), written ?? ".");
  if (folder === undefined || folder.startsWith("/(") || /[\s$"'\\]/.test(folder)) return undefined;
  // ADD makes a folder that is not there, owned by root; a USER in force may see the difference.
  if (instructionsBefore(dockerfile, run).some(({ name }) => name === "USER")) return undefined;
  const keyword = copy.keyword.text === copy.keyword.text.toLowerCase() ? "add" : "ADD";
  const same = folder === workdirName(dockerfile, copy) && written === undefined;
  const to = same ? "./" : folder.endsWith("/") ? folder : `${folder}/`;
  return unsafeFix(
    `Unpack it into ${folder} with ADD`,
    replace(copy.keyword.span, keyword),
    replace(target.span, to),
    removeInstruction(dockerfile, run),
  );
}

/** Deleting the archive. */
const isCleanup = ({ name, args }: ShellCommand, archive: Archive): boolean =>
  name === "rm" && args.every((word) => word.value.startsWith("-") || names(word, archive));
