/** What the image needs to run: the programs ENTRYPOINT, CMD and HEALTHCHECK start, and the files those read. */
import { baseImageOf, usersOf } from "../facts.ts";
import { originOf } from "../context-files.ts";
import type { Dockerfile, Stage } from "../model.ts";
import { lineageInstructions } from "../stages.ts";
import { unquote } from "../words.ts";
import { patternOf } from "./around.ts";
import { scopeAt } from "../scope.ts";
import { everythingBelow, files, folderOf, matches, overlap, pathFrom, type Place } from "./place.ts";
import { effectsOf, flowOf, type StageEnd } from "./walk.ts";
import { BASE_CMD, scriptArgvs, type Started, startsOf } from "./starts.ts";

/** A file of the build context; undefined when it is not there, or not known. */
export type ReadContext = (path: string) => string | undefined;

export interface Want {
  readonly place: Place;
  /** A clause without a full stop: `CMD starts it`. */
  readonly why: string;
  /** Otherwise it may be needed, and nobody can tell. */
  readonly sure: boolean;
}

export interface Runtime {
  readonly started: readonly Started[];
  /** Of the base image, where the file sets none; undefined when the base is not known. */
  readonly inheritedEntrypoint: readonly string[] | undefined;
  /** A shell starts it. */
  readonly needsShell: boolean;
  readonly wants: readonly Want[];
  /** Folders of PATH, first first; patterns. */
  readonly path: readonly string[];
  readonly volumes: StageEnd["volumes"];
  /** Folders a service writes to as far as the file says: volumes, the working folder. */
  readonly writable: readonly string[];
  /** What nobody knows about it, each a clause. */
  readonly unknown: readonly string[];
  /** Why what it starts is not known: then it may need anything. */
  readonly opaque: string | undefined;
}

/** What a stage's image needs to run. */
export function runtimeOf(dockerfile: Dockerfile, stage: Stage, read: ReadContext = () => undefined): Runtime {
  const end = flowOf(dockerfile)[stage.index]?.end;
  const unknown: string[] = [];
  const folder = end?.folder ?? "/**";
  const path = end?.path ?? [];
  const { started, inherited, shell } = startsOf(dockerfile, stage, end, unknown);
  const seeds: Reader = {
    application: applicationOf(dockerfile, stage, folder),
    dockerfile,
    stage,
    folder,
    path,
    read,
    unknown,
    written: writtenFiles(dockerfile, stage),
  };
  const all: Started[] = [];
  const wants: Want[] = [];
  for (const each of started) follow(seeds, each, all, wants, 0);
  for (const { path: volume, inherited: above } of end?.volumes ?? [])
    if (!above) wants.push({ place: files(everythingBelow(volume)), why: "it is a volume", sure: true });
  for (const place of librariesOf(dockerfile, stage, folder))
    wants.push({ place: files(everythingBelow(place.path)), why: `${place.name} names it`, sure: true });
  for (const each of HOME_FILES)
    wants.push({
      place: files(pathFrom(end?.home ?? "/**", each)),
      why: "programs read it in their user's home folder",
      sure: false,
    });
  const user = usersOf(dockerfile, stage).at(-1)?.name;
  if (user !== undefined && user !== "" && !/^\d+$/.test(user))
    wants.push({ place: { kind: "account", name: user }, why: "the image runs as it", sure: true });
  return {
    started: all,
    inheritedEntrypoint: inherited,
    needsShell: shell,
    wants,
    path,
    volumes: end?.volumes ?? [],
    writable: [...new Set([...(end?.volumes ?? []).map((volume) => volume.path), folder])],
    unknown,
    opaque: unknown.find((what) => what.endsWith("starts is not known")),
  };
}

/** Settings of programs that are no cache. */
const HOME_FILES =
  ".gitconfig .npmrc .yarnrc .netrc .profile .bashrc .curlrc .wgetrc .pgpass .gemrc .condarc .config/** .ssh/** .aws/** .docker/**".split(
    " ",
  );

