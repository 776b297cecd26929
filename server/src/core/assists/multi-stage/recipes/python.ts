/** Python: packages go into a virtual environment, which moves as a whole to the same Python without compilers. */
import type { Answer } from "../../../model/dockerfile/flow/need.ts";
import { isRoot, usersOf } from "../../../model/dockerfile/facts.ts";
import { contextSources } from "../../../model/dockerfile/copies.ts";
import type { Instruction } from "../../../model/dockerfile/model.ts";
import type { ShellCommand } from "../../../model/dockerfile/shell.ts";
import { systemCalls } from "../../../model/dockerfile/system-packages.ts";
import { purposeOf } from "../../../model/dockerfile/flow/purposes.ts";
import { pythonNatives } from "../../../model/project/python-native.ts";
import { readRequirements } from "../../../model/project/requirements.ts";
import { type BuildBase, buildBase, runtimeBase, slimTag, startsAlike } from "../base.ts";
import { lddBelow, librarySteps } from "../libraries.ts";
import { writingSource } from "../writing.ts";
import { BUILDPACK } from "../../dockerfile/base-swaps.ts";
import { commandsNamed, contextPath, installedPackages, startedBy, workdir } from "../look.ts";
import {
  type Carried,
  type Case,
  type Decision,
  noBenefit,
  type Recipe,
  refused,
  type RuntimeBase,
  type Side,
  type Verdict,
} from "../recipe.ts";
import { type Environment, environmentOf, type Installs, installsOf, isInstaller } from "./python-environment.ts";

export const python: Recipe = {
  name: "Python",
  recognise(it) {
    const base = buildBase(it);
    const installs = installsOf(it);
    if (base?.name !== "python" && !isUvImage(base)) {
      if (installs.commands.length === 0 || !startsPython(it)) return undefined;
      return refused(
        "Python comes from the distribution's packages: an image python:… keeps it in one place, from which it can be copied",
      );
    }
    return base === undefined ? undefined : verdict(it, base, installs);
  },
};

const isUvImage = (base: BuildBase | undefined): boolean =>
  base !== undefined && /^ghcr\.io\/astral-sh\/uv$/.test(base.repository) && /^python[\d.]+-/.test(base.tag);

const startsPython = (it: Case): boolean =>
  startedBy(it).some(({ argv }) =>
    /(?:^|\/)(?:python[\d.]*|gunicorn|uvicorn|celery|flask|streamlit)$/.test(argv[0] ?? ""),
  );

function verdict(it: Case, base: BuildBase, installs: Installs): Verdict {
  if (installs.commands.length === 0)
    return noBenefit(
      "nothing is installed with pip, poetry, uv or pipenv",
      `switch ${base.written} to its slim variant if it needs none of the compilers`,
    );
  const compilers = compilersOf(it);
  if (base.variant !== "full" && compilers.length === 0)
    return noBenefit(
      `${base.written} has no compiler, and none is left behind`,
      "a cache mount for pip, which makes builds faster",
      "a USER that is not root",
      "a HEALTHCHECK",
    );
  if (/^2(?:\.|-|$)/.test(base.tag)) return refused("Python 2 cannot make virtual environments by itself");
  const early = usersOf(it.dockerfile, it.stage).find(
    ({ instruction, name }) => instruction.index < (installs.last?.index ?? 0) && (name === undefined || !isRoot(name)),
  );
  if (early)
    return refused(
      `packages are installed as ${early.instruction.args.text}, into a place of that user: install them before USER`,
    );
  const environment = environmentOf(it, installs);
  if ("refused" in environment) return refused(environment.refused);
  const other = otherUses(it);
  if (other !== undefined) return refused(other);
  const runtime = runtimeOf(base);
  if (typeof runtime === "string") return refused(runtime);
  if (it.stage.base.kind === "image" && !startsAlike(it.stage.base.reference, runtime.image))
    return refused(`${runtime.image} starts its command in another way than ${base.written}`);
  return split(it, base, installs, environment, runtime, compilers);
}

/** Packages that only build, and that no later command of the same RUN takes away. */
function compilersOf({ dockerfile, stage }: Case): readonly string[] {
  return stage.instructions.flatMap((run) => {
    if (run.name !== "RUN") return [];
    const calls = systemCalls(dockerfile, run);
    const removes = calls.some(({ effect }) => effect === "remove");
    if (removes) return [];
    return calls
      .filter(({ effect }) => effect === "install")
      .flatMap(({ packages }) => packages.map(({ value }) => value.replace(/[=<>~].*$/, "")))
      .filter((name) => purposeOf(name) === "build" && !/^git(?:-core)?$/.test(name));
  });
}

