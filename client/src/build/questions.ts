/** What has to be asked before a file is built: what neither the file says nor anybody has said before. Pure. */
import type { ArgFact, BuildFacts, MountFact, ServiceFact } from "../../../server/src/lsp/messages.ts";
import { isSecretName } from "./options.ts";

interface Known {
  readonly buildArgs?: Readonly<Record<string, string | null>>;
  readonly secrets?: readonly { readonly id: string }[];
}

/** Build arguments without a default that nobody has given or left out on purpose; `null` in what is known. */
export const argsToAsk = ({ args }: BuildFacts, { buildArgs = {} }: Known): readonly ArgFact[] =>
  args.filter(({ name, default: fallback }) => fallback === undefined && !Object.hasOwn(buildArgs, name));

export const secretsToAsk = ({ secrets }: BuildFacts, { secrets: known = [] }: Known): readonly MountFact[] =>
  secrets.filter(({ id }) => !known.some((each) => each.id === id));

/** Ways to build the file that compose files know of: each once. */
export function servicesToAsk({ services }: BuildFacts, target: string | undefined): readonly ServiceFact[] {
  const fitting = target === undefined ? services : services.filter((service) => service.target === target);
  return [...new Map(fitting.map((service) => [`${service.context}\n${service.target}`, service])).values()];
}

/** The stage at a line that a build without a target would not make. */
export function stageAt({ stages }: BuildFacts, line: number): string | undefined {
  const stage = stages.find((each) => each.line <= line && line <= each.endLine);
  if (!stage || stage.index === stages.length - 1) return undefined;
  return stage.name ?? String(stage.index);
}

/** The tag of a stage: never that of the whole, which it would replace. */
export const tagOfStage = (tag: string, stage: string): string => {
  const at = tag.lastIndexOf(":");
  const hasVersion = at > tag.lastIndexOf("/");
  return `${tag}${hasVersion ? "-" : ":"}${stage.replaceAll(/[^\w.-]+/g, "-")}`;
};

/** As it may be kept: without what is secret. */
export function rememberable<T extends Known>(definition: T): T {
  const { buildArgs } = definition;
  if (!buildArgs) return definition;
  const kept = Object.entries(buildArgs).filter(([name]) => !isSecretName(name));
  return { ...definition, buildArgs: Object.fromEntries(kept) };
}
