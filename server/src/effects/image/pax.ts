/** PAX extension headers: records that say instead of a tar header's fields what does not fit there. */
import { ImageError } from "./error.ts";
import { readable, sizeOf } from "./tar-header.ts";

export interface Pax {
  path?: string;
  /** The name a sparse file really has: `path` is what a program is to write that does not know them. */
  sparseName?: string;
  link?: string;
  size?: number;
  mtime?: number;
  uid?: number;
  gid?: number;
  /** GNU's sparse formats 0.0, 0.1 and 1.0: the length of the whole file, and where its pieces belong. */
  sparseSize?: number;
  sparseMap?: string;
  attributes?: string[];
}

const ATTRIBUTE = "SCHILY.xattr.";

/** What each record means; all others are passed over. */
const READERS: Readonly<Record<string, (into: Pax, value: string) => void>> = {
  path: (into, value) => void (into.path = named(value)),
  "GNU.sparse.name": (into, value) => void (into.sparseName = named(value)),
  linkpath: (into, value) => void (into.link = named(value)),
  size: (into, value) => void (into.size = sizeOf(Number(value))),
  mtime: (into, value) => void (into.mtime = finite(value)),
  uid: (into, value) => void (into.uid = finite(value)),
  gid: (into, value) => void (into.gid = finite(value)),
  "GNU.sparse.realsize": (into, value) => void (into.sparseSize = sizeOf(Number(value))),
  "GNU.sparse.size": (into, value) => void (into.sparseSize ??= sizeOf(Number(value))),
  "GNU.sparse.map": addMap,
  "GNU.sparse.offset": addMap,
  "GNU.sparse.numbytes": addMap,
};

function addMap(into: Pax, value: string): void {
  into.sparseMap = into.sparseMap === undefined ? value : `${into.sparseMap},${value}`;
}

/** Records are `length key=value\n`, the length in bytes and of the whole record. */
export function readPax(content: Buffer): Pax {
  const pax: Pax = {};
  for (let at = 0; at < content.length; ) {
    const blank = content.indexOf(0x20, at);
    const length = blank < 0 ? 0 : Number(content.toString("latin1", at, blank));
    const end = at + length;
    const equals = content.indexOf(0x3d, blank + 1);
    if (!Number.isInteger(length) || end > content.length || equals < 0 || equals >= end || content[end - 1] !== 0x0a)
      throw damaged();
    record(pax, content.toString("utf8", blank + 1, equals), content.subarray(equals + 1, end - 1));
    at = end;
  }
  pax.attributes?.sort();
  return pax;
}

function record(pax: Pax, key: string, value: Buffer): void {
  if (key.startsWith(ATTRIBUTE)) {
    (pax.attributes ??= []).push(`${key.slice(ATTRIBUTE.length)}=${attribute(value)}`);
    return;
  }
  // An empty value takes back what a header before said (POSIX): here each entry begins anew.
  if (value.length > 0 && Object.hasOwn(READERS, key)) READERS[key]?.(pax, readable(value, 0, value.length));
}

/** As text where it is some, else in hexadecimal, as getfattr writes it. */
function attribute(value: Buffer): string {
  const text = value.toString("utf8");
  return /[\p{Cc}\uFFFD]/u.test(text) ? `0x${value.toString("hex")}` : text;
}

function named(value: string): string {
  if (value.includes("\0")) throw damaged();
  return value;
}

function finite(value: string): number {
  const number = Number(value);
  if (!Number.isFinite(number)) throw damaged();
  return number;
}

const damaged = (): ImageError =>
  new ImageError("corrupt", "the tar archive is damaged: an extension header cannot be read");
