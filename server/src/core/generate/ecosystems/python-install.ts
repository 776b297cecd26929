/** How the packages of a Python project get into an environment of their own: by pip, uv, poetry or pipenv. */
import { readPipfile } from "../../model/project/pipfile.ts";
import { readPyproject } from "../../model/project/pyproject.ts";
import { readPythonLock } from "../../model/project/python-locks.ts";
import { pythonNatives } from "../../model/project/python-native.ts";
import type { PythonRequirement } from "../../model/project/python-requirement.ts";
import { readRequirements, type Requirements } from "../../model/project/requirements.ts";
import { type App, type Refusal, refuse } from "../app.ts";
import { chooseRelease, IMAGES } from "../releases.ts";
import { saidVersion } from "../said.ts";
import { aptInstall, cache, copy, env, from, run, unpinnedPackages } from "../text.ts";

export interface PythonInstall {
  readonly version: string;
  /** All it installs, without development. */
  readonly requirements: readonly PythonRequirement[];
  /** Undefined where nothing has to be installed. */
  readonly stage: readonly string[] | undefined;
  /** The folder of the environment. */
  readonly environment: string;
  /** Packages of Debian it needs to run. */
  readonly runs: readonly string[];
  /** The project's own package is installed into the environment: its sources are not needed beside. */
  readonly isInstalled: boolean;
}

const VENV = "/opt/venv";
const POETRY = "2.1.3";
const PIPENV = "2025.0.3";

interface Way {
  readonly requirements: readonly PythonRequirement[];
  /** Every name that is locked, else the requirements'. */
  readonly locked: readonly string[];
  readonly range: { readonly text: string; readonly by: string } | undefined;
  readonly environment: string;
  readonly isInstalled: boolean;
  lines(app: App): readonly string[];
}

export function pythonInstall(app: App): PythonInstall | Refusal {
  const { files, notes } = app;
  const way = wayOf(app);
  if ("refusal" in way) return way;
  if (files.paths.includes("environment.yml") || files.paths.includes("conda.yml"))
    return refuse("environment.yml is conda's, whose packages are not those of pip");
  const version = chooseRelease(notes, "python", { said: saidVersion(files, "python"), range: way.range });
  const native = pythonNatives(way.locked);
  const browser = [...native].find(([, { runs }]) => runs?.includes("a browser"));
  if (browser) return refuse(`${browser[0]} starts a browser, which needs an image made for that`);
  const compiled = [...native].filter(([, { wheels }]) => !wheels);
  const builds = compiled.flatMap(([, row]) => row.builds ?? []).filter((name) => !IN_FULL_IMAGE.has(name));
  const vcs = way.requirements.filter((each) => each.vcs);
  const needing = [...compiled.map(([name]) => name), ...vcs.flatMap(({ name }) => name ?? [])];
  const full = {
    id: "full",
    label: "the full image, with compilers",
    what: "Packages are installed on the full image",
  };
  const slim = {
    id: "slim",
    label: "the slim image, without compilers",
    what: "Packages are installed on the slim image",
  };
  const why =
    needing.length > 0
      ? `${needing.join(", ")} needs a compiler or git`
      : "what has no wheel for this Python is compiled, or goes without its fast part where there is no compiler; nothing of this image is in the last one";
  const isBare = way.requirements.length === 0 && !way.isInstalled;
  const needsFull =
    !isBare && notes.choose("build-image", why, false, needing.length > 0 ? [full] : [full, slim]) === "full";
  const runs = [...new Set([...native.values()].flatMap((row) => row.runs ?? []))];
  if (runs.length > 0)
    notes.note(
      "runtime-packages",
      `The image that runs gets ${runs.join(", ")}`,
      `${[...native]
        .filter(([, row]) => row.runs)
        .map(([name]) => name)
        .join(", ")} needs it`,
    );
  return {
    version,
    requirements: way.requirements,
    environment: way.environment,
    isInstalled: way.isInstalled,
    runs,
    stage: isBare
      ? undefined
      : [
          from(app.image(`python:${version}${needsFull ? "" : "-slim"}`), "build"),
          ...(builds.length > 0 ? [unpinnedPackages(notes), run(aptInstall(builds))] : []),
          ...way.lines(app),
        ],
  };
}

