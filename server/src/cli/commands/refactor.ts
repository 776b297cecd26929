/** `dockwright refactor`: rewrites Dockerfiles and compose files in ways a person asks for, and says what was left and why. */
import { REQUESTS } from "../../core/assists/compose/index.ts";
import { refactoringNamed, REFACTORINGS } from "../../core/assists/dockerfile/index.ts";
import { parseCompose } from "../../core/model/compose/parse.ts";
import { didYouMean } from "../../core/text/nearest.ts";
import { UsageError } from "../io.ts";
import { HELP, OFFLINE, STDIN_FILENAME } from "../options.ts";
import { dockerfileKinds, LINE, refactorDockerfiles } from "../refactor/dockerfile.ts";
import { rewriteEach } from "../refactor/each.ts";
import { ABOUT, MULTI_STAGE, MULTI_STAGE_OPTIONS, multiStage } from "../refactor/multi-stage.ts";
import { VERIFY_DETAILS, VERIFY_OPTIONS, verifyFiles } from "../verify.ts";
import type { Command } from "./command.ts";

const kinds = [...Object.keys(REQUESTS), MULTI_STAGE, ...REFACTORINGS.map(({ id }) => id)];
const width = Math.max(...kinds.map((kind) => kind.length));

export const refactor: Command = {
  name: "refactor",
  summary: "rewrite Dockerfiles and compose files: stages, RUN instructions, forms, secrets, order",
  usage: `<kind> [options] [paths…]
       dockwright refactor --verify [options] <original> <result>`,
  details: `Kinds for compose files:
${Object.entries(REQUESTS)
  .map(([kind, { about }]) => `  ${kind.padEnd(width)}  ${about}`)
  .join("\n")}

Kinds for Dockerfiles:
  ${MULTI_STAGE.padEnd(width)}  ${ABOUT}
${dockerfileKinds(width)}

Comments, order and quoting stay as they are. What could not be done is said, with the reason. The values of
secrets are written nowhere: the files that are named have to be made.

Exit code: 0 done, or nothing to do (with --diff: 1 something would change), 2 wrong usage or a file that could not be
read or written.

${VERIFY_DETAILS}`,
  options: [
    LINE,
    { name: "service", value: "NAME", help: "for compose files: only this service" },
    { name: "unsafe", help: "with extract-secret: also variables that the image is not known to read from a file" },
    { name: "diff", help: "print a unified diff and write nothing" },
    ...MULTI_STAGE_OPTIONS,
    ...VERIFY_OPTIONS,
    OFFLINE,
    STDIN_FILENAME,
    HELP,
  ],
  async run(args, io, parts) {
    const [kind, ...paths] = args.positionals;
    if (args.has("verify") && kind !== MULTI_STAGE) return verifyFiles(args, io);
    if (kind === MULTI_STAGE) return multiStage(args, paths, io, parts);
    const refactoring = kind === undefined ? undefined : refactoringNamed(kind);
    if (refactoring) return refactorDockerfiles(refactoring, args, paths, io, parts);
    const row = kind !== undefined && Object.hasOwn(REQUESTS, kind) ? REQUESTS[kind] : undefined;
    if (!row) throw new UsageError(unknownKind(kind));
    const request = row.request(args.has("unsafe"));
    return rewriteEach(args, paths, io, "compose", ({ text }, name) =>
      Promise.resolve(request(parseCompose(text, name), args.value("service"))),
    );
  },
};

function unknownKind(kind: string | undefined): string {
  const all = `one of ${kinds.join(", ")}, as in: dockwright refactor harden compose.yaml`;
  if (kind === undefined) return `refactor needs to know what to do: ${all}`;
  const hint = didYouMean(kind, kinds);
  return hint === "" ? `refactor cannot do ${kind}; it is ${all}` : `refactor cannot do ${kind}${hint}`;
}
