/** Programs that move files about, and those that only look at them. */
import { shellGlob } from "../around.ts";
import {
  type Act,
  below,
  type Call,
  has,
  type Outcome,
  pathOf,
  pathsOf,
  placesOf,
  type Row,
  takes,
  valueOf,
} from "../call.ts";
import { everythingBelow, files, folderOf, pathFrom, type Place } from "../place.ts";
import { NOTHING, quiet } from "./acts.ts";

const lastPart = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** Sources go into a folder, or the one source becomes the target: without looking, both are possible. */
function targets(call: Call, recursive: boolean): { readonly from: readonly Place[]; readonly to: readonly Place[] } {
  const given = valueOf(call, "-t", "--target-directory");
  const words = given === undefined ? call.operands.slice(0, -1) : call.operands;
  const last = given ?? call.operands.at(-1)?.value;
  const from = pathsOf(call, words);
  if (last === undefined) return { from, to: [] };
  const target = pathOf(call, last);
  const intoFolder = given !== undefined || /(?:^|\/)\.{0,2}$/.test(last) || words.length > 1;
  const exactly = has(call, "-T", "--no-target-directory");
  const names = words.map(({ value }) => lastPart(shellGlob(value).replace(/\/+$/, "")));
  const inside = names.map((name) =>
    name === "" || name === "." || name === ".." ? everythingBelow(target) : pathFrom(target, name),
  );
  const patterns = exactly ? [target] : intoFolder ? inside : [target, ...inside];
  const whole = recursive ? patterns.map(everythingBelow) : patterns;
  return { from: recursive ? below(from) : from, to: withoutCovered(whole).map((pattern) => files(pattern)) };
}

/** `/app/**` says `/app/x/**` as well. */
function withoutCovered(patterns: readonly string[]): readonly string[] {
  const folders = patterns.flatMap((pattern) => folderOf(pattern) ?? []);
  return [...new Set(patterns)].filter((pattern) => {
    const own = folderOf(pattern) ?? pattern;
    return !folders.some((folder) => folder !== own && (folder === "/" || own.startsWith(`${folder}/`)));
  });
}

const isRecursive = (call: Call): boolean => has(call, "-r", "-R", "-a", "--recursive", "--archive");

function copy(call: Call): Outcome {
  const { from, to } = targets(call, isRecursive(call));
  return { does: "files", reads: from, writes: to };
}

function move(call: Call): Outcome {
  const { from, to } = targets(call, true);
  return { does: "files", reads: below(from), writes: [...to, ...below(from)] };
}

/** A path of another file, or its folder when it is left out. */
function link(call: Call): Outcome {
  const [source, target] = call.operands;
  if (!source) return quiet;
  const to = target
    ? targets(call, false).to
    : [files(pathFrom(call.around.folder, lastPart(shellGlob(source.value))))];
  const folder =
    target && !has(call, "-t", "--target-directory") ? pathFrom(pathOf(call, target.value), "..") : call.around.folder;
  const symbolic = has(call, "-s", "--symbolic");
  // A relative link is read from where it stands.
  const reads =
    symbolic && !source.value.startsWith("/") && !source.value.startsWith("~")
      ? [files(pathFrom(folder, shellGlob(source.value)))]
      : pathsOf(call, [source]);
  return { does: "files", reads, writes: to };
}

/** Owners and modes of files that are there already. */
function change(call: Call): Outcome {
  const words = has(call, "--reference") ? call.operands : call.operands.slice(1);
  const named = pathsOf(call, words);
  const places = isRecursive(call) ? below(named) : named;
  const [who] = call.operands;
  const accounts = call.program === "chmod" || !who || has(call, "--reference") ? [] : accountsIn(who.value);
  return { does: "files", reads: [...accounts, ...places], writes: places };
}

/** `app:app`, `1000:0`: those with a name. */
export const accountsIn = (owner: string): readonly Place[] =>
  [...new Set(owner.split(/[:.]/))]
    .filter((name) => /^[A-Za-z_][\w-]*\$?$/.test(name) && name !== "root")
    .map((name) => ({ kind: "account", name }));

function install(call: Call): Outcome {
  const owners = accountsIn(`${valueOf(call, "-o", "--owner") ?? ""}:${valueOf(call, "-g", "--group") ?? ""}`);
  if (has(call, "-d", "--directory")) return { does: "files", reads: owners, writes: pathsOf(call, call.operands) };
  const { from, to } = targets(call, false);
  return { does: "files", reads: [...owners, ...from], writes: to };
}

