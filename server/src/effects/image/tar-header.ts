/** One block of a tar archive read as a header: ustar, GNU, star and what is older than all of them. */
import { ImageError } from "./error.ts";

export const BLOCK = 512;

/** As the block has it: what extension headers say instead is not put in. */
export interface RawHeader {
  readonly name: string;
  readonly link: string;
  /** `0` file, `5` folder, `x` PAX, `L` GNU long name, …; a file of the oldest format is `0` too. */
  readonly flag: string;
  readonly size: number;
  readonly mtime: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly major: number;
  readonly minor: number;
}

/** Where a header's fields are (POSIX.1-2017, pax, "ustar Interchange Format"). */
const NAME = 0;
const SIZE = 124;
const CHECKSUM = 148;
const FLAG = 156;
const LINK = 157;
const MAGIC = 257;
const PREFIX = 345;
/** Of star's format, whose prefix is shorter because times follow it. */
const STAR_TRAILER = 508;
/** Of GNU's old sparse format: the length of the whole file, and whether blocks with more of the map follow. */
const SPARSE_SIZE = 483;
const SPARSE_MAP = 386;
const SPARSE_MORE = 482;

/** True for a block of zeros, two of which end an archive. */
export function isZeros(block: Buffer, at: number): boolean {
  for (let index = at; index < at + BLOCK; index++) if (block[index] !== 0) return false;
  return true;
}

/** Whether a block can be a header, also of the oldest format, which has no mark. */
export const isHeader = (block: Buffer): boolean => isSum(block, 0, octal(block, CHECKSUM, 8));

/** Whether it has the mark of the formats that have one, be the rest of it what it may. */
export const isMarked = (block: Buffer): boolean => is(block, MAGIC, "ustar");

/** @throws ImageError where the checksum or the size is not right. */
export function rawHeader(block: Buffer, at: number): RawHeader {
  if (!isSum(block, at, octal(block, at + CHECKSUM, 8)))
    throw new ImageError("corrupt", "the tar archive is damaged: a header's checksum or form is wrong");
  const name = text(block, at + NAME, 100);
  const prefix = prefixOf(block, at);
  const flag = block[at + FLAG] ?? 0;
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    link: block[at + LINK] === 0 ? "" : text(block, at + LINK, 100),
    flag: flag === 0 ? "0" : String.fromCharCode(flag),
    size: sizeAt(block, at + SIZE),
    mtime: number(block, at + 136, 12),
    mode: number(block, at + 100, 8) & 0o7777,
    uid: number(block, at + 108, 8),
    gid: number(block, at + 116, 8),
    major: number(block, at + 329, 8),
    minor: number(block, at + 337, 8),
  };
}

/** Of GNU's old sparse format. `more`: another block with pieces of the map follows. */
export function oldSparse(block: Buffer, at: number): { size: number; map: string; more: boolean } {
  return {
    size: sizeAt(block, at + SPARSE_SIZE),
    map: block.toString("latin1", at + SPARSE_MAP, at + SPARSE_MORE),
    more: block[at + SPARSE_MORE] !== 0,
  };
}

/** A block that continues such a map. */
export function oldSparseMore(block: Buffer, at: number): { map: string; more: boolean } {
  return { map: block.toString("latin1", at, at + 504), more: block[at + 504] !== 0 };
}

/** Only POSIX and star have a prefix: GNU keeps other things there. */
function prefixOf(block: Buffer, at: number): string {
  if (block[at + PREFIX] === 0 || !is(block, at + MAGIC, "ustar\0")) return "";
  return text(block, at + PREFIX, is(block, at + STAR_TRAILER, "tar\0") ? 131 : 155);
}

function is(block: Buffer, at: number, expected: string): boolean {
  for (let index = 0; index < expected.length; index++)
    if (block[at + index] !== expected.charCodeAt(index)) return false;
  return true;
}

function text(block: Buffer, at: number, most: number): string {
  let end = at;
  while (end < at + most && block[end] !== 0) end++;
  return readable(block, at, end);
}

/** UTF-8 where it is some, else Latin-1: names of other bytes stay apart, where U+FFFD for each would make them the same. */
export function readable(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString("utf8", start, end);
  return text.includes("\uFFFD") ? bytes.toString("latin1", start, end) : text;
}

/** The sum of all bytes, its own field counted as blanks; old programs took them for signed. */
function isSum(block: Buffer, at: number, expected: number): boolean {
  let sum = 8 * 0x20;
  for (let index = at; index < at + CHECKSUM; index++) sum += block[index] ?? 0;
  for (let index = at + FLAG; index < at + BLOCK; index++) sum += block[index] ?? 0;
  if (sum === expected) return true;
  for (let index = at; index < at + BLOCK; index++)
    if ((index < at + CHECKSUM || index >= at + FLAG) && (block[index] ?? 0) > 0x7f) sum -= 0x100;
  return sum === expected;
}

/** The octal digits of a field, blanks and zeros around them; NaN where it holds anything else, 0 where it is empty. */
function octal(block: Buffer, at: number, width: number): number {
  let value = 0;
  let index = at;
  const end = at + width;
  while (index < end && (block[index] === 0x20 || block[index] === 0)) index++;
  for (; index < end; index++) {
    const digit = (block[index] ?? 0) - 0x30;
    if (digit === -0x30 || digit === -0x10) break;
    if (digit < 0 || digit > 7) return Number.NaN;
    value = value * 8 + digit;
  }
  return value;
}

/** A number too large for octal digits is binary, in two's complement, the first bit a mark (GNU). */
function number(block: Buffer, at: number, width: number): number {
  const first = block[at] ?? 0;
  if (first < 0x80) return octal(block, at, width) || 0;
  const negative = (first & 0x40) !== 0;
  let value = negative ? first - 0x100 : first & 0x3f;
  for (let index = at + 1; index < at + width; index++) value = value * 256 + (block[index] ?? 0);
  return value;
}

function sizeAt(block: Buffer, at: number): number {
  const isBinary = (block[at] ?? 0) >= 0x80;
  return sizeOf(isBinary ? number(block, at, 12) : octal(block, at, 12));
}

/** @throws ImageError where no file can have that size. */
export function sizeOf(size: number): number {
  if (Number.isSafeInteger(size) && size >= 0) return size;
  throw new ImageError("corrupt", "the tar archive is damaged: a header gives an impossible size");
}