interface Reader {
  /** Where the application is: the working folder, or at the root what is copied there. */
  readonly application: readonly string[];
  readonly dockerfile: Dockerfile;
  readonly stage: Stage;
  readonly folder: string;
  readonly path: readonly string[];
  readonly read: ReadContext;
  readonly unknown: string[];
  /** Patterns that something of the file writes. */
  readonly written: readonly string[];
}

/** Folders that installers and builds make beside a manifest. */
const BESIDE = ["/*", "/node_modules/**", "/vendor/**", "/.venv/**", "/dist/**", "/build/**", "/target/**", "/out/**"];

/** At the root of the image everything would be the application's: it is what the build context brings, and what is made beside it. */
function applicationOf(dockerfile: Dockerfile, stage: Stage, folder: string): readonly string[] {
  if (folder !== "/") return [everythingBelow(folder)];
  const copied = effectsOf(dockerfile, stage).flatMap(({ does, writes }) =>
    does !== "copies context" || writes === "anything"
      ? []
      : writes.flatMap((place) => (place.kind === "files" ? [place.pattern] : [])),
  );
  return [...new Set([...BESIDE, ...copied])];
}

const writtenFiles = (dockerfile: Dockerfile, stage: Stage): readonly string[] =>
  effectsOf(dockerfile, stage).flatMap(({ writes }) =>
    writes === "anything" ? [] : writes.flatMap((place) => (place.kind === "files" ? [place.pattern] : [])),
  );

/** A service's own files, by what runs it. */
interface Runner {
  readonly programs: RegExp;
  /** What it is, for messages. */
  readonly what: string;
  /** The folder of the application, and of what it loads. */
  readonly reads: readonly string[];
  /** It brings everything it needs: files beside are assets that nobody can see from here. */
  readonly compiled?: boolean;
}

const PYTHON_FOLDERS = ["/usr/local/lib/python*/**", "/usr/lib/python*/**"];

const RUNNERS: readonly Runner[] = [
  {
    programs:
      /^(?:node|nodejs|bun|bunx|deno|npm|npx|yarn|pnpm|ts-node|tsx|nodemon|pm2|pm2-runtime|next|nuxt|nest|vite|serve|http-server|react-scripts|remix-serve|astro)$/,
    what: "Node",
    reads: ["./**"],
  },
  {
    programs:
      /^(?:python[\d.]*|pypy[\d.]*|gunicorn|uvicorn|celery|flask|django-admin|hypercorn|daphne|streamlit|fastapi|waitress-serve|uwsgi|jupyter|pytest|poetry|uv|pipenv|airflow|supervisord)$/,
    what: "Python",
    reads: ["./**", ...PYTHON_FOLDERS],
  },
  {
    programs: /^(?:ruby|bundle|rails|puma|unicorn|rackup|sidekiq|rake|thin|thrust)$/,
    what: "Ruby",
    reads: ["./**", "/usr/local/bundle/**"],
  },
  {
    programs: /^(?:php|php-fpm[\d.]*|apache2-foreground|apachectl|apache2|frankenphp|artisan)$/,
    what: "PHP",
    reads: ["./**", "/var/www/**", "/usr/local/lib/php/**", "/usr/local/etc/php/**", "/etc/php/**", "/etc/apache2/**"],
  },
  {
    programs: /^(?:nginx|nginx-debug|openresty)$/,
    what: "nginx",
    reads: ["/etc/nginx/**", "/usr/share/nginx/**", "/var/www/**"],
  },
  {
    programs: /^(?:httpd|httpd-foreground)$/,
    what: "Apache",
    reads: ["/usr/local/apache2/**", "/etc/httpd/**", "/var/www/**"],
  },
  { programs: /^caddy$/, what: "Caddy", reads: ["/etc/caddy/**", "/srv/**", "/usr/share/caddy/**"] },
  { programs: /^catalina\.sh$/, what: "Tomcat", reads: ["/usr/local/tomcat/**"] },
  {
    programs: /^(?:perl|lua|elixir|mix|iex|erl|julia|Rscript|R|groovy|clojure|lein|sbt|gradle|mvn|go|cargo)$/,
    what: "an interpreter or a build tool",
    reads: ["./**"],
  },
];

