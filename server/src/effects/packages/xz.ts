/**
 * Unpacks .xz, which Node has no library for: Debian has the indexes of updates and of security in no other form. The container and LZMA2
 * as in "The .xz File Format" 1.2 and the LZMA specification. Of the checks only the sizes are looked at.
 */

export class XzError extends Error {
  override readonly name = "XzError";
}

const MAGIC = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00];
const LZMA2 = 0x21;
/** Bytes of the check behind each block, by its kind. */
const CHECKS: Readonly<Record<number, number>> = { 0: 0, 1: 4, 4: 8, 10: 32 };

/** @throws XzError when it is no such file, damaged, or unpacks to more than `most` bytes */
export function unxz(packed: Uint8Array, most: number): Buffer {
  if (!MAGIC.every((byte, at) => packed[at] === byte)) throw new XzError("it is no .xz file");
  const check = CHECKS[(packed[7] ?? 0) & 15];
  if (check === undefined) throw new XzError("its check is of an unknown kind");
  const out = new Output(most);
  // Magic, flags and their checksum, then blocks up to the index, whose first byte is 0.
  for (let at = 12; packed[at] !== 0; ) {
    const { start, size } = blockHeader(packed, at);
    const before = out.length;
    const end = lzma2(packed, start, out);
    if (size !== undefined && out.length - before !== size) throw new XzError("a block has another size than it says");
    const length = end - at;
    at = end + ((4 - (length % 4)) % 4) + check;
    if (at >= packed.length) throw new XzError("it is cut off");
  }
  return out.bytes();
}

/** Where a block's data begins, and its unpacked size where it says that. */
function blockHeader(packed: Uint8Array, from: number): { readonly start: number; readonly size: number | undefined } {
  const start = from + ((packed[from] ?? 0) + 1) * 4;
  const flags = packed[from + 1] ?? 0;
  let at = from + 2;
  const number = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = packed[at++];
      if (byte === undefined || shift > 2 ** 49) throw new XzError("it is cut off");
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  if (flags & 0x40) number();
  const size = flags & 0x80 ? number() : undefined;
  if ((flags & 3) !== 0 || number() !== LZMA2) throw new XzError("it uses a filter that is not known here");
  return { start, size };
}

/** What came out so far is the dictionary as well. */
class Output {
  length = 0;
  #bytes = Buffer.allocUnsafe(1 << 20);
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** The bytes with room for so many more. */
  room(count: number): Buffer {
    const needed = this.length + count;
    if (needed > this.#most) throw new XzError(`it unpacks to more than ${this.#most} bytes`);
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
      this.#bytes.copy(larger, 0, 0, this.length);
      this.#bytes = larger;
    }
    return this.#bytes;
  }

  bytes(): Buffer {
    return this.#bytes.subarray(0, this.length);
  }
}

/** Chunks up to the one that ends them; gives where that ends. */
function lzma2(packed: Uint8Array, from: number, out: Output): number {
  let at = from;
  let dictionary = out.length;
  let decoder: Lzma | undefined;
  for (;;) {
    const control = packed[at++];
    if (control === undefined) throw new XzError("it is cut off");
    if (control === 0) return at;
    const high = packed[at] ?? 0;
    const low = packed[at + 1] ?? 0;
    if (control < 0x80) {
      if (control > 2) throw new XzError("a chunk is of an unknown kind");
      const size = high * 256 + low + 1;
      if (control === 1) dictionary = out.length;
      const start = at + 2;
      if (start + size > packed.length) throw new XzError("it is cut off");
      out.room(size).set(packed.subarray(start, start + size), out.length);
      out.length += size;
      at = start + size;
      continue;
    }
    const size = ((control & 31) << 16) + high * 256 + low + 1;
    const length = (packed[at + 2] ?? 0) * 256 + (packed[at + 3] ?? 0) + 1;
    const reset = (control >> 5) & 3;
    at += 4;
    if (reset === 3) dictionary = out.length;
    if (reset >= 2) decoder = new Lzma(packed[at++] ?? 0);
    else if (reset === 1) decoder?.reset();
    if (!decoder) throw new XzError("a chunk comes before its properties");
    if (at + length > packed.length) throw new XzError("it is cut off");
    decoder.chunk(packed.subarray(at, at + length), out, size, dictionary);
    at += length;
  }
}

