/** Python: pip, uv, poetry, pipenv, virtual environments, and what runs Python. */
import { SYNTAX } from "../../managers.ts";
import { toolPath } from "../around.ts";
import {
  type Act,
  type Call,
  has,
  type Outcome,
  packageName,
  pathOf,
  placesOf,
  type Row,
  takes,
  valueOf,
} from "../call.ts";
import { everythingBelow, files, pathFrom, type Place } from "../place.ts";
import { NOTHING } from "./acts.ts";

/** Where an installer puts packages: the virtual environment it works in, or the interpreter's own folders. */
export function pythonFolders(call: Call): readonly Place[] {
  const { around } = call;
  const target = valueOf(call, "-t", "--target");
  if (target !== undefined) return [files(everythingBelow(pathOf(call, target)))];
  const prefix = valueOf(call, "--prefix", "--root");
  if (prefix !== undefined) return [files(everythingBelow(pathOf(call, prefix)))];
  if (has(call, "--user")) return [files(everythingBelow(pathFrom(around.home, ".local")))];
  const own = venvOfProgram(call) ?? (has(call, "--system") ? undefined : around.venv);
  if (own !== undefined) return [files(everythingBelow(own))];
  return INTERPRETER.map((pattern) => files(pattern));
}

/** Python of the official images and Debian's, and Alpine's and Red Hat's own. */
const INTERPRETER = ["/usr/local/lib/python*/**", "/usr/local/bin/*", "/usr/lib/python*/**"];

