/** What is known of an image's signatures, in words: one line for a hover, rows for the view. */
import type { Verdict } from "../../signing/cosign.ts";

export type SignatureState = "pushed" | "signed" | "attested" | "verified" | "unsigned" | "mismatch" | "unknown";

export interface SignatureEntry {
  /** As the person named it. */
  readonly image: string;
  readonly state: SignatureState;
  readonly digest?: string;
  /** Whose signature: a key, or an identity. */
  readonly by?: string;
  /** Why, where it is not what was hoped for. */
  readonly why?: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const WORDS: Readonly<Record<SignatureState, string>> = {
  pushed: "Pushed",
  signed: "Signed",
  attested: "SBOM attached",
  verified: "Signature verified",
  unsigned: "No signature",
  mismatch: "Signed by somebody else",
  unknown: "Signature not checked",
};

export const ICONS: Readonly<Record<SignatureState, string>> = {
  pushed: "cloud-upload",
  signed: "key",
  attested: "package",
  verified: "verified",
  unsigned: "circle-slash",
  mismatch: "warning",
  unknown: "question",
};

export const headline = ({ state }: Pick<SignatureEntry, "state">): string => WORDS[state];

/** One line: `Signature verified for me@example.com (sha256:0123…)`. */
export function oneLineOf({ state, by, digest, why }: SignatureEntry): string {
  const whose = by === undefined ? "" : ` for ${by}`;
  const what = digest === undefined ? "" : ` (${digest.slice(0, "sha256:".length + 12)}…)`;
  return `${WORDS[state]}${whose}${what}${why === undefined ? "" : `: ${why}`}`;
}

/** A name and what it is about, the answer to the first question first. */
export const rowsOf = ({ state, digest, by, why, at }: SignatureEntry): readonly (readonly [string, string])[] => [
  ...(why === undefined ? [] : [["Why", why] as const]),
  ...(by === undefined ? [] : [[state in HOPED ? "By" : "Asked for", by] as const]),
  ...(digest === undefined ? [] : [["Digest", digest] as const]),
  ["When", new Date(at).toLocaleString()],
];

/** Colours of icons; each has a shape of its own besides. */
const HOPED: Partial<Readonly<Record<SignatureState, string>>> = {
  pushed: "icon.foreground",
  signed: "icon.foreground",
  attested: "icon.foreground",
  verified: "charts.green",
};
const NOT_HOPED = "problemsWarningIcon.foreground";

export const colorOf = (state: SignatureState): string => HOPED[state] ?? NOT_HOPED;

/** What a verdict of cosign's is as an entry. */
export function entryOf(image: string, asked: string, verdict: Verdict, at: number): SignatureEntry {
  if (verdict.state !== "verified") return { image, state: verdict.state, by: asked, why: verdict.why, at };
  const [first] = verdict.signatures;
  return { image, state: "verified", by: first?.subject ?? asked, ...(first && { digest: first.digest }), at };
}
