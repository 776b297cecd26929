/** What changes from run to run in what programs print: times, ids, process numbers, addresses. Each is replaced by its kind. */

const MASKS: readonly (readonly [RegExp, string])[] = [
  // 2026-11-21T23:22:00.123Z, 2026/11/21 23:22:00,123 +0000
  [/\b\d{4}[-/.]\d{2}[-/.]\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}))?/g, "‹time›"],
  // Sat, 21 Nov 2026 23:22:00 GMT; 21/Nov/2026:23:22:00 +0000; Nov 21 23:22:00; Sat Nov 21 23:22:00 2026
  [
    /\b(?:[A-Z][a-z]{2}, )?\d{1,2}[ /-][A-Z][a-z]{2,8}[ /-]\d{4}[ :]\d{2}:\d{2}:\d{2}(?: (?:GMT|UTC|[+-]\d{4}))?/g,
    "‹time›",
  ],
  [
    /\b(?:[A-Z][a-z]{2} )?[A-Z][a-z]{2} {1,2}\d{1,2} \d{2}:\d{2}:\d{2}(?: (?:UTC|GMT|[+-]\d{4}))?(?: \d{4})?/g,
    "‹time›",
  ],
  [/\b\d{4}[-/]\d{2}[-/]\d{2}\b/g, "‹day›"],
  [/\b\d{1,2}:\d{2}:\d{2}(?:[.,]\d+)?(?: ?[AP]M)?\b/g, "‹time›"],
  // a time in seconds, milliseconds or nanoseconds since 1970, of this century
  [/\b1[5-9]\d{8}(?:\.\d+|\d{3}|\d{6}|\d{9})?\b/g, "‹time›"],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, "‹id›"],
  // a container's id, short or whole, a digest, an address in memory
  [
    /\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])(?:[0-9a-f]{12}|[0-9a-f]{16}|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})\b/g,
    "‹id›",
  ],
  [/\b0x[0-9a-f]{6,16}\b/gi, "‹address›"],
  [/\b(pid|PID|process|worker)([ :=#]{1,3}|: )\[?\d+\]?/g, "$1$2‹pid›"],
  [/\[\d{1,7}\](?=[ :])/g, "[‹pid›]"],
  // how long something took
  [/\b\d+(?:[.,]\d+)? ?(?:ns|µs|us|ms|s|secs?|seconds|milliseconds)\b/g, "‹duration›"],
  [/\b(?:10|127|172|192)\.\d{1,3}\.\d{1,3}\.\d{1,3}(?::\d{2,5})?\b/g, "‹host›"],
];

/** Where two runs of the same program differ, the masked lines are the same. */
export function masked(text: string): string {
  let out = text;
  for (const [pattern, kind] of MASKS) out = out.replace(pattern, kind);
  return out;
}
