/** Whether a place of a compose file may be edited where it stands, and why not. */
import type { Span } from "../../text/edit.ts";
import { contains } from "../../text/edit.ts";
import type { Via, YamlAnchor, YamlNode } from "../../text/yaml.ts";
import { placesOf } from "./layout.ts";
import type { ComposeFile } from "./model.ts";

export interface EditOptions {
  /** Though the change is felt wherever the anchor is used. */
  readonly shared?: boolean;
}

export const UNUSUAL = "it is written in a form that is left alone";

/** These leave no doubt about where things stand. */
const HARMLESS: ReadonlySet<string | undefined> = new Set(["DUPLICATE_KEY", "MULTIPLE_DOCS"]);

/** The innermost anchor around a node, or on it, that is used in other places too. */
export function sharedBy(
  { anchors }: ComposeFile,
  { span }: Pick<YamlNode, "span">,
): { readonly anchor: YamlAnchor; readonly uses: readonly Span[] } | undefined {
  const around = anchors
    .filter(({ node }) => contains(node.span, span))
    .map((anchor) => ({ anchor, uses: anchor.uses.filter((use) => !contains(anchor.node.span, use)) }))
    .filter(({ uses }) => uses.length > 0);
  return around.reduce<(typeof around)[number] | undefined>(
    (best, next) => (best && contains(next.anchor.node.span, best.anchor.node.span) ? best : next),
    undefined,
  );
}

/** Why a node cannot be edited here; undefined when it can. */
export function refusalFor(
  compose: ComposeFile,
  node: YamlNode,
  { shared = false }: EditOptions = {},
): string | undefined {
  if (!compose.problems.every(({ code }) => HARMLESS.has(code))) return "the file is not valid YAML as it is";
  if (node.via) return elsewhere(node.via);
  if (!placesOf(compose).has(node)) return "it is not written in this file";
  const common = shared ? undefined : sharedBy(compose, node);
  return common && `it is shared through &${common.anchor.name}, so the change would be felt elsewhere too`;
}

export function elsewhere({ kind, name, file }: Via): string {
  if (kind === "alias") return `it comes from the anchor &${name ?? ""}`;
  if (kind === "merge") return name === undefined ? "it comes from a merge key" : `it comes from the anchor &${name}`;
  if (kind === "extends") return `it comes from the service ${name ?? ""}${file === undefined ? "" : ` of ${file}`}`;
  return file === undefined ? "it stands in another file" : `it stands in ${file}`;
}

/** Why what stands in a stretch cannot be taken away: aliases outside need an anchor in it. */
export function neededElsewhere({ anchors }: ComposeFile, stretch: Span): string | undefined {
  const needed = anchors.find(
    ({ node, uses }) => contains(stretch, node.span) && uses.some((use) => !contains(stretch, use)),
  );
  return needed && `the anchor &${needed.name} in it is used elsewhere`;
}
