/** What BuildKit stops at in the arguments of an instruction, by instruction; each at the word a person has to mend. */
import { lexerFault } from "../model/dockerfile/lexer.ts";
import type { Dockerfile, Instruction, Pair, Word } from "../model/dockerfile/model.ts";
import { expandIn } from "../model/dockerfile/scope.ts";
import { isSignal, SIGNALS } from "../model/dockerfile/signals.ts";
import { stageNamed } from "../model/dockerfile/stages.ts";
import { hasVariable } from "../model/dockerfile/variables.ts";
import { unquote } from "../model/dockerfile/words.ts";
import { parseImageRef } from "../model/image-ref.ts";
import { unsafeFix } from "../rule.ts";
import { replace } from "../text/edit.ts";
import { nearest } from "../text/nearest.ts";
import { type Fault, mountFault } from "./mount-faults.ts";
import { remoteKind } from "../model/dockerfile/remote.ts";

type Check = (dockerfile: Dockerfile, instruction: Instruction) => readonly (Fault | undefined)[];

const CHECKS: Readonly<Record<string, Check>> = {
  FROM: (dockerfile, instruction) => [
    imageFault(dockerfile, instruction),
    stageNameFault(instruction),
    platformFault(instruction),
  ],
  ENV: (_, { pairs }) => pairs.flatMap(pairFaults),
  LABEL: (_, { pairs }) => pairs.flatMap(pairFaults),
  ARG: ({ escape }, { pairs }) => pairs.map((pair) => argFault(pair, escape)),
  COPY: (dockerfile, instruction) => [...remoteCopyFaults(dockerfile, instruction), heredocTargetFault(instruction)],
  ADD: (dockerfile, instruction) => [checksumFault(dockerfile, instruction), heredocTargetFault(instruction)],
  RUN: (dockerfile, instruction) =>
    instruction.flags.filter(({ name }) => name === "--mount").map((flag) => mountFault(dockerfile, instruction, flag)),
  VOLUME: ({ escape }, { words, json }) => words.map((word) => volumeFault(word, json !== undefined, escape)),
  STOPSIGNAL: (dockerfile, instruction) => [signalFault(dockerfile, instruction)],
  HEALTHCHECK: (_, instruction) => [healthcheckFault(instruction)],
};

export const argumentFaults = (dockerfile: Dockerfile, instruction: Instruction): readonly Fault[] =>
  (CHECKS[instruction.name]?.(dockerfile, instruction) ?? []).filter((fault) => fault !== undefined);

/** Variables put in and quotes removed; undefined when a variable hides it. */
function valueOf(dockerfile: Dockerfile, instruction: Instruction, written: string): string | undefined {
  const { text, known } = expandIn(dockerfile, instruction, written);
  if (!known) return undefined;
  return instruction.json ? text : unquote(text, dockerfile.escape);
}

/** The image of FROM without variables; what those make of it is from-arg-undefined's and from-arg-no-default's. */
function imageFault(dockerfile: Dockerfile, { words: [image], stage }: Instruction): Fault | undefined {
  if (!image || hasVariable(image.text) || image.text === dockerfile.escape) return undefined;
  const { span } = image;
  const text = unquote(image.text, dockerfile.escape);
  if (text === "") return { span, message: "FROM names no image" };
  const lower = text.toLowerCase();
  if (lower !== text && stageNamed(dockerfile, lower, stage))
    return {
      span,
      message: `FROM takes ${text} for an image: the names of stages are lower case here, however AS writes them`,
      fixes: [unsafeFix(`Write ${lower}`, replace(span, lower))],
    };
  const parsed = parseImageRef(text);
  if (parsed.ok) return undefined;
  const { error, suggestion } = parsed;
  return {
    span,
    message: `${text} can be no image: ${error}`,
    ...(suggestion !== undefined && { fixes: [unsafeFix(`Write ${suggestion}`, replace(span, suggestion))] }),
  };
}

/** Lower-cased, it has to be a name for a stage, and for a build context as well: those have the grammar of images. */
function stageNameFault({ words }: Instruction): Fault | undefined {
  const [, as, name] = words;
  if (as?.text.toUpperCase() !== "AS" || !name || words.length !== 3) return undefined;
  const text = name.text.toLowerCase();
  if (!/^[a-z][a-z0-9_.-]*$/.test(text))
    return {
      span: name.span,
      message: `${name.text} can be no stage name: it is a letter, then letters, digits or any of - _ . behind it`,
    };
  return parseImageRef(text).ok
    ? undefined
    : { span: name.span, message: `${name.text} can be no stage name: -, _ and . stand between letters or digits` };
}

const COMPONENT = /^[A-Za-z0-9_.-]+$/;
const SYSTEM = /^[A-Za-z0-9_-]+(?:\([A-Za-z0-9_.+-]*\))?$/;

