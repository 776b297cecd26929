/** A second build after a change of the source: how long it takes, and what of it comes from the cache. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build, type Place } from "./place.ts";
import type { Project } from "./projects.ts";

interface Step {
  readonly name: string;
  readonly cached: boolean;
}

interface Rebuilt {
  readonly before: number;
  readonly after: number;
  /** Of the converted file. */
  readonly steps: readonly Step[];
}

/** Both built again, each after a change that no build has seen; without the time an engine takes to pack the image. */
export async function rebuilds(place: Place, context: string, file: string, { edit }: Project): Promise<Rebuilt> {
  const source = join(context, edit.file);
  const text = await readFile(source, "utf8");
  if (!text.includes(edit.text)) throw new Error(`${edit.file} has no ${edit.text}`);
  const timed = async (dockerfile: string, by: string): Promise<{ seconds: number; steps: readonly Step[] }> => {
    await writeFile(source, text.replace(edit.text, by));
    const began = performance.now();
    const { stderr } = await build(place, dockerfile, context, "--progress=rawjson", "--output=type=cacheonly");
    return { seconds: (performance.now() - began) / 1000, steps: stepsIn(stderr) };
  };
  const after = await timed(file, edit.by);
  const before = await timed(join(context, "Dockerfile"), `${edit.by}!`);
  return { before: before.seconds, after: after.seconds, steps: after.steps };
}

interface Progress {
  readonly vertexes?: readonly { readonly digest: string; readonly name: string; readonly cached?: boolean }[];
}

function stepsIn(output: string): readonly Step[] {
  const steps = new Map<string, Step>();
  for (const line of output.split("\n")) {
    if (!line.startsWith("{")) continue;
    for (const { digest, name, cached = false } of (JSON.parse(line) as Progress).vertexes ?? [])
      steps.set(digest, { name, cached: cached || steps.get(digest)?.cached === true });
  }
  return [...steps.values()];
}

export function repeated(steps: readonly Step[], kept: RegExp): string | undefined {
  const found = steps.filter(({ name }) => kept.test(name));
  if (found.length === 0) return `no step is ${String(kept)}: ${steps.map(({ name }) => name).join("\n")}`;
  const again = found.filter(({ cached }) => !cached);
  return again.length === 0 ? undefined : again.map(({ name }) => name).join("\n");
}
