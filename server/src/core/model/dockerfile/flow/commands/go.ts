/** Go. */
import { type Call, type Outcome, pathOf, placesOf, type Row, valueOf } from "../call.ts";
import { toolPath } from "../around.ts";
import { files, pathFrom, type Place } from "../place.ts";
import { cleans, NOTHING, plus, TREE } from "./acts.ts";

const GO_READS = "./** $GOMODCACHE/** $GOPATH/src/**";
const GO_CACHES = "$GOCACHE/** $GOMODCACHE/**";

/** `-o FILE`, `-o FOLDER/`, or the last part of the package, which a module's own name may decide. */
function goBuild(call: Call): Outcome {
  const reads = placesOf(call, GO_READS);
  const out = valueOf(call, "-o");
  const names = call.operands.map(({ value }) => goName(value));
  const [only] = names;
  const writes =
    out === undefined
      ? names.length > 1
        ? []
        : [files(pathFrom(call.around.folder, only ?? "*"))]
      : out.endsWith("/") || names.length > 1 || out === "." || out === ".."
        ? (names.length === 0 ? ["*"] : names).map((name) => files(pathFrom(pathOf(call, out), name)))
        : [files(pathOf(call, out))];
  return { does: "build", reads, writes: plus(writes, placesOf(call, GO_CACHES)) };
}

function goInstall(call: Call): Outcome {
  const names = call.operands.length === 0 ? ["*"] : call.operands.map(({ value }) => goName(value));
  const remote = call.operands.some(({ value }) => value.includes("@"));
  const bin = toolPath(call.around, "$GOBIN");
  return {
    does: remote ? "download" : "build",
    reads: remote ? [] : placesOf(call, GO_READS),
    writes: plus(
      names.map((name) => files(pathFrom(bin, name))),
      placesOf(call, GO_CACHES),
    ),
  };
}

/** What Go calls the program of a package: the last part of its path, a version left out; `*` where the module decides. */
function goName(written: string): string {
  const path = written.replace(/@.*$/, "").replace(/\/+$/, "").replace(/\.go$/, "");
  const parts = path.split("/").filter((part) => part !== ".");
  const last = /^v\d+$/.test(parts.at(-1) ?? "") ? parts.at(-2) : parts.at(-1);
  return last === undefined || last === "" || last === ".." || last === "..." ? "*" : last;
}

/** Those of `go help build` and `go help test` whose value may be the next word; Go takes one dash and two. */
const LONG: ReadonlySet<string> = new Set(
  (
    "asmflags buildmode compiler covermode coverpkg exec gccgoflags gcflags installsuffix ldflags mod modfile overlay pgo pkgdir " +
    "run tags timeout toolexec"
  )
    .split(" ")
    .flatMap((name) => [`-${name}`, `--${name}`]),
);

export const GO: readonly Row[] = [
  {
    programs: "go xx-go",
    syntax: { short: "oCp", long: LONG, oneDash: true },
    folder: "-C",
    acts: {
      "": NOTHING,
      build: goBuild,
      install: goInstall,
      get: (call) => {
        const { writes } = goInstall(call);
        return {
          does: "dependencies",
          reads: placesOf(call, "go.mod go.sum"),
          writes: plus(placesOf(call, "go.mod go.sum") as readonly Place[], writes),
        };
      },
      "mod download|mod verify": {
        does: "dependencies",
        reads: "go.mod go.sum go.work",
        writes: "$GOMODCACHE/** go.sum",
      },
      "mod tidy": { does: "dependencies", reads: "./**", writes: "$GOMODCACHE/** go.mod go.sum" },
      "mod vendor": { does: "dependencies", reads: "./**", writes: "$GOMODCACHE/** vendor/**" },
      "mod init|mod edit|work init|work use": { does: "files", writes: "go.mod go.work" },
      generate: TREE,
      run: { ...TREE, reads: GO_READS },
      "test|vet|tool": { does: "nothing", reads: GO_READS, writes: "$GOCACHE/**" },
      "env|version|list|fmt|help|doc|telemetry": NOTHING,
      "work sync": {
        does: "dependencies",
        reads: "go.work ./**",
        writes: "go.mod go.sum */go.mod */go.sum $GOMODCACHE/**",
      },
      clean: cleans("$GOCACHE/** $GOMODCACHE/**"),
    },
  },
];
