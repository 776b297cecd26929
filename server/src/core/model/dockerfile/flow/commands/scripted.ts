/** Ruby, PHP, Elixir and Erlang, Perl, R. */
import { SYNTAX } from "../../managers.ts";
import { type Act, type Call, has, type Outcome, pathOf, placesOf, type Row, takes, valueOf } from "../call.ts";
import { everythingBelow, files } from "../place.ts";

const NOTHING: Act = { does: "nothing" };
const TREE: Act = { does: "build", reads: "./**", writes: "./**", usual: true };
const quiet: Outcome = { does: "nothing", reads: [], writes: [] };

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

const RUBY: readonly Row[] = [
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

const PHP_EXTENSIONS = "/usr/local/lib/php/** /usr/local/etc/php/conf.d/*";
const PHP: readonly Row[] = [
  {
    programs: "composer composer.phar",
    syntax: takes("d", "working-dir install-dir filename version"),
    folder: "-d --working-dir",
    local: true,
    acts: {
      "": NOTHING,
      "install|i|update|u|upgrade|require|remove|r": (call) => {
        const sources = has(call, "--no-scripts") && has(call, "--no-autoloader") ? "" : " ./**";
        const named = call.operands.length > 0 ? " composer.json composer.lock pkg:composer" : "";
        return {
          does: "dependencies",
          reads: placesOf(call, `composer.json composer.lock symfony.lock auth.json${sources}`),
          writes: placesOf(call, `vendor/** $COMPOSER_HOME/** $XDG_CACHE_HOME/composer/**${named}`),
          usual: sources !== "",
        };
      },
      "global|global require": { does: "dependencies", writes: "$COMPOSER_HOME/** pkg:composer" },
      "create-project": {
        does: "dependencies",
        writes: (call) => {
          const folder = call.operands[1];
          return folder ? [files(everythingBelow(pathOf(call, folder.value)))] : placesOf(call, "./**");
        },
      },
      "dump-autoload|dumpautoload|dump-env": {
        does: "build",
        reads: "composer.json vendor/** ./**",
        writes: "vendor/** .env.local.php",
      },
      "run-script|run|exec": TREE,
      config: { does: "files", writes: "composer.json $COMPOSER_HOME/**" },
      "clear-cache|clearcache|cc": { does: "cleanup", writes: "$COMPOSER_HOME/** $XDG_CACHE_HOME/composer/**" },
      "self-update|selfupdate": { does: "download", writes: "/usr/local/bin/composer /usr/bin/composer" },
      "diagnose|validate|show|check-platform-reqs|audit|--version|about": NOTHING,
    },
  },
  {
    programs: "docker-php-ext-install",
    syntax: takes("j"),
    acts: {
      "*": {
        does: "build",
        reads: "/usr/src/**",
        writes: `${PHP_EXTENSIONS} /usr/src/php/** /usr/local/include/php/** pkg:php`,
      },
    },
  },
  {
    programs: "docker-php-ext-configure",
    acts: { "*": { does: "build", reads: "/usr/src/**", writes: "/usr/src/php/**" } },
  },
  {
    programs: "docker-php-ext-enable",
    acts: { "*": { does: "files", reads: PHP_EXTENSIONS, writes: "/usr/local/etc/php/conf.d/*" } },
  },
  {
    programs: "docker-php-source",
    acts: {
      extract: { does: "files", reads: "/usr/src/php.tar.xz", writes: "/usr/src/php/**" },
      delete: { does: "cleanup", writes: "/usr/src/php/**" },
    },
  },
  { programs: "install-php-extensions", acts: { "*": { does: "packages", writes: `${PHP_EXTENSIONS} pkg:php` } } },
  {
    programs: "pecl pear",
    acts: { "install|upgrade": { does: "build", writes: `/usr/local/lib/php/** pkg:php` }, "*": NOTHING },
  },
  {
    programs: "a2enmod a2dismod a2ensite a2dissite a2enconf a2disconf",
    acts: { "*": { does: "files", writes: "/etc/apache2/**" } },
  },
  { programs: "phpenmod phpdismod", acts: { "*": { does: "files", writes: "/etc/php/**" } } },
  {
    programs: "php",
    syntax: takes("rdc"),
    acts: {
      "": (call) =>
        has(call, "-v", "-m", "-i", "--version", "--ini")
          ? quiet
          : valueOf(call, "-r") !== undefined
            ? phpCode(valueOf(call, "-r") ?? "", call)
            : undefined,
      "*": { ...TREE, reads: "./** @first" },
    },
  },
];

/** The installer Composer's page gives: `copy(URL, FILE)`, a check, `unlink(FILE)`. */
function phpCode(code: string, call: Call): Outcome | undefined {
  const file = /^\s*copy\(\s*['"]https?:[^'"]*['"]\s*,\s*['"]([^'"]+)['"]\s*\);?\s*$/.exec(code)?.[1];
  if (file !== undefined) return { does: "download", reads: [], writes: [files(pathOf(call, file))] };
  const gone = /^\s*unlink\(\s*['"]([^'"]+)['"]\s*\);?\s*$/.exec(code)?.[1];
  if (gone !== undefined) return { does: "cleanup", reads: [], writes: [files(pathOf(call, gone))] };
  return /^\s*(?:echo|print|var_dump|exit)\b[^;]*;?\s*$/.test(code) ? quiet : undefined;
}

const ELIXIR: readonly Row[] = [
  {
    programs: "mix",
    acts: {
      "local.hex|local.rebar|archive.install": { does: "dependencies", writes: "$MIX_HOME/**" },
      "deps.get|deps.update": {
        does: "dependencies",
        reads: "mix.exs mix.lock config/** apps/**",
        writes: "deps/** $HEX_HOME/** mix.lock",
      },
      "deps.compile|compile": {
        does: "build",
        reads: "mix.exs mix.lock deps/** config/** lib/** src/** ./**",
        writes: "_build/** deps/**",
      },
      "release|escript.build": {
        does: "build",
        reads: "./**",
        writes: (call: Call) => placesOf(call, "@--path/** _build/** ./*"),
      },
      "assets.deploy|assets.build|assets.setup|phx.digest|phx.gen.release|ecto.setup": {
        does: "build",
        reads: "./**",
        writes: "priv/** assets/** _build/** rel/** lib/**",
        usual: true,
      },
      do: TREE,
      "*": TREE,
      "": NOTHING,
    },
    syntax: takes("", "path only env"),
  },
  { programs: "rebar3", local: true, acts: { "*": { ...TREE, writes: "_build/** $XDG_CACHE_HOME/rebar3/**" } } },
  { programs: "elixir erl iex", acts: { "*": NOTHING, "": NOTHING } },
];

const OTHERS: readonly Row[] = [
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

export const SCRIPTED: readonly Row[] = [...RUBY, ...PHP, ...ELIXIR, ...OTHERS];