const STATES = 12;
const POSITIONS = 16;
const HALF = 1024;
const probabilities = (count: number): Uint16Array => new Uint16Array(count).fill(HALF);

/** Lengths of matches: short ones by position, long ones together. */
interface Lengths {
  readonly choice: Uint16Array;
  readonly low: Uint16Array;
  readonly middle: Uint16Array;
  readonly high: Uint16Array;
}
const lengths = (): Lengths => ({
  choice: probabilities(2),
  low: probabilities(POSITIONS * 8),
  middle: probabilities(POSITIONS * 8),
  high: probabilities(256),
});

/** One stream of LZMA: the model, and the range decoder of the chunk at hand. */
class Lzma {
  readonly #literalContext: number;
  readonly #literalMask: number;
  readonly #positionMask: number;
  #literals = probabilities(0);
  #isMatch = probabilities(0);
  #isRepeat = probabilities(0);
  #isRepeat0 = probabilities(0);
  #isRepeat1 = probabilities(0);
  #isRepeat2 = probabilities(0);
  #isLongRepeat0 = probabilities(0);
  #slots = probabilities(0);
  #special = probabilities(0);
  #aligned = probabilities(0);
  #matchLengths = lengths();
  #repeatLengths = lengths();
  #state = 0;
  #repeats: [number, number, number, number] = [0, 0, 0, 0];
  #input: Uint8Array = new Uint8Array();
  #at = 0;
  #range = 0;
  #code = 0;

