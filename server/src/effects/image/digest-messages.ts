/** What is said between the thread that reads and the one that hashes. */

export type Algorithm = "sha256" | "sha512";

export type ToDigests =
  | { readonly does: "begin"; readonly id: number; readonly algorithm: Algorithm }
  | { readonly does: "bytes"; readonly id: number; readonly slot: number; readonly at: number; readonly length: number }
  | { readonly does: "end" | "forget"; readonly id: number };

/** A slot that may be written again, or a digest in hexadecimal. */
export type FromDigests = { readonly slot: number } | { readonly id: number; readonly hex: string };
