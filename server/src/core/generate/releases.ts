/**
 * Releases of languages and tools: the one that is taken where a project says none, and those there are to satisfy a range. What is
 * here ages; each use of a default is a decision that says so.
 */
import type { Notes } from "./notes.ts";
import { takes, type Tilde } from "./ranges.ts";

interface Row {
  readonly name: string;
  /** With long support where there is such a thing. */
  readonly usual: string;
  /** Newest first. */
  readonly releases: readonly string[];
  readonly tilde?: Tilde;
}

export const RELEASES = {
  node: { name: "Node.js", usual: "24", releases: ["26", "24", "22", "20", "18", "16"] },
  bun: { name: "Bun", usual: "1.3", releases: ["1.3", "1.2", "1.1", "1.0"] },
  python: {
    name: "Python",
    usual: "3.13",
    releases: ["3.14", "3.13", "3.12", "3.11", "3.10", "3.9", "3.8"],
  },
  go: { name: "Go", usual: "1.25", releases: ["1.25", "1.24", "1.23", "1.22", "1.21", "1.20"] },
  rust: { name: "Rust", usual: "1.90", releases: ["1.90"] },
  java: { name: "Java", usual: "21", releases: ["25", "21", "17", "11", "8"] },
  dotnet: { name: ".NET", usual: "10.0", releases: ["10.0", "9.0", "8.0"] },
  ruby: { name: "Ruby", usual: "3.4", releases: ["3.4", "3.3", "3.2", "3.1"], tilde: "last part" },
  php: { name: "PHP", usual: "8.4", releases: ["8.4", "8.3", "8.2", "8.1"], tilde: "last part" },
  elixir: { name: "Elixir", usual: "1.18", releases: ["1.18", "1.17", "1.16", "1.15"] },
} as const satisfies Readonly<Record<string, Row>>;

export type Released = keyof typeof RELEASES;

/** Images and tools that no project names, by what they are for. */
export const IMAGES = {
  alpine: "alpine:3.22",
  debian: "debian:trixie-slim",
  distrolessStatic: "gcr.io/distroless/static-debian13:nonroot",
  nginx: "nginxinc/nginx-unprivileged:1.28-alpine",
  uv: "ghcr.io/astral-sh/uv:0.9",
  composer: "composer:2",
  syntax: "docker/dockerfile:1",
} as const;

/** The Debian release that images without a suite in their tag are built on is not the same for all: it is named where it matters. */
export const SUITE = "trixie";

export interface Said {
  /** As the tag of an image has it: `22.11.0`, `3.12`. */
  readonly version: string;
  /** The file that says it. */
  readonly by: string;
}

/** What a project says about a version. */
export interface Wanted {
  /** Exact, from a version file. */
  readonly said?: Said | undefined;
  /** What it is able to run with. */
  readonly range?: { readonly text: string; readonly by: string } | undefined;
}

/** The release to take, and the decision that says why. */
export function chooseRelease(notes: Notes, language: Released, { said, range }: Wanted): string {
  const { name, usual, releases, ...rest }: Row = RELEASES[language];
  const id = `${language}-version`;
  if (said) {
    notes.note(id, `${name} ${said.version}`, `${said.by} says so`);
    return said.version;
  }
  const fitting = range ? releases.filter((release) => takes(range.text, release, rest.tilde) === true) : [];
  const best = fitting.includes(usual) ? usual : fitting[0];
  const what = (release: string): string => `${name} ${release}`;
  const option = (release: string) => ({ id: release, label: what(release), what: what(release) });
  if (range && best !== undefined) {
    const others = fitting.filter((release) => release !== best);
    const why = `${range.by} asks for ${range.text}, which it satisfies`;
    return notes.chooseRelease(id, why, false, [best, ...others].slice(0, 4).map(option), what);
  }
  const why = range
    ? `${range.by} asks for ${range.text}, which is none of the releases known here`
    : "the project does not say a version; this one is current with long support as far as is known here";
  const all = [usual, ...releases.filter((release) => release !== usual)].slice(0, 4);
  return notes.chooseRelease(id, why, true, all.map(option), what);
}
