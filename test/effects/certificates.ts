/** Certificate authorities and certificates for tests, written as DER by hand: the machine may have no openssl. */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

export interface Identity {
  /** PEM. */
  readonly certificate: string;
  /** PEM. */
  readonly key: string;
}

export interface Authority {
  /** PEM of its own certificate. */
  readonly certificate: string;
  issue(names: { readonly dns?: readonly string[]; readonly ip?: readonly string[] }, validity?: Validity): Identity;
}

interface Validity {
  readonly from: Date;
  readonly to: Date;
}

const DAY_MS = 86_400_000;
const thisMonth = (): Validity => ({ from: new Date(Date.now() - DAY_MS), to: new Date(Date.now() + 30 * DAY_MS) });

export function createAuthority(commonName: string): Authority {
  const own = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const issuer = name(commonName);
  const root = certificate({
    issuer,
    subject: issuer,
    subjectKey: own.publicKey,
    signer: own.privateKey,
    validity: thisMonth(),
    extensions: [extension("551d13", sequence(bool(true)), true)], // basicConstraints: CA
  });
  return {
    certificate: pem("CERTIFICATE", root),
    issue({ dns = [], ip = [] }, validity = thisMonth()) {
      const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const names = [
        ...dns.map((text) => der(0x82, Buffer.from(text))),
        ...ip.map((text) => der(0x87, Buffer.from(text.split(".").map(Number)))),
      ];
      const leaf = certificate({
        issuer,
        subject: name(dns[0] ?? ip[0] ?? "nobody"),
        subjectKey: pair.publicKey,
        signer: own.privateKey,
        validity,
        extensions: names.length > 0 ? [extension("551d11", sequence(...names))] : [], // subjectAltName
      });
      const key = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
      return { certificate: pem("CERTIFICATE", leaf), key };
    },
  };
}

/** The base64 body of a PEM text, as the x5c field of a token has it. */
export const pemBody = (text: string): string => text.replace(/-----[^-]+-----|\s/g, "");

interface Fields {
  readonly issuer: Buffer;
  readonly subject: Buffer;
  readonly subjectKey: KeyObject;
  readonly signer: KeyObject;
  readonly validity: Validity;
  readonly extensions: readonly Buffer[];
}

/** RFC 5280 section 4.1. */
function certificate({ issuer, subject, subjectKey, signer, validity, extensions }: Fields): Buffer {
  const algorithm = sequence(oid("2a8648ce3d040302")); // ecdsa-with-SHA256
  const serial = randomBytes(16);
  serial[0] = 1;
  const toSign = sequence(
    der(0xa0, integer(Buffer.from([2]))), // version 3
    integer(serial),
    algorithm,
    issuer,
    sequence(time(validity.from), time(validity.to)),
    subject,
    subjectKey.export({ type: "spki", format: "der" }),
    ...(extensions.length > 0 ? [der(0xa3, sequence(...extensions))] : []),
  );
  const signature = sign("sha256", toSign, signer);
  return sequence(toSign, algorithm, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
}

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => der(0x30, ...parts);
const integer = (bytes: Buffer): Buffer => der(0x02, bytes);
const bool = (value: boolean): Buffer => der(0x01, Buffer.from([value ? 0xff : 0]));
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, "hex"));

const name = (commonName: string): Buffer =>
  sequence(der(0x31, sequence(oid("550403"), der(0x0c, Buffer.from(commonName)))));

const extension = (id: string, value: Buffer, critical = false): Buffer =>
  sequence(oid(id), ...(critical ? [bool(true)] : []), der(0x04, value));

/** UTCTime: `YYMMDDhhmmssZ`. */
const time = (date: Date): Buffer =>
  der(0x17, Buffer.from(`${date.toISOString().replace(/[-:T]/g, "").slice(2, 14)}Z`));

const pem = (label: string, bytes: Buffer): string => {
  const lines = bytes.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
};
