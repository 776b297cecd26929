/**
 * The variables that the base images people use set, by name: facts of the images' own Dockerfiles (docker-library/*). A row
 * holds the names of every tag of today and of the years before, so that no name that one of them sets is taken for unset.
 */
import { knownBase } from "./bases.ts";

const JAVA = "JAVA_HOME JAVA_VERSION LANG LANGUAGE LC_ALL";

/** By the name `bases.ts` knows the image by. PATH is in all of them. */
const ROWS: Readonly<Record<string, string>> = {
  alpine: "",
  busybox: "",
  debian: "",
  ubuntu: "LANG",
  oraclelinux: "",
  amazonlinux: "LANG",
  node: "NODE_VERSION NPM_VERSION YARN_VERSION NPM_CONFIG_LOGLEVEL",
  python:
    "LANG GPG_KEY PYTHON_VERSION PYTHON_SHA256 PYTHON_PIP_VERSION PYTHON_SETUPTOOLS_VERSION PYTHON_WHEEL_VERSION PYTHON_GET_PIP_URL PYTHON_GET_PIP_SHA256",
  golang: "GOLANG_VERSION GOPATH GOTOOLCHAIN GOLANG_DOWNLOAD_URL GOLANG_DOWNLOAD_SHA256",
  rust: "RUSTUP_HOME CARGO_HOME RUST_VERSION",
  ruby: "LANG RUBY_VERSION RUBY_MAJOR RUBY_DOWNLOAD_URL RUBY_DOWNLOAD_SHA256 RUBYGEMS_VERSION BUNDLER_VERSION GEM_HOME BUNDLE_PATH BUNDLE_BIN BUNDLE_SILENCE_ROOT_WARNING BUNDLE_APP_CONFIG",
  "eclipse-temurin": JAVA,
  openjdk: `${JAVA} JAVA_URL_VERSION JAVA_BASE_URL JAVA_URL JAVA_SHA256 JAVA_DEBIAN_VERSION JAVA_ALPINE_VERSION CA_CERTIFICATES_JAVA_VERSION`,
};

const environments = new Map(
  Object.entries(ROWS).map(([name, names]) => [name, new Set(["PATH", ...names.split(" ").filter(Boolean)])]),
);

/** The names an image may set; undefined when it is none of these, or one for Windows. */
export function knownEnvironment(reference: string): ReadonlySet<string> | undefined {
  const base = knownBase(reference);
  return base && base.family !== "windows" ? environments.get(base.name) : undefined;
}
