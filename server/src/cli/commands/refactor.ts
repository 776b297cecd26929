/** `dockwright refactor`: rewrites compose files in ways a person asks for, and says what was left and why. */
import { isRefusal, REQUESTS, type Rewrite } from "../../core/assists/compose/index.ts";
import { parseCompose } from "../../core/model/compose/parse.ts";
import { applyEdits } from "../../core/text/edit.ts";
import { didYouMean } from "../../core/text/nearest.ts";
import { complain, complainAboutFile } from "../complain.ts";
import { deliver } from "../deliver.ts";
import { EXIT, UsageError } from "../io.ts";
import { HELP, STDIN_FILENAME } from "../options.ts";
import { findSources, kindOf, readSource } from "../sources.ts";
import type { Command } from "./command.ts";

const kinds = Object.keys(REQUESTS);
const width = Math.max(...kinds.map((kind) => kind.length));

export const refactor: Command = {
  name: "refactor",
  summary: "rewrite compose files: harden, extract secrets, change forms, sort",
  usage: `<kind> [options] [paths…]`,
  details: `Kinds:
${Object.entries(REQUESTS)
  .map(([kind, { about }]) => `  ${kind.padEnd(width)}  ${about}`)
  .join("\n")}

Comments, order and quoting stay as they are. What could not be done is said, with the reason. The values of
secrets are written nowhere: the files that are named have to be made.

Exit code: 0 done, or nothing to do (with --diff: 1 something would change), 2 wrong usage or a file that could not be
read or written.`,
  options: [
    { name: "service", value: "NAME", help: "only this service" },
    { name: "unsafe", help: "with extract-secret: also variables that the image is not known to read from a file" },
    { name: "diff", help: "print a unified diff and write nothing" },
    STDIN_FILENAME,
    HELP,
  ],
  async run(args, io) {
    const [kind, ...paths] = args.positionals;
    const row = kind !== undefined && Object.hasOwn(REQUESTS, kind) ? REQUESTS[kind] : undefined;
    if (!row) throw new UsageError(unknownKind(kind));
    const request = row.request(args.has("unsafe"));
    const { places, failures } = await findSources({ ...args, positionals: paths }, io);
    for (const failure of failures) complainAboutFile(io, failure);
    let trouble = failures.length > 0;
    let anyChanged = false;
    for (const place of places) {
      const { language, name } = kindOf(place);
      if (language !== "compose") {
        // A folder has Dockerfiles too; one that is named is a mistake.
        if (paths.includes(place.name)) complain(io, `${place.name} is no compose file`);
        trouble ||= paths.includes(place.name);
        continue;
      }
      const source = await readSource(place, io);
      if (!("text" in source)) {
        complainAboutFile(io, source);
        trouble = true;
        continue;
      }
      const made = request(parseCompose(source.text, name), args.value("service"));
      const edits = isRefusal(made) ? [] : made.edits;
      const changed = { text: applyEdits(source.text, edits), edits, applied: [], settled: true };
      const delivered = await deliver(source, changed, io, args.has("diff"));
      if (delivered.failure) complainAboutFile(io, delivered.failure);
      else
        delivered.say(
          isRefusal(made)
            ? `${source.name}: left as it is: ${made.refusal}`
            : account(source.name, made, args.has("diff")),
        );
      trouble ||= delivered.failure !== undefined;
      anyChanged ||= edits.length > 0;
    }
    if (trouble) return EXIT.trouble;
    return args.has("diff") && anyChanged ? EXIT.findings : EXIT.clean;
  },
};

function unknownKind(kind: string | undefined): string {
  const all = `one of ${kinds.join(", ")}, as in: dockwright refactor harden compose.yaml`;
  if (kind === undefined) return `refactor needs to know what to do: ${all}`;
  const hint = didYouMean(kind, kinds);
  return hint === "" ? `refactor cannot do ${kind}; it is ${all}` : `refactor cannot do ${kind}${hint}`;
}

function account(name: string, { left = [], companions = [] }: Rewrite, dry: boolean): string {
  const todo = companions.map((companion) =>
    "make" in companion ? `make ${companion.make} with the value in it` : `add ${companion.line} to ${companion.addTo}`,
  );
  return [
    `${name}: ${dry ? "would be rewritten" : "rewritten"}`,
    ...todo.map((line) => `  to do  ${line}`),
    ...left.map((reason) => `  left   ${reason}`),
  ].join("\n");
}
