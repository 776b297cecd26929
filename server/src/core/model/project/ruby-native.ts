/** Gems that need more than Ruby: what compiling them takes and what they load at run time. Debian's names. */

export interface RubyNative {
  /** A gem with the compiled part in it is there for Linux with glibc. */
  readonly prebuilt: boolean;
  readonly builds: readonly string[];
  /** Packages, or programs in the field's words, that it needs to run. */
  readonly runs: readonly string[];
}

const TABLE: Readonly<Record<string, RubyNative>> = {
  pg: { prebuilt: false, builds: ["libpq-dev"], runs: ["libpq5"] },
  mysql2: { prebuilt: false, builds: ["default-libmysqlclient-dev"], runs: ["libmariadb3"] },
  trilogy: { prebuilt: false, builds: [], runs: [] },
  sqlite3: { prebuilt: true, builds: ["libsqlite3-dev"], runs: ["libsqlite3-0"] },
  nokogiri: { prebuilt: true, builds: ["libxml2-dev", "libxslt1-dev"], runs: [] },
  "ruby-vips": { prebuilt: true, builds: [], runs: ["libvips"] },
  image_processing: { prebuilt: true, builds: [], runs: ["libvips or imagemagick"] },
  mini_magick: { prebuilt: true, builds: [], runs: ["imagemagick"] },
  rmagick: { prebuilt: false, builds: ["libmagickwand-dev", "pkg-config"], runs: ["imagemagick"] },
  ffi: { prebuilt: true, builds: ["libffi-dev"], runs: [] },
  psych: { prebuilt: false, builds: ["libyaml-dev"], runs: ["libyaml-0-2"] },
  bcrypt: { prebuilt: false, builds: [], runs: [] },
  puma: { prebuilt: false, builds: [], runs: [] },
  bootsnap: { prebuilt: false, builds: [], runs: [] },
  msgpack: { prebuilt: false, builds: [], runs: [] },
  racc: { prebuilt: false, builds: [], runs: [] },
  nio4r: { prebuilt: false, builds: [], runs: [] },
  charlock_holmes: { prebuilt: false, builds: ["libicu-dev", "pkg-config"], runs: [] },
  rugged: { prebuilt: false, builds: ["cmake", "pkg-config"], runs: [] },
  rdkafka: { prebuilt: false, builds: [], runs: [] },
  curb: { prebuilt: false, builds: ["libcurl4-openssl-dev"], runs: ["libcurl4"] },
  tiny_tds: { prebuilt: true, builds: ["freetds-dev"], runs: ["libsybdb5"] },
  "ruby-oci8": { prebuilt: false, builds: [], runs: [] },
  "idn-ruby": { prebuilt: false, builds: ["libidn-dev"], runs: [] },
  hiredis: { prebuilt: false, builds: [], runs: [] },
  mini_racer: { prebuilt: true, builds: [], runs: [] },
  execjs: { prebuilt: true, builds: [], runs: ["a JavaScript runtime"] },
  uglifier: { prebuilt: true, builds: [], runs: ["a JavaScript runtime"] },
  grover: { prebuilt: true, builds: [], runs: ["a browser"] },
  ferrum: { prebuilt: true, builds: [], runs: ["a browser"] },
  capybara: { prebuilt: true, builds: [], runs: ["a browser"] },
  "streamio-ffmpeg": { prebuilt: true, builds: [], runs: ["ffmpeg"] },
};

export const rubyNatives = (names: Iterable<string>): ReadonlyMap<string, RubyNative> =>
  new Map(
    [...names].flatMap((name) => {
      const row = Object.hasOwn(TABLE, name) ? TABLE[name] : undefined;
      return row ? [[name, row] as const] : [];
    }),
  );
