import { type Download, downloadsOf, fileOf, nameIn } from "../../model/dockerfile/downloads.ts";
import type { Dockerfile } from "../../model/dockerfile/model.ts";
import { expandIn } from "../../model/dockerfile/scope.ts";
import type { Program } from "../../model/dockerfile/programs.ts";
import { scriptsOf, type ShellCommand } from "../../model/dockerfile/shell.ts";
import { defineRule } from "../../rule.ts";
import { contains } from "../../text/edit.ts";
import { isVerified, programsOfStage } from "../downloaded.ts";
import { partsBehind, pipeOf, pipedDownloads } from "../piped.ts";
import { isLoopback } from "../verification.ts";

export default defineRule({
  id: "download-without-checksum",
  summary: "a downloaded program or archive that nothing checks",
  severity: "warning",
  profile: "strict",
  fixable: "never",
  since: "0.2.0",
  sameAs: [],
  why: `
What is downloaded, unpacked and run is trusted completely. When the file behind the URL is replaced, by its owner or by somebody
else, the same Dockerfile builds another image and nothing notices. A checksum in the Dockerfile (\`echo "$SHA256  file" | sha256sum -c\`),
a signature (\`gpg --verify\`), or \`ADD --checksum\` does. Reported are curl and wget where their file is unpacked, installed,
made executable or run in the same stage, or is a library; over \`http:\`, where anyone on the way can replace it, in the
recommended profile. A RUN that checks anything is left alone, so are lists and keys for package managers, and archives of one
commit. ADD is the matter of add-remote-url, a script that goes straight into a shell that of curl-pipe-shell. There is no fix, because
only the file itself tells its checksum: \`dockwright refactor add-checksum\` downloads it, and makes an \`ADD --checksum\` of a RUN that does
nothing else.`,
  examples: [
    { bad: "FROM debian:13\nRUN curl -fsSL https://example.org/app-1.2.tar.gz | tar xz -C /opt\n" },
    {
      bad: "FROM debian:13\nRUN wget -q -O /usr/local/bin/tool https://example.org/tool && chmod +x /usr/local/bin/tool\n",
    },
    {
      good: 'FROM debian:13\nRUN curl -fsSLo a.tgz https://example.org/a.tgz && echo "$A_SHA256  a.tgz" | sha256sum -c && tar xzf a.tgz\n',
    },
    { good: "FROM debian:13\nRUN curl -fsSL https://example.org/key.asc -o /usr/share/keyrings/example.asc\n" },
  ],
  check({ dockerfile, report }) {
    const piped = pipedDownloads(dockerfile);
    for (const download of downloadsOf(dockerfile)) {
      if (piped.has(download)) continue;
      const sources = download.urls.filter(
        ({ url }) =>
          /^(?:https?|ftp):|^["']?\$|^[\w.-]+\.[a-z]{2,}\//.test(url) && !isLoopback(url) && !isOneCommit(url),
      );
      const source = sources.find(({ url }) => useOf(dockerfile, download, url) !== undefined);
      const file = source && fileOf(dockerfile, download, source.url);
      if (!source) continue;
      const names = file === undefined ? [source.url] : [source.url, file];
      if (names.some((name) => isVerified(dockerfile, download.instruction, name))) continue;
      const use = useOf(dockerfile, download, source.url);
      const open = /^(?:http|ftp):/.test(source.url);
      report(source.word.span, {
        message: `${nameOf(source.url, file)} is ${use}, and nothing checks that it is the file it was${open ? ": anyone on the way can replace it" : ""}`,
        ...(open && { profile: "recommended" as const }),
      });
    }
  },
});

/** What the URL calls it; where that is no file's name, what it is saved as. */
const nameOf = (url: string, file: string | undefined): string => {
  const inUrl = nameIn(url);
  const name = file !== undefined && !inUrl.includes(".") ? nameIn(file) : inUrl;
  return name === "" || name.length > 60 || /^["']?\$/.test(name) ? "The download" : name;
};

/** A URL with a whole commit in it names content that does not change. */
const isOneCommit = (url: string): boolean => /(?:^|[/=.-])[0-9a-f]{40}(?:$|[/?.&-])/.test(url);

/** What the network's file becomes part of without being touched again. */
const CODE = /\.(?:jar|war|whl|gem|phar|deb|rpm|apk|AppImage|so|dll|exe)$/i;
const PROGRAM_FOLDER = /(?:^|\/)s?bin\/[^/]+$/;

/** What is done with the file, said in a few words; undefined when nothing is known to run it. */
function useOf(dockerfile: Dockerfile, download: Download, url: string): string | undefined {
  const unpacker = download.file === undefined ? unpackedBy(dockerfile, download) : undefined;
  if (unpacker !== undefined) return `unpacked by ${unpacker}`;
  const file = fileOf(dockerfile, download, url) ?? redirectOf(dockerfile, download);
  if (file === undefined || file === "/dev/null") return undefined;
  if (PROGRAM_FOLDER.test(file)) return "a program of the image";
  const name = nameIn(file);
  const used = name === "" ? undefined : usedBy(dockerfile, download, file, name);
  if (used !== undefined) return used;
  return CODE.test(name) && CODE.test(nameIn(url)) ? "code of the image" : undefined;
}

const UNPACKERS: ReadonlySet<string> = new Set(
  "tar bsdtar gtar unzip 7z 7za gunzip zcat gzip xz unxz xzcat bunzip2 bzcat zstd unzstd cpio ar funzip rpm2cpio jar".split(
    " ",
  ),
);

function unpackedBy(dockerfile: Dockerfile, { command, instruction }: Download): string | undefined {
  for (const script of scriptsOf(dockerfile, instruction)) {
    const pipe = pipeOf(script, command.span);
    const parts = pipe ? partsBehind(pipe, command.span) : [];
    const unpacker = script.commands.find(
      ({ name, span }) => name !== undefined && UNPACKERS.has(name) && parts.some((part) => contains(part, span)),
    );
    if (unpacker) return unpacker.name;
  }
  return undefined;
}

/** `curl … > file` */
const redirectOf = ({ text }: Dockerfile, { command, urls }: Download): string | undefined => {
  const from = Math.max(command.nameWord?.span.end ?? 0, ...urls.map(({ word }) => word.span.end));
  return /^[^|&;\n]*?(?<![0-9&])>\s*["']?([^\s"'|&;)]+)/.exec(text.slice(from, from + 300))?.[1];
};

/** What a later command of the stage does to the file. */
function usedBy(
  dockerfile: Dockerfile,
  { command, instruction }: Download,
  file: string,
  name: string,
): string | undefined {
  for (const each of programsOfStage(dockerfile, instruction.stage)) {
    if (each.command.span.start <= command.span.end) continue;
    const use = useIn(dockerfile, each, file, name);
    if (use !== undefined) return use;
  }
  return undefined;
}

const INSTALLERS: ReadonlySet<string> = new Set([
  "dpkg",
  "rpm",
  "apt",
  "apt-get",
  "yum",
  "dnf",
  "microdnf",
  "zypper",
  "apk",
  "gdebi",
  "installer",
]);
const RUNNERS: ReadonlySet<string> = new Set([
  "sh",
  "bash",
  "ash",
  "dash",
  "zsh",
  "python",
  "python2",
  "python3",
  "perl",
  "ruby",
  "node",
  "php",
  "java",
]);

function useIn(
  dockerfile: Dockerfile,
  { command, instruction }: Program,
  file: string,
  name: string,
): string | undefined {
  const { nameWord } = command;
  const args = command.args.map((word) =>
    word.literal ? word : { ...word, value: expandIn(dockerfile, instruction, word.value).text },
  );
  const program = command.name ?? "";
  if (nameWord && isFile(nameWord.value, file, name) && nameWord.value.includes("/")) return "run";
  const names = args.filter(({ value }) => isFile(value, file, name));
  if (names.length === 0) return undefined;
  if (UNPACKERS.has(program)) return `unpacked by ${program}`;
  if (INSTALLERS.has(program)) return `installed by ${program}`;
  if (RUNNERS.has(program) || program === "." || program === "source") return `run by ${program}`;
  if (program === "chmod") return makesExecutable(command) ? "made executable" : undefined;
  const last = args.at(-1)?.value ?? "";
  if ((program === "mv" || program === "cp" || program === "install") && /(?:^|\/)s?bin(?:\/|$)/.test(last))
    return "a program of the image";
  return undefined;
}

/** The same path, or the same name where one of them has no folder. */
function isFile(value: string, file: string, name: string): boolean {
  if (!value.includes(name) && !value.includes("*")) return false;
  if (value === file || value === `./${file}`) return true;
  const plain = value.replace(/^\.\//, "");
  if (nameIn(plain) === name) return !plain.includes("/") || !file.includes("/") || plain === file;
  // `tar xf a*.tar.gz`, `dpkg -i /tmp/*.deb`
  const star = plain.lastIndexOf("*");
  return (
    star !== -1 &&
    !name.includes("$") &&
    name.endsWith(plain.slice(star + 1)) &&
    name.startsWith(nameIn(plain.slice(0, plain.indexOf("*")))) &&
    plain.slice(star + 1) !== ""
  );
}

const makesExecutable = ({ args }: ShellCommand): boolean =>
  args.some(({ value }) => /^[augo]*[+=][rw]*x|^0?[0-7]*[1357][0-7]*$/.test(value));