/** `/opt/venv/bin/pip`: the environment whose program it is. */
function venvOfProgram({ command, around }: Call): string | undefined {
  const path = command.nameWord?.value;
  if (path === undefined || !path.includes("/") || /^\/usr\/(?:local\/)?bin\//.test(path)) return undefined;
  const folder = /^(.*)\/bin\/[^/]+$/.exec(path)?.[1];
  return folder === undefined ? undefined : pathFrom(around.folder, folder);
}

const PIP_CACHE = "$XDG_CACHE_HOME/pip/**";
const UV_CACHE = "$XDG_CACHE_HOME/uv/**";

function pipInstall(call: Call): Outcome {
  const listed = placesOf(call, "@-r,--requirement @-c,--constraint");
  const editable = call.options.flatMap(({ name, value }) =>
    value !== undefined && (name === "-e" || name === "--editable") && !value.includes("://")
      ? [files(everythingBelow(pathOf(call, value.replace(/\[.*$/, ""))))]
      : [],
  );
  const isPath = (value: string): boolean =>
    /^(?:\.{0,2}\/|\.$|\.\[)|\.(?:whl|tar\.gz|zip)$/.test(value) && !value.includes("://");
  const local = call.operands
    .filter(({ value }) => isPath(value))
    .map(({ value }) => files(everythingBelow(pathOf(call, value.replace(/\[.*$/, "")))));
  const named = call.operands
    .filter(({ value }) => !isPath(value))
    .map(({ value }): Place => ({ kind: "package", manager: "pip", name: packageName(value) }));
  const cache = placesOf(call, call.program === "uv" ? UV_CACHE : PIP_CACHE);
  const cached =
    cache !== "anything" && !has(call, "--no-cache-dir", "--no-cache") && !call.around.sets("PIP_NO_CACHE_DIR");
  return {
    does: "dependencies",
    reads: [...(listed === "anything" ? [] : listed), ...editable, ...local],
    writes: [...pythonFolders(call), ...(cached ? cache : []), ...named],
  };
}

/** A tool that keeps a project's packages in an environment of its own. */
const project =
  (reads: string, environment: (call: Call) => readonly Place[]) =>
  (call: Call): Outcome => ({
    does: "dependencies",
    reads: placesOf(call, reads),
    writes: [
      ...environment(call),
      ...call.operands.map(({ value }): Place => ({ kind: "package", manager: "pip", name: packageName(value) })),
    ],
  });

const isOn = (call: Call, name: string): boolean => {
  const value = call.around.get(name);
  return typeof value === "string" && /^(?:1|true|yes|on)$/i.test(value);
};
const isOff = (call: Call, name: string): boolean => {
  const value = call.around.get(name);
  return typeof value === "string" && /^(?:0|false|no|off)$/i.test(value);
};

const inFolder = (call: Call, name: string): readonly Place[] => [
  files(everythingBelow(pathFrom(call.around.folder, name))),
];

/** Poetry's settings may stand in its configuration as well, which `poetry config` writes: either place is possible then. */
function poetryFolders(call: Call): readonly Place[] {
  if (call.around.venv !== undefined) return pythonFolders(call);
  if (isOff(call, "POETRY_VIRTUALENVS_CREATE")) return pythonFolders(call);
  if (isOn(call, "POETRY_VIRTUALENVS_IN_PROJECT")) return inFolder(call, ".venv");
  const cache = toolPath(call.around, "$XDG_CACHE_HOME/pypoetry/virtualenvs");
  return [...pythonFolders(call), ...inFolder(call, ".venv"), files(everythingBelow(cache))];
}

const uvFolders = (call: Call): readonly Place[] => {
  const named = call.around.get("UV_PROJECT_ENVIRONMENT");
  if (typeof named === "string") return [files(everythingBelow(pathFrom(call.around.folder, named)))];
  return has(call, "--active") ? pythonFolders(call) : inFolder(call, ".venv");
};

function pipenvFolders(call: Call): readonly Place[] {
  if (has(call, "--system")) return pythonFolders(call);
  if (call.around.venv !== undefined) return pythonFolders(call);
  if (isOn(call, "PIPENV_VENV_IN_PROJECT")) return inFolder(call, ".venv");
  return [files(everythingBelow(toolPath(call.around, "$WORKON_HOME"))), ...inFolder(call, ".venv")];
}

const UV_READS = "pyproject.toml uv.lock .python-version uv.toml ./**";
const UV_MANIFEST = "pyproject.toml uv.lock .python-version uv.toml";
const WHEELS: Act = {
  does: "build",
  reads: "@-r,--requirement @all/** ./**",
  writes: "@-w,--wheel-dir,-d,--dest|./**",
};
const SCRIPT: Act = { does: "build", reads: "./** @first", writes: "./**", usual: true };
const newVenv: Act = { does: "dependencies", writes: "@all/**" };

export const PYTHON: readonly Row[] = [
  {
    programs: "pip",
    syntax: { short: `${SYNTAX.pip.short}wd`, long: new Set([...SYNTAX.pip.long, "--wheel-dir", "--dest"]) },
    acts: {
      "": NOTHING,
      install: pipInstall,
      wheel: WHEELS,
      download: { ...WHEELS, does: "download" },
      uninstall: (call) => ({
        does: "cleanup",
        reads: [],
        writes: [
          ...pythonFolders(call),
          ...call.operands.map(({ value }): Place => ({ kind: "package", manager: "pip", name: packageName(value) })),
        ],
      }),
      "cache|cache purge": { does: "cleanup", writes: PIP_CACHE },
      config: { does: "files", writes: "~/.config/pip/** ~/.pip/** /etc/pip.conf" },
      "list|show|freeze|check|--version|debug|hash|index": NOTHING,
    },
  },
  {
    programs: "uv",
    syntax: {
      short: SYNTAX["uv pip"].short,
      long: new Set([
        ...SYNTAX["uv pip"].long,
        ...SYNTAX["uv tool"].long,
        "--extra",
        "--no-group",
        "--only-group",
        "--package",
        "--directory",
        "--project",
        "--output-file",
        "--out-dir",
      ]),
    },
    folder: "--directory --project",
    acts: {
      "pip install": pipInstall,
      "pip sync": (call) => {
        const reads = placesOf(call, "@all");
        return { does: "dependencies", reads, writes: pythonFolders(call) };
      },
      "pip compile|export": {
        does: "build",
        reads: "@all ./pyproject.toml uv.lock",
        writes: "@-o,--output-file|requirements.txt",
      },
      "pip list|pip show|pip freeze|pip check|version|tree|python list|python find|help|": NOTHING,
      "pip uninstall": (call) => ({ does: "cleanup", reads: [], writes: pythonFolders(call) }),
      sync: (call) =>
        project(
          has(call, "--no-install-project", "--no-install-workspace") ? UV_MANIFEST : UV_READS,
          uvFolders,
        )({ ...call, operands: [] }),
      "add|remove": project(UV_MANIFEST, (call) => [
        ...uvFolders(call),
        files(pathFrom(call.around.folder, "pyproject.toml")),
        files(pathFrom(call.around.folder, "uv.lock")),
      ]),
      lock: { does: "build", reads: UV_MANIFEST, writes: "uv.lock" },
      venv: {
        does: "dependencies",
        writes: (call) => placesOf(call, call.operands.length > 0 ? "@all/**" : ".venv/**"),
      },
      build: { does: "build", reads: "./**", writes: "@--out-dir,-o|dist/**" },
      "tool install": { does: "dependencies", writes: "$UV_TOOL_DIR/** $UV_TOOL_BIN_DIR/* pkg:pip" },
      "python install": { does: "dependencies", writes: "$XDG_DATA_HOME/uv/python/** ~/.local/bin/*" },
      "cache|cache clean|cache prune": { does: "cleanup", writes: "$XDG_CACHE_HOME/uv/**" },
    },
  },
  {
    programs: "poetry",
    syntax: takes("CPEoE", "directory project only with without extras output format"),
    folder: "-C --directory -P --project",
    acts: {
      "": NOTHING,
      "install|sync": (call) =>
        project(
          has(call, "--no-root", "--no-directory")
            ? "pyproject.toml poetry.lock poetry.toml"
            : "pyproject.toml poetry.lock poetry.toml ./**",
          poetryFolders,
        )({ ...call, operands: [] }),
      "add|update|remove": project("pyproject.toml poetry.lock poetry.toml", (call) => [
        ...poetryFolders(call),
        files(pathFrom(call.around.folder, "pyproject.toml")),
        files(pathFrom(call.around.folder, "poetry.lock")),
      ]),
      config: { does: "files", writes: "$XDG_CONFIG_HOME/pypoetry/** poetry.toml" },
      export: { does: "build", reads: "pyproject.toml poetry.lock", writes: "@-o,--output" },
      lock: { does: "build", reads: "pyproject.toml", writes: "poetry.lock" },
      build: { does: "build", reads: "./**", writes: "dist/**" },
      "cache|cache clear": { does: "cleanup", writes: "$XDG_CACHE_HOME/pypoetry/**" },
      "self|self add|self update": { does: "dependencies", writes: "$XDG_DATA_HOME/pypoetry/**" },
      "show|check|about|version|env|--version": NOTHING,
    },
  },
  {
    programs: "pdm",
    syntax: takes("pG", "project group"),
    folder: "-p --project",
    acts: {
      "": NOTHING,
      "install|sync": project("pyproject.toml pdm.lock ./**", (call) => inFolder(call, ".venv")),
      config: { does: "files", writes: "$XDG_CONFIG_HOME/pdm/** pdm.toml" },
      export: { does: "build", reads: "pyproject.toml pdm.lock", writes: "@-o,--output" },
      build: { does: "build", reads: "./**", writes: "dist/**" },
    },
  },
  {
    programs: "pipenv",
    syntax: takes("r", "python requirements categories"),
    acts: {
      "install|sync": project("Pipfile Pipfile.lock", pipenvFolders),
      lock: { does: "build", reads: "Pipfile", writes: "Pipfile.lock" },
      requirements: { does: "nothing", reads: "Pipfile.lock" },
      "|--version|graph|check|--venv": NOTHING,
    },
  },
  {
    programs: "pipx",
    syntax: SYNTAX.pipx,
    acts: {
      "install|inject|upgrade": { does: "dependencies", writes: "$PIPX_HOME/** $PIPX_BIN_DIR/* pkg:pip" },
      "*": NOTHING,
    },
  },
  {
    programs: "conda mamba micromamba",
    syntax: takes("nfpc", "name file prefix channel"),
    acts: {
      "install|create|update|env create|env update": {
        does: "dependencies",
        reads: "@-f,--file",
        writes: "@-p,--prefix|/opt/conda/**",
      },
      "clean|remove": { does: "cleanup", writes: "/opt/conda/**" },
      "config|init|activate|shell": { does: "files", writes: "~/.condarc ~/.bashrc /opt/conda/**" },
      "*": NOTHING,
    },
  },
  { programs: "venv virtualenv", syntax: takes("p", "python prompt"), acts: { "*": newVenv, "": NOTHING } },
  {
    programs: "python pypy ipython",
    syntax: takes("mcWX"),
    local: true,
    acts: {
      "": (call) => {
        const code = valueOf(call, "-c");
        if (code === undefined)
          return has(call, "--version", "-V") ? { does: "nothing", reads: [], writes: [] } : undefined;
        return harmless(code) ? { does: "nothing", reads: [], writes: [] } : undefined;
      },
      "setup.py": (call) => {
        const [action] = call.operands;
        if (action?.value === "install" || action?.value === "develop")
          return {
            does: "dependencies",
            reads: placesOf(call, "./**"),
            writes: [...pythonFolders(call), ...inFolder(call, "build")],
          };
        return { does: "build", reads: placesOf(call, "./**"), writes: placesOf(call, "./**") };
      },
      "manage.py collectstatic|manage.py compilemessages|manage.py compress": {
        does: "build",
        reads: "./**",
        writes: "./**",
        usual: true,
      },
      "*": SCRIPT,
    },
  },
  {
    // `python -m build`.
    programs: "pyproject-build",
    syntax: takes("o", "outdir"),
    acts: {
      "": { does: "build", reads: "./**", writes: "@-o,--outdir|dist/**" },
      "*": { does: "build", reads: "@all/**", writes: "@-o,--outdir|dist/**" },
    },
  },
  {
    programs: "compileall",
    acts: {
      "*": (call) => ({
        does: "build",
        reads: placesOf(call, "@all/**"),
        // A file's own is in the folder it stands in.
        writes: call.operands.flatMap(({ value }) => [
          files(everythingBelow(pathOf(call, value))),
          files(pathFrom(pathFrom(pathOf(call, value), ".."), "__pycache__/**")),
        ]),
      }),
      "": NOTHING,
    },
  },
  {
    programs:
      "django-admin flask alembic gunicorn uvicorn celery hypercorn daphne sphinx-build mkdocs spacy nltk cython pyinstaller",
    acts: { "*": { does: "build", reads: "./**", writes: "./**", usual: true }, "": NOTHING },
  },
  {
    programs: "pyenv",
    acts: {
      "install|global|local|virtualenv|rehash": { does: "dependencies", writes: "$PYENV_ROOT/**" },
      "*": NOTHING,
    },
  },
  { programs: "pytest tox nox ruff black flake8 mypy isort pylint", acts: { "*": { does: "nothing", reads: "./**" } } },
];

/** Python given on the line that only imports and prints: a test that something is there. */
const harmless = (code: string): boolean =>
  /^(?:\s*(?:import [\w., ]+|from [\w.]+ import [\w., *]+|print\((?:[^()]|\([^()]*\))*\)|assert [^;]+)\s*;?)*\s*$/.test(
    code,
  ) && !/open\(|system|write/.test(code);
