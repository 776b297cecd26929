/** npm packages that are more than JavaScript: what they need to be installed, and what they need to run. */

export interface NodeNative {
  /**
   * compiles: node-gyp at each install. prebuilt: a binary for the platform comes with it or is fetched, and it compiles where there
   * is none (musl, rare architectures). binary: a binary only. browser: it fetches or starts a browser.
   */
  readonly kind: "compiles" | "prebuilt" | "binary" | "browser";
  /** Programs or libraries of the system, by Debian's names where they have one: what the image that runs it needs. */
  readonly runs?: readonly string[];
  /** What compiling needs beside Python, make and a C++ compiler: Debian's development packages. */
  readonly builds?: readonly string[];
}

const TABLE: Readonly<Record<string, NodeNative>> = {
  bcrypt: { kind: "prebuilt" },
  argon2: { kind: "prebuilt" },
  sharp: { kind: "prebuilt" },
  sqlite3: { kind: "prebuilt" },
  "better-sqlite3": { kind: "prebuilt" },
  libsql: { kind: "binary" },
  canvas: {
    kind: "prebuilt",
    builds: ["libcairo2-dev", "libpango1.0-dev", "libjpeg-dev", "libgif-dev", "librsvg2-dev"],
  },
  "@napi-rs/canvas": { kind: "binary" },
  skia: { kind: "prebuilt" },
  "skia-canvas": { kind: "prebuilt", runs: ["fontconfig"] },
  "node-sass": { kind: "prebuilt" },
  "sass-embedded": { kind: "binary" },
  "node-pty": { kind: "compiles" },
  "node-rdkafka": { kind: "compiles", builds: ["libssl-dev", "libsasl2-dev", "zlib1g-dev"] },
  "@confluentinc/kafka-javascript": { kind: "prebuilt" },
  "pg-native": { kind: "compiles", builds: ["libpq-dev"], runs: ["libpq5"] },
  libpq: { kind: "compiles", builds: ["libpq-dev"], runs: ["libpq5"] },
  oracledb: { kind: "prebuilt" },
  ibm_db: { kind: "binary" },
  odbc: { kind: "prebuilt", builds: ["unixodbc-dev"], runs: ["unixodbc"] },
  zeromq: { kind: "prebuilt" },
  usb: { kind: "prebuilt", builds: ["libudev-dev"] },
  serialport: { kind: "prebuilt" },
  "@serialport/bindings-cpp": { kind: "prebuilt" },
  "node-hid": { kind: "prebuilt", builds: ["libudev-dev", "libusb-1.0-0-dev"] },
  re2: { kind: "prebuilt" },
  "isolated-vm": { kind: "compiles" },
  leveldown: { kind: "prebuilt" },
  "classic-level": { kind: "prebuilt" },
  rocksdb: { kind: "compiles" },
  farmhash: { kind: "prebuilt" },
  xxhash: { kind: "compiles" },
  "sodium-native": { kind: "prebuilt" },
  keytar: { kind: "prebuilt", builds: ["libsecret-1-dev"], runs: ["libsecret-1-0"] },
  bufferutil: { kind: "prebuilt" },
  "utf-8-validate": { kind: "prebuilt" },
  "cpu-features": { kind: "compiles" },
  deasync: { kind: "prebuilt" },
  fibers: { kind: "prebuilt" },
  microtime: { kind: "prebuilt" },
  nodegit: { kind: "compiles", builds: ["libkrb5-dev", "libssl-dev"] },
  opencv4nodejs: { kind: "compiles" },
  gl: { kind: "prebuilt" },
  "ffi-napi": { kind: "prebuilt" },
  "ref-napi": { kind: "prebuilt" },
  libxmljs: { kind: "prebuilt" },
  libxmljs2: { kind: "prebuilt" },
  "node-expat": { kind: "compiles" },
  "unix-dgram": { kind: "compiles" },
  "@tensorflow/tfjs-node": { kind: "prebuilt" },
  "onnxruntime-node": { kind: "binary" },
  "@prisma/client": { kind: "binary", runs: ["openssl"] },
  prisma: { kind: "binary", runs: ["openssl"] },
  "@swc/core": { kind: "binary" },
  esbuild: { kind: "binary" },
  "@parcel/watcher": { kind: "prebuilt" },
  lightningcss: { kind: "binary" },
  "@node-rs/argon2": { kind: "binary" },
  "@node-rs/bcrypt": { kind: "binary" },
  puppeteer: { kind: "browser" },
  "puppeteer-core": { kind: "browser" },
  playwright: { kind: "browser" },
  "playwright-core": { kind: "browser" },
  "@playwright/test": { kind: "browser" },
  "selenium-webdriver": { kind: "browser" },
  "fluent-ffmpeg": { kind: "binary", runs: ["ffmpeg"] },
  "ffmpeg-static": { kind: "binary" },
  gm: { kind: "binary", runs: ["graphicsmagick or imagemagick"] },
  "pdf-poppler": { kind: "binary", runs: ["poppler-utils"] },
  "simple-git": { kind: "binary", runs: ["git"] },
};

/** Those of the names that are in the table. */
export const nodeNatives = (names: Iterable<string>): ReadonlyMap<string, NodeNative> =>
  new Map(
    [...names].flatMap((name) => {
      const row = Object.hasOwn(TABLE, name) ? TABLE[name] : undefined;
      return row ? [[name, row] as const] : [];
    }),
  );
