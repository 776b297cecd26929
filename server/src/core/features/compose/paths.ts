/** The way from a file's root down to an offset, as written: an alias is a leaf, whatever it stands for. */
import type { ComposeFile } from "../../model/compose/model.ts";
import type { Span } from "../../text/edit.ts";
import type { YamlEntry, YamlNode, YamlScalar } from "../../text/yaml.ts";

export interface Step {
  /** The key and value that were gone through; absent for an item of a list. */
  readonly entry?: YamlEntry;
  readonly node: YamlNode;
  /** Key and value, or the item, without the blank lines behind. */
  readonly span: Span;
  /** The offset is in the key. */
  readonly inKey: boolean;
}

export function pathTo({ root }: ComposeFile, offset: number): readonly Step[] {
  const steps: Step[] = [];
  for (let node: YamlNode | undefined = root; node; ) {
    const next: Step | undefined = stepsBelow(node).find(({ span }) => span.start <= offset && offset <= span.end);
    if (!next) break;
    steps.push(next);
    const inKey: boolean = next.entry !== undefined && offset <= next.entry.keySpan.end;
    if (inKey) steps[steps.length - 1] = { ...next, inKey };
    node = inKey ? undefined : next.node;
  }
  return steps;
}

/** What a node consists of: nothing for scalars, and for what only stands for something else. */
export function stepsBelow(node: YamlNode): readonly Step[] {
  if (node.via || node.kind === "scalar") return [];
  if (node.kind === "list") return node.items.map((item) => ({ node: item, span: contentOf(item), inKey: false }));
  return node.written.map((entry) => {
    const end = Math.max(entry.keySpan.end, contentOf(entry.value).end);
    return { entry, node: entry.value, span: { start: entry.keySpan.start, end }, inKey: false };
  });
}

/** A node without what stands behind its last character: line breaks, and comments of what follows. */
export function contentOf(node: YamlNode): Span {
  const { start } = node.span;
  if (node.via) return node.span;
  if (node.kind === "scalar") {
    const isBlock = node.style === "literal" || node.style === "folded";
    return isBlock ? { start, end: Math.max(start, node.span.end - 1) } : node.span;
  }
  if (node.flow) return node.span;
  const last = stepsBelow(node).at(-1);
  return { start, end: last ? last.span.end : node.span.end };
}

/** Every scalar that is a value, as written. */
export function scalarsOf({ root }: ComposeFile): readonly YamlScalar[] {
  const visit = (node: YamlNode): readonly YamlScalar[] =>
    node.kind === "scalar" && !node.via ? [node] : stepsBelow(node).flatMap((step) => visit(step.node));
  return root ? visit(root) : [];
}
