/** Names of real Dockerfiles: definition and rename agree, and a rename there and back changes nothing. */
import { parseDockerfile } from "../../server/src/core/model/dockerfile/parse.ts";
import type { CorpusFile } from "./files.ts";
import { commandFaults, nameFaults, noFigures, spanFaults } from "./name-laws.ts";

/** In each file, offsets to ask at. */
const OFFSETS = 12;

/** The exit code. */
export function nameSurvey(files: readonly CorpusFile[]): number {
  const figures = noFigures();
  let faults = 0;
  const start = performance.now();
  for (const { name, text } of files) {
    const dockerfile = parseDockerfile(text, name);
    const offsets = Array.from({ length: OFFSETS }, (_, at) => Math.floor((text.length * at) / OFFSETS));
    for (const fault of [
      ...spanFaults(dockerfile, offsets),
      ...commandFaults(dockerfile),
      ...nameFaults(dockerfile, figures),
    ]) {
      faults++;
      console.log(`${name}: ${fault}`);
    }
  }
  console.log(`${figures.places} places of names, ${figures.renamed} names renamed there and back`);
  for (const [reason, count] of [...figures.refused].sort((a, b) => b[1] - a[1]))
    console.log(`  not renamed, ${count}: ${reason}`);
  console.log(`${faults} faults in ${files.length} files, ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return faults > 0 ? 1 : 0;
}