/** Development packages that come with the full image (buildpack-deps). */
const IN_FULL_IMAGE: ReadonlySet<string> = new Set([
  "libpq-dev",
  "default-libmysqlclient-dev",
  "libffi-dev",
  "libssl-dev",
  "libxml2-dev",
  "libxslt1-dev",
  "libjpeg-dev",
  "libglib2.0-dev",
  "libmagickwand-dev",
  "pkg-config",
]);

function wayOf(app: App): Way | Refusal {
  const { files } = app;
  const has = (path: string): boolean => files.paths.includes(path);
  const pyproject = readPyproject(files.read("pyproject.toml") ?? "");
  const hasProject = has("pyproject.toml") && pyproject !== undefined;
  if (hasProject && (has("uv.lock") || (pyproject.manager === "uv" && !has("requirements.txt")))) return uv(app);
  if (hasProject && (has("poetry.lock") || pyproject.manager === "poetry")) return poetry(app);
  if (has("Pipfile")) return pipenv(app);
  if (hasProject && (has("pdm.lock") || pyproject.manager === "pdm"))
    return refuse(
      "pdm installs this project: run `pdm export --output requirements.txt` and keep that file, then generate again",
    );
  const file = [
    "requirements.txt",
    "requirements/production.txt",
    "requirements/prod.txt",
    "requirements/base.txt",
  ].find(has);
  if (file !== undefined) return pip(app, file);
  if (hasProject && pyproject.buildBackend !== undefined) return project(app);
  if (!hasProject && !has("setup.py"))
    return refuse("there is neither a requirements.txt nor a pyproject.toml that says what is installed");
  return hasProject && pyproject.dependencies.length === 0 ? nothing(app) : project(app);
}

const rangeIn = (app: App): Way["range"] => {
  const text = readPyproject(app.files.read("pyproject.toml") ?? "")?.requiresPython;
  return text === undefined ? undefined : { text, by: "pyproject.toml (requires-python)" };
};

const environmentLines = (path: string): readonly string[] => [
  env({ PATH: `${path}/bin:$PATH` }),
  `RUN python -m venv ${path}`,
  "WORKDIR /app",
];

function nothing(app: App): Way {
  return {
    requirements: [],
    locked: [],
    range: rangeIn(app),
    environment: VENV,
    isInstalled: false,
    lines: () => environmentLines(VENV),
  };
}

function pip(app: App, file: string): Way | Refusal {
  const all = withIncludes(app, file);
  const local = all.texts.flatMap(({ read }) => read.requirements).find(({ path }) => path !== undefined);
  if (local?.path?.startsWith("..")) return refuse(`${file} installs ${local.path}, which is outside of this folder`);
  const requirements = all.texts.flatMap(({ read }) => read.requirements);
  const pinned = all.texts.reduce(
    (sum, { read }) => ({ exact: sum.exact + read.pinned.exact, of: sum.of + read.pinned.of }),
    { exact: 0, of: 0 },
  );
  const hashed = all.texts.some(({ read }) => read.hashed);
  const variables = [...new Set(all.texts.flatMap(({ read }) => read.variables))];
  if (variables.length > 0)
    return refuse(
      `${file} is filled in with ${variables.join(", ")}, which would have to be handed to the build as a secret: write the Dockerfile by hand`,
    );
  return {
    requirements,
    locked: requirements.flatMap(({ name }) => name ?? []),
    range: rangeIn(app),
    environment: VENV,
    isInstalled: false,
    lines({ notes }) {
      if (pinned.exact < pinned.of)
        notes.note(
          "lock-file",
          `${file} names ${pinned.of - pinned.exact} of ${pinned.of} packages without one exact version: pip takes the newest of the day`,
          "two builds of the same sources may differ; pip-compile or uv pip compile write a file that names all of them",
          true,
        );
      const why = hashed
        ? []
        : [
            `# ${file} has no hashes: pip installs what the index serves under these versions.`,
            "# dockwright ignore=install-ignores-lockfile",
          ];
      if (!hashed && pinned.of > 0)
        notes.note(
          "hashes",
          `${file} has no hashes, and install-ignores-lockfile is switched off for that`,
          "the file is the project's own; pip-compile --generate-hashes or uv pip compile --generate-hashes write them",
          false,
        );
      return [
        ...environmentLines(VENV),
        ...(local
          ? [
              ...why.slice(0, 0),
              "# It installs what lies in the folder itself.\n# dockwright ignore=dependencies-after-source",
              copy(["."], "."),
            ]
          : groups(all.files).map(({ folder, paths }) => copy(paths, folder === "" ? "./" : `./${folder}/`))),
        ...(pinned.of > 0 ? why : []),
        run([`pip install --requirement ${file}`], [cache("/root/.cache/pip")]),
      ];
    },
  };
}

