/** A project's files → the files that build and run it in a container, each decision with its reason; or why that cannot be known. */
import type { Choices, Decision } from "../assists/multi-stage/recipe.ts";
import { type Ecosystem, ecosystemsIn, type Found } from "../model/project/detect.ts";
import { type App, type Generate, isRefused, type Made } from "./app.ts";
import { type CiWish, ciFileFor } from "./ci-file.ts";
import { composeFor } from "./compose.ts";
import { cmake, make } from "./ecosystems/c.ts";
import { dotnet } from "./ecosystems/dotnet.ts";
import { elixir } from "./ecosystems/elixir.ts";
import { go } from "./ecosystems/go.ts";
import { gradle, maven } from "./ecosystems/jvm.ts";
import { node } from "./ecosystems/node.ts";
import { php } from "./ecosystems/php.ts";
import { python } from "./ecosystems/python.ts";
import { ruby } from "./ecosystems/ruby.ts";
import { rust } from "./ecosystems/rust.ts";
import { staticSite } from "./ecosystems/static-site.ts";
import { below, type ProjectFiles } from "./files.ts";
import { ignoreFileFor } from "./ignore-file.ts";
import { createNotes } from "./notes.ts";

/** Which of the files are wanted. */
export const FILE_KINDS = ["Dockerfile", ".dockerignore", "compose.yaml", "ci"] as const;
export type FileKind = (typeof FILE_KINDS)[number];

export interface PlanRequest {
  /** The application's folder, relative to the project's; the one there is when not given. */
  readonly folder?: string | undefined;
  readonly choices: Choices;
  /** The digest a tag points at, where a registry has said it. */
  digest(image: string): string | undefined;
  readonly ci: CiWish;
  /** Only these; nothing is decided about the others. All of them when not given. */
  readonly kinds?: readonly FileKind[] | undefined;
}

export interface GeneratedFile {
  readonly kind: FileKind;
  /** Relative to the project's folder. */
  readonly path: string;
  /** What is there now; undefined where there is no such file. */
  readonly before: string | undefined;
  readonly text: string;
}

export interface Plan {
  readonly outcome: "planned";
  /** As people call it: `Go`. */
  readonly ecosystem: string;
  /** Relative to the project's folder; empty for itself. */
  readonly folder: string;
  readonly files: readonly GeneratedFile[];
  /** Doubtful ones first. */
  readonly decisions: readonly Decision[];
  /** Images in the files whose digest nobody has said. */
  readonly unpinned: readonly string[];
}

export interface NoPlan {
  readonly outcome: "refused";
  /** A sentence without its full stop. */
  readonly refusal: string;
  /** Folders that may be meant instead. */
  readonly folders: readonly Candidate[];
}

export interface Candidate {
  readonly folder: string;
  /** What it is recognised by. */
  readonly manifest: string;
}

const GENERATORS: Readonly<Partial<Record<Ecosystem, Generate>>> = {
  go,
  rust,
  dotnet,
  maven,
  gradle,
  elixir,
  ruby,
  php,
  python,
  node,
  cmake,
  make,
  "static site": staticSite,
};

/** Where several are in one folder: the program before what its pages are built with, and before what builds anything. */
const ORDER: readonly Ecosystem[] = [
  "dotnet",
  "elixir",
  "ruby",
  "php",
  "maven",
  "gradle",
  "rust",
  "go",
  "python",
  "node",
  "deno",
  "cmake",
  "make",
  "static site",
];

export function planOf(files: ProjectFiles, request: PlanRequest): Plan | NoPlan {
  const all = withSolutions(ecosystemsIn(files.paths), files.paths);
  const here = chosenFolder(all, request.folder);
  if ("outcome" in here) return here;
  const inFolder = all
    .filter(({ folder }) => folder === here.folder)
    .toSorted((a, b) => ORDER.indexOf(a.ecosystem) - ORDER.indexOf(b.ecosystem));
  const notes = createNotes(request.choices);
  const wanted = notesOnEcosystem(notes, inFolder);
  const found = inFolder.find(({ ecosystem }) => ecosystem === wanted) ?? inFolder[0];
  const generate = found && GENERATORS[found.ecosystem];
  if (!found || !generate)
    return refused(`there is no template for ${found?.ecosystem ?? "what is here"} yet`, all, here.folder);
  const unpinned = new Set<string>();
  const image = (reference: string): string => {
    const digest = request.digest(reference);
    if (digest === undefined) unpinned.add(reference);
    return digest === undefined ? reference : `${reference}@${digest}`;
  };
  const project = below(files, here.folder);
  const relative = {
    ...found,
    manifests: found.manifests.map((path) => inside(here.folder, path)),
    locks: found.locks.map((path) => inside(here.folder, path)),
  };
  const app: App = { files: project, found: relative, notes, beside: inFolder.filter((each) => each !== found), image };
  const made = generate(app);
  if (isRefused(made)) return refused(made.refusal, all, here.folder);
  const others = all.filter(
    ({ folder, within, ecosystem }) =>
      folder !== here.folder && within === undefined && ecosystem !== "make" && ecosystem !== "static site",
  );
  if (others.length > 0)
    notes.note(
      "other-projects",
      `${others
        .slice(0, 5)
        .map(({ folder }) => folder || "the top folder")
        .join(
          ", ",
        )} ${others.length > 1 ? "are projects of their own" : "is a project of its own"}, which this image does not run`,
      "each needs an image of its own: generate again in that folder",
      true,
    );
  const written = filesFor(files, here.folder, project, made, app, request);
  if (unpinned.size > 0)
    notes.note(
      "digests",
      `${[...unpinned].join(", ")} ${unpinned.size > 1 ? "are" : "is"} named by tag alone`,
      "no registry has said a digest; `dockwright pin` adds it later",
      true,
    );
  return {
    outcome: "planned",
    ecosystem: made.ecosystem,
    folder: here.folder,
    files: written,
    decisions: notes.decisions.toSorted((a, b) => Number(b.doubtful) - Number(a.doubtful)),
    unpinned: [...unpinned],
  };
}

