/** Effects and needs as texts, and the fixtures that hold them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Effect } from "../../server/src/core/model/dockerfile/flow/effect.ts";
import { needsOf } from "../../server/src/core/model/dockerfile/flow/need.ts";
import { type Places, placeText } from "../../server/src/core/model/dockerfile/flow/place.ts";
import type { Runtime } from "../../server/src/core/model/dockerfile/flow/runtime.ts";
import { effectsOf, flowOf } from "../../server/src/core/model/dockerfile/flow/walk.ts";
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";
import { finalStage } from "../../server/src/core/model/dockerfile/stages.ts";

const places = (of: Places): string => (of === "anything" ? of : of.map(placeText).join(" "));

/** `build (usual) < what it reads > what it writes ! what a mount keeps out of the layer`. */
export function effectText({ does, usual, conditional, reads, writes, lost, unknown }: Effect): string {
  const lose = lost.map(({ place, to }) => `${placeText(place)} to ${to}`).join(", ");
  return [
    `${does}${usual ? " (usual)" : ""}${conditional ? " (if)" : ""}`,
    ...(reads.length > 0 ? [`< ${places(reads)}`] : []),
    ...(writes.length > 0 ? [`> ${places(writes)}`] : []),
    ...(lose === "" ? [] : [`! ${lose}`]),
    ...(unknown === undefined ? [] : [`(${unknown})`]),
  ].join(" ");
}

/** The first line of an effect's command, blanks and continuations as one blank. */
const source = (text: string, { command, instruction }: Effect): string => {
  const { start, end } = command?.span ?? instruction.head;
  return text
    .slice(start, end)
    .replace(/\\\r?\n|\s+/g, " ")
    .replace(/ +/g, " ")
    .slice(0, 100);
};

const dockerfileOf = (text: string) => {
  const dockerfile = parseDockerfile(text);
  const stage = finalStage(dockerfile);
  if (!stage) throw new Error("a case needs a FROM");
  return { dockerfile, stage };
};

/** Every effect, two lines each. */
export function effectsText(text: string): string {
  const { dockerfile } = dockerfileOf(text);
  return flowOf(dockerfile)
    .map(({ stage, effects }) => {
      const title = dockerfile.stages.length > 1 ? `stage ${stage.index}\n` : "";
      return title + effects.map((effect) => `${source(text, effect)}\n    ${effectText(effect)}\n`).join("");
    })
    .join("");
}

function runtimeText({ started, inheritedEntrypoint, needsShell, wants, path, volumes, unknown }: Runtime): string {
  // A program by its name is looked for in every folder of PATH: the first stands for the others.
  const isElsewhere = (pattern: string): boolean => {
    const at = path.indexOf(pattern.slice(0, pattern.lastIndexOf("/")));
    return at > 0;
  };
  return [
    ...started.map(({ argv, by }) => `${by}: ${argv.join(" ")}`),
    ...(inheritedEntrypoint === undefined || inheritedEntrypoint.length === 0
      ? []
      : [`inherited entrypoint: ${inheritedEntrypoint.join(" ")}`]),
    ...(needsShell ? ["needs a shell"] : []),
    ...volumes.map(({ path, inherited }) => `volume ${path}${inherited ? " of the base image" : ""}`),
    ...wantLines(wants.filter(({ place }) => !(place.kind === "files" && isElsewhere(place.pattern)))),
    ...unknown.map((what) => `unknown: ${what}`),
  ]
    .map((line) => `${line}\n`)
    .join("");
}

/** Those with one reason on one line; packages and settings of programs are the same everywhere. */
function wantLines(wants: Runtime["wants"]): readonly string[] {
  const byReason = new Map<string, string[]>();
  for (const { place, why, sure } of wants) {
    if (place.kind === "package" || why.includes("home folder")) continue;
    const key = `${why}${sure ? "" : " (may be)"}`;
    byReason.set(key, [...new Set([...(byReason.get(key) ?? []), placeText(place)])]);
  }
  return [...byReason].map(([why, of]) => `wants ${of.join(" ")}: ${why}`);
}

/** What runs, and what each command is needed for. Files of the build context are those given. */
export function needsText(text: string, context: Readonly<Record<string, string>>): string {
  const { dockerfile, stage } = dockerfileOf(text);
  const { runtime, answers } = needsOf(dockerfile, stage, (path) => context[path]);
  const lines = answers.map(
    ({ effect, need, why, places: of }) =>
      `${need.padEnd(7)} ${source(text, effect)}\n        ${why}${of.length > 0 ? `: ${places(of)}` : ""}\n`,
  );
  return `${runtimeText(runtime)}\n${lines.join("")}`;
}

export interface FixtureFile {
  readonly file: string;
  readonly name: string;
  readonly text: string;
}

export const fixturesIn = (folder: string, suffix: string): readonly FixtureFile[] =>
  readdirSync(join(import.meta.dirname, folder))
    .filter((name) => name.endsWith(suffix))
    .toSorted()
    .map((name) => {
      const file = join(import.meta.dirname, folder, name);
      return { file, name, text: readFileSync(file, "utf8") };
    });

export interface Line {
  /** The instructions in front of the RUN. */
  readonly before: string;
  readonly command: string;
}

/** A table of commands: `# FROM node:22; WORKDIR /app` holds for the lines below it, indented lines are effects. */
export function linesOfTable(text: string): readonly Line[] {
  let before = "";
  return text.split("\n").flatMap((line): Line[] => {
    if (line.startsWith("# ")) before = `${line.slice(2).split("; ").join("\n")}\n`;
    return line === "" || /^[#\s]/.test(line) ? [] : [{ before, command: line }];
  });
}

/** What the command's RUN does, one line for each of its commands. */
export function commandEffects({ before, command }: Line): string {
  const text = `${before}RUN ${command}\n`;
  const { dockerfile, stage } = dockerfileOf(text);
  const run = dockerfile.instructions.at(-1);
  return effectsOf(dockerfile, stage)
    .filter(({ instruction }) => instruction === run)
    .map((effect) => `    ${effectText(effect)}\n`)
    .join("");
}

/** The table with the effects as they are now. */
export function rewrittenTable(text: string): string {
  let before = "";
  return text
    .split("\n")
    .filter((line) => !/^\s+\S/.test(line))
    .map((line) => {
      if (line.startsWith("# ")) before = `${line.slice(2).split("; ").join("\n")}\n`;
      return line === "" || line.startsWith("#")
        ? `${line}\n`
        : `${line}\n${commandEffects({ before, command: line })}`;
    })
    .join("")
    .replace(/\n+$/, "\n");
}

const BLOCK = /^```(dockerfile|context|effects|needs)\n([\s\S]*?)^```$/gm;

/** A section's Dockerfile with its `effects` and `needs` as they are now; `context` is JSON, file to text. */
export function rewrittenSection(section: string): string {
  const blocks = new Map([...section.matchAll(BLOCK)].map((match) => [match[1], match[2] ?? ""]));
  const text = blocks.get("dockerfile");
  if (text === undefined) return section;
  const context = JSON.parse(blocks.get("context") ?? "{}") as Record<string, string>;
  const head = section.replace(BLOCK, (all, kind: string) => (kind === "dockerfile" || kind === "context" ? all : ""));
  const found = [
    ["effects", effectsText(text)],
    ...(/^(?:CMD|ENTRYPOINT)\b/m.test(text) || blocks.has("needs") ? [["needs", needsText(text, context)]] : []),
  ];
  return `${head.trimEnd()}\n${found.map(([kind, body]) => `\n\`\`\`${kind}\n${body}\`\`\`\n`).join("")}\n`;
}
