/** Sizes, shares and differences as people read them; texts of images without what could mislead. Pure. */
import { sizeOf as size } from "../../../build/summary.ts";

export { size };

/** `+1.2 MB`, `−3 kB`, `±0`. */
export const difference = (bytes: number): string =>
  bytes === 0 ? "±0" : `${bytes > 0 ? "+" : "−"}${size(Math.abs(bytes))}`;

/** `grew by 1.2 MB`. */
export const growth = (bytes: number): string =>
  bytes === 0 ? "of the same size" : `${bytes > 0 ? "grew" : "shrank"} by ${size(Math.abs(bytes))}`;

/** Of 1: `31.4 %`. */
export function percent(share: number): string {
  if (share === 0) return "0 %";
  const hundred = share * 100;
  return hundred < 0.1 ? "< 0.1 %" : `${hundred < 99.95 ? hundred.toFixed(1) : Math.round(hundred)} %`;
}

const GROUPED = new Intl.NumberFormat("en");
export const count = (many: number, one: string, more = `${one}s`): string =>
  `${GROUPED.format(many)} ${many === 1 ? one : more}`;

/** What cannot be printed, and what turns the direction of writing round. */
const UNPRINTABLE = /[\p{Cc}\p{Bidi_Control}\ufeff]/gu;
export const plain = (text: string): string => text.replaceAll(UNPRINTABLE, "\ufffd");
