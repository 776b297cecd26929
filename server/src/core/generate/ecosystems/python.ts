/** Python: packages in an environment that is built apart, the sources beside it, a server for production in front. */
import { pythonFrameworks } from "../../model/project/python-frameworks.ts";
import { type App, type Outcome, type Refusal, refuse } from "../app.ts";
import { type SourceText, sourcesOf } from "../files.ts";
import { choosePort, healthPathIn, listeningOf, portLines } from "../listening.ts";
import { chooseProbe } from "../probes.ts";
import { IMAGES } from "../releases.ts";
import {
  account,
  aptInstall,
  cmd,
  copy,
  env,
  fileOf,
  from,
  healthcheck,
  OWNER,
  run,
  unpinnedPackages,
} from "../text.ts";
import { type PythonInstall, pythonInstall } from "./python-install.ts";

const ENDING = /\.py$/;

interface Start {
  readonly words: (port: number) => readonly string[];
  readonly framework: string | undefined;
  /** Where nothing else is said. */
  readonly port: number | undefined;
  /** The port is one of the words, whatever the sources say. */
  readonly told: boolean;
}

export function python(app: App): Outcome {
  const { files, notes } = app;
  const install = pythonInstall(app);
  if ("refusal" in install) return install;
  const texts = sourcesOf(files, ENDING);
  const start = startOf(app, install, texts);
  if ("refusal" in start) return start;
  const listening = listeningOf(texts, "python");
  const port = start.told
    ? notes.chooseNumber("port", "the server is started with it", false, (value) => `It listens on port ${value}`, [
        start.port ?? 8000,
      ])
    : choosePort(notes, listening, start.port ?? 8000, undefined);
  const django = start.framework === "Django";
  const probe = chooseProbe(notes, port, "python", healthPathIn(texts));
  const collects =
    django && texts.some(({ path, text }) => /(?:^|\/)settings/.test(path) && /^STATIC_ROOT\s*=/m.test(text));
  if (collects)
    notes.note(
      "static-files",
      "Static files are not collected while the image is built",
      "python manage.py collectstatic runs the project's settings, which may need variables nobody knows here: add it as a RUN where they do not",
      true,
    );
  if (django)
    notes.note(
      "migrations",
      "Migrations are not run by the image",
      "python manage.py migrate needs the database; run it as a step of its own before a new version starts",
    );
  const writes = texts.some(({ text }) =>
    /sqlite3?:\/\/\/|["']django\.db\.backends\.sqlite3["']|sqlite3\.connect\(/.test(text),
  );
  if (writes)
    notes.note(
      "sqlite",
      "A SQLite database in the image is lost with the container, and the account that runs cannot write beside the sources",
      "the sources name one: put it into a volume",
      true,
    );
  const isBare = install.stage === undefined;
  const dockerfile = fileOf(app.image(IMAGES.syntax), ...(install.stage ? [install.stage] : []), [
    from(app.image(`python:${install.version}-slim`)),
    ...(install.runs.length > 0 ? [unpinnedPackages(notes)] : []),
    run([...(install.runs.length > 0 ? aptInstall(install.runs) : []), ...account("debian")]),
    env({
      ...(!isBare && { PATH: `${install.environment}/bin:$PATH` }),
      PYTHONUNBUFFERED: "1",
      PYTHONDONTWRITEBYTECODE: "1",
      ...(start.framework === "Streamlit" && { HOME: "/tmp" }),
    }),
    "WORKDIR /app",
    isBare ? undefined : copy([install.environment], install.environment, "--from=build"),
    copy(["."], "."),
    `USER ${OWNER}`,
    ...portLines(port, start.told ? [] : texts),
    healthcheck(probe),
    cmd(start.words(port ?? 0)),
  ]);
  return {
    ecosystem: start.framework === undefined ? "Python" : `Python (${start.framework})`,
    dockerfile,
    port,
    probe,
    writes: [],
    init: true,
    sets: ["PATH", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE", ...(start.told ? [] : ["PORT"])],
    libraries: { from: "python", names: install.requirements.flatMap(({ name }) => name ?? []) },
    sources: ENDING,
  };
}

/** `src/shop/main.py` → `src.shop.main`; what lies below `src` is found without it where that is no package. */
const moduleOf = (path: string): string => path.replace(/(?:\/__init__)?\.py$/, "").replaceAll("/", ".");

/** `app = FastAPI(` at the start of a line, with the kind of application. */
const APPLICATION =
  /^(\w+)\s*(?::[^=\n]+)?=\s*(?:\w+\.)?(FastAPI|Starlette|Litestar|Quart|Flask|Dash|Bottle|Falcon)\s*\(/gm;
const FACTORY = /^def\s+(create_app|make_app)\s*\(/m;

function startOf(app: App, install: PythonInstall, texts: readonly SourceText[]): Start | Refusal {
  const { notes } = app;
  const frameworks = pythonFrameworks(install.requirements);
  const has = (name: string): boolean => frameworks.some((each) => each.package === name);
  const found = frameworks.find(({ kind }) => kind === "wsgi" || kind === "asgi");
  if (has("streamlit")) return streamlit(texts);
  if (has("django")) {
    const projects = texts.filter(({ path }) => /(?:^|\/)(?:wsgi|asgi)\.py$/.test(path));
    const wsgi = projects.filter(({ path }) => path.endsWith("wsgi.py"));
    const asgi = projects.filter(({ path }) => path.endsWith("asgi.py"));
    const served = serverFor(has, wsgi.length > 0 ? "wsgi" : "asgi", asgi.length > 0);
    const [module] = served?.kind === "asgi" ? asgi : wsgi;
    if (!module) return refuse("Django's wsgi.py or asgi.py was not found, and it is what a server starts");
    if (!served) return refuse(noServer("Django", "gunicorn"));
    const others = served.kind === "asgi" ? asgi : wsgi;
    if (others.length > 1)
      return refuse(
        `there are ${others.length} files ${served.kind}.py (${others.map(({ path }) => path).join(", ")}), and nothing says which project the image is for`,
      );
    notes.note(
      "start",
      `${served.name} serves ${moduleOf(module.path)}:application`,
      `${module.path} is Django's entry, and ${served.name} is among the requirements`,
    );
    return { words: served.words(`${moduleOf(module.path)}:application`), framework: "Django", port: 8000, told: true };
  }
  if (found) {
    const applications = texts.flatMap(({ path, text }) =>
      [...text.matchAll(APPLICATION)].map(([, name = "", kind = ""]) => ({
        target: `${moduleOf(path)}:${name}`,
        kind,
        path,
      })),
    );
    const factories = texts
      .filter(({ text }) => FACTORY.test(text))
      .map(({ path, text }) => ({ target: `${moduleOf(path)}:${FACTORY.exec(text)?.[1]}()`, kind: found.name, path }));
    const candidates = applications.length > 0 ? applications : factories;
    if (candidates.length === 0)
      return refuse(
        `${found.name} is among the requirements, and no application of it (app = ${found.name}(…)) was found`,
      );
    const served = serverFor(has, found.kind === "asgi" ? "asgi" : "wsgi", false);
    if (!served) return refuse(noServer(found.name, found.kind === "asgi" ? "uvicorn" : "gunicorn"));
    if (applications.length === 0 && served.kind === "asgi")
      return refuse(
        `${found.name}'s application is made by a function (${factories[0]?.target}), for which a line that calls it is needed`,
      );
    const target = notes.choose(
      "application",
      candidates.length > 1
        ? `there are ${candidates.length} applications in the sources`
        : `${candidates[0]?.path} makes it`,
      candidates.length > 1,
      candidates.map((each) => ({ id: each.target, label: each.target, what: `${served.name} serves ${each.target}` })),
    );
    return { words: served.words(target), framework: found.name, port: 8000, told: true };
  }
  const worker = frameworks.find(({ kind }) => kind === "worker");
  const script = scriptOf(texts);
  if (script === undefined)
    return refuse(
      worker
        ? `${worker.name} is among the requirements, and what starts it is written nowhere`
        : 'no file was found that is certainly the program: a main.py or app.py with if __name__ == "__main__", or __main__.py',
    );
  if (typeof script !== "string")
    return refuse(
      `there are ${script.length} programs (${script.join(", ")}), and nothing says which one the image is for`,
    );
  const served = frameworks.find(({ kind }) => kind === "app");
  notes.note(
    "start",
    `It starts ${script}`,
    script.endsWith("__main__.py")
      ? "it is the program of its package"
      : "it is the only file that is started as a program",
  );
  return {
    words: () =>
      script.endsWith("/__main__.py")
        ? ["python", "-m", moduleOf(script.replace(/\/__main__\.py$/, ".py"))]
        : ["python", script],
    framework: served?.name,
    port: served?.port,
    told: false,
  };
}

const noServer = (framework: string, server: string): string =>
  `${framework}'s own server is for development, and no server for production is among the requirements: add ${server}`;

interface Server {
  readonly name: string;
  readonly kind: "wsgi" | "asgi";
  words(target: string): (port: number) => readonly string[];
}

const SERVERS: readonly Server[] = [
  {
    name: "uvicorn",
    kind: "asgi",
    words: (target) => (port) => ["uvicorn", target, "--host", "0.0.0.0", "--port", String(port)],
  },
  { name: "hypercorn", kind: "asgi", words: (target) => (port) => ["hypercorn", target, "--bind", `0.0.0.0:${port}`] },
  {
    name: "daphne",
    kind: "asgi",
    words: (target) => (port) => ["daphne", "--bind", "0.0.0.0", "--port", String(port), target],
  },
  { name: "gunicorn", kind: "wsgi", words: (target) => (port) => ["gunicorn", "--bind", `0.0.0.0:${port}`, target] },
  {
    name: "waitress",
    kind: "wsgi",
    words: (target) => (port) =>
      target.endsWith("()")
        ? ["waitress-serve", `--listen=0.0.0.0:${port}`, "--call", target.slice(0, -2)]
        : ["waitress-serve", `--listen=0.0.0.0:${port}`, target],
  },
];

/** A server for that kind among the requirements; of the other kind where the application has both. */
function serverFor(has: (name: string) => boolean, kind: "wsgi" | "asgi", both: boolean): Server | undefined {
  const able = SERVERS.filter(({ name }) => has(name));
  return able.find((each) => each.kind === kind) ?? (both ? able[0] : undefined);
}

function streamlit(texts: readonly SourceText[]): Start | Refusal {
  const pages = texts.filter(
    ({ path, text }) => !path.includes("/") && /^import streamlit\b|^from streamlit\b/m.test(text),
  );
  const [page] = pages;
  if (!page || pages.length > 1)
    return refuse(
      pages.length > 1
        ? `there are ${pages.length} pages of Streamlit (${pages.map(({ path }) => path).join(", ")}), and nothing says which one starts`
        : "no page of Streamlit was found in the folder itself",
    );
  return {
    words: (port) => [
      "streamlit",
      "run",
      page.path,
      "--server.address=0.0.0.0",
      `--server.port=${port}`,
      "--server.headless=true",
      "--browser.gatherUsageStats=false",
    ],
    framework: "Streamlit",
    port: 8501,
    told: true,
  };
}

const MAIN = /^if\s+__name__\s*==\s*["']__main__["']\s*:/m;

/** The program, or several that could be it. */
function scriptOf(texts: readonly SourceText[]): string | readonly string[] | undefined {
  const top = texts
    .filter(({ path, text }) => !path.includes("/") && MAIN.test(text) && !/^(?:setup|manage|conftest)\.py$/.test(path))
    .map(({ path }) => path);
  const usual = ["main.py", "app.py", "server.py", "run.py", "__main__.py"].find((name) => top.includes(name));
  if (top.length > 0) return top.length === 1 ? top[0] : (usual ?? top);
  const packages = texts.filter(({ path }) => /^(?:src\/)?[^/]+\/__main__\.py$/.test(path)).map(({ path }) => path);
  return packages.length === 1 ? packages[0] : packages.length > 1 ? packages : undefined;
}
