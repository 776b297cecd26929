/** The one error type of the registry effect, its kinds, and how text from a registry may enter a message. */
import { redact } from "../redact.ts";

export type RegistryErrorKind =
  /** The text is no image reference, or none that a registry could have. */
  | "reference"
  /** No connection, or the server is unable to answer now. */
  | "network"
  | "tls"
  | "timeout"
  | "unauthorized"
  | "not-found"
  | "rate-limited"
  /** The server answered something that is no registry's answer, or asked for something unsafe. */
  | "protocol"
  /** Content and digest disagree. */
  | "digest"
  | "too-large"
  | "offline";

export interface RegistryErrorDetails {
  /** Node's code of a connection error, as ECONNREFUSED. */
  readonly code?: string;
  /** HTTP status. */
  readonly status?: number;
  /** Asking again before this many milliseconds is refused. */
  readonly retryAfterMs?: number;
}

export class RegistryError extends Error {
  override readonly name = "RegistryError";
  readonly kind: RegistryErrorKind;
  readonly details: RegistryErrorDetails;

  /** @param message what happened and what to do; secrets in it are hidden */
  constructor(kind: RegistryErrorKind, message: string, details: RegistryErrorDetails = {}) {
    super(redact(message));
    this.kind = kind;
    this.details = details;
  }
}

const MAX_QUOTE = 200;

/** Text of a server as it may be shown: on one line, without control and bidirectional characters, not longer than a line or two. */
export function quote(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
  return plain.length > MAX_QUOTE ? `${plain.slice(0, MAX_QUOTE)}…` : plain;
}