function platformFault(instruction: Instruction): Fault | undefined {
  const value = instruction.flags.find(({ name }) => name === "--platform")?.value;
  if (!value || value.text === "" || hasVariable(value.text)) return undefined;
  const { text, span } = value;
  const [system = "", ...more] = text.split("/");
  if (more.length > 2 || !SYSTEM.test(system) || more.some((part) => !COMPONENT.test(part)))
    return { span, message: `${text} can be no platform: os, os/architecture or os/architecture/variant` };
  if (more.length > 0 || KNOWN_ALONE.has(system.replace(/\(.*/, "").toLowerCase())) return undefined;
  return { span, message: `${text} is neither an operating system nor an architecture` };
}

/** What may stand without the other half (database.go of containerd/platforms). */
const KNOWN_ALONE: ReadonlySet<string> = new Set(
  "aix android darwin macos dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris windows zos 386 amd64 amd64p32 arm armbe arm64 arm64be ppc64 ppc64le loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc riscv riscv64 s390 s390x sparc sparc64 wasm i386 x86_64 x86-64 aarch64 armhf armel".split(
    " ",
  ),
);

function pairFaults({ key, value, legacy, span }: Pair): readonly (Fault | undefined)[] {
  if (!value) return [legacy ? undefined : { span, message: `${key.text} has no =, and the ones before it have` }];
  return [
    key.text === "" && !legacy
      ? { span, message: `There is no name in front of = in ${value.text === "" ? "=" : `=${value.text}`}` }
      : undefined,
  ];
}

function argFault({ key, value, span }: Pair, escape: string): Fault | undefined {
  if (value && key.text === "") return { span, message: "There is no name in front of =" };
  const fault = lexerFault(key.text, escape);
  if (fault?.kind !== "unterminated-quote") return undefined;
  const message = `${fault.message} in the name ${key.text}, and no use of a variable can name it`;
  return { span: key.span, severity: "warning", message };
}

function remoteCopyFaults(dockerfile: Dockerfile, instruction: Instruction): readonly Fault[] {
  return instruction.words.slice(0, -1).flatMap(({ text: written, span }): Fault[] => {
    const text = valueOf(dockerfile, instruction, written);
    const kind = text === undefined ? undefined : remoteKind(text);
    if (kind === undefined) return [];
    return [{ span, message: `COPY takes no ${kind === "git" ? "Git repository" : "URL"}, as ${text} is: ADD does` }];
  });
}

function heredocTargetFault({ words, heredocs, json, name }: Instruction): Fault | undefined {
  const last = words.at(-1);
  if (json || !last || words.length < 2 || !heredocs.some(({ marker }) => marker.start === last.span.start))
    return undefined;
  return { span: last.span, message: `${name} needs a destination behind ${last.text}` };
}

const DIGITS: ReadonlyMap<string, number> = new Map([
  ["sha256", 64],
  ["sha384", 96],
  ["sha512", 128],
]);

function checksumFault(dockerfile: Dockerfile, instruction: Instruction): Fault | undefined {
  const flag = instruction.flags.find(({ name }) => name === "--checksum");
  const value = flag?.value;
  if (!flag || !value || value.text === "") return undefined;
  const written = expandIn(dockerfile, instruction, value.text);
  if (written.known && written.text === "") return undefined;
  const sources = instruction.words.slice(0, -1);
  if (sources.length > 1) return { span: flag.span, message: "--checksum is for one source, and there are several" };
  const [source] = sources;
  if (!source) return undefined;
  const text = valueOf(dockerfile, instruction, source.text);
  if (text === undefined) return undefined;
  const kind = remoteKind(text);
  // BuildKit takes it for a repository without a protocol.
  if (kind === "git" || text.startsWith("github.com/")) return undefined;
  if (kind === undefined)
    return { span: flag.span, message: `--checksum is for downloads, and ${text} is a local file` };
  if (!written.known) return undefined;
  const [, algorithm = "", digits = ""] = /^([^:]*):(.*)$/.exec(written.text) ?? [];
  const length = DIGITS.get(algorithm);
  if (length !== undefined && new RegExp(`^[0-9a-f]{${length}}$`).test(digits)) return undefined;
  return { span: value.span, message: "--checksum is sha256: and 64 digits from 0 to 9 and a to f" };
}

function volumeFault({ text, span }: Word, json: boolean, escape: string): Fault | undefined {
  if ((json ? text : unquote(text, escape)).trim() !== "") return undefined;
  return { span, message: "A volume needs a path, and this one is empty" };
}

function signalFault(dockerfile: Dockerfile, instruction: Instruction): Fault | undefined {
  const { args, words } = instruction;
  // Several words are too many (argument-count).
  if (args.text === "" || args.text === dockerfile.escape || (words.length > 1 && !/["'$]/.test(args.text)))
    return undefined;
  const signal = valueOf(dockerfile, instruction, args.text);
  if (signal === undefined || isSignal(signal)) return undefined;
  const near = hasVariable(args.text) ? undefined : nearest(signal.replace(/^SIG/i, ""), SIGNALS);
  const meant = near && (/^SIG/i.test(signal) ? `SIG${near}` : near);
  return {
    span: args.span,
    message: `${signal === "" ? "Nothing" : signal} is no signal${meant === undefined ? ": a name such as SIGTERM or TERM, or a number" : `; did you mean ${meant}?`}`,
    ...(meant !== undefined && { fixes: [unsafeFix(`Replace with ${meant}`, replace(args.span, meant))] }),
  };
}

function healthcheckFault({ words: [kind] }: Instruction): Fault | undefined {
  if (!kind || kind.text === "\\" || /^(?:CMD|NONE)$/i.test(kind.text)) return undefined;
  return { span: kind.span, message: `HEALTHCHECK begins with CMD or NONE, not with ${kind.text}` };
}
