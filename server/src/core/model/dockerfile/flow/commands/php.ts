/** PHP: Composer, extensions, Apache's modules. */
import { type Call, has, type Outcome, pathOf, placesOf, type Row, takes, valueOf } from "../call.ts";
import { everythingBelow, files } from "../place.ts";
import { NOTHING, quiet, TREE } from "./acts.ts";

const PHP_EXTENSIONS = "/usr/local/lib/php/** /usr/local/etc/php/conf.d/*";
export const PHP: readonly Row[] = [
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
