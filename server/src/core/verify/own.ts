/** What a Dockerfile says itself of the image it makes, as against what its base image brings: only the former has to stay. */
import type { Dockerfile } from "../model/dockerfile/model.ts";
import { expandIn } from "../model/dockerfile/scope.ts";
import { finalStage, lineageInstructions } from "../model/dockerfile/stages.ts";

export interface Own {
  /** What ENV sets, with the values as written. */
  readonly environment: ReadonlyMap<string, string>;
  readonly labels: ReadonlySet<string>;
  /** As `8080/tcp`. */
  readonly ports: ReadonlySet<string>;
  readonly volumes: ReadonlySet<string>;
  /** Instructions that are there at least once: `CMD`, `STOPSIGNAL`. */
  readonly instructions: ReadonlySet<string>;
}

export function ownOf(dockerfile: Dockerfile): Own {
  const stage = finalStage(dockerfile);
  const all = stage ? lineageInstructions(dockerfile, stage) : [];
  const named = (name: string) => all.filter((each) => each.name === name);
  const pairs = (name: string) =>
    named(name).flatMap((each) =>
      each.pairs.map(({ key, value }) => [unquoted(key.text), unquoted(value?.text ?? "")] as const),
    );
  const words = (name: string) =>
    named(name).flatMap((each) => each.words.map(({ text }) => expandIn(dockerfile, each, text).text));
  return {
    environment: new Map(pairs("ENV")),
    labels: new Set(pairs("LABEL").map(([name]) => name)),
    ports: new Set(words("EXPOSE").flatMap(portsOf)),
    volumes: new Set(words("VOLUME")),
    instructions: new Set(all.map(({ name }) => name)),
  };
}

const unquoted = (text: string): string => text.replace(/^(["'])(.*)\1$/s, "$2");

/** `80`, `53/UDP`, `8000-8002`. */
function portsOf(word: string): readonly string[] {
  const [, first, last = first, protocol = "tcp"] = /^(\d{1,5})(?:-(\d{1,5}))?(?:\/(\w+))?$/.exec(unquoted(word)) ?? [];
  if (first === undefined) return [];
  const count = Math.min(Math.max(Number(last) - Number(first) + 1, 1), 100);
  return Array.from({ length: count }, (_, at) => `${Number(first) + at}/${protocol.toLowerCase()}`);
}
