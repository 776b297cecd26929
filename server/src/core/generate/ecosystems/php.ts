/** PHP: composer's packages from a stage of their own, extensions compiled apart, Apache on a port that needs no rights. */
import { missingFromLock, readComposerJson, readComposerLock } from "../../model/project/composer.ts";
import { readPackageJson } from "../../model/project/package-json.ts";
import type { NeededService, ServiceName } from "../../model/project/services.ts";
import { type App, type Outcome, refuse } from "../app.ts";
import { sourcesOf } from "../files.ts";
import { healthPathIn } from "../listening.ts";
import { chooseProbe } from "../probes.ts";
import { chooseRelease, IMAGES, SUITE } from "../releases.ts";
import { saidVersion } from "../said.ts";
import {
  aptInstall,
  cache,
  copy,
  env,
  fileOf,
  from,
  healthcheck,
  installLinked,
  linkedPackages,
  run,
  unpinnedPackages,
} from "../text.ts";
import { nodeInstall } from "./node-install.ts";

const SOURCES = /\.php$/;
const PORT = 8080;

/** Compiled into the official image. */
const BUILT_IN: ReadonlySet<string> = new Set([
  "core",
  "ctype",
  "curl",
  "date",
  "dom",
  "fileinfo",
  "filter",
  "ftp",
  "hash",
  "iconv",
  "json",
  "libxml",
  "mbstring",
  "mysqlnd",
  "openssl",
  "pcre",
  "pdo",
  "pdo_sqlite",
  "phar",
  "posix",
  "random",
  "readline",
  "reflection",
  "session",
  "simplexml",
  "sodium",
  "spl",
  "sqlite3",
  "standard",
  "tokenizer",
  "xml",
  "xmlreader",
  "xmlwriter",
  "zlib",
]);
/** Of PHP's own sources: what compiling them takes. */
const BUNDLED: Readonly<Record<string, readonly string[]>> = {
  bcmath: [],
  calendar: [],
  exif: [],
  gettext: [],
  mysqli: [],
  opcache: [],
  pcntl: [],
  pdo_mysql: [],
  shmop: [],
  sockets: [],
  sysvmsg: [],
  sysvsem: [],
  sysvshm: [],
  bz2: ["libbz2-dev"],
  gd: ["libfreetype-dev", "libjpeg-dev", "libpng-dev", "libwebp-dev"],
  gmp: ["libgmp-dev"],
  intl: ["libicu-dev"],
  ldap: ["libldap-dev"],
  pdo_pgsql: ["libpq-dev"],
  pgsql: ["libpq-dev"],
  soap: ["libxml2-dev"],
  xsl: ["libxslt1-dev"],
  zip: ["libzip-dev"],
};