/** COPY puts all of its sources into one folder. */
function groups(paths: readonly string[]): readonly { readonly folder: string; readonly paths: readonly string[] }[] {
  const folders = Map.groupBy(paths, (path) => path.slice(0, Math.max(0, path.lastIndexOf("/"))));
  return [...folders].map(([folder, inside]) => ({ folder, paths: inside }));
}

const MAX_INCLUDES = 20;

function withIncludes(
  { files }: App,
  first: string,
): { readonly files: readonly string[]; readonly texts: readonly { readonly read: Requirements }[] } {
  const waiting = [first];
  const seen = new Set<string>();
  const texts: { read: Requirements }[] = [];
  for (let path = waiting.shift(); path !== undefined && seen.size < MAX_INCLUDES; path = waiting.shift()) {
    const text = seen.has(path) ? undefined : files.read(path);
    if (text === undefined) continue;
    seen.add(path);
    const read = readRequirements(text);
    texts.push({ read });
    const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/") + 1) : "";
    for (const each of [...read.includes, ...read.constraints])
      waiting.push((folder + each.replace(/^\.\//, "")).replace(/^[^/]+\/\.\.\//, ""));
  }
  return { files: [...seen], texts };
}

/** A package that is installed for what it requires and itself, without a lock file. */
function project(app: App): Way | Refusal {
  const pyproject = readPyproject(app.files.read("pyproject.toml") ?? "");
  if (pyproject?.versionFromGit)
    return refuse(
      "the package takes its version from git's history, which is not in the build: write the Dockerfile by hand, with SETUPTOOLS_SCM_PRETEND_VERSION or the like",
    );
  const requirements = pyproject?.dependencies ?? [];
  return {
    requirements,
    locked: requirements.flatMap(({ name }) => name ?? []),
    range: rangeIn(app),
    environment: VENV,
    isInstalled: true,
    lines({ notes }) {
      notes.note(
        "lock-file",
        "There is no lock file: pip takes the newest versions that pyproject.toml allows",
        "two builds of the same sources may differ; uv lock or poetry lock write one",
        true,
      );
      return [...environmentLines(VENV), copy(["."], "."), run(["pip install ."], [cache("/root/.cache/pip")])];
    },
  };
}

const lockedNames = (app: App, path: string): readonly string[] | undefined => {
  const text = app.files.read(path);
  const lock = text === undefined ? undefined : readPythonLock(path, text);
  return lock && [...lock.packages.keys()];
};

/** Only where the project is a package is anything installed besides what it requires. */
const isPackage = (app: App): boolean => {
  const pyproject = readPyproject(app.files.read("pyproject.toml") ?? "");
  return pyproject?.isPackage ?? pyproject?.buildBackend !== undefined;
};

function uv(app: App): Way | Refusal {
  const pyproject = readPyproject(app.files.read("pyproject.toml") ?? "");
  if ((pyproject?.workspaceMembers.length ?? 0) > 0)
    return refuse(
      "pyproject.toml is that of a workspace of several packages, and nothing says which one the image is for",
    );
  const hasLock = app.files.paths.includes("uv.lock");
  const requirements = pyproject?.dependencies ?? [];
  const isInstalled = isPackage(app);
  return {
    requirements,
    locked: lockedNames(app, "uv.lock") ?? requirements.flatMap(({ name }) => name ?? []),
    range: rangeIn(app),
    environment: "/app/.venv",
    isInstalled,
    lines({ notes, image }) {
      notes.note("uv-version", `uv is taken from ${IMAGES.uv}`, "no file of the project says which uv it is for", true);
      if (!hasLock)
        notes.note(
          "lock-file",
          "There is no uv.lock: uv takes the newest versions of the day",
          "two builds of the same sources may differ; run uv lock and keep its file",
          true,
        );
      const held = hasLock ? " --locked" : "";
      const first = [
        "pyproject.toml",
        ...(hasLock ? ["uv.lock"] : []),
        ...(app.files.paths.includes(".python-version") ? [".python-version"] : []),
      ];
      return [
        copy(["/uv"], "/usr/local/bin/", `--from=${image(IMAGES.uv)}`),
        env({ UV_LINK_MODE: "copy", UV_COMPILE_BYTECODE: "1", UV_PYTHON_DOWNLOADS: "0" }),
        "WORKDIR /app",
        copy(first, "./"),
        run([`uv sync${held} --no-dev --no-install-project`], [cache("/root/.cache/uv")]),
        ...(isInstalled
          ? [copy(["."], "."), run([`uv sync${held} --no-dev --no-editable`], [cache("/root/.cache/uv")])]
          : []),
      ];
    },
  };
}

function poetry(app: App): Way | Refusal {
  const pyproject = readPyproject(app.files.read("pyproject.toml") ?? "");
  const lockText = app.files.read("poetry.lock");
  const lock = lockText === undefined ? undefined : readPythonLock("poetry.lock", lockText);
  const requirements = pyproject?.dependencies ?? [];
  const local = requirements.find(({ path }) => path?.startsWith("..") === true);
  if (local) return refuse(`${local.name} comes from ${local.path}, which is outside of this folder`);
  const isInstalled = isPackage(app) && pyproject?.isPackage !== false && (pyproject?.scripts.size ?? 0) > 0;
  return {
    requirements,
    locked: lock ? [...lock.packages.keys()] : requirements.flatMap(({ name }) => name ?? []),
    range: rangeIn(app),
    environment: "/app/.venv",
    isInstalled,
    lines({ notes }) {
      const version = lock?.tool ?? POETRY;
      notes.note(
        "poetry-version",
        `poetry ${version}`,
        lock?.tool === undefined ? "poetry.lock does not say which wrote it" : "it wrote poetry.lock",
        lock?.tool === undefined,
      );
      if (!lock)
        notes.note(
          "lock-file",
          "There is no poetry.lock: poetry takes the newest versions of the day",
          "two builds of the same sources may differ; run poetry lock and keep its file",
          true,
        );
      const caches = ["/root/.cache/pypoetry/cache", "/root/.cache/pypoetry/artifacts"].map((path) => cache(path));
      return [
        env({ POETRY_VIRTUALENVS_IN_PROJECT: "1", POETRY_NO_INTERACTION: "1" }),
        run([`pip install poetry==${version}`], [cache("/root/.cache/pip")]),
        "WORKDIR /app",
        copy(
          [
            "pyproject.toml",
            ...(lock ? ["poetry.lock"] : []),
            ...(app.files.paths.includes("poetry.toml") ? ["poetry.toml"] : []),
          ],
          "./",
        ),
        run(["poetry install --only main --no-root"], caches),
        ...(isInstalled ? [copy(["."], "."), run(["poetry install --only main"], caches)] : []),
      ];
    },
  };
}

function pipenv(app: App): Way | Refusal {
  const pipfile = readPipfile(app.files.read("Pipfile") ?? "");
  if (!pipfile) return refuse("Pipfile is no TOML");
  const local = pipfile.packages.find(({ path, editable }) => path !== undefined || editable);
  if (local)
    return refuse(`Pipfile installs ${local.path ?? local.name} from the folder itself: write the Dockerfile by hand`);
  const locked = lockedNames(app, "Pipfile.lock");
  return {
    requirements: pipfile.packages,
    locked: locked ?? pipfile.packages.flatMap(({ name }) => name ?? []),
    range:
      pipfile.pythonVersion === undefined
        ? rangeIn(app)
        : { text: `==${pipfile.pythonVersion.split(".").slice(0, 2).join(".")}`, by: "Pipfile" },
    environment: "/app/.venv",
    isInstalled: false,
    lines({ notes }) {
      notes.note("pipenv-version", `pipenv ${PIPENV}`, "no file of the project says which pipenv it is for", true);
      if (!locked)
        notes.note(
          "lock-file",
          "There is no Pipfile.lock: pipenv takes the newest versions of the day",
          "two builds of the same sources may differ; run pipenv lock and keep its file",
          true,
        );
      return [
        env({ PIPENV_VENV_IN_PROJECT: "1" }),
        run([`pip install pipenv==${PIPENV}`], [cache("/root/.cache/pip")]),
        "WORKDIR /app",
        copy(["Pipfile", ...(locked ? ["Pipfile.lock"] : [])], "./"),
        run(
          [locked ? "pipenv install --deploy" : "pipenv install"],
          [cache("/root/.cache/pip"), cache("/root/.cache/pipenv")],
        ),
      ];
    },
  };
}
