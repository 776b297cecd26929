/** Sizes in bytes as people read and write them: `12.3 MB` in powers of a thousand, as Docker shows them; `KiB` for powers of 1024. */

const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** `999 B`, `4.2 MB`, `128 MB`; with a sign for what is less than nothing. */
export function bytesText(bytes: number): string {
  const size = Math.abs(bytes);
  let power = 0;
  let value = size;
  // What would be rounded up to 1000 is 1.0 of the next.
  while (power < UNITS.length - 1 && Math.round(value) >= 1000) {
    value = size / 1000 ** ++power;
  }
  const digits = power > 0 && value < 99.95 ? 1 : 0;
  return `${bytes < 0 ? "−" : ""}${value.toFixed(digits)} ${UNITS[power]}`;
}

/** `5.3 %` of 0.0532; shares below a thousandth are shown as 0. */
export const shareText = (share: number): string => `${(share * 100).toFixed(share < 0.0995 ? 1 : 0)} %`;

/** Matches what `readBytes` takes. */
export const BYTES = String.raw`[0-9]+(?:\.[0-9]+)? ?(?:[kKmMgGtT](?:i?[bB])?|[bB])?`;
/** Matches what `readShare` takes. */
export const SHARE = String.raw`[0-9]+(?:\.[0-9]+)? ?%`;

const WRITTEN = /^([0-9]+(?:\.[0-9]+)?) ?(?:([kKmMgGtT])(i)?)?[bB]?$/;

/** `20MB` is 20,000,000 and `20 MiB` is 20,971,520; undefined for what is no size. */
export function readBytes(text: string): number | undefined {
  const [, number, unit, binary] = WRITTEN.exec(text.trim()) ?? [];
  if (number === undefined) return undefined;
  const power = unit === undefined ? 0 : "kmgt".indexOf(unit.toLowerCase()) + 1;
  return Math.round(Number(number) * (binary === undefined ? 1000 : 1024) ** power);
}

/** `5%` is 0.05; undefined for what is no percentage up to a hundred. */
export function readShare(text: string): number | undefined {
  const [, number] = /^([0-9]+(?:\.[0-9]+)?) ?%$/.exec(text.trim()) ?? [];
  return number === undefined || Number(number) > 100 ? undefined : Number(number) / 100;
}