export function php(app: App): Outcome {
  const { files, notes } = app;
  const composer = readComposerJson(files.read("composer.json") ?? "");
  if (!composer) return refuse("composer.json is no JSON object");
  const lock = readComposerLock(files.read("composer.lock") ?? "");
  if (composer.pathRepositories.some((path) => path.startsWith("..")))
    return refuse("packages come from a folder outside of this one");
  const missing = lock ? missingFromLock(composer, lock) : [];
  if (missing.length > 0)
    return refuse(
      `composer.lock has no ${missing.join(", ")}, so that composer install fails: run composer update and keep the new lock file`,
    );
  if (!lock && composer.require.size > 0)
    notes.note(
      "lock-file",
      "There is no composer.lock: composer takes the newest versions of the day",
      "two builds of the same sources may differ; run composer update and keep its lock file",
      true,
    );
  const laravel = composer.require.has("laravel/framework");
  const symfony = composer.require.has("symfony/framework-bundle");
  const root = files.paths.includes("public/index.php")
    ? "public"
    : files.paths.includes("web/index.php")
      ? "web"
      : files.paths.includes("index.php")
        ? ""
        : undefined;
  if (root === undefined)
    return refuse(
      "there is neither public/index.php nor index.php, so that nothing says what the web server answers with",
    );
  const said = saidVersion(files, "php");
  const version = chooseRelease(notes, "php", {
    said: said && { ...said, version: said.version.split(".").slice(0, 2).join(".") },
    ...(composer.php !== undefined && { range: { text: composer.php, by: "composer.json" } }),
  });
  const wanted = [...new Set([...composer.extensions, ...(lock?.extensions ?? []), ...databases(app, laravel)])].filter(
    (name) => !BUILT_IN.has(name),
  );
  const foreign = wanted.find((name) => !Object.hasOwn(BUNDLED, name) && name !== "zend-opcache");
  if (foreign !== undefined)
    return refuse(
      `the extension ${foreign} is not part of PHP itself and comes from elsewhere (PECL): write the Dockerfile by hand`,
    );
  const extensions = wanted.filter((name) => name !== "zend-opcache").toSorted();
  const builds = [...new Set(extensions.flatMap((name) => BUNDLED[name] ?? []))];
  const node = assets(app);
  if (node && "refusal" in node) return node;
  notes.note(
    "server",
    `Apache serves ${root === "" ? "the folder" : root} on port ${PORT} as a user without rights`,
    root === "" ? "there is an index.php" : `there is ${root}/index.php`,
  );
  const texts = sourcesOf(files, SOURCES);
  const probe = chooseProbe(
    notes,
    PORT,
    "curl",
    laravel && /health:\s*['"]\/up['"]/.test(files.read("bootstrap/app.php") ?? "")
      ? { path: "/up", by: "bootstrap/app.php" }
      : (healthPathIn(texts) ?? { path: "/", by: `${root === "" ? "" : `${root}/`}index.php` }),
  );
  const writes = laravel ? ["storage", "bootstrap/cache"] : symfony ? ["var"] : [];
  const base = app.image(`php:${version}-apache-${SUITE}`);
  const document = `/var/www/html${root === "" ? "" : `/${root}`}`;
  const hasComposer = composer.require.size > 0 || composer.autoload.length > 0;
  return {
    ecosystem: laravel ? "PHP (Laravel)" : symfony ? "PHP (Symfony)" : "PHP",
    dockerfile: fileOf(
      app.image(IMAGES.syntax),
      ...(extensions.length > 0
        ? [
            [
              from(base, "extensions"),
              ...(builds.length > 0 ? [unpinnedPackages(notes)] : []),
              run([
                ...(builds.length > 0 ? aptInstall(builds) : []),
                ...(extensions.includes("gd")
                  ? ["docker-php-ext-configure gd --with-freetype --with-jpeg --with-webp"]
                  : []),
                `docker-php-ext-install -j"$(nproc)" ${extensions.join(" ")}`,
              ]),
              ...(builds.length > 0 ? linkedPackages("/usr/local/lib/php/extensions/*/*.so") : []),
            ],
          ]
        : []),
      ...(hasComposer
        ? [
            [
              from(app.image(IMAGES.composer), "vendor"),
              env({ COMPOSER_CACHE_DIR: "/tmp/composer-cache" }),
              "WORKDIR /app",
              copy(
                [
                  "composer.json",
                  ...(lock ? ["composer.lock"] : []),
                  ...(files.paths.includes("symfony.lock") ? ["symfony.lock"] : []),
                ],
                "./",
              ),
              run(
                [
                  "composer install --no-dev --no-interaction --no-scripts --no-autoloader --prefer-dist --ignore-platform-reqs",
                ],
                [cache("/tmp/composer-cache")],
              ),
              copy(["."], "."),
              run(["composer dump-autoload --no-dev --no-scripts --optimize --ignore-platform-reqs"]),
            ],
          ]
        : []),
      ...(node ? [node.lines] : []),
      [
        from(base),
        ...(extensions.length > 0
          ? [
              copy(["/usr/local/lib/php/extensions/"], "/usr/local/lib/php/extensions/", "--from=extensions"),
              copy(["/usr/local/etc/php/conf.d/"], "/usr/local/etc/php/conf.d/", "--from=extensions"),
              ...(builds.length > 0 ? [installLinked("extensions")] : []),
            ]
          : []),
        `COPY <<'EOF' /etc/apache2/sites-available/000-default.conf
<VirtualHost *:${PORT}>
    DocumentRoot ${document}
    <Directory ${document}>
        AllowOverride All
        Require all granted
        FallbackResource /index.php
    </Directory>
    ErrorLog /dev/stderr
    CustomLog /dev/stdout combined
</VirtualHost>
EOF`,
        `COPY <<'EOF' /etc/apache2/ports.conf
Listen ${PORT}
EOF`,
        "WORKDIR /var/www/html",
        hasComposer ? copy(["/app"], "./", "--from=vendor") : copy(["."], "."),
        ...(node ? [copy([`/app/${node.built}`], `./${node.built}`, "--from=assets")] : []),
        run([
          'mv "$PHP_INI_DIR/php.ini-production" "$PHP_INI_DIR/php.ini"',
          "a2enmod rewrite",
          ...(writes.length > 0 ? [`mkdir -p ${writes.join(" ")}`, `chown -R 33:33 ${writes.join(" ")}`] : []),
          ...(laravel ? ["php artisan package:discover --ansi"] : []),
        ]),
        "# The account www-data of the image.",
        "USER 33:33",
        `EXPOSE ${PORT}`,
        healthcheck(probe),
      ],
    ),
    port: PORT,
    probe,
    writes: [...writes.map((folder) => `/var/www/html/${folder}`), "/var/run/apache2", "/var/lock/apache2"],
    init: false,
    sets: [],
    libraries: { from: "composer", names: composer.require.keys() },
    services: connection(app, laravel),
    sources: SOURCES,
  };
}

const DRIVERS: Readonly<Record<string, { readonly extension: string; readonly service: ServiceName }>> = {
  mysql: { extension: "pdo_mysql", service: "mysql" },
  mariadb: { extension: "pdo_mysql", service: "mariadb" },
  pgsql: { extension: "pdo_pgsql", service: "postgres" },
};

const driverOf = ({ files }: App, laravel: boolean) => {
  const name = laravel ? /^DB_CONNECTION=(\w+)/m.exec(files.read(".env.example") ?? "")?.[1] : undefined;
  return name !== undefined && Object.hasOwn(DRIVERS, name) ? DRIVERS[name] : undefined;
};

/** The driver of the database that the configuration names and composer.json does not. */
const databases = (app: App, laravel: boolean): readonly string[] => [driverOf(app, laravel)?.extension ?? []].flat();

function connection(app: App, laravel: boolean): readonly NeededService[] {
  const driver = driverOf(app, laravel);
  return driver ? [{ service: driver.service, needed: "certain", because: ["DB_CONNECTION in .env.example"] }] : [];
}

function assets(app: App) {
  const found = app.beside.find(({ ecosystem }) => ecosystem === "node");
  const project = found ? readPackageJson(app.files.read("package.json") ?? "") : undefined;
  if (!found || !project?.scripts.has("build")) return undefined;
  const built =
    project.devDependencies.has("laravel-vite-plugin") ||
    project.dependencies.has("laravel-vite-plugin") ||
    app.files.read("webpack.config.js")?.includes("@symfony/webpack-encore") === true;
  if (!built)
    return refuse(
      "package.json has a script build, and where it writes to cannot be told: write the Dockerfile by hand",
    );
  const install = nodeInstall({ ...app, found }, project);
  if ("refusal" in install) return install;
  app.notes.note("assets", "Assets are built with Node.js in a stage of their own", "package.json has a script build");
  return {
    built: "public/build",
    lines: [
      from(install.buildImage, "assets"),
      ...install.prepare,
      "WORKDIR /app",
      ...install.everything,
      copy(["."], "."),
      `RUN ${install.script("build")}`,
    ],
  };
}
