/** Pages that a build writes as files: nginx serves them in place of a development server or a static server of Node's. */
import { exposedPorts, lastOf } from "../../../model/dockerfile/facts.ts";
import type { Instruction } from "../../../model/dockerfile/model.ts";
import { type Framework, frameworksOf } from "../../../model/project/node-frameworks.ts";
import { type Step, stepsOf } from "../../../model/project/node-scripts.ts";
import type { PackageJson } from "../../../model/project/package-json.ts";
import { runtimeBase } from "../base.ts";
import { workdir } from "../look.ts";
import { type Carried, type Case, type Decision, refused, type Side, type Verdict } from "../recipe.ts";
import type { NodeFacts } from "./node-facts.ts";
import { lastInFolder } from "./node-server.ts";
import { type Site, siteOf } from "./node-site.ts";
import type { NodeStart } from "./node-start.ts";

const IMAGE = "nginxinc/nginx-unprivileged:stable-alpine";
const SITE = "/usr/share/nginx/html";
const SERVER = "server";

/** Undefined where what starts is no such server, or where the person keeps it. */
export function staticVerdict(it: Case, facts: NodeFacts, start: NodeStart): Verdict | undefined {
  const { project } = facts;
  const { main } = start;
  if (!main || (main.does !== "development server" && main.does !== "static server")) return undefined;
  if (main.does === "static server" && it.choices.get(SERVER) === "node") return undefined;
  const started = `it starts ${[main.program, ...main.args].slice(0, 3).join(" ")}`;
  const isDevelopment = main.does === "development server";
  if (!project) return isDevelopment ? refused(`${started}, a server for development`) : undefined;
  const [framework] = frameworksOf(project);
  const serves = isDevelopment ? servesPages(main) : true;
  const what = `${started}, a server for development`;
  if (
    isDevelopment &&
    (!serves ||
      !framework ||
      framework.kind === "server" ||
      (framework.kind === "full stack" && framework.name !== "Astro" && framework.name !== "SvelteKit"))
  )
    return refused(`${what}: build with RUN, and start what the build writes`);
  const build = buildOf(facts, project);
  if (!build) return isDevelopment ? refused(`${what}, and package.json has no script that builds`) : undefined;
  if (build.line !== undefined && workdir(it) !== facts.home)
    return isDevelopment
      ? refused(`${what}, and it is started in another folder than its package.json lies in`)
      : undefined;
  const site = siteOf(it, facts, framework, main);
  if (typeof site === "string") return isDevelopment ? refused(`${what}, and ${site}`) : undefined;
  const port = portOf(it, main, framework);
  if (typeof port === "string") return isDevelopment ? refused(`${what}, and ${port}`) : undefined;
  return { is: "split", split: splitOf(it, facts, start, { ...site, port, build }) };
}

/** Servers that show what a build of the same tool would write. */
const servesPages = ({ program }: Step): boolean =>
  /^(?:vite|react-scripts|react-app-rewired|craco|ng|vue-cli-service|astro|gatsby|docusaurus|parcel|rsbuild|quasar)$/.test(
    program ?? "",
  );

interface Build {
  /** The line that builds, where the file has none. */
  readonly line: string | undefined;
}

/** What builds: a RUN of the file, else the script of package.json. */
function buildOf({ builds, installs }: NodeFacts, project: PackageJson): Build | undefined {
  if (builds.length > 0) return { line: undefined };
  const steps = stepsOf(project, "build");
  if (!steps?.some(({ does }) => does === "build")) return undefined;
  const manager = installs.at(-1)?.manager ?? "npm";
  return { line: `RUN ${manager === "yarn berry" ? "yarn" : manager} run build` };
}

/** The port it is reached at: nginx listens there. A text where it is not known, or nobody but root may open it. */
function portOf(it: Case, main: Step, framework: Framework | undefined): number | string {
  const exposed = exposedPorts(it.dockerfile, it.stage);
  const port =
    writtenPort(main) ??
    (main.environment.has("PORT") ? Number(main.environment.get("PORT")) : undefined) ??
    (exposed.length === 1 ? exposed[0] : undefined) ??
    usualPort(main, framework);
  if (port === undefined || !Number.isInteger(port)) return "the port it listens on is not known: EXPOSE it";
  return port < 1024 ? `only root opens port ${port} everywhere: use one above 1023` : port;
}

function writtenPort({ args }: Step): number | undefined {
  for (const [at, arg] of args.entries()) {
    const [, joined] = /^(?:--port|--listen|-p|-l)=?(\d+|tcp:\/\/[\d.]+:\d+)$/.exec(arg) ?? [];
    const said = joined ?? (/^(?:--port|--listen|-p|-l)$/.test(arg) ? args[at + 1] : undefined);
    const port = /(?:^|:)(\d+)$/.exec(said ?? "")?.[1];
    if (port !== undefined) return Number(port);
  }
  return undefined;
}

