/** How an image was made, step by step, as its configuration says it. */
import { readStep } from "./history.ts";
import type { ImageFacts } from "./facts.ts";
import type { Origins } from "./layer-rows.ts";

export interface HistoryRow {
  /** The instruction, or whatever the builder wrote. */
  readonly text: string;
  /** As written there: ISO 8601 mostly. */
  readonly created?: string;
  /** Of the layer it made, or has a part in. */
  readonly layer?: number;
}

export function historyRows(
  { history }: Pick<ImageFacts, "history">,
  { steps }: Pick<Origins, "steps">,
): readonly HistoryRow[] {
  const layerOf = new Map(steps.flatMap((made, layer) => made.map((step) => [step, layer] as const)));
  return history.map((step, at) => {
    const { keyword, text } = readStep(step);
    const layer = layerOf.get(at);
    return {
      text: `${keyword} ${text}`.trim(),
      ...(step.created !== undefined && { created: step.created }),
      ...(layer !== undefined && { layer }),
    };
  });
}