  constructor(properties: number) {
    if (properties >= 225) throw new XzError("the properties of a chunk cannot be");
    const literalPosition = Math.floor(properties / 9) % 5;
    this.#literalContext = properties % 9;
    this.#literalMask = (1 << literalPosition) - 1;
    this.#positionMask = (1 << Math.floor(properties / 45)) - 1;
    if (this.#literalContext + literalPosition > 4) throw new XzError("the properties of a chunk cannot be");
    this.#literals = probabilities(0x300 << (this.#literalContext + literalPosition));
    this.reset();
  }

  reset(): void {
    this.#literals.fill(HALF);
    this.#isMatch = probabilities(STATES * POSITIONS);
    this.#isRepeat = probabilities(STATES);
    this.#isRepeat0 = probabilities(STATES);
    this.#isRepeat1 = probabilities(STATES);
    this.#isRepeat2 = probabilities(STATES);
    this.#isLongRepeat0 = probabilities(STATES * POSITIONS);
    this.#slots = probabilities(4 * 64);
    this.#special = probabilities(128);
    this.#aligned = probabilities(16);
    this.#matchLengths = lengths();
    this.#repeatLengths = lengths();
    this.#state = 0;
    this.#repeats = [0, 0, 0, 0];
  }

  /** Appends `size` bytes. `dictionary`: how far back matches may reach. */
  chunk(input: Uint8Array, out: Output, size: number, dictionary: number): void {
    this.#input = input;
    this.#range = 0xffffffff;
    this.#code = (((input[1] ?? 0) << 24) | ((input[2] ?? 0) << 16) | ((input[3] ?? 0) << 8) | (input[4] ?? 0)) >>> 0;
    this.#at = 5;
    const bytes = out.room(size);
    const end = out.length + size;
    let at = out.length;
    while (at < end) {
      const position = (at - dictionary) & this.#positionMask;
      if (this.#bit(this.#isMatch, this.#state * POSITIONS + position) === 0) {
        bytes[at] = this.#literal(bytes, at, dictionary);
        at++;
        continue;
      }
      const length = this.#match(position);
      const distance = this.#repeats[0] + 1;
      if (length === 0) {
        if (at - distance < dictionary) throw new XzError("a match reaches too far back");
        bytes[at] = bytes[at - distance] ?? 0;
        at++;
        continue;
      }
      if (at - distance < dictionary || at + length > end) throw new XzError("a match reaches too far");
      for (const last = at + length; at < last; at++) bytes[at] = bytes[at - distance] ?? 0;
    }
    out.length = end;
    if (this.#at > input.length) throw new XzError("it is cut off");
  }

  #literal(bytes: Buffer, at: number, dictionary: number): number {
    const before = at > dictionary ? (bytes[at - 1] ?? 0) : 0;
    const context =
      (((at - dictionary) & this.#literalMask) << this.#literalContext) + (before >> (8 - this.#literalContext));
    const base = 0x300 * context;
    let symbol = 1;
    if (this.#state >= 7) {
      let match = bytes[at - this.#repeats[0] - 1] ?? 0;
      while (symbol < 0x100) {
        const bit = (match >> 7) & 1;
        match <<= 1;
        const read = this.#bit(this.#literals, base + ((1 + bit) << 8) + symbol);
        symbol = (symbol << 1) | read;
        if (bit !== read) break;
      }
    }
    while (symbol < 0x100) symbol = (symbol << 1) | this.#bit(this.#literals, base + symbol);
    this.#state = this.#state < 4 ? 0 : this.#state < 10 ? this.#state - 3 : this.#state - 6;
    return symbol & 0xff;
  }

  /** The length, with the distance as the first of the repeats; 0 is one byte from there. */
  #match(position: number): number {
    const state = this.#state;
    const [first, second, third, fourth] = this.#repeats;
    if (this.#bit(this.#isRepeat, state) === 0) {
      const length = this.#length(this.#matchLengths, position);
      this.#state = state < 7 ? 7 : 10;
      this.#repeats = [this.#distance(length), first, second, third];
      return length;
    }
    if (this.#bit(this.#isRepeat0, state) === 0) {
      if (this.#bit(this.#isLongRepeat0, state * POSITIONS + position) === 0) {
        this.#state = state < 7 ? 9 : 11;
        return 0;
      }
    } else if (this.#bit(this.#isRepeat1, state) === 0) this.#repeats = [second, first, third, fourth];
    else if (this.#bit(this.#isRepeat2, state) === 0) this.#repeats = [third, first, second, fourth];
    else this.#repeats = [fourth, first, second, third];
    this.#state = state < 7 ? 8 : 11;
    return this.#length(this.#repeatLengths, position);
  }

  #length({ choice, low, middle, high }: Lengths, position: number): number {
    if (this.#bit(choice, 0) === 0) return 2 + this.#tree(low, position * 8, 3);
    if (this.#bit(choice, 1) === 0) return 10 + this.#tree(middle, position * 8, 3);
    return 18 + this.#tree(high, 0, 8);
  }

  #distance(length: number): number {
    const slot = this.#tree(this.#slots, Math.min(length - 2, 3) * 64, 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) * 2 ** bits;
    if (slot < 14) return base + this.#reversed(this.#special, base - slot, bits);
    let direct = 0;
    for (let left = bits - 4; left > 0; left--) {
      this.#range = this.#range >>> 1;
      const bit = this.#code >= this.#range ? 1 : 0;
      if (bit === 1) this.#code = (this.#code - this.#range) >>> 0;
      direct = direct * 2 + bit;
      this.#normalise();
    }
    return base + direct * 16 + this.#reversed(this.#aligned, 0, 4);
  }

  #tree(table: Uint16Array, base: number, bits: number): number {
    let symbol = 1;
    for (let left = bits; left > 0; left--) symbol = (symbol << 1) | this.#bit(table, base + symbol);
    return symbol - (1 << bits);
  }

  /** The lowest bit comes first. */
  #reversed(table: Uint16Array, base: number, bits: number): number {
    let symbol = 1;
    let value = 0;
    for (let at = 0; at < bits; at++) {
      const bit = this.#bit(table, base + symbol);
      symbol = (symbol << 1) | bit;
      value |= bit << at;
    }
    return value;
  }

  #bit(table: Uint16Array, index: number): 0 | 1 {
    const probability = table[index] ?? HALF;
    const bound = (this.#range >>> 11) * probability;
    if (this.#code < bound) {
      this.#range = bound;
      table[index] = probability + ((2048 - probability) >> 5);
      this.#normalise();
      return 0;
    }
    this.#range = this.#range - bound;
    this.#code = this.#code - bound;
    table[index] = probability - (probability >> 5);
    this.#normalise();
    return 1;
  }

  #normalise(): void {
    if (this.#range >= 0x1000000) return;
    this.#range = (this.#range << 8) >>> 0;
    this.#code = ((this.#code << 8) | (this.#input[this.#at++] ?? 0)) >>> 0;
  }
}
