/** A digest in hexadecimal. Node's crypto takes milliseconds to load and most runs need none: it loads with the first digest. */
import type * as Crypto from "node:crypto";

const crypto = (): typeof Crypto => process.getBuiltinModule("node:crypto");

export const sha256 = (text: string): string => crypto().createHash("sha256").update(text).digest("hex");
