/**
 * Keeps secrets out of logs and messages. What is known to be secret is registered before it is used; redact() then hides it
 * wherever it shows up, and also hides what looks like a credential. There is one set for the process: a secret is one everywhere.
 */

const HIDDEN = "‹redacted›";

/** Shorter texts occur in ordinary words; hiding them would tell the secret rather than keep it. */
const MIN_LENGTH = 4;

/** Tokens are renewed for as long as the process lives; the oldest have expired long before this many others are known. */
const MAX_SECRETS = 500;

const secrets = new Set<string>();

export function registerSecret(secret: string | undefined): void {
  if (secret === undefined || secret.length < MIN_LENGTH) return;
  for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) {
    secrets.delete(form);
    secrets.add(form);
  }
  for (const oldest of secrets) {
    if (secrets.size <= MAX_SECRETS) break;
    secrets.delete(oldest);
  }
}

/** User and password, alone and in the form they have in an Authorization header and in Docker's configuration. */
export function registerLogin(username: string, password: string): void {
  registerSecret(password);
  registerSecret(Buffer.from(`${username}:${password}`).toString("base64"));
}

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // userinfo of a URL
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@"'<>]+@/gi, `$1${HIDDEN}@`],
  // Authorization header values
  [/\b(Basic|Bearer)\s+[A-Za-z0-9+/=_.~-]{16,}/g, `$1 ${HIDDEN}`],
  // form and query parameters
  [/\b((?:access_|refresh_|identity)?token|password|secret|auth)=[^\s&"']+/gi, `$1=${HIDDEN}`],
  // fields of Docker's configuration and of a token server's answer
  [/"((?:access_|refresh_|identity)?token|auth|password|Secret)"\s*:\s*"(?:[^"\\]|\\.)*"/gi, `"$1":"${HIDDEN}"`],
];

export function redact(text: string): string {
  let out = text;
  // Longest first: a secret may contain another.
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) out = out.replaceAll(secret, HIDDEN);
  for (const [pattern, replacement] of PATTERNS) out = out.replace(pattern, replacement);
  return out;
}
