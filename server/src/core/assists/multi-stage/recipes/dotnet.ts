/** .NET: what `dotnet publish` writes, on the runtime that goes with the SDK. */
import { folderOf, pathFrom } from "../../../model/dockerfile/flow/place.ts";
import { usersOf } from "../../../model/dockerfile/facts.ts";
import { type DotnetProject, readDotnetProject } from "../../../model/project/csproj.ts";
import { onlyBuilds } from "../artefact.ts";
import { type BuildBase, buildBase, runtimeBase } from "../base.ts";
import { commandsNamed, startedBy, variable, workdir } from "../look.ts";
import {
  type Case,
  type Decision,
  noBenefit,
  type Recipe,
  refused,
  type RuntimeBase,
  type Verdict,
} from "../recipe.ts";

const SDK = "mcr.microsoft.com/dotnet/sdk";

export const dotnet: Recipe = {
  name: ".NET",
  recognise(it) {
    const base = buildBase(it);
    const calls = commandsNamed(it, /^dotnet$/);
    if (base?.repository !== SDK && calls.length === 0) return undefined;
    if (base?.repository !== SDK) return base === undefined ? refused("a variable hides the base image") : undefined;
    const start = startedBy(it)[0];
    if (/^(?:run|watch)$/.test(start?.argv[1] ?? "") && /(?:^|\/)dotnet$/.test(start?.argv[0] ?? ""))
      return refused(
        `it starts dotnet ${start?.argv[1]}, which compiles when the container starts: publish in a RUN, and start the assembly`,
      );
    const publish = calls.filter(({ effect }) => effect.command?.args.some(({ value }) => value === "publish")).at(-1);
    if (!publish)
      return calls.length === 0
        ? noBenefit("nothing is built here")
        : refused("no dotnet publish puts what runs into one folder: add it, with -o");
    return split(it, base, publish.effect.instruction, publish.effect.command?.args.map(({ value }) => value) ?? []);
  },
};

function split(it: Case, base: BuildBase, at: Case["stage"]["from"], options: readonly string[]): Verdict {
  const folder = publishedFolder(it, options);
  if (folder === undefined) return refused("what starts is not in a folder that dotnet publish is seen to write");
  const project = projectOf(it, options);
  const alone = options.includes("--self-contained") || project?.selfContained === true || project?.publishAot === true;
  const runtime = runtimeOf(base, project, alone);
  if (typeof runtime === "string") return refused(runtime);
  const alpine = base.variant === "alpine";
  return {
    is: "split",
    split: {
      ecosystem: ".NET",
      runtime,
      carried: [{ from: folder, to: folder, folder: true, at }],
      side: onlyBuilds(it),
      // The SDK on Alpine has ICU, the runtime has not and says so with a variable.
      ...(alpine && {
        packages: ["icu-data-full", "icu-libs", "tzdata"],
        environment: ["ENV DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=false"],
      }),
      decisions: [
        ...portDecision(it, runtime),
        {
          id: "files",
          what: `${folder} is copied`,
          why: "dotnet publish writes there whatever runs",
          doubtful: false,
          alternatives: [],
        },
      ],
    },
  };
}

/** The folder of the assembly that starts, which is where publish writes. */
function publishedFolder(it: Case, options: readonly string[]): string | undefined {
  const folder = workdir(it);
  const start = startedBy(it).find(({ argv }) => /(?:^|\/)dotnet$/.test(argv[0] ?? ""));
  const program = start ? start.argv.find((word) => /\.dll$/i.test(word)) : startedBy(it)[0]?.argv[0];
  if (program === undefined || /[$*]/.test(program) || folder === undefined) return undefined;
  const path = pathFrom(folder, program);
  const own = path.slice(0, path.lastIndexOf("/"));
  const written = it.needs.answers
    .filter(({ effect }) => effect.command?.name === "dotnet" && effect.writes !== "anything")
    .flatMap(({ effect }) => (effect.writes === "anything" ? [] : effect.writes))
    .flatMap((place) => (place.kind === "files" ? [folderOf(place.pattern)] : []));
  if (written.includes(own)) return own === "" || own === "/" ? undefined : own;
  return options.includes("-o") || options.includes("--output")
    ? undefined
    : /\/bin\/Release\/net[\d.]+(?:\/[\w-]+)?\/publish$/.test(own)
      ? own
      : undefined;
}

/** The project file publish is given, or the only one there is. */
function projectOf({ context }: Case, options: readonly string[]): DotnetProject | undefined {
  const named = options.find((word) => /\.(?:cs|fs|vb)proj$/.test(word));
  const all = (context.paths ?? []).filter((path) => /\.(?:cs|fs|vb)proj$/.test(path));
  const path =
    named === undefined
      ? all.length === 1
        ? all[0]
        : undefined
      : all.find((each) => each.endsWith(named.replace(/^\.\//, "")));
  const text = path === undefined ? undefined : context.read(path);
  return text === undefined ? undefined : readDotnetProject(text);
}

function runtimeOf(base: BuildBase, project: DotnetProject | undefined, alone: boolean): RuntimeBase | string {
  const [, version, rest = ""] = /^(\d+\.\d+)(?:\.\d+)?(-.*)?$/.exec(base.tag) ?? [];
  if (version === undefined)
    return `the tag of ${base.written} does not say which .NET it is: write it, as in sdk:10.0`;
  if (/preview|rc/.test(rest)) return `${base.written} is a preview`;
  const web =
    project === undefined ||
    project.sdk === "Microsoft.NET.Sdk.Web" ||
    project.frameworkReferences.includes("Microsoft.AspNetCore.App");
  const kind = alone ? "runtime-deps" : web ? "aspnet" : "runtime";
  const why = alone
    ? "what is published brings its own runtime"
    : project === undefined
      ? "the project file could not be read, and this one has everything that runs on .NET"
      : web
        ? "the project is one of ASP.NET Core"
        : "the project needs no ASP.NET Core";
  return runtimeBase(`mcr.microsoft.com/dotnet/${kind}:${version}${rest}`, why);
}

/** The SDK leaves the port to the program, which listens on localhost then; the runtime sets it. */
function portDecision(it: Case, runtime: RuntimeBase): readonly Decision[] {
  const said = ["ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS", "DOTNET_URLS"].some(
    (name) => variable(it, name) !== undefined,
  );
  if (said || !runtime.image.includes("/aspnet:") || usersOf(it.dockerfile, it.stage).length > 1) return [];
  return [
    {
      id: "port",
      what: "the service listens on the port the runtime image sets: 8080 from .NET 8 on, 80 before",
      why: "the SDK's image sets none, and a service without one listens on localhost:5000, where nobody outside reaches it",
      doubtful: true,
      alternatives: [],
    },
  ];
}
