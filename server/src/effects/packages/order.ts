/** Which of two versions is newer: Debian's order, and that of numbers with dots between. */

/** As deb-version(7): epoch, upstream version, revision; letters sort before other signs, `~` before everything, even the end. */
export function compareDebian(a: string, b: string): number {
  const left = split(a);
  const right = split(b);
  return (
    left.epoch - right.epoch ||
    compareParts(left.upstream, right.upstream) ||
    compareParts(left.revision, right.revision)
  );
}

function split(version: string): { readonly epoch: number; readonly upstream: string; readonly revision: string } {
  const colon = version.indexOf(":");
  const rest = version.slice(colon + 1);
  const dash = rest.lastIndexOf("-");
  return {
    epoch: colon === -1 ? 0 : Number(version.slice(0, colon)),
    upstream: dash === -1 ? rest : rest.slice(0, dash),
    revision: dash === -1 ? "" : rest.slice(dash + 1),
  };
}

/** By turns what is no digit, sign by sign, and a number. */
function compareParts(a: string, b: string): number {
  let [left, right] = [a, b];
  while (left !== "" || right !== "") {
    const wordA = /^\D*/.exec(left)?.[0] ?? "";
    const wordB = /^\D*/.exec(right)?.[0] ?? "";
    const byWord = compareWords(wordA, wordB);
    if (byWord !== 0) return byWord;
    left = left.slice(wordA.length);
    right = right.slice(wordB.length);
    const numberA = /^\d*/.exec(left)?.[0] ?? "";
    const numberB = /^\d*/.exec(right)?.[0] ?? "";
    const byNumber = Number(numberA) - Number(numberB);
    if (byNumber !== 0) return byNumber;
    left = left.slice(numberA.length);
    right = right.slice(numberB.length);
  }
  return 0;
}

function compareWords(a: string, b: string): number {
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const difference = weight(a.charAt(at)) - weight(b.charAt(at));
    if (difference !== 0) return difference;
  }
  return 0;
}

const weight = (sign: string): number => {
  if (sign === "~") return -1;
  if (sign === "") return 0;
  return /[A-Za-z]/.test(sign) ? sign.charCodeAt(0) : sign.charCodeAt(0) + 256;
};

/** `3.12`, `1.0.2`: releases, and nothing else. A part that is missing counts as 0. */
export function compareNumbers(a: string, b: string): number {
  const left = a.split(/\D+/).map(Number);
  const right = b.split(/\D+/).map(Number);
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
