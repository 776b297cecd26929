/** Snippets as files of the extension. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ciSnippets } from "./ci.ts";
import { composeSnippets } from "./compose.ts";
import { kubernetesSnippets } from "./kubernetes.ts";
import { partSnippets } from "./parts.ts";
import { projectSnippets } from "./projects.ts";
import type { Snippet } from "./snippet.ts";

/** File → what is in it and the languages it is for. */
const FILES: Readonly<Record<string, { readonly languages: readonly string[]; snippets(): readonly Snippet[] }>> = {
  "snippets/dockerfile.json": { languages: ["dockerfile"], snippets: () => [...projectSnippets(), ...partSnippets()] },
  "snippets/compose.json": { languages: ["dockercompose", "yaml"], snippets: composeSnippets },
  "snippets/yaml.json": { languages: ["yaml"], snippets: () => [...kubernetesSnippets(), ...ciSnippets(version())] },
};

const version = (): string =>
  (JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8")) as { version: string }).version;

/** Path → text. */
export const snippetFiles = (): ReadonlyMap<string, string> =>
  new Map(Object.entries(FILES).map(([path, { snippets }]) => [path, written(snippets())]));

function written(snippets: readonly Snippet[]): string {
  const byName = snippets.map(({ prefix, ...rest }) => [prefix, { prefix, ...rest }] as const);
  if (new Set(byName.map(([name]) => name)).size !== byName.length) throw new Error("two snippets have one prefix");
  return `${JSON.stringify(Object.fromEntries(byName), undefined, 2)}\n`;
}

/** For package.json. */
export const SNIPPETS = Object.entries(FILES).flatMap(([path, { languages }]) =>
  languages.map((language) => ({ language, path: `./${path}` })),
);
