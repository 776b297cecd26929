/** go.mod → the module, its Go version, what it requires and replaces. go.work → the folders it uses. */

export interface GoRequire {
  readonly path: string;
  readonly version: string;
  /** Required by something that is required. */
  readonly indirect: boolean;
}

export interface GoReplace {
  readonly path: string;
  /** A folder, relative to go.mod; undefined where it is another module. */
  readonly folder: string | undefined;
}

export interface GoMod {
  readonly module: string | undefined;
  /** `1.24`, `1.24.3`. */
  readonly go: string | undefined;
  /** `go1.24.5`. */
  readonly toolchain: string | undefined;
  readonly requires: readonly GoRequire[];
  readonly replaces: readonly GoReplace[];
  /** Programs of `tool` lines. */
  readonly tools: readonly string[];
}

/** Undefined where there is none of its directives. */
export function readGoMod(text: string): GoMod | undefined {
  let module: string | undefined;
  let go: string | undefined;
  let toolchain: string | undefined;
  const requires: GoRequire[] = [];
  const replaces: GoReplace[] = [];
  const tools: string[] = [];
  for (const { directive, words, comment } of linesOf(text)) {
    const [first = "", second = ""] = words;
    if (directive === "module") module ??= first;
    else if (directive === "go") go ??= first;
    else if (directive === "toolchain") toolchain ??= first;
    else if (directive === "tool") tools.push(first);
    else if (directive === "require" && second !== "")
      requires.push({ path: first, version: second, indirect: /^\s*indirect\b/.test(comment) });
    else if (directive === "replace" && words.includes("=>")) {
      const target = words[words.indexOf("=>") + 1] ?? "";
      replaces.push({ path: first, folder: /^(?:\.{1,2}(?:\/|$)|\/)/.test(target) ? target : undefined });
    }
  }
  return module === undefined && go === undefined && requires.length === 0
    ? undefined
    : { module, go, toolchain, requires, replaces, tools };
}

export const goWorkFolders = (text: string): readonly string[] =>
  [...linesOf(text)].flatMap(({ directive, words: [folder] }) => (directive === "use" && folder ? [folder] : []));

interface Line {
  readonly directive: string;
  readonly words: readonly string[];
  readonly comment: string;
}

/** One for each entry, those in brackets with the directive in front of the bracket. */
function* linesOf(text: string): Iterable<Line> {
  let block: string | undefined;
  for (const line of text.replace(/^\uFEFF/, "").split("\n")) {
    const slashes = line.indexOf("//");
    const code = slashes === -1 ? line : line.slice(0, slashes);
    const comment = slashes === -1 ? "" : line.slice(slashes + 2);
    const words = code
      .split(/\s+/)
      .filter(Boolean)
      .map((word) => word.replace(/^["`]|["`]$/g, ""));
    const [first] = words;
    if (first === undefined) continue;
    if (block !== undefined) {
      if (first === ")") block = undefined;
      else yield { directive: block, words, comment };
    } else if (words[1] === "(" || first.endsWith("(")) block = first.replace(/\($/, "");
    else yield { directive: first, words: words.slice(1), comment };
  }
}

/** Modules that call C, by path without the version at its end: the development packages of Debian they take, if any. */
const CGO: Readonly<Record<string, { readonly builds: readonly string[] }>> = {
  "github.com/mattn/go-sqlite3": { builds: [] },
  "github.com/confluentinc/confluent-kafka-go": { builds: [] },
  "github.com/libgit2/git2go": { builds: ["libgit2-dev"] },
  "github.com/davidbyttow/govips": { builds: ["libvips-dev"] },
  "github.com/h2non/bimg": { builds: ["libvips-dev"] },
  "gopkg.in/gographics/imagick": { builds: ["libmagickwand-dev"] },
  "gocv.io/x/gocv": { builds: ["libopencv-dev"] },
  "github.com/gordonklaus/portaudio": { builds: ["portaudio19-dev"] },
  "github.com/google/gopacket": { builds: ["libpcap-dev"] },
  "github.com/linxGnu/grocksdb": { builds: ["librocksdb-dev"] },
  "github.com/tecbot/gorocksdb": { builds: ["librocksdb-dev"] },
  "github.com/mattn/go-oci8": { builds: [] },
  "github.com/godror/godror": { builds: [] },
  "github.com/ibmdb/go_ibm_db": { builds: [] },
  "github.com/marcboeker/go-duckdb": { builds: [] },
  "github.com/duckdb/duckdb-go": { builds: [] },
  "github.com/DataDog/zstd": { builds: [] },
  "github.com/valyala/gozstd": { builds: [] },
  "github.com/pebbe/zmq4": { builds: ["libzmq3-dev"] },
  "github.com/zeromq/goczmq": { builds: ["libczmq-dev"] },
  "github.com/go-gl/gl": { builds: ["libgl1-mesa-dev"] },
  "github.com/go-gl/glfw/v3.3/glfw": { builds: ["libgl1-mesa-dev", "xorg-dev"] },
  "fyne.io/fyne": { builds: ["libgl1-mesa-dev", "xorg-dev"] },
  "github.com/otiai10/gosseract": { builds: ["libtesseract-dev", "libleptonica-dev"] },
  "github.com/mutecomm/go-sqlcipher": { builds: [] },
  "github.com/tursodatabase/go-libsql": { builds: [] },
  "github.com/chai2010/webp": { builds: [] },
  "github.com/bytecodealliance/wasmtime-go": { builds: [] },
  "rogchap.com/v8go": { builds: [] },
};

/** Modules whose every use, or whose usual use, needs cgo; an indirect one may not be linked at all. */
export const cgoRequires = ({
  requires,
}: GoMod): ReadonlyMap<string, GoRequire & { readonly builds: readonly string[] }> =>
  new Map(
    requires.flatMap((each) => {
      const path = each.path.replace(/[/.]v\d+$/, "");
      const row = Object.hasOwn(CGO, path) ? CGO[path] : undefined;
      return row ? [[each.path, { ...each, ...row }] as const] : [];
    }),
  );
