/** Languages with one row or two: Swift, Haskell, Zig, Dart, Perl, R, Lua. */
import { type Row, takes } from "../call.ts";
import { NOTHING, TREE } from "./acts.ts";

const COMPILED: readonly Row[] = [
  {
    programs: "swift",
    syntax: takes("c", "package-path configuration scratch-path build-path"),
    folder: "--package-path",
    acts: {
      build: { does: "build", reads: "./**", writes: "@--scratch-path,--build-path|.build/**" },
      "package|package resolve": { does: "dependencies", reads: "Package.swift Package.resolved", writes: ".build/**" },
      test: { does: "nothing", reads: "./**" },
      "": NOTHING,
    },
  },
  {
    programs: "stack cabal",
    syntax: takes("", "installdir local-bin-path resolver"),
    acts: {
      "*": {
        does: "build",
        reads: "./** ~/.stack/** ~/.cabal/**",
        writes: "./** ~/.stack/** ~/.cabal/** @--installdir,--local-bin-path|~/.local/bin/**",
        usual: true,
      },
      "": NOTHING,
    },
  },
  { programs: "zig", acts: { "*": { ...TREE, writes: "./** $XDG_CACHE_HOME/zig/**" } } },
  {
    programs: "dart flutter",
    acts: {
      "pub get|pub upgrade|pub global": {
        does: "dependencies",
        reads: "pubspec.yaml pubspec.lock",
        writes: ".dart_tool/** ~/.pub-cache/** pubspec.lock",
      },
      "compile|build": { ...TREE },
      "*": NOTHING,
    },
  },
];

const SCRIPTED: readonly Row[] = [
  {
    programs: "cpan cpanm cpm",
    syntax: takes("lL"),
    acts: { "*": { does: "dependencies", reads: "cpanfile", writes: "@-l,-L,--local-lib|/usr/local/**" } },
  },
  {
    programs: "R Rscript install2.r",
    syntax: takes("e"),
    acts: {
      "*": { does: "dependencies", reads: "@all", writes: "/usr/local/lib/R/** /usr/lib/R/**", usual: true },
      "": { does: "dependencies", writes: "/usr/local/lib/R/** /usr/lib/R/**", usual: true },
    },
  },
  {
    programs: "luarocks",
    acts: {
      "*": {
        does: "dependencies",
        writes: "/usr/local/lib/lua*/** /usr/local/share/lua/** /usr/local/lib/luarocks/**",
      },
    },
  },
];

export const OTHERS: readonly Row[] = [...COMPILED, ...SCRIPTED];
