/**
 * The Dockerfiles among the snippets are what *Containerize* writes for the small projects in this folder: same practices, same releases.
 * A project is one text: what it is called, the tab stops, then each file behind a line with its path.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Plan, planOf } from "../../server/src/core/generate/plan.ts";
import { digestStops, EXAMPLE_DIGEST, type Stop, withTabStops, word } from "./tab-stops.ts";
import type { Snippet } from "./snippet.ts";

interface Project {
  readonly prefix: string;
  readonly about: string;
  readonly stops: readonly Stop[];
  readonly choices: ReadonlyMap<string, string>;
  readonly files: ReadonlyMap<string, string>;
}

const FOLDER = join(import.meta.dirname, "projects");

const projects = (): readonly Project[] =>
  readdirSync(FOLDER)
    .toSorted()
    .map((name) => readProject(name.replace(/\.txt$/, ""), readFileSync(join(FOLDER, name), "utf8")));

/** Above the first file: `about …`, `choose id=value`, and tab stops as words (`stop 3000`) or patterns (`stop /node:(24)/`). */
function readProject(name: string, text: string): Project {
  const [head = "", ...parts] = text.split(/^=== /m);
  const said = (key: string): readonly string[] =>
    [...head.matchAll(new RegExp(`^${key} (.+)$`, "gm"))].map(([, value = ""]) => value);
  return {
    prefix: `dockerfile-${name}`,
    about: said("about")[0] ?? "",
    stops: said("stop").map((each) => {
      const pattern = /^\/(.+)\/$/.exec(each)?.[1];
      return pattern === undefined ? word(each) : { at: new RegExp(pattern) };
    }),
    choices: new Map(said("choose").map((each) => each.split("=", 2) as [string, string])),
    files: new Map(
      parts.map((part) => {
        const end = part.indexOf("\n");
        return [part.slice(0, end), part.slice(end + 1)] as const;
      }),
    ),
  };
}

/** @throws where the project is refused */
export function planned(name: string, files: ReadonlyMap<string, string>, choices: ReadonlyMap<string, string>): Plan {
  const plan = planOf(
    { name, paths: [...files.keys()], ignored: [], read: (path) => files.get(path) },
    {
      choices,
      digest: () => EXAMPLE_DIGEST,
      ci: { remote: undefined, branch: "main", version: "1", commits: new Map() },
      kinds: ["Dockerfile", "compose.yaml"],
    },
  );
  if (plan.outcome === "refused") throw new Error(`${name}: ${plan.refusal}`);
  return plan;
}

export const fileOf = ({ files }: Plan, wanted: string): string =>
  files.find(({ kind }) => kind === wanted)?.text ?? "";

export const projectSnippets = (): readonly Snippet[] =>
  projects().map(({ prefix, about, stops, choices, files }) => {
    const text = fileOf(planned(prefix, files, choices), "Dockerfile");
    return { prefix, description: about, body: withTabStops(text, [...stops, ...digestStops(text)]) };
  });