const MAX_DEPTH = 2;

const SERVERS: ReadonlySet<string> = new Set(["PHP", "nginx", "Apache", "Caddy", "Tomcat"]);

/** Programs that start the one behind them. */
const STARTERS: ReadonlySet<string> = new Set(
  "tini tini-static dumb-init catatonit gosu su-exec exec env nice sudo xvfb-run bundle".split(" "),
);

function follow(reader: Reader, { argv, by }: Started, all: Started[], wants: Want[], depth: number): void {
  const [program = "", ...args] = argv;
  if (program === "" || depth > MAX_DEPTH) return;
  all.push({ argv, by });
  const { folder } = reader;
  const name = program.slice(program.lastIndexOf("/") + 1);
  wants.push(...programWants(reader, program, by));
  for (const arg of args) wants.push(...argumentWants(reader, arg, by));
  const started = STARTERS.has(name)
    ? args.findIndex(
        (arg, at) =>
          !arg.startsWith("-") &&
          !/^\w+=/.test(arg) &&
          !(at === 0 && (name === "gosu" || name === "su-exec")) &&
          arg !== "exec",
      )
    : -1;
  if (started !== -1) {
    follow(reader, { argv: args.slice(started), by }, all, wants, depth + 1);
    if (name !== "bundle") return;
  }
  const script = scriptPath(name, program, args);
  if (script !== undefined && by !== "HEALTHCHECK") followScript(reader, script, all, wants, depth);
  const runner = RUNNERS.find(({ programs }) => programs.test(name));
  if (by === "HEALTHCHECK") return;
  if (by === BASE_CMD && !(runner && SERVERS.has(runner.what))) return;
  if (runner) {
    for (const place of runner.reads)
      for (const pattern of place === "./**" ? reader.application : [place])
        wants.push({ place: files(pattern), why: `${runner.what} loads it`, sure: true });
    if (runner.what === "Python")
      for (const venv of venvsOf(reader, program))
        wants.push({ place: files(everythingBelow(venv)), why: "it is Python's environment", sure: true });
    if (/^(?:npm|yarn|pnpm|bun)$/.test(name)) followPackageScript(reader, args, by, all, wants, depth);
  } else if (name === "java") javaWants(reader, args, by, wants);
  else if (name === "dotnet") {
    const dll = args.find((arg) => /\.dll$/i.test(arg));
    if (dll !== undefined)
      wants.push({
        place: files(everythingBelow(pathFrom(pathFrom(folder, dll), ".."))),
        why: ".NET loads what is beside the program",
        sure: true,
      });
  } else if (script === undefined && !INERT.has(name)) wants.push(...mayRead(reader, name));
}

const mayRead = ({ application }: Reader, program: string): readonly Want[] =>
  application.map((pattern) => ({
    place: files(pattern),
    why: `${program} may read files in its folder`,
    sure: false,
  }));

/** Virtual environments that PATH or the program's own path names, and something of the file makes. */
const venvsOf = ({ path, written, folder }: Reader, program: string): readonly string[] =>
  [...path, ...(program.includes("/") ? [pathFrom(pathFrom(folder, program), "..")] : [])]
    .filter((each) => each.endsWith("/bin"))
    .map((each) => each.slice(0, -"/bin".length))
    .filter((each) => written.includes(everythingBelow(each)));

/** They read nothing of the application's. */
const INERT: ReadonlySet<string> = new Set(
  "sh bash ash dash sleep tail cat true false echo ls curl wget pg_isready nc exit test [ jshell irb".split(" "),
);

