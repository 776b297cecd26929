/** Rust. */
import { type Call, type Outcome, pathOf, placesOf, type Row, takes, valueOf } from "../call.ts";
import { toolPath } from "../around.ts";
import { everythingBelow, files, pathFrom } from "../place.ts";
import { cleans, NOTHING, plus, stringOf } from "./acts.ts";

const CARGO_READS = "./** $CARGO_HOME/registry/** $CARGO_HOME/git/**";
const CARGO_CACHE = "$CARGO_HOME/registry/** $CARGO_HOME/git/**";
const CARGO_SYNTAX = takes(
  "pFjZ",
  "package bin features target target-dir manifest-path profile jobs path root version git branch tag rev recipe-path example color config",
);

/** `target/release/NAME`, with the triple in between where a target is given. */
function cargoBuild(call: Call): Outcome {
  const target = valueOf(call, "--target-dir") ?? stringOf(call, "CARGO_TARGET_DIR") ?? "target";
  return {
    does: "build",
    reads: placesOf(call, CARGO_READS),
    writes: plus([files(everythingBelow(pathOf(call, target)))], placesOf(call, CARGO_CACHE)),
  };
}

function cargoInstall(call: Call): Outcome {
  const path = valueOf(call, "--path");
  const root = valueOf(call, "--root");
  const bin = pathFrom(root === undefined ? toolPath(call.around, "$CARGO_HOME") : pathOf(call, root), "bin/*");
  return {
    does: path === undefined ? "download" : "build",
    reads: path === undefined ? [] : placesOf(call, `@--path/** ${CARGO_CACHE}`),
    writes: plus([files(bin)], placesOf(call, `${CARGO_CACHE}${path === undefined ? "" : " target/**"}`)),
  };
}

export const RUST: readonly Row[] = [
  {
    programs: "cargo xx-cargo cross cargo-zigbuild",
    syntax: CARGO_SYNTAX,
    acts: {
      "": NOTHING,
      "build|b|rustc|check|c|test|t|doc|bench|clippy|zigbuild|run|r|auditable build": cargoBuild,
      install: cargoInstall,
      binstall: cargoInstall,
      fetch: { does: "dependencies", reads: "Cargo.toml Cargo.lock", writes: CARGO_CACHE },
      vendor: { does: "dependencies", reads: "Cargo.toml Cargo.lock", writes: `vendor/** ${CARGO_CACHE}` },
      "update|generate-lockfile": { does: "dependencies", reads: "Cargo.toml", writes: `Cargo.lock ${CARGO_CACHE}` },
      "chef prepare": { does: "build", reads: "./**", writes: "@--recipe-path|recipe.json" },
      "chef cook": (call) => ({ ...cargoBuild(call), reads: placesOf(call, "@--recipe-path|recipe.json") }),
      "new|init|add": { does: "files", writes: "./**" },
      clean: cleans("target/**"),
      "version|--version|metadata|tree|search|fmt|deny|audit": NOTHING,
    },
  },
  {
    programs: "rustup rustup-init",
    syntax: takes("yt", "default-toolchain profile component target default-host toolchain"),
    local: true,
    acts: {
      "show|which|--version": NOTHING,
      "*": { does: "dependencies", writes: "$RUSTUP_HOME/** $CARGO_HOME/**" },
      "": { does: "dependencies", writes: "$RUSTUP_HOME/** $CARGO_HOME/**" },
    },
  },
  {
    programs: "rustc",
    syntax: takes("oCL", "out-dir edition crate-type"),
    acts: { "": NOTHING, "*": { does: "build", reads: "@all", writes: "@-o,--out-dir|./*" } },
  },
  { programs: "sccache", acts: { "*": NOTHING, "": NOTHING } },
];
