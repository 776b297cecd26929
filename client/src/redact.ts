/** Hides what looks like a credential in what programs print, before it is logged. */

const HIDDEN = "‹redacted›";

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // user and password of an address
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@"'<>]+@/gi, `$1${HIDDEN}@`],
  // Authorization headers
  [/\b(Basic|Bearer)\s+[A-Za-z0-9+/=_.~-]{16,}/g, `$1 ${HIDDEN}`],
  // JSON web tokens, such as the identity of a keyless signature
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g, HIDDEN],
  // form and query parameters
  [/\b((?:access_|refresh_|identity)?token|password|secret)=[^\s&"']+/gi, `$1=${HIDDEN}`],
];

export const redact = (text: string): string =>
  PATTERNS.reduce((hidden, [pattern, replacement]) => hidden.replace(pattern, replacement), text);
