/** The images that services name, with the defaults of variables put in. */
import { fieldOf } from "../../model/compose/fields.ts";
import { withDefaults } from "../../model/compose/interpolation.ts";
import type { ComposeFile } from "../../model/compose/model.ts";
import type { Span } from "../../text/edit.ts";

export interface NamedImage {
  readonly image: string;
  readonly span: Span;
  /** As the service asks for it. */
  readonly platform?: string;
  /** The service builds it. */
  readonly isBuilt: boolean;
}

/** In the order of the file, a place once: what stands behind an alias is named where it is written. Without those a variable hides. */
export function namedImages({ services }: ComposeFile): readonly NamedImage[] {
  const found = new Map<number, NamedImage>();
  for (const { map } of services) {
    const [node, platform] = ["image", "platform"].map((key) => fieldOf(map, key)?.value);
    if (node?.kind !== "scalar" || node.value === null) continue;
    const image = withDefaults(node.text)?.trim() ?? "";
    if (image === "") continue;
    const asked = platform?.kind === "scalar" ? withDefaults(platform.text)?.trim() : undefined;
    found.set(node.span.start, {
      image,
      span: node.span,
      ...(asked && { platform: asked }),
      isBuilt: fieldOf(map, "build") !== undefined,
    });
  }
  return [...found.values()].toSorted((a, b) => a.span.start - b.span.start);
}