/** Paths of the interpreter's own packages, which are elsewhere afterwards. */
function otherUses(it: Case): string | undefined {
  const { dockerfile, stage } = it;
  const { text } = dockerfile;
  const browser = it.needs.answers.find(({ effect: { command } }) => {
    const words = [command?.name ?? "", ...(command?.args.map(({ value }) => value) ?? [])].join(" ");
    return /^(?:python[\d.]* -m )?(?:playwright|patchright|camoufox|pyppeteer-install|rebrowser\w*)\b/.test(words);
  });
  if (browser)
    return `${browser.effect.command?.name} fetches browsers, and with them packages of the distribution that no list names`;
  const named = stage.instructions.find(({ span }) =>
    /\/(?:site|dist)-packages\b/.test(text.slice(span.start, span.end)),
  );
  if (named) return `${named.name} names a folder of site-packages, which would be another one`;
  const variable = stage.instructions
    .flatMap(({ name, pairs }) => (name === "ENV" ? pairs : []))
    .find(({ key }) => /^(?:PYTHONUSERBASE|PIP_TARGET|PIP_USER|PIP_PREFIX|PYTHONHOME)$/.test(key.text));
  return variable ? `${variable.key.text} says where packages go` : undefined;
}

function runtimeOf(base: BuildBase): RuntimeBase | string {
  if (base.variant !== "full") {
    const plain = base.written;
    return runtimeBase(plain, "the same image without the compilers that the file installs");
  }
  if (isUvImage(base)) {
    const [, version = "", suite = ""] = /^python([\d.]+)-(\w+)$/.exec(base.tag) ?? [];
    return suite === ""
      ? `it is not known which image of Python fits ${base.written}`
      : runtimeBase(`python:${version}-slim-${suite}`, "the same Python on the same Debian, without uv and compilers");
  }
  const slim = slimTag(base);
  if (slim === undefined) return `it is not known what the slim variant of ${base.written} is called`;
  return runtimeBase(slim, `the same Python on the same Debian as ${base.written}, without compilers and headers`);
}

function split(
  it: Case,
  base: BuildBase,
  installs: Installs,
  environment: Environment,
  runtime: RuntimeBase,
  compilers: readonly string[],
): Verdict {
  const at = installs.last ?? it.stage.from;
  const app = appFolder(it);
  const collected = collects(it);
  const whole = collected && app !== undefined;
  const carried: Carried[] = [{ from: environment.path, to: environment.path, folder: true, at }];
  if (whole) carried.push({ from: app, to: app, folder: true, at: collected.instruction });
  if (collected && app === undefined)
    return refused(`the working folder, where ${collected.text} writes, is not known`);
  const loaded = base.variant === "full" ? loadedBy(it) : [];
  const libraries =
    needsLibraries(it, base, compilers) && runtime.packages !== undefined
      ? librarySteps(it, runtime.packages, lddBelow(environment.path), loaded)
      : undefined;
  const decisions: Decision[] = [...environment.decisions];
  const writing = writingSource(it, "py", /\.py$/);
  if (whole)
    decisions.push({
      id: "files",
      what: `${app} is copied from the first stage as a whole`,
      why: `${collected.text} writes into it`,
      doubtful: true,
      alternatives: [],
    });
  return {
    is: "split",
    split: {
      ecosystem: `Python (${installs.tools.join(", ")})`,
      runtime,
      carried,
      above: environment.above,
      inBuild: environment.inBuild,
      inRuntime: environment.inRuntime,
      ...(environment.buildImage !== undefined && { buildImage: environment.buildImage }),
      ...(!environment.onPath && { environment: [`ENV PATH=${environment.path}/bin:$PATH`] }),
      ...(!libraries && loaded.length > 0 && { packages: loaded }),
      ...(writing !== undefined && { staysRoot: writing }),
      ...(libraries && { buildEnd: libraries.build, head: libraries.runtime }),
      side: sideOf(it, environment, whole === true),
      decisions,
      dropped: environment.dropped,
    },
  };
}

const appFolder = (it: Case): string | undefined => {
  const folder = workdir(it);
  return folder === "/" ? undefined : folder;
};

/** `manage.py collectstatic` and the like: what they write is in the project. */
function collects(it: Case): { readonly instruction: Instruction; readonly text: string } | undefined {
  const answer = it.needs.answers.find(({ effect }) => isCollecting(effect.command));
  return answer ? { instruction: answer.effect.instruction, text: "manage.py" } : undefined;
}

const COLLECTING = /^(?:collectstatic|compilemessages|compress|compilescss|tailwind)$/;
const isCollecting = (command: ShellCommand | undefined): boolean => {
  const words = command?.args.map(({ value }) => value) ?? [];
  const django =
    command?.name === "django-admin" ||
    words.some((word) => /(?:^|\/)manage\.py$/.test(word)) ||
    (command?.name ?? "").endsWith("manage.py");
  return django && words.some((word) => COLLECTING.test(word));
};

/** Modules that download into the environment itself. */
const isSpacy = (command: ShellCommand): boolean => {
  const words = command.args.map(({ value }) => value).join(" ");
  return (
    /^python[\d.]*$/.test(command.name ?? "") &&
    /^-m (?:spacy download|compileall|pip|venv|ensurepip|poetry|pipenv|uv)\b/.test(words)
  );
};

