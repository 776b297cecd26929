/** Small files of an image that say what is installed: which of them a reader keeps, and what they say is there for building only. */
import type { Layer } from "./image.ts";

/** What only a build needs, by the names of Debian's and Alpine's packages. */
const BUILD_PACKAGE =
  /^(?:build-essential|build-base|alpine-sdk|dpkg-dev|binutils(?:-.+)?|(?:gcc|g\+\+|cpp|gfortran|clang|llvm|rustc|cargo)(?:-\d[\w.]*)?(?:-x86-64-linux-gnu|-aarch64-linux-gnu)?|golang(?:-\d[\w.]*)?(?:-go|-src)?|go|rust|make|cmake|cmake-data|autoconf|automake|libtool|ninja-build|samurai|meson|bison|flex|linux-headers|(?:openjdk-?\d+|default)-jdk(?:-headless)?|maven|gradle|.+-dev|.+-headers-.+)$/;

const DPKG_LIST = /^var\/lib\/dpkg\/info\/([^/:]+)(?::[^/]+)?\.list$/;
const APK_INSTALLED = /^(?:usr\/)?lib\/apk\/db\/installed$/;
const NODE_LOCK = /(?:^|\/)node_modules\/\.package-lock\.json$/;

/** How many bytes of a file at that path are kept at most: 0 for nearly all. */
export function textLimit(path: string): number {
  if (path.endsWith(".list")) {
    const name = DPKG_LIST.exec(path)?.[1];
    return name !== undefined && BUILD_PACKAGE.test(name) ? 512 * 1024 : 0;
  }
  if (path.endsWith("/installed")) return APK_INSTALLED.test(path) ? 8 * 1024 ** 2 : 0;
  if (!path.endsWith(".json")) return 0;
  if (NODE_LOCK.test(path)) return 8 * 1024 ** 2;
  const isManifest = path === "package.json" || path.endsWith("/package.json");
  return isManifest && !path.includes("node_modules/") ? 256 * 1024 : 0;
}

/** Files that packages for building brought, in any of the layers, and the package of each. */
export function buildPackageFiles(layers: readonly Layer[]): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const { texts } of layers)
    for (const [path, text] of texts ?? []) {
      const name = DPKG_LIST.exec(path)?.[1];
      if (name !== undefined) addDpkgList(text, name, files);
      else if (APK_INSTALLED.test(path)) addApkInstalled(text, files);
    }
  return files;
}

/** A path a line; where /lib is a link to /usr/lib, the package may still say /lib. */
function addDpkgList(text: string, name: string, to: Map<string, string>): void {
  for (const line of text.split("\n")) {
    const path = line.replace(/^\/+/, "");
    if (path === "") continue;
    to.set(path, name);
    if (/^(?:lib\w*|s?bin)\//.test(path)) to.set(`usr/${path}`, name);
  }
}

/** Records with a letter before each line: P the package, F a folder, R a file in the folder before. */
function addApkInstalled(text: string, to: Map<string, string>): void {
  let name = "";
  let folder = "";
  for (const line of text.split("\n")) {
    const value = line.slice(2);
    if (line.startsWith("P:")) name = value;
    else if (line.startsWith("F:")) folder = value;
    else if (line.startsWith("R:") && BUILD_PACKAGE.test(name))
      to.set(folder === "" ? value : `${folder}/${value}`, name);
  }
}

/** Folders below node_modules that a manifest or npm's own record of what it installed says are for development. */
export function developmentFolders(layers: readonly Layer[]): ReadonlySet<string> {
  const latest = new Map<string, string>();
  for (const { texts } of layers) for (const [path, text] of texts ?? []) latest.set(path, text);
  const folders = new Set<string>();
  for (const [path, text] of latest) {
    if (!path.endsWith(".json")) continue;
    const value = fieldsOf(parsed(text));
    if (!value) continue;
    const isLock = NODE_LOCK.test(path);
    const folder = path.slice(0, path.lastIndexOf(isLock ? "node_modules/" : "package.json"));
    const names = isLock
      ? lockedForDevelopment(value)
      : latest.has(`${folder}node_modules/.package-lock.json`)
        ? []
        : declaredForDevelopment(value);
    for (const name of names) folders.add(folder + name);
  }
  return folders;
}

function lockedForDevelopment(lock: Fields): readonly string[] {
  return Object.entries(fieldsOf(lock["packages"]) ?? {}).flatMap(([name, entry]) =>
    fieldsOf(entry)?.["dev"] === true ? [name] : [],
  );
}

function declaredForDevelopment(manifest: Fields): readonly string[] {
  const needed = ["dependencies", "optionalDependencies", "peerDependencies"].flatMap((key) =>
    Object.keys(fieldsOf(manifest[key]) ?? {}),
  );
  return Object.keys(fieldsOf(manifest["devDependencies"]) ?? {})
    .filter((name) => !needed.includes(name))
    .map((name) => `node_modules/${name}`);
}

type Fields = Readonly<Record<string, unknown>>;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // somebody else's file, broken or not
  }
}

const fieldsOf = (value: unknown): Fields | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
