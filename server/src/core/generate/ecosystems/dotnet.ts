/** .NET: the SDK publishes, the runtime runs as the account its image has. */
import { readDotnetProject } from "../../model/project/csproj.ts";
import { type App, isPlain, notPlain, type Outcome, refuse } from "../app.ts";
import { sourcesOf } from "../files.ts";
import { choosePort, healthPathIn, listeningOf } from "../listening.ts";
import { chooseProbe } from "../probes.ts";
import { chooseRelease, IMAGES } from "../releases.ts";
import { cache, cmd, copy, fileOf, from, healthcheck, run } from "../text.ts";

const SOURCES = /\.(?:cs|fs|vb)$/;
const PROJECT = /\.(?:cs|fs|vb)proj$/;
/** `app`, in every image of .NET 8 and later. */
const APP_UID = 1654;

export function dotnet(app: App): Outcome {
  const { files, notes } = app;
  const projects = files.paths
    .filter((path) => PROJECT.test(path))
    .flatMap((path) => {
      const project = readDotnetProject(files.read(path) ?? "");
      return project ? [{ path, project }] : [];
    });
  const isTest = ({ path, project }: (typeof projects)[number]): boolean =>
    [...project.packages.keys()].some((name) => /^(?:xunit|nunit|mstest|microsoft\.net\.test\.sdk)/i.test(name)) ||
    /tests?\.\w+proj$/i.test(path);
  const runnable = projects.filter(
    (each) =>
      !isTest(each) &&
      (/\.(?:Web|Worker)$/.test(each.project.sdk ?? "") || /^(?:Win)?Exe$/i.test(each.project.outputType ?? "")),
  );
  if (runnable.length === 0)
    return refuse("no project makes a program: none has the SDK Microsoft.NET.Sdk.Web or the OutputType Exe");
  const chosen = notes.choose(
    "program",
    runnable.length > 1
      ? `there are ${runnable.length} projects that make a program`
      : "it is the only project that makes a program",
    runnable.length > 1,
    runnable.map(({ path }) => ({ id: path, label: path, what: `The image runs ${path}` })),
  );
  const found = runnable.find(({ path }) => path === chosen) ?? runnable[0];
  if (!found) return refuse("no project makes a program");
  const { project, path } = found;
  if (!isPlain(path)) return notPlain("the project", path);
  const used = withReferences(projects, path);
  if (used === undefined)
    return refuse(`${path} needs a project outside of this folder: choose the folder of the solution`);
  const props = readDotnetProject(files.read("Directory.Build.props") ?? "");
  const frameworks = project.targetFrameworks.length > 0 ? project.targetFrameworks : (props?.targetFrameworks ?? []);
  const modern = frameworks.flatMap((name) => /^net(\d+\.\d+)$/.exec(name)?.[1] ?? []);
  if (frameworks.length > 0 && modern.length === 0)
    return refuse(`${path} is for ${frameworks.join(", ")}, and images of .NET are for net8.0 and later`);
  if (modern.length > 1)
    return refuse(`${path} is for ${frameworks.join(" and ")}, and nothing says which one the image is for`);
  const [target] = modern;
  if (target !== undefined && Number(target) < 8)
    return refuse(
      `${path} is for net${target}, whose images are not kept up any more and have no account to run as: move it to net8.0 or later`,
    );
  const version = chooseRelease(notes, "dotnet", target === undefined ? {} : { said: { version: target, by: path } });
  if (
    project.publishAot === true ||
    project.selfContained === true ||
    project.conditional.some((name) => /^(?:PublishAot|SelfContained|AssemblyName|TargetFramework)/.test(name))
  )
    return refuse(
      `${path} is published in a way of its own (ahead of time, self-contained, or by a condition), which needs another image: write the Dockerfile by hand`,
    );
  const web =
    project.sdk === "Microsoft.NET.Sdk.Web" || project.frameworkReferences.includes("Microsoft.AspNetCore.App");
  const assembly = project.assemblyName ?? path.slice(path.lastIndexOf("/") + 1).replace(PROJECT, "");
  const texts = sourcesOf(files, SOURCES);
  const port = web ? choosePort(notes, listeningOf(texts, "dotnet"), 8080, "ASP.NET Core") : undefined;
  const probe = chooseProbe(notes, port, "bash", healthPathIn(texts));
  const locked = used.some((each) => files.paths.includes(besides(each, "packages.lock.json")));
  const shared = [
    "Directory.Build.props",
    "Directory.Packages.props",
    "nuget.config",
    "NuGet.config",
    "global.json",
  ].filter((name) => files.paths.includes(name));
  const mounts = [cache("/root/.nuget/packages")];
  return {
    ecosystem: web ? ".NET (ASP.NET Core)" : ".NET",
    dockerfile: fileOf(
      app.image(IMAGES.syntax),
      [
        from(app.image(`mcr.microsoft.com/dotnet/sdk:${version}`), "build"),
        "WORKDIR /src",
        ...(shared.length > 0 ? [copy(shared, "./")] : []),
        ...used.map((each) => {
          const at = each.slice(0, Math.max(0, each.lastIndexOf("/")));
          const lock = besides(each, "packages.lock.json");
          return copy([each, ...(files.paths.includes(lock) ? [lock] : [])], at === "" ? "./" : `./${at}/`);
        }),
        run([`dotnet restore ${path}${locked ? " --locked-mode" : ""}`], mounts),
        copy(["."], "."),
        run([`dotnet publish ${path} --configuration Release --no-restore --output /out`], mounts),
      ],
      [
        from(app.image(`mcr.microsoft.com/dotnet/${web ? "aspnet" : "runtime"}:${version}`)),
        "WORKDIR /app",
        copy(["/out/"], "./", "--from=build"),
        "# The account `app` of the image.",
        `USER ${APP_UID}:${APP_UID}`,
        ...(port === undefined
          ? []
          : [...(port === 8080 ? [] : [`ENV ASPNETCORE_HTTP_PORTS=${port}`]), `EXPOSE ${port}`]),
        healthcheck(probe),
        cmd(["dotnet", `${assembly}.dll`]),
      ],
    ),
    port,
    probe,
    writes: [],
    init: false,
    sets: ["ASPNETCORE_HTTP_PORTS"],
    libraries: {
      from: "nuget",
      names: used.flatMap((each) => [...(projects.find((one) => one.path === each)?.project.packages.keys() ?? [])]),
    },
    sources: SOURCES,
  };
}

const besides = (path: string, name: string): string => `${path.slice(0, path.lastIndexOf("/") + 1)}${name}`;

/** The project and those it needs; undefined where one is not in the folder. */
function withReferences(
  projects: readonly { readonly path: string; readonly project: { readonly projects: readonly string[] } }[],
  first: string,
): readonly string[] | undefined {
  const used = new Set<string>();
  const waiting = [first];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (used.has(path)) continue;
    used.add(path);
    const found = projects.find((each) => each.path === path);
    if (!found) return undefined;
    for (const reference of found.project.projects) {
      const full = joined(path, reference);
      if (full === undefined) return undefined;
      waiting.push(full);
    }
  }
  return [...used];
}

/** Relative to the folder of `path`; undefined above the top. */
function joined(path: string, reference: string): string | undefined {
  const parts = path.split("/").slice(0, -1);
  for (const part of reference.split("/")) {
    if (part === "..") {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}
