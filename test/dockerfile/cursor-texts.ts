/** Texts with a cursor, `$0`, and what editors do with completions. */
import assert from "node:assert/strict";
import { completionsAt } from "../../server/src/core/features/dockerfile/completion.ts";
import type { Surroundings } from "../../server/src/core/features/dockerfile/completion-model.ts";
import type { Completion } from "../../server/src/core/features/compose/completion-model.ts";
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";

export interface Marked {
  readonly text: string;
  readonly at: number;
}

/** Without the mark. */
export function marked(source: string): Marked {
  const at = source.indexOf("$0");
  assert.notEqual(at, -1, "there is a cursor");
  return { text: source.slice(0, at) + source.slice(at + 2), at };
}

export const FILES: Readonly<Record<string, string>> = {
  ".dockerignore": "node_modules\n*.log\n!keep.log\nbuild/*\n!build/out\n",
  "Dockerfile.own.dockerignore": "src\n",
  "compose.yaml":
    "services:\n  web:\n    build: .\n    ports: ['8080:3000', '9229:9229']\n  other:\n    build: ./elsewhere\n    ports: ['1:4711']\n",
  "../compose.yml": "services:\n  api:\n    build: ./api\n    ports: ['80:5000']\n",
};
export const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  ".": [
    "src/",
    "build/",
    "node_modules/",
    ".git/",
    ".dockerignore",
    "package.json",
    "my file.txt",
    "a.log",
    "keep.log",
  ],
  src: ["lib/", "main.ts"],
  build: ["out/", "tmp/"],
  "src/lib": ["deep.ts"],
  "..": ["api/", "shared/", "go.mod"],
};

export const RULES = [
  { id: "sudo", summary: "sudo in a RUN", sameAs: ["hadolint:DL3004"] },
  { id: "stage-name-case", summary: "a stage name with upper case", sameAs: ["buildkit:StageNameCasing"] },
  { id: "exec-form", summary: "shell form", sameAs: ["hadolint:DL3025", "buildkit:JSONArgsRecommended"] },
];

const look: Surroundings["look"] = ({ ask, path }) => {
  if (ask === "entries") return FOLDERS[path]?.join("\n") ?? { unknown: `there is no ${path}` };
  return FILES[path] ?? { unknown: `there is no ${path}` };
};

export const surroundings: Surroundings = { look, context: "", rules: RULES, asked: true, folder: "api" };

export const offered = (
  { text, at }: Marked,
  more: Partial<Surroundings> = {},
  name = "Dockerfile",
): readonly Completion[] => completionsAt(parseDockerfile(text, name), at, { ...surroundings, ...more });

export const labelsAt = (source: string, more: Partial<Surroundings> = {}, name = "Dockerfile"): readonly string[] =>
  offered(marked(source), more, name).map(({ label }) => label);

/** The text once an item was taken, with the default of each tab stop. */
export function taken(source: string, label: string, more: Partial<Surroundings> = {}): string {
  const here = marked(source);
  const items = offered(here, more);
  const completion = items.find((each) => each.label === label);
  assert.ok(completion, `${label} is among ${items.map((each) => each.label).join(" · ")}`);
  const { span, text, snippet = text } = completion;
  const plain = snippet
    .replace(/\$\{\d+:((?:[^}\\]|\\.)*)\}/g, "$1")
    .replace(/\$\d+/g, "")
    .replace(/\\([\\$}])/g, "$1");
  return here.text.slice(0, span.start) + plain + here.text.slice(span.end);
}
