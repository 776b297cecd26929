/** Cargo.toml → the programs it builds, its workspace, its dependencies. */
import { readToml } from "./toml.ts";
import { at, fieldsOf, flagAt, isFields, itemsOf, textAt, textOf, textsOf } from "./values.ts";

export interface CargoBinary {
  readonly name: string;
  /** Relative to Cargo.toml; undefined where cargo looks for it. */
  readonly path: string | undefined;
  readonly requiredFeatures: readonly string[];
}

export interface CargoDependency {
  /** Of the crate, where it is used under another name too. */
  readonly name: string;
  readonly version: string | undefined;
  /** A folder of the build context, relative to Cargo.toml. */
  readonly path: string | undefined;
  readonly git: string | undefined;
  readonly features: readonly string[];
  readonly kind: "normal" | "build" | "dev";
}

export interface CargoToml {
  /** Undefined where it is a workspace alone. */
  readonly name: string | undefined;
  /** Undefined also where the workspace says it. */
  readonly version: string | undefined;
  readonly edition: string | undefined;
  /** The oldest Rust that builds it. */
  readonly rustVersion: string | undefined;
  readonly defaultRun: string | undefined;
  /** Its build script where one is set; false where there is none even if build.rs exists; undefined where build.rs decides. */
  readonly build: string | false | undefined;
  readonly autobins: boolean;
  readonly binaries: readonly CargoBinary[];
  readonly hasLibrary: boolean;
  readonly workspace: CargoWorkspace | undefined;
  readonly dependencies: readonly CargoDependency[];
  /** Profile → folder below target: `release` and those that are declared. */
  readonly profiles: readonly string[];
}

export interface CargoWorkspace {
  readonly members: readonly string[];
  readonly defaultMembers: readonly string[];
  readonly exclude: readonly string[];
}

export function readCargoToml(text: string): CargoToml | undefined {
  const data = readToml(text);
  if (!isFields(data)) return undefined;
  const own = at(data, "package");
  const build = at(own, "build");
  const workspace = at(data, "workspace");
  return {
    name: textAt(own, "name"),
    version: textAt(own, "version"),
    edition: textAt(own, "edition"),
    rustVersion: textAt(own, "rust-version"),
    defaultRun: textAt(own, "default-run"),
    build: build === false ? false : textOf(build),
    autobins: flagAt(own, "autobins") ?? true,
    binaries: itemsOf(at(data, "bin")).flatMap((each) => {
      const name = textAt(each, "name");
      return name === undefined
        ? []
        : [{ name, path: textAt(each, "path"), requiredFeatures: textsOf(at(each, "required-features")) }];
    }),
    hasLibrary: isFields(at(data, "lib")),
    workspace: isFields(workspace)
      ? {
          members: textsOf(workspace["members"]),
          defaultMembers: textsOf(workspace["default-members"]),
          exclude: textsOf(workspace["exclude"]),
        }
      : undefined,
    dependencies: [data, ...Object.values(fieldsOf(at(data, "target")))].flatMap((holder) => [
      ...dependenciesOf(at(holder, "dependencies"), "normal"),
      ...dependenciesOf(at(holder, "build-dependencies"), "build"),
      ...dependenciesOf(at(holder, "dev-dependencies"), "dev"),
    ]),
    profiles: Object.keys(fieldsOf(at(data, "profile"))),
  };
}

const dependenciesOf = (table: unknown, kind: CargoDependency["kind"]): readonly CargoDependency[] =>
  Object.entries(fieldsOf(table)).map(([name, written]) => ({
    name: textAt(written, "package") ?? name,
    version: textOf(written) ?? textAt(written, "version"),
    path: textAt(written, "path"),
    git: textAt(written, "git"),
    features: textsOf(at(written, "features")),
    kind,
  }));

/**
 * The programs cargo builds from it: those declared and those its folder layout stands for. `paths` are all paths of the package's
 * folder, relative to Cargo.toml.
 */
export function binariesOf(cargo: CargoToml, paths: Iterable<string>): readonly string[] {
  const names = new Set(cargo.binaries.map(({ name }) => name));
  if (cargo.name === undefined || !cargo.autobins) return [...names];
  const takenPaths = new Set(cargo.binaries.map(({ path }) => path));
  for (const path of paths) {
    if (takenPaths.has(path)) continue;
    if (path === "src/main.rs") names.add(cargo.name);
    const [, name] = /^src\/bin\/([^/]+?)(?:\.rs|\/main\.rs)$/.exec(path) ?? [];
    if (name !== undefined) names.add(name);
  }
  return [...names];
}

/** Crates that need a library of the system: Debian's development package, and the feature that brings the library along. */
const NATIVE: Readonly<Record<string, { readonly builds: readonly string[]; readonly bundledBy?: readonly string[] }>> =
  {
    "openssl-sys": { builds: ["libssl-dev", "pkg-config"], bundledBy: ["vendored"] },
    openssl: { builds: ["libssl-dev", "pkg-config"], bundledBy: ["vendored"] },
    "native-tls": { builds: ["libssl-dev", "pkg-config"], bundledBy: ["vendored"] },
    "pq-sys": { builds: ["libpq-dev"], bundledBy: ["bundled"] },
    "mysqlclient-sys": { builds: ["default-libmysqlclient-dev"], bundledBy: ["bundled"] },
    rusqlite: { builds: ["libsqlite3-dev"], bundledBy: ["bundled", "bundled-full"] },
    "libsqlite3-sys": { builds: ["libsqlite3-dev"], bundledBy: ["bundled"] },
    rdkafka: { builds: [], bundledBy: [] },
    git2: { builds: ["pkg-config"], bundledBy: [] },
    zmq: { builds: ["libzmq3-dev"] },
    "alsa-sys": { builds: ["libasound2-dev"] },
    "libudev-sys": { builds: ["libudev-dev"] },
    rust_icu: { builds: ["libicu-dev"] },
    opencv: { builds: ["libopencv-dev", "libclang-dev"] },
    "prost-build": { builds: ["protobuf-compiler"] },
    "tonic-build": { builds: ["protobuf-compiler"] },
    bindgen: { builds: ["libclang-dev"] },
  };

/** Diesel's features name the libraries it links. */
const DIESEL: Readonly<Record<string, string>> = {
  postgres: "libpq-dev",
  mysql: "default-libmysqlclient-dev",
  sqlite: "libsqlite3-dev",
};

export const nativeCrates = ({ dependencies }: CargoToml): ReadonlyMap<string, readonly string[]> =>
  new Map(
    dependencies.flatMap(({ name, features, kind }): [string, readonly string[]][] => {
      if (kind === "dev") return [];
      if (name === "diesel") {
        const builds = features.flatMap((feature) => (Object.hasOwn(DIESEL, feature) ? (DIESEL[feature] ?? []) : []));
        return builds.length > 0 ? [[name, builds]] : [];
      }
      const row = Object.hasOwn(NATIVE, name) ? NATIVE[name] : undefined;
      if (!row || features.some((feature) => row.bundledBy?.includes(feature))) return [];
      return [[name, row.builds]];
    }),
  );
