/** The budget of an image: what it may weigh, what it may waste, what a layer may grow by; and where an image is over it. */
import { bytesText, readBytes, readShare, shareText } from "../text/bytes.ts";

/** As people write it: `size: 200 MB`, `wasted: 5%`. */
export interface BudgetWish {
  readonly size?: string;
  readonly wasted?: string;
  readonly growth?: string;
}

export interface Budget {
  /** Bytes of all files that the layers store. */
  readonly size?: number;
  /** Bytes that are stored and not visible in the end, or their share of all bytes, from 0 to 1. */
  readonly wasted?: { readonly bytes: number } | { readonly share: number };
  /** Bytes that a layer may have more than in the image before. */
  readonly growth?: number;
}

/** What is measured of an image; layers from the lowest. */
export interface Measured {
  readonly layers: readonly MeasuredLayer[];
}

export interface MeasuredLayer {
  /** Bytes of the files it stores. */
  readonly bytes: number;
  /** Of them, what is not visible in the end; undefined where the files were not looked at. */
  readonly wastedBytes?: number | undefined;
  /** Against the same layer of the image before; undefined where there is no image before. */
  readonly grewBy?: number | undefined;
  /** Not made by an instruction of the Dockerfile. */
  readonly ofBase: boolean;
}

export interface Excess {
  readonly kind: keyof Budget;
  /** Index of the layer that broke the budget. */
  readonly layer: number;
  /** Bytes over what is allowed. */
  readonly over: number;
  /** For people: what it is and what is allowed. */
  readonly message: string;
}

export function budgetOf(wish: BudgetWish): Budget {
  const [size, growth] = [wish.size, wish.growth].map((text) => (text === undefined ? undefined : readBytes(text)));
  const share = wish.wasted === undefined ? undefined : readShare(wish.wasted);
  const bytes = wish.wasted === undefined ? undefined : readBytes(wish.wasted);
  return {
    ...(size !== undefined && { size }),
    ...(share !== undefined ? { wasted: { share } } : bytes !== undefined && { wasted: { bytes } }),
    ...(growth !== undefined && { growth }),
  };
}

/** Empty for an image within its budget. What was not measured is not judged. */
export function overBudget({ layers }: Measured, budget: Budget): readonly Excess[] {
  const total = layers.reduce((sum, { bytes }) => sum + bytes, 0);
  return [
    ...overSize(layers, total, budget.size),
    ...overWaste(layers, total, budget.wasted),
    ...overGrowth(layers, budget.growth),
  ];
}

/** The layer with which the sum passes what is allowed. */
function overSize(layers: readonly MeasuredLayer[], total: number, allowed: number | undefined): readonly Excess[] {
  if (allowed === undefined || total <= allowed) return [];
  let sum = 0;
  const layer = layers.findIndex(({ bytes }) => (sum += bytes) > allowed);
  const inBase = layers[layer]?.ofBase === true ? "; its base image alone is more than that" : "";
  const message = `The image has ${bytesText(total)}, its budget is ${bytesText(allowed)}${inBase}`;
  return [{ kind: "size", layer, over: total - allowed, message }];
}

/** The layer that stores most of the waste. */
function overWaste(layers: readonly MeasuredLayer[], total: number, allowed: Budget["wasted"]): readonly Excess[] {
  if (allowed === undefined || !layers.every(({ wastedBytes }) => wastedBytes !== undefined)) return [];
  const waste = layers.map(({ wastedBytes = 0 }) => wastedBytes);
  const wasted = waste.reduce((sum, bytes) => sum + bytes, 0);
  const most = "bytes" in allowed ? allowed.bytes : allowed.share * total;
  if (wasted <= most) return [];
  const limit = "bytes" in allowed ? bytesText(allowed.bytes) : shareText(allowed.share);
  const message = `${bytesText(wasted)} of the image (${shareText(wasted / total)}) are stored and not visible in it, its budget is ${limit}`;
  return [{ kind: "wasted", layer: waste.indexOf(Math.max(...waste)), over: wasted - most, message }];
}

function overGrowth(layers: readonly MeasuredLayer[], allowed: number | undefined): readonly Excess[] {
  if (allowed === undefined) return [];
  return layers.flatMap(({ grewBy = 0 }, layer): readonly Excess[] =>
    grewBy <= allowed
      ? []
      : [
          {
            kind: "growth",
            layer,
            over: grewBy - allowed,
            message: `This layer grew by ${bytesText(grewBy)}, its budget is ${bytesText(allowed)} from build to build`,
          },
        ],
  );
}