function usualPort({ program, args }: Step, framework: Framework | undefined): number | undefined {
  switch (program) {
    case "vite":
      return args.includes("preview") ? 4173 : 5173;
    case "react-scripts":
    case "react-app-rewired":
    case "craco":
    case "serve":
    case "docusaurus":
      return 3000;
    case "ng":
      return 4200;
    case "vue-cli-service":
    case "http-server":
      return 8080;
    case "gatsby":
      return args.includes("serve") ? 9000 : 8000;
    default:
      return framework?.port;
  }
}

interface Page extends Site {
  readonly port: number;
  readonly build: Build;
}

function splitOf(it: Case, facts: NodeFacts, start: NodeStart, page: Page): Extract<Verdict, { is: "split" }>["split"] {
  const { dockerfile, stage } = it;
  const starts = ["CMD", "ENTRYPOINT"].flatMap((name) => lastOf(dockerfile, stage, name) ?? []);
  const last = page.build.line === undefined ? lastInFolder(it, facts) : lastBefore(stage.instructions, starts);
  const at = last ?? stage.from;
  const site: Carried = { from: page.folder, to: SITE, folder: true, at };
  return {
    ecosystem: "Node (static pages)",
    runtime: {
      ...runtimeBase(IMAGE, "the build writes files, and nginx serves files without root and without Node"),
      account: "nginx",
    },
    carried: [site],
    side: (instruction) => sideOf(instruction, starts, page.port, exposedPorts(dockerfile, stage)),
    ...(page.build.line !== undefined && { buildEnd: [page.build.line] }),
    head: configuration(page, dockerfile.eol),
    ...(exposedPorts(dockerfile, stage).length === 0 && { lines: [`EXPOSE ${page.port}`] }),
    changes: ["CMD", "ENTRYPOINT", "EXPOSE", "HEALTHCHECK", "SHELL", "STOPSIGNAL", "USER", "VOLUME"],
    static: true,
    decisions: decisionsFor(start, page),
  };
}

/** COPYs and RUNs of the sources come before the build that is added. */
const lastBefore = (instructions: readonly Instruction[], starts: readonly Instruction[]): Instruction | undefined =>
  instructions.findLast(
    (each) => (each.name === "COPY" || each.name === "ADD" || each.name === "RUN") && !starts.includes(each),
  );

function sideOf(
  instruction: Instruction,
  starts: readonly Instruction[],
  port: number,
  exposed: readonly number[],
): Side | undefined {
  if (starts.includes(instruction) || instruction.name === "CMD" || instruction.name === "ENTRYPOINT")
    return { drop: "nginx is started by its own image" };
  if (instruction.name === "HEALTHCHECK") return { drop: "it asked a server that is not there any more" };
  if (instruction.name === "EXPOSE" && !exposed.includes(port)) return undefined;
  // Accounts, volumes and shells of the project's are not nginx's.
  return /^(?:RUN|COPY|ADD|USER|SHELL|VOLUME)$/.test(instruction.name) ? "build" : undefined;
}

function configuration({ port, fallback }: Page, eol: string): readonly string[] {
  const found = fallback ? "try_files $uri $uri/ /index.html;" : "try_files $uri $uri.html $uri/ =404;";
  return [
    [
      "COPY <<'EOT' /etc/nginx/conf.d/default.conf",
      "server {",
      `    listen ${port};`,
      `    root ${SITE};`,
      "    location / {",
      `        ${found}`,
      "    }",
      // Its own table leaves .mjs out, and has another type for .js than Node's servers.
      "    location ~ \\.m?js$ {",
      "        types { }",
      "        default_type text/javascript;",
      "    }",
      ...(fallback ? [] : ["    error_page 404 /404.html;"]),
      "}",
      "EOT",
    ].join(eol),
  ];
}

function decisionsFor({ main, written }: NodeStart, { port, lost, build, folder }: Page): readonly Decision[] {
  const isDevelopment = main?.does === "development server";
  return [
    {
      id: SERVER,
      what: `nginx serves ${folder} in place of ${written}`,
      why: [
        isDevelopment
          ? `${main?.program} is a server for development, and the build writes the same pages as files`
          : "the build writes files, which need no Node",
        "variables that are set when the container starts do not reach the pages, nor do requests that the old server passed on",
        ...lost,
      ].join("; "),
      doubtful: true,
      alternatives: isDevelopment ? [] : [{ id: "node", label: `keep ${main?.program} on a smaller image of Node` }],
    },
    {
      id: "port",
      what: `nginx listens on port ${port}`,
      why: "that is where the server was reached before",
      doubtful: true,
      alternatives: [],
    },
    ...(build.line === undefined
      ? []
      : [
          {
            id: "build",
            what: `${build.line.slice("RUN ".length)} builds the pages`,
            why: "package.json has that script, and the file has not run it",
            doubtful: true,
            alternatives: [],
          },
        ]),
  ];
}
