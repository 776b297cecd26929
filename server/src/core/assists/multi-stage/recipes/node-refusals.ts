/** Why a Node image is not converted: each reason asked in order, with what a person would have to write. */
import type { Dockerfile } from "../../../model/dockerfile/model.ts";
import { commandsOf } from "../../../model/dockerfile/shell.ts";
import { startedBy } from "../look.ts";
import type { Case } from "../recipe.ts";
import { browsersOf, isNodeTool, type NodeFacts, type NodeInstall } from "./node-facts.ts";
import { PACKAGE_OF } from "./node-prune.ts";
import { type NodeStart, refusalOf, wordsOf } from "./node-start.ts";

export interface Given {
  readonly it: Case;
  readonly facts: NodeFacts;
  readonly start: NodeStart;
}

/** A clause; undefined where it does not hold. */
type Reason = (given: Given) => string | undefined;

/** The first of the reasons that holds. */
export function reasonIn(reasons: readonly Reason[], given: Given): string | undefined {
  for (const reason of reasons) {
    const said = reason(given);
    if (said !== undefined) return said;
  }
  return undefined;
}

const FOREIGN = /(?:^|\/)(?:nginx|httpd|apache2\w*|python[\d.]*|java|php[\w-]*|ruby)$/;
const FOR_DEVELOPMENT = /^(?:npm|yarn|pnpm|bun) (?:run )?(?:dev|develop|watch|serve|start:dev|dev:\w+)$/;

const ignoredFailure: Reason = ({ it, facts }) =>
  facts.installs.some((install) => isIgnored(it.dockerfile, install))
    ? "a failure of its install is passed over, so that nobody knows what was installed: take away what stands behind it"
    : undefined;

const foreignServer: Reason = ({ it }) => {
  const foreign = startedBy(it).find(({ argv: [program = ""] }) => FOREIGN.test(program));
  return foreign && `it starts ${foreign.argv[0]}, and what of Node it needs is not known`;
};

const developmentByName: Reason = ({ it, start }) => {
  const found = it.needs.runtime.started.find(({ argv }) => FOR_DEVELOPMENT.test(argv.join(" ")));
  return found && start.unknown !== undefined
    ? `it starts ${found.argv.join(" ")}, a server for development by its name`
    : undefined;
};

const browser: Reason = ({ facts }) => {
  const [name] = browsersOf(facts);
  return name === undefined ? undefined : `${name} starts a browser, whose libraries are those of the whole image`;
};

const unknownOfWorkspace: Reason = ({ facts: { project }, start: { unknown } }) =>
  project && project.workspaces.length > 0 && unknown !== undefined
    ? `its package.json has workspaces, and ${unknown}`
    : undefined;

const hiddenScript: Reason = ({ it }) => {
  const script = it.needs.runtime.unknown.find((what) => /^what \S+ starts is not known$/.test(what));
  return script !== undefined && startedBy(it).some(({ argv }) => script.includes(argv[0] ?? " "))
    ? `${script}, nor which programs it needs`
    : undefined;
};

const packageOfWorkspace: Reason = ({ start }) => {
  const step = start.steps.find(({ program }) => /^(?:turbo|nx|lerna|npm|yarn|pnpm)$/.test(program ?? ""));
  return (
    step &&
    `${wordsOf(step)} starts a package of a workspace: start its program, as in CMD ["node", "packages/api/dist/index.js"]`
  );
};

/** A program that is neither Node's, nor a file of the project, nor one of its packages. */
const stranger: Reason = ({ it, facts: { project, globals }, start: { main, unknown } }) => {
  if (unknown !== undefined || (main && main.does !== "unknown")) return undefined;
  const program = main?.program;
  if (program === undefined) return "what it starts is not known";
  if (program === "node" || program === "bun") return undefined;
  const isPath = startedBy(it).some(
    ({ argv: [first = ""] }) => first.startsWith("./") || first.includes("node_modules/"),
  );
  const isPackage = project?.dependencies.has(program) || project?.dependencies.has(PACKAGE_OF[program] ?? "");
  const isGlobal = globals.some(({ effect }) =>
    effect.command?.args.some(({ value }) => value.replace(/(?<=.)@.*$/, "") === program),
  );
  return isPath || isPackage || isGlobal ? undefined : `it starts ${program}, and where that comes from is not known`;
};

/** Asked before a static server is looked for. */
export const BEFORE_PAGES: readonly Reason[] = [ignoredFailure, foreignServer];

/** Asked of everything else that starts. */
export const SERVERS: readonly Reason[] = [
  ({ start }) => refusalOf(start),
  developmentByName,
  browser,
  unknownOfWorkspace,
  hiddenScript,
  packageOfWorkspace,
  stranger,
];

/** `npm install; exit 0`, `npm install || true`. */
function isIgnored(dockerfile: Dockerfile, { instruction, answer }: NodeInstall): boolean {
  const commands = commandsOf(dockerfile, instruction);
  const at = commands.findIndex((command) => command === answer.effect.command);
  const next = commands.slice(at + 1).find((command) => !command.wrappers.includes(answer.effect.command?.name ?? ""));
  if (!next || next.joinedBy === undefined || next.joinedBy === "&&") return false;
  return next.joinedBy === "||" ? !isNodeTool(next.name) : /^(?:exit|true|:|echo)$/.test(next.name ?? "");
}