/** A script by its path, or the one a shell is given. */
function scriptPath(name: string, program: string, args: readonly string[]): string | undefined {
  if (/^(?:ba|da|a|z|k)?sh$/.test(name)) return args.find((arg) => !arg.startsWith("-"));
  return /\.(?:sh|bash)$|entrypoint/.test(name) ? program : undefined;
}

function followScript(reader: Reader, script: string, all: Started[], wants: Want[], depth: number): void {
  const path = script.includes("/")
    ? pathFrom(reader.folder, script)
    : (reader.path.map((folder) => pathFrom(folder, script)).find((candidate) => reader.written.includes(candidate)) ??
      pathFrom(reader.folder, script));
  const text = contextText(reader, path);
  if (text === undefined) {
    reader.unknown.push(`what ${script} starts is not known`);
    wants.push(...mayRead(reader, script));
    return;
  }
  for (const argv of scriptArgvs(text)) follow(reader, { argv, by: script }, all, wants, depth + 1);
}

/** The text of a file of the image that a COPY brings: from the build context, or from its own heredoc. */
function contextText(reader: Reader, path: string): string | undefined {
  const { dockerfile, stage, read } = reader;
  if (path.includes("*")) return undefined;
  const instructions = lineageInstructions(dockerfile, stage);
  const writer = effectsOf(dockerfile, stage).findLast(
    ({ does, writes }) =>
      does === "copies context" && writes !== "anything" && writes.some((place) => overlap(place, files(path))),
  )?.instruction;
  const heredoc = writer?.heredocs.find(({ name }) => writer.heredocs.length === 1 || path.endsWith(`/${name}`));
  if (heredoc) return dockerfile.text.slice(heredoc.body.start, heredoc.body.end);
  const last = instructions.at(-1);
  const origin = last && originOf(dockerfile, { ...last, index: last.index + 1, flags: [] }, path);
  return origin && origin.kind !== "hidden" ? read(origin.path) : undefined;
}

function followPackageScript(
  reader: Reader,
  args: readonly string[],
  by: string,
  all: Started[],
  wants: Want[],
  depth: number,
): void {
  const words = args.filter((arg) => !arg.startsWith("-"));
  const script = words[0] === "run" || words[0] === "run-script" ? words[1] : words[0];
  if (script === undefined) return;
  const text = contextText(reader, pathFrom(reader.folder, "package.json"));
  const command = text === undefined ? undefined : packageScript(text, script);
  if (command === undefined) {
    reader.unknown.push(`what the script ${script} of package.json starts is not known`);
    return;
  }
  for (const argv of scriptArgvs(command))
    follow(reader, { argv, by: `${by} (${script} of package.json)` }, all, wants, depth + 1);
}

function packageScript(text: string, name: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    const scripts = typeof parsed === "object" && parsed !== null && "scripts" in parsed ? parsed.scripts : undefined;
    const found =
      typeof scripts === "object" && scripts !== null
        ? Object.entries(scripts).find(([key]) => key === name)?.[1]
        : undefined;
    return typeof found === "string" ? found : undefined;
  } catch {
    return undefined;
  }
}

function javaWants({ folder, application }: Reader, args: readonly string[], by: string, wants: Want[]): void {
  const jar = args[args.indexOf("-jar") + 1];
  if (args.includes("-jar") && jar !== undefined)
    wants.push({ place: files(pathFrom(folder, jar)), why: `${by} starts it`, sure: true });
  const at = args.findIndex((arg) => /^(?:-cp|-classpath|--class-path|-p|--module-path)$/.test(arg));
  const listed = at === -1 ? [] : (args[at + 1] ?? "").split(":");
  for (const each of listed)
    if (each !== "")
      wants.push({
        place: files(everythingBelow(pathFrom(folder, each.replace(/\/\*$/, "")))),
        why: "it is on the class path",
        sure: true,
      });
  const whole = !args.includes("-jar") && at === -1;
  const why = whole ? "classes are loaded from the working folder" : "the program may read files in its folder";
  for (const pattern of application) wants.push({ place: files(pattern), why, sure: whole });
}

