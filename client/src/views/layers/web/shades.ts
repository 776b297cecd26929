/** Which colour and pattern a layer has, in the bar as in its row. */
import type { LayerRow } from "../../../../../server/src/lsp/messages.ts";

const SHADES = 6;

/** Neighbours differ in pattern as well as in colour. */
export const shadeOf = ({ ofBase, layer }: Pick<LayerRow, "ofBase" | "layer">): string =>
  ofBase ? "base" : `shade${layer % SHADES}`;
