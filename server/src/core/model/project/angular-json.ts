/** angular.json → what `ng build` builds, and where each project's files go. */
import { readJsonc } from "./json.ts";
import { at, fieldsOf, isFields, textAt } from "./values.ts";

export interface AngularProject {
  readonly name: string;
  readonly isApplication: boolean;
  /** `@angular/build:application`. */
  readonly builder: string | undefined;
  /** The folder with index.html in it; undefined where nobody can tell. */
  readonly browserFolder: string | undefined;
  /** It has a server of its own too. */
  readonly hasServer: boolean;
  readonly baseHref: string | undefined;
}

export interface AngularJson {
  readonly projects: readonly AngularProject[];
}

export function readAngularJson(text: string): AngularJson | undefined {
  const data = readJsonc(text);
  if (!isFields(at(data, "projects"))) return undefined;
  return {
    projects: Object.entries(fieldsOf(at(data, "projects"))).map(([name, project]) => projectOf(name, project)),
  };
}

function projectOf(name: string, project: unknown): AngularProject {
  const targets = at(project, "architect") ?? at(project, "targets");
  const build = at(targets, "build");
  const builder = textAt(build, "builder");
  return {
    name,
    isApplication: textAt(project, "projectType") !== "library",
    builder,
    browserFolder: browserFolder(name, builder, at(build, "options", "outputPath")),
    hasServer:
      isFields(at(targets, "server")) ||
      at(build, "options", "ssr") !== undefined ||
      textAt(build, "options", "server") !== undefined,
    baseHref: textAt(build, "options", "baseHref"),
  };
}

/** The `application` builder has a folder `browser` in its output, and an output of its own where none is set. */
function browserFolder(name: string, builder: string | undefined, outputPath: unknown): string | undefined {
  const isApplication = builder?.endsWith(":application") ?? false;
  if (isFields(outputPath)) {
    const base = textAt(outputPath, "base");
    const browser = textAt(outputPath, "browser") ?? "browser";
    return base === undefined ? undefined : browser === "" ? base : `${base}/${browser}`;
  }
  const base = typeof outputPath === "string" ? outputPath : isApplication ? `dist/${name}` : undefined;
  if (base === undefined || builder === undefined) return undefined;
  return isApplication ? `${base.replace(/\/$/, "")}/browser` : base;
}