/** Folders, and with -p those above, which nobody asks about. */
const makeFolders: Act = { does: "files", writes: "@all" };

function removed(call: Call): Outcome {
  const places = pathsOf(call, call.operands);
  return { does: "cleanup", reads: [], writes: isRecursive(call) ? below(places) : places };
}

/** tar's letters may come without a dash; `-f` takes the archive, `-C` a folder. */
function tar(call: Call): Outcome | undefined {
  const words = call.command.args;
  const first = words[0]?.value ?? "";
  const bundled = /^[a-zA-Z]+$/.test(first) && /[xctru]/.test(first);
  const inner = bundled ? readTar(call, first) : call;
  const asks = (letter: string, ...names: readonly string[]): boolean =>
    (bundled && first.includes(letter)) || has(call, `-${letter}`, ...names);
  const archive = valueOf(inner, "-f", "--file");
  const folder = valueOf(inner, "-C", "--directory", "--cd", "--one-top-level");
  const into = folder === undefined ? call.around.folder : pathOf(call, folder);
  const file = archive === undefined || archive === "-" ? [] : [files(pathOf(call, archive))];
  if (asks("x", "--extract", "--get")) return { does: "files", reads: file, writes: [files(everythingBelow(into))] };
  if (asks("c", "--create"))
    return {
      does: "files",
      reads: inner.operands.map(({ value }) => files(everythingBelow(pathFrom(into, shellGlob(value))))),
      writes: file,
    };
  if (asks("t", "--list", "--version")) return { ...quiet, reads: file };
  return undefined;
}

/** `xzf FILE`: each letter with a value takes the next word. */
function readTar(call: Call, letters: string): Call {
  const rest = call.operands.slice(1);
  const taken = letters.split("").filter((letter) => TAR_VALUES.includes(letter));
  const options = taken.map((letter, at) => ({ name: `-${letter}`, value: rest[at]?.value }));
  return { ...call, options: [...options, ...call.options], operands: rest.slice(taken.length) };
}

const TAR_VALUES = "fCbITXgHKLNV";

/** Archives beside what is in them: `gzip x` makes `x.gz` and takes `x` away. */
function pack(call: Call): Outcome {
  const places = call.operands.map(({ value }) => pathOf(call, value));
  const unpacks = /^(?:un|gun|bun)/.test(call.program) || has(call, "-d", "--decompress");
  const stdout = has(call, "-c", "--stdout", "--to-stdout", "-t", "-l");
  const reads = places.map((path) => files(path));
  if (stdout || places.length === 0) return { does: "nothing", reads, writes: [] };
  const made = places.map((path) => files(unpacks ? path.replace(/\.(?:gz|bz2|xz|zst|lzma|Z)$/, "") : `${path}.*`));
  return { does: "files", reads, writes: [...made, ...reads] };
}

function unzip(call: Call): Outcome {
  const [archive, ...names] = call.operands;
  if (!archive) return quiet;
  const reads = [files(pathOf(call, archive.value))];
  if (has(call, "-l", "-t", "-p", "-Z")) return { does: "nothing", reads, writes: [] };
  const into = valueOf(call, "-d");
  const folder = into === undefined ? call.around.folder : pathOf(call, into);
  const writes =
    names.length > 0
      ? names.map(({ value }) => files(pathFrom(folder, shellGlob(value))))
      : [files(everythingBelow(folder))];
  return { does: "files", reads, writes };
}

/** The expression is the first word unless `-e` or `-f` gives it. */
const readsBehindExpression = (call: Call): readonly Place[] =>
  pathsOf(call, has(call, "-e", "-f", "--expression", "--file", "--regexp") ? call.operands : call.operands.slice(1));

/** `-i.bak` keeps what was there under another name. */
function sed(call: Call): Outcome {
  const places = readsBehindExpression(call);
  const words = call.command.args.map(({ value }) => /^(?:-[nErsuz]*i|--in-place=?)(.*)$/.exec(value)?.[1]);
  const suffix = words.find((word) => word !== undefined);
  if (suffix === undefined) return { does: "nothing", reads: places, writes: [] };
  const kept =
    suffix === "" ? [] : places.flatMap((place) => (place.kind === "files" ? [files(place.pattern + suffix)] : []));
  return { does: "files", reads: places, writes: [...places, ...kept] };
}

