/** Node: recognises a file, and chooses how it is told apart: pages as files, Next.js' own server, or a server's folder. */
import { type BuildBase, buildBase, startsAlike } from "../base.ts";
import { startedBy } from "../look.ts";
import { type Case, noBenefit, type Recipe, refused, type Verdict } from "../recipe.ts";
import { type NodeFacts, nodeFacts } from "./node-facts.ts";
import { standaloneSplit } from "./node-next.ts";
import { outputOf } from "./node-output.ts";
import { plainVerdict } from "./node-plain.ts";
import { NOTHING_TO_PRUNE, pruning } from "./node-prune.ts";
import { BEFORE_PAGES, reasonIn, SERVERS } from "./node-refusals.ts";
import { nodeRuntime } from "./node-runtime.ts";
import { type NodeCase, serverSplit } from "./node-server.ts";
import { reachable, sourcesOf } from "./node-sources.ts";
import { nodeStart } from "./node-start.ts";
import { staticVerdict } from "./node-static.ts";

export const node: Recipe = {
  name: "Node",
  recognise(it) {
    const base = buildBase(it);
    const facts = nodeFacts(it);
    if (base?.name !== "node" && base?.name !== "oven/bun") {
      if (facts === undefined || !startsNode(it)) return undefined;
      return refused(
        "Node comes from somewhere else than the image node, and where it lies is not known: build on node:…, as in node:24",
      );
    }
    if (typeof facts === "string") return refused(facts);
    return facts === undefined ? withoutInstall(it, base) : verdict(it, base, facts);
  },
};

const startsNode = (it: Case): boolean =>
  startedBy(it).some(({ argv }) => /(?:^|\/)(?:node|npm|npx|yarn|pnpm|bun)$/.test(argv[0] ?? ""));

function withoutInstall(it: Case, base: BuildBase): Verdict | undefined {
  if (!startsNode(it)) return undefined;
  return noBenefit(
    it.needs.answers.some(({ effect }) => effect.does === "dependencies")
      ? "what is installed lies beside Node itself, and nothing else is built"
      : "nothing is installed or built",
    ...(base.variant === "full" ? [`a smaller variant of ${base.written}: its tag with -slim`] : []),
    "USER node, an account the image has",
  );
}

function verdict(it: Case, base: BuildBase, facts: NodeFacts): Verdict {
  const start = nodeStart(it, facts.project);
  if (typeof start === "string") return refused(start);
  const early = reasonIn(BEFORE_PAGES, { it, facts, start });
  if (early !== undefined) return refused(early);
  const pages = staticVerdict(it, facts, start);
  if (pages) return pages;
  const reason = reasonIn(SERVERS, { it, facts, start });
  if (reason !== undefined) return refused(reason);
  const all = sourcesOf(it, facts);
  const entry = start.main?.does === "runs a file" ? start.main.path : undefined;
  const sources = all && reachable(all, entry);
  const output = outputOf({ it, facts, start, sources });
  const nodeCase: NodeCase = {
    it,
    base,
    facts,
    start,
    sources,
    output,
    runtime: nodeRuntime(it, base, facts, sources),
    // Where no installed package moves, none has to be taken away.
    pruned: output && !output.modules ? NOTHING_TO_PRUNE : pruning(it, facts, start, sources),
  };
  const plain = plainVerdict(nodeCase);
  if (plain) return plain;
  const { image } = nodeCase.runtime.base;
  if (it.stage.base.kind === "image" && !startsAlike(it.stage.base.reference, image))
    return refused(`${image} starts its command in another way than ${base.written}`);
  const split = standaloneSplit(nodeCase) ?? serverSplit(nodeCase);
  return typeof split === "string" ? refused(split) : { is: "split", split };
}
