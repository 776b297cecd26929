/** Ruby: Bundler, gems, Rails, and site generators. */
import { SYNTAX } from "../../managers.ts";
import { type Call, has, type Outcome, pathOf, placesOf, type Row, takes, valueOf } from "../call.ts";
import { everythingBelow, files } from "../place.ts";
import { NOTHING, quiet, TREE } from "./acts.ts";

/** Bundler's settings (`bundle config path`, `--path`, `--deployment`) move the gems into the project. */
function bundleInstall(call: Call): Outcome {
  const moved = valueOf(call, "--path");
  const folder =
    moved !== undefined ? [files(everythingBelow(pathOf(call, moved)))] : placesOf(call, "$BUNDLE_PATH/**");
  const vendored = has(call, "--deployment")
    ? placesOf(call, "vendor/bundle/**")
    : placesOf(call, ".bundle/** vendor/bundle/**");
  return {
    does: "dependencies",
    reads: placesOf(call, "Gemfile Gemfile.lock *.gemspec .ruby-version .bundle/** vendor/cache/**"),
    writes: [
      ...(folder === "anything" ? [] : folder),
      ...(moved !== undefined || vendored === "anything" ? [] : vendored),
    ],
  };
}

export const RUBY: readonly Row[] = [
  {
    programs: "bundle bundler",
    syntax: takes("j", "path jobs retry without with gemfile"),
    local: true,
    acts: {
      "": (call) => (has(call, "--version", "-v") ? quiet : bundleInstall(call)),
      "install|update": bundleInstall,
      "config|config set|config unset": { does: "files", writes: ".bundle/** ~/.bundle/** $BUNDLE_APP_CONFIG/config" },
      "clean|binstubs": { does: "cleanup", writes: "$BUNDLE_PATH/**" },
      "package|cache|pack": { does: "dependencies", reads: "Gemfile Gemfile.lock", writes: "vendor/cache/**" },
      lock: { does: "build", reads: "Gemfile", writes: "Gemfile.lock" },
      "check|list|show|info|version|outdated|env|platform": NOTHING,
    },
  },
  {
    programs: "gem",
    syntax: SYNTAX.gem,
    acts: {
      "install|i|update": (call) => {
        const local = call.operands.filter(({ value }) => value.endsWith(".gem"));
        const into = valueOf(call, "-i", "--install-dir");
        const gems =
          into === undefined
            ? placesOf(call, "$GEM_HOME/** /usr/local/bin/* /usr/local/lib/ruby/**")
            : [files(everythingBelow(pathOf(call, into)))];
        const named = placesOf(call, "pkg:gem");
        return {
          does: "dependencies",
          reads: local.map(({ value }) => files(pathOf(call, value))),
          writes: [...(gems === "anything" ? [] : gems), ...(named === "anything" ? [] : named)],
        };
      },
      "uninstall|cleanup": { does: "cleanup", writes: "$GEM_HOME/** pkg:gem" },
      build: { does: "build", reads: "./**", writes: "./*.gem" },
      sources: { does: "files", writes: "~/.gemrc" },
      "list|env|environment|which|search|info|": NOTHING,
    },
  },
  {
    programs: "rake rails",
    local: true,
    syntax: takes("fe"),
    acts: {
      "": NOTHING,
      "assets:precompile": {
        does: "build",
        reads: "./** $BUNDLE_PATH/**",
        writes: "public/** tmp/** log/** node_modules/**",
        usual: true,
      },
      "*": TREE,
    },
  },
  { programs: "bootsnap", acts: { "precompile|*": { does: "build", reads: "@all/** ./**", writes: "tmp/cache/**" } } },
  {
    programs: "ruby irb",
    syntax: takes("reIC"),
    acts: {
      "": (call) => (has(call, "-v", "--version", "-e") ? quiet : undefined),
      "*": { ...TREE, reads: "./** @first" },
    },
  },
  {
    programs: "rvm rbenv ruby-install ruby-build",
    acts: { "*": { does: "dependencies", writes: "/usr/local/rvm/** ~/.rvm/** ~/.rbenv/**" } },
  },
  {
    programs: "jekyll middleman hugo",
    syntax: takes("ds", "destination source"),
    acts: {
      "": { does: "build", reads: "./**", writes: "@-d,--destination|public/**" },
      "*": { does: "build", reads: "./**", writes: "@-d,--destination|./**" },
    },
  },
];
