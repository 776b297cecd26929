/**
 * A vulnerability database for Trivy, small enough to be written by hand: the file of a bbolt store in which Trivy looks up packages
 * (schema 2 of trivy-db). Nobody has to reach the network for a real Trivy to find real advisories.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Names to values, or to further names. */
interface Bucket {
  readonly [name: string]: Bucket | Buffer;
}

const PAGE = 4096;
const PAGE_HEADER = 16;
const ELEMENT = 16;
const LEAF = 0x02;
const META = 0x04;
const FREELIST = 0x10;
const IS_BUCKET = 1;
const MAGIC = 0xed0cdaed;
const VERSION = 2;
const FIRST_FREE = 3;

/** The pages of a store: two with where the root is, one with the free pages, which there are none of, and a leaf for each bucket. */
function boltFile(root: Bucket): Buffer {
  const pages: Buffer[] = [];
  let next = FIRST_FREE;
  /** Writes the buckets in it first, for a bucket is known by the page it begins at. */
  const write = (bucket: Bucket): number => {
    const elements = Object.entries(bucket)
      .map(([name, value]) => ({
        key: Buffer.from(name),
        value: Buffer.isBuffer(value) ? value : bucketHead(write(value)),
        flags: Buffer.isBuffer(value) ? 0 : IS_BUCKET,
      }))
      .toSorted((a, b) => Buffer.compare(a.key, b.key));
    const id = next;
    const page = leafPage(id, elements);
    next += page.length / PAGE;
    pages.push(page);
    return id;
  };
  const rootPage = write(root);
  const metas = [0, 1].map((id) => metaPage(id, rootPage, next));
  return Buffer.concat([...metas, pageOf(2, FREELIST, 0, Buffer.alloc(0)), ...pages]);
}

/** Where a bucket begins, and the number it counts with. */
function bucketHead(page: number): Buffer {
  const head = Buffer.alloc(16);
  head.writeBigUInt64LE(BigInt(page), 0);
  return head;
}

interface Element {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly flags: number;
}

/** A table of the elements, then their keys and values. A place is counted from where its entry in the table stands. */
function leafPage(id: number, elements: readonly Element[]): Buffer {
  const table = Buffer.alloc(elements.length * ELEMENT);
  const data: Buffer[] = [];
  let at = table.length;
  for (const [index, { key, value, flags }] of elements.entries()) {
    const entry = index * ELEMENT;
    table.writeUInt32LE(flags, entry);
    table.writeUInt32LE(at - entry, entry + 4);
    table.writeUInt32LE(key.length, entry + 8);
    table.writeUInt32LE(value.length, entry + 12);
    data.push(key, value);
    at += key.length + value.length;
  }
  return pageOf(id, LEAF, elements.length, Buffer.concat([table, ...data]));
}

/** Content that is longer than a page goes on in the pages behind. */
function pageOf(id: number, flags: number, count: number, content: Buffer): Buffer {
  const pages = Math.ceil((PAGE_HEADER + content.length) / PAGE);
  const page = Buffer.alloc(pages * PAGE);
  page.writeBigUInt64LE(BigInt(id), 0);
  page.writeUInt16LE(flags, 8);
  page.writeUInt16LE(count, 10);
  page.writeUInt32LE(pages - 1, 12);
  content.copy(page, PAGE_HEADER);
  return page;
}

function metaPage(id: number, root: number, end: number): Buffer {
  const meta = Buffer.alloc(64);
  meta.writeUInt32LE(MAGIC, 0);
  meta.writeUInt32LE(VERSION, 4);
  meta.writeUInt32LE(PAGE, 8);
  meta.writeBigUInt64LE(BigInt(root), 16);
  meta.writeBigUInt64LE(2n, 32); // the page with the free ones
  meta.writeBigUInt64LE(BigInt(end), 40);
  meta.writeBigUInt64LE(BigInt(id), 48); // the transaction
  meta.writeBigUInt64LE(fnv1a(meta.subarray(0, 56)), 56);
  return pageOf(id, META, 0, meta);
}

function fnv1a(bytes: Buffer): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash;
}

const json = (value: object): Buffer => Buffer.from(JSON.stringify(value));
/** As numbers where several sources are named, and as a word where the gravest is. */
const SEVERITIES = ["UNKNOWN", "LOW", "MEDIUM", "HIGH", "CRITICAL"] as const;

const vulnerability = (severity: (typeof SEVERITIES)[number], title: string): Buffer =>
  json({ Title: title, Description: title, Severity: severity, VendorSeverity: { nvd: SEVERITIES.indexOf(severity) } });

const NPM = "npm::GitHub Security Advisory npm";

/** Public advisories: the packages of test/docker/scan.ts have all of them. */
const DATABASE: Bucket = {
  "data-source": {
    "debian 12": json({ ID: "debian", Name: "Debian Security Tracker", URL: "https://security-tracker.debian.org" }),
    [NPM]: json({ ID: "ghsa", Name: "GitHub Security Advisory npm", URL: "https://github.com/advisories" }),
  },
  "debian 12": {
    zlib: {
      "CVE-2022-37434": json({ FixedVersion: "1:1.2.13.dfsg-2" }),
      "CVE-2023-45853": json({ Status: 2, Severity: 0 }),
    },
  },
  [NPM]: {
    lodash: {
      "CVE-2021-23337": json({ PatchedVersions: ["4.17.21"], VulnerableVersions: ["<4.17.21"] }),
    },
    minimist: {
      "CVE-2021-44906": json({
        PatchedVersions: ["1.2.6", "0.2.4"],
        VulnerableVersions: [">=1.0.0, <1.2.6", "<0.2.4"],
      }),
    },
  },
  vulnerability: {
    "CVE-2022-37434": vulnerability("CRITICAL", "zlib: heap buffer over-read in inflate"),
    "CVE-2023-45853": vulnerability("CRITICAL", "zlib: integer overflow in MiniZip"),
    "CVE-2021-23337": vulnerability("HIGH", "lodash: command injection in template"),
    "CVE-2021-44906": vulnerability("MEDIUM", "minimist: prototype pollution"),
  },
};

/** Writes Trivy's cache folder. */
export async function writeTrivyDatabase(cache: string, updated = new Date()): Promise<void> {
  const folder = join(cache, "db");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "trivy.db"), boltFile(DATABASE));
  const at = updated.toISOString();
  const metadata = { Version: 2, NextUpdate: "2099-01-01T00:00:00Z", UpdatedAt: at, DownloadedAt: at };
  await writeFile(join(folder, "metadata.json"), JSON.stringify(metadata));
}