const sideOf =
  (it: Case, environment: Environment, whole: boolean) =>
  (instruction: Instruction, command: ShellCommand | undefined): Side | undefined => {
    if (instruction.name === "RUN") {
      if (!command) return undefined;
      if (isInstaller(command) || isSpacy(command)) return "build";
      return isCollecting(command) ? "build" : undefined;
    }
    if (instruction.name === "COPY" || instruction.name === "ADD") return copySide(it, instruction, whole);
    return environment.drops.has(instruction) ? { drop: environment.drops.get(instruction) ?? "" } : undefined;
  };

const MANIFEST =
  /(?:^|\/)(?:requirements[\w.-]*\.(?:txt|in)|constraints[\w.-]*\.txt|pyproject\.toml|poetry\.lock|uv\.lock|Pipfile(?:\.lock)?|setup\.(?:py|cfg)|pdm\.lock|\.python-version)\*?$|(?:^|\/)requirements$/;

/** What only installers read stays with them, where the whole folder comes later or brings nothing else. */
function copySide({ dockerfile }: Case, instruction: Instruction, whole: boolean): Side | undefined {
  const sources = contextSources(dockerfile).filter((source) => source.instruction === instruction);
  if (sources.length === 0) {
    const from = instruction.flags.find(({ name }) => name === "--from")?.value?.text ?? "";
    return /astral-sh\/uv/.test(from) ? "build" : undefined;
  }
  if (sources.every(({ path }) => MANIFEST.test(path))) return "build";
  return whole ? "build" : "both";
}

/** Whether something in the environment may load libraries the slim image does not have. */
function needsLibraries(it: Case, base: BuildBase, compilers: readonly string[]): boolean {
  if (
    compilers.some(
      (name) => /-dev(?:el)?$/.test(name) && !/^(?:python3?-dev|musl-dev|libc6?-dev|linux-headers)/.test(name),
    )
  )
    return true;
  if (base.variant !== "full") return false;
  const texts = requirementTexts(it);
  if (texts === undefined) return true;
  const natives = pythonNatives(
    texts.flatMap((text) => readRequirements(text).requirements.flatMap(({ name }) => name ?? [])),
  );
  return [...natives.values()].some(({ wheels, runs }) => !wheels || runs !== undefined);
}

/** What the full image has and packages load or start by name: no program tells of it. */
const IN_FULL: ReadonlySet<string> = new Set(
  "binutils git imagemagick libcairo2 libglib2.0-0 libgomp1 libharfbuzz-subset0 libmagic1 libpango-1.0-0 libpangoft2-1.0-0 libpq5".split(
    " ",
  ),
);
const STARTS =
  /(?:subprocess\.\w+|Popen|check_output|check_call|os\.system|os\.popen|create_subprocess_\w+|which)\(\s*f?\[?\s*f?["'](git|curl|wget|hg|svn|ssh|scp|gpg|unzip|convert|magick)\b/g;

/** Packages of the distribution that the project's requirements load, or its sources start. */
function loadedBy(it: Case): readonly string[] {
  const natives = pythonNatives(
    (requirementTexts(it) ?? []).flatMap((text) =>
      readRequirements(text).requirements.flatMap(({ name }) => name ?? []),
    ),
  );
  const sources = (it.context.paths ?? []).filter((path) => path.endsWith(".py") && !/(?:^|\/)tests?\//.test(path));
  const started = sources.flatMap((path) =>
    [...(it.context.read(path) ?? "").matchAll(STARTS)].flatMap(([, program = ""]) => BUILDPACK[program]?.[0] ?? []),
  );
  const there = new Set(installedPackages(it));
  const names = [
    ...[...natives.values()].flatMap(({ runs = [] }) => runs.filter((name) => IN_FULL.has(name))),
    ...started,
  ];
  return [...new Set(names)].filter((name) => !there.has(name)).toSorted();
}

/** Of every `-r`; undefined where one of them cannot be read, or something else installs. */
function requirementTexts(it: Case): readonly string[] | undefined {
  const installs = commandsNamed(it, /^pip[\d.]*$/).filter(isInstall);
  const texts = installs.flatMap(({ effect }) => {
    const words = effect.command?.args.map(({ value }) => value) ?? [];
    return words.flatMap((word, at) => {
      const file =
        word === "-r" || word === "--requirement" ? words[at + 1] : /^(?:-r|--requirement=)(.+)$/.exec(word)?.[1];
      if (file === undefined) return [];
      const folder = workdir(it);
      const path =
        folder === undefined
          ? undefined
          : contextPath(it, file.startsWith("/") ? file : `${folder}/${file}`.replace("/./", "/"));
      return [path === undefined ? undefined : it.context.read(path)];
    });
  });
  const known = texts.filter((text) => text !== undefined);
  return installs.length > 0 &&
    known.length === texts.length &&
    known.length > 0 &&
    known.every((text) => readRequirements(text).includes.length === 0)
    ? known
    : undefined;
}

const isInstall = ({ effect }: Answer): boolean =>
  effect.command?.args.some(({ value }) => value === "install") ?? false;