/** Projects of .NET belong to the solution around them: what they need of each other is in its folder. */
function withSolutions(found: readonly Found[], paths: readonly string[]): readonly Found[] {
  const solutions = paths
    .filter((path) => /\.slnx?$/.test(path))
    .map((path) => ({ path, folder: path.slice(0, Math.max(0, path.lastIndexOf("/"))) }));
  const around = (folder: string) =>
    solutions.find((each) => each.folder !== folder && (each.folder === "" || folder.startsWith(`${each.folder}/`)));
  const marked = found.map((each) => {
    const solution = each.ecosystem === "dotnet" ? around(each.folder) : undefined;
    return solution ? { ...each, within: solution.folder } : each;
  });
  const own = solutions
    .filter(({ folder }) => !found.some((each) => each.folder === folder && each.ecosystem === "dotnet"))
    .filter(({ folder }) => marked.some(({ ecosystem, within }) => ecosystem === "dotnet" && within === folder))
    .map(
      ({ path, folder }): Found => ({
        ecosystem: "dotnet",
        folder,
        manifests: [path],
        locks: [],
        settings: [],
        within: undefined,
      }),
    );
  return [...own, ...marked];
}

const inside = (folder: string, path: string): string => (folder === "" ? path : path.slice(folder.length + 1));

function notesOnEcosystem(notes: ReturnType<typeof createNotes>, inFolder: readonly Found[]): string | undefined {
  const able = inFolder.filter(({ ecosystem }) => GENERATORS[ecosystem] !== undefined);
  if (able.length < 2) return able[0]?.ecosystem;
  const [first, ...more] = able;
  return notes.choose(
    "ecosystem",
    `${first?.manifests[0]} and ${more.map(({ manifests }) => manifests[0]).join(", ")} are in the same folder, and the program is usually ${first?.ecosystem}`,
    true,
    able.map(({ ecosystem, manifests }) => ({
      id: ecosystem,
      label: `${ecosystem} (${manifests[0]})`,
      what: `The image runs what ${manifests[0]} is about`,
    })),
  );
}

/** The folder that is named, the top one where there is something, else the only other one. */
function chosenFolder(all: readonly Found[], named: string | undefined): { readonly folder: string } | NoPlan {
  if (named !== undefined) {
    const folder = named.replace(/^(?:\.\/)+|\/+$/g, "").replace(/^\.$/, "");
    if (all.some((each) => each.folder === folder)) return { folder };
    return refused(
      `nothing in ${folder === "" ? "this folder" : folder} says what it is made with: no package.json, go.mod, pyproject.toml or the like`,
      all,
      undefined,
    );
  }
  if (all.some(({ folder }) => folder === "")) return { folder: "" };
  const folders = [...new Set(all.filter(({ within }) => within === undefined).map(({ folder }) => folder))];
  const [only] = folders;
  if (only === undefined)
    return refused(
      "nothing here says what the project is made with: no package.json, go.mod, pyproject.toml or the like",
      all,
      undefined,
    );
  return folders.length === 1
    ? { folder: only }
    : refused(
        "there are several projects here, and each needs an image of its own: choose the folder of one",
        all,
        undefined,
      );
}

const MAX_CANDIDATES = 50;

const refused = (refusal: string, all: readonly Found[], folder: string | undefined): NoPlan => ({
  outcome: "refused",
  refusal,
  folders: all
    .filter((each) => each.folder !== folder && GENERATORS[each.ecosystem] !== undefined)
    .slice(0, MAX_CANDIDATES)
    .map((each) => ({ folder: each.folder, manifest: each.manifests[0] ?? "" })),
});

function filesFor(
  files: ProjectFiles,
  folder: string,
  project: ProjectFiles,
  made: Made,
  { notes, image }: App,
  { ci, kinds = FILE_KINDS }: PlanRequest,
): readonly GeneratedFile[] {
  const at = (name: string): string => (folder === "" ? name : `${folder}/${name}`);
  const composeName = COMPOSE_NAMES.find((name) => project.paths.includes(name)) ?? "compose.yaml";
  /** In the order they are shown; undefined where nothing has to be written. */
  const write: Readonly<
    Record<FileKind, () => { readonly path: string; readonly text: string | undefined } | undefined>
  > = {
    Dockerfile: () => ({ path: at("Dockerfile"), text: made.dockerfile }),
    ".dockerignore": () => ({ path: at(".dockerignore"), text: ignoreFileFor(project, made.dockerfile) }),
    "compose.yaml": () => ({ path: at(composeName), text: composeFor(project, made, notes, image) }),
    ci: () => ciFileFor(files, folder, ci, notes),
  };
  return FILE_KINDS.filter((kind) => kinds.includes(kind)).flatMap((kind) => {
    const file = write[kind]();
    return file?.text === undefined ? [] : [{ kind, path: file.path, before: files.read(file.path), text: file.text }];
  });
}

const COMPOSE_NAMES = ["compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"];