/** A program that an installer puts on PATH loads what was installed with it. */
function installedWith({ dockerfile, stage }: Reader, candidates: readonly string[], by: string): readonly Want[] {
  return effectsOf(dockerfile, stage).flatMap(({ does, writes }) => {
    if (does !== "dependencies" || writes === "anything") return [];
    const patterns = writes.flatMap((place) => (place.kind === "files" ? [place.pattern] : []));
    if (!patterns.some((pattern) => pattern.endsWith("/*") && candidates.some((each) => matches(pattern, each))))
      return [];
    return patterns
      .filter((pattern) => pattern.endsWith("/**") && !/\/\.(?:cache|npm)\/|\/\.cache\b/.test(pattern))
      .map((pattern) => ({ place: files(pattern), why: `what ${by} starts may load it`, sure: true }));
  });
}

/** By its path, or by every folder of PATH; what the base image brings is not looked for among the file's own. */
function programWants(reader: Reader, program: string, by: string): readonly Want[] {
  const { folder, path, dockerfile, stage, written } = reader;
  const why = `${by} starts it`;
  if (program.includes("*")) return [];
  if (program.includes("/")) return [{ place: files(pathFrom(folder, program)), why, sure: true }];
  const image = baseImageOf(dockerfile, stage);
  const provided = image?.probers.some((prober) => prober === program.replace(/[\d.]+$/, "")) ?? false;
  const exactly = path
    .map((each) => pathFrom(each, program))
    .filter((candidate) => !provided || written.includes(candidate));
  return [
    { place: { kind: "package", manager: "apt", name: program }, why, sure: true },
    { place: { kind: "package", manager: "apk", name: program }, why, sure: true },
    { place: { kind: "package", manager: "rpm", name: program }, why, sure: true },
    ...exactly.map((candidate) => ({ place: files(candidate), why, sure: true })),
    ...(INERT.has(program) ? [] : installedWith(reader, exactly, by)),
  ];
}

/** Arguments that name a path: with a slash, or one that the file writes. */
function argumentWants({ folder, written }: Reader, arg: string, by: string): readonly Want[] {
  const value = /^--?[\w-]+=(.+)$/s.exec(arg)?.[1] ?? arg;
  if (value.startsWith("-") || value.includes("://") || /[\s;|&]/.test(value) || value.includes("**")) return [];
  const path = pathFrom(folder, value);
  const named = written.includes(path) || written.includes(everythingBelow(path));
  if (!value.includes("/") && !named) return [];
  return [
    {
      place: files(
        folderOf(path) === undefined && written.includes(everythingBelow(path)) ? everythingBelow(path) : path,
      ),
      why: `${by} names it`,
      sure: true,
    },
  ];
}

/** Variables whose folders programs load from. */
const LIBRARY_VARIABLES = new Set(
  "LD_LIBRARY_PATH LD_PRELOAD NODE_PATH PYTHONPATH CLASSPATH GEM_PATH PERL5LIB VIRTUAL_ENV".split(" "),
);

function librariesOf(
  dockerfile: Dockerfile,
  stage: Stage,
  folder: string,
): readonly { readonly name: string; readonly path: string }[] {
  const found = new Map<string, string>();
  for (const instruction of lineageInstructions(dockerfile, stage))
    if (instruction.name === "ENV")
      for (const { key, value } of instruction.pairs)
        if (LIBRARY_VARIABLES.has(key.text) && value)
          found.set(
            key.text,
            patternOf(unquote(value.text, dockerfile.escape), (name) => scopeAt(dockerfile, instruction).get(name))
              .text,
          );
  return [...found].flatMap(([name, value]) =>
    value
      .split(":")
      .filter((part) => part !== "" && !part.startsWith("**"))
      .map((part) => ({ name, path: pathFrom(folder, part) })),
  );
}