/** The `X` of a template become any text; without a template the file is in the folder of `-p`, or in /tmp. */
function temporary(call: Call): Outcome {
  const folder = valueOf(call, "-p", "--tmpdir");
  const inFolder = folder === undefined ? (has(call, "-t") ? "/tmp" : undefined) : pathOf(call, folder);
  const names = call.operands.map(({ value }) => value.replace(/X{3,}/g, "*"));
  const paths = names.map((each) => (inFolder === undefined ? pathOf(call, each) : pathFrom(inFolder, each)));
  return {
    does: "files",
    reads: [],
    writes: (paths.length > 0 ? paths : [pathFrom(inFolder ?? "/tmp", "*")]).map((each) => files(each)),
  };
}

function find(call: Call): Outcome {
  const words = call.command.args.map(({ value }) => value);
  // The folders stand in front of the first test.
  const first = call.command.args.find(({ value }) => /^[-(!]/.test(value))?.span.start ?? Number.POSITIVE_INFINITY;
  const places = below(
    pathsOf(
      call,
      call.operands.filter(({ span }) => span.start < first),
    ),
  );
  const reads = places.length > 0 ? places : placesOf(call, "./**");
  const at = words.findIndex((word) => /^-(?:exec|execdir|ok)$/.test(word));
  const program = at === -1 ? undefined : lastPart(words[at + 1] ?? "");
  if (words.includes("-delete") || program === "rm" || program === "rmdir")
    return { does: "cleanup", reads: [], writes: reads };
  if (program === undefined || LOOKS.has(program)) return { does: "nothing", reads, writes: [] };
  if (CHANGES.has(program)) return { does: "files", reads, writes: reads };
  if (STRIPS.has(program)) return { does: "build", reads, writes: reads };
  return {
    does: "unknown",
    reads: "anything",
    writes: "anything",
    unknown: `find starts ${program === "" ? "a program nobody knows" : program}`,
  };
}

const LOOKS: ReadonlySet<string> = new Set(
  "ls echo cat grep head tail wc test [ stat file readlink basename dirname sha256sum md5sum printf scanelf ldd true".split(
    " ",
  ),
);
const CHANGES: ReadonlySet<string> = new Set("chmod chown chgrp touch sed ln".split(" "));
const STRIPS: ReadonlySet<string> = new Set("strip gzip dos2unix".split(" "));

const TARGET = "target-directory suffix context backup";

export const FILES: readonly Row[] = [
  { programs: "cp", syntax: takes("tS", TARGET), acts: { "*": copy, "": copy } },
  { programs: "mv", syntax: takes("tS", TARGET), acts: { "*": move, "": move } },
  {
    programs: "rsync",
    syntax: takes("ef", "exclude include rsh filter chown chmod"),
    acts: {
      "*": (call) => {
        const { from, to } = targets(call, true);
        return { does: "files", reads: from, writes: to };
      },
    },
  },
  { programs: "rm unlink shred", acts: { "*": removed, "": removed } },
  { programs: "rmdir", acts: { "*": { does: "cleanup", writes: "@all" } } },
  { programs: "mkdir", syntax: takes("mZ", "mode context"), acts: { "*": makeFolders, "": NOTHING } },
  { programs: "ln", syntax: takes("tS", TARGET), acts: { "*": link } },
  {
    programs: "install ginstall",
    syntax: takes("gmotS", `group mode owner ${TARGET}`),
    acts: { "*": install, "": install },
  },
  { programs: "chmod chown chgrp", syntax: takes("", "reference from"), acts: { "*": change, "": change } },
  {
    programs: "setfacl chattr chcon",
    syntax: takes("mx"),
    acts: { "*": { does: "files", reads: "@all", writes: "@all/**" } },
  },
  {
    programs: "touch truncate mknod mkfifo fallocate",
    syntax: takes("dtrs", "date reference size"),
    acts: { "*": { does: "files", writes: "@all" }, "": NOTHING },
  },
  {
    programs: "tar bsdtar gtar",
    syntax: {
      short: TAR_VALUES,
      long: new Set([
        "--file",
        "--directory",
        "--cd",
        "--exclude",
        "--strip-components",
        "--owner",
        "--group",
        "--transform",
        "--use-compress-program",
        "--files-from",
        "--exclude-from",
      ]),
    },
    acts: { "*": tar, "": tar },
  },
  { programs: "unzip", syntax: takes("dxP"), acts: { "*": unzip } },
  {
    programs: "zip",
    acts: {
      "*": (call) => ({
        does: "files",
        reads: below(pathsOf(call, call.operands.slice(1))),
        writes: pathsOf(call, call.operands.slice(0, 1)),
      }),
    },
  },
  {
    programs: "7z 7za 7zr",
    acts: {
      "x|e": { does: "files", reads: "@first", writes: "./**" },
      a: { does: "files", reads: "@rest", writes: "@first" },
    },
  },
  {
    programs: "gzip gunzip bzip2 bunzip2 xz unxz zstd unzstd brotli lzma pigz",
    syntax: takes("SoTM"),
    acts: { "": pack, "*": pack },
  },
  { programs: "cpio", acts: { "": { does: "files", reads: "./**", writes: "./**" } } },
  { programs: "sed gsed", syntax: takes("ef", "expression file"), acts: { "*": sed, "": sed } },
  {
    programs: "patch",
    syntax: takes("pid", "input directory strip"),
    folder: "-d --directory",
    acts: {
      "": { does: "files", reads: "@-i,--input ./**", writes: "./**" },
      "*": { does: "files", reads: "@all ./**", writes: "./**" },
    },
  },
  { programs: "tee", acts: { "": NOTHING, "*": { does: "files", writes: "@all" } } },
  {
    programs: "dd",
    acts: {
      "*": (call) => {
        const value = (key: string): readonly Place[] =>
          call.operands.flatMap(({ value: word }) =>
            word.startsWith(`${key}=`) ? [files(pathOf(call, word.slice(key.length + 1)))] : [],
          );
        return { does: "files", reads: value("if"), writes: value("of") };
      },
    },
  },
  {
    programs: "mktemp",
    syntax: takes("p", "tmpdir suffix"),
    acts: { "": temporary, "*": temporary },
  },
  { programs: "dos2unix unix2dos", acts: { "*": { does: "files", reads: "@all", writes: "@all" } } },
  { programs: "split", syntax: takes("abln"), acts: { "*": { does: "files", reads: "@first", writes: "./*" } } },
  { programs: "envsubst", acts: { "*": NOTHING, "": NOTHING } },
  { programs: "find", acts: { "": find, "*": find } },
  {
    programs: "openssl",
    acts: {
      // Its options are words of their own: `-out FILE`.
      "*": (call) => {
        const words = call.command.args.map(({ value }) => value);
        const behind = (names: readonly string[]): readonly Place[] =>
          words.flatMap((word, at) => {
            const value = words[at + 1];
            return names.includes(word) && value !== undefined ? [files(pathOf(call, value))] : [];
          });
        const writes = behind(["-out", "-keyout"]);
        return { does: writes.length > 0 ? "files" : "nothing", reads: behind(["-in", "-config"]), writes };
      },
      "": NOTHING,
    },
  },
  {
    programs: "sort yq",
    syntax: takes("oktS", "output key field-separator"),
    acts: {
      "*": (call) => {
        const inPlace = has(call, "-i", "--inplace") ? placesOf(call, "@rest") : placesOf(call, "@-o,--output");
        const writes = inPlace === "anything" ? [] : inPlace;
        return {
          does: writes.length > 0 ? "files" : "nothing",
          reads: placesOf(call, call.program === "yq" ? "@rest" : "@all"),
          writes,
        };
      },
      "": NOTHING,
    },
  },
  {
    programs: "grep egrep fgrep awk gawk mawk rg jq",
    syntax: takes("efABCmvF", "regexp file"),
    acts: { "*": (call) => ({ ...quiet, reads: readsBehindExpression(call) }), "": NOTHING },
  },
  {
    programs: "head tail cut uniq fold column",
    syntax: takes("dfncswt", "delimiter fields lines bytes width"),
    acts: { "*": { does: "nothing", reads: "@all" }, "": NOTHING },
  },
  {
    programs:
      "cat less more wc tr rev tac nl paste join comm diff cmp strings od hexdump xxd base64 fmt expand xmlstarlet file stat readlink realpath ldd scanelf readelf objdump nm size sha1sum sha224sum sha256sum sha384sum sha512sum md5sum cksum b2sum shasum du tree ls dir namei dircolors gpgv",
    acts: { "*": { does: "nothing", reads: "@all" }, "": NOTHING },
  },
  { programs: "test [ [[", acts: { "*": NOTHING, "": NOTHING } },
];
