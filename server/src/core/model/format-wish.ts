/** What a project says of how its files are laid out. */

export type KeywordCase = "preserve" | "upper" | "lower";
export const KEYWORD_CASES: readonly KeywordCase[] = ["preserve", "upper", "lower"];

/** A number of blanks, or `tab`. */
export const INDENT = "[1-8]|tab";

/** Undefined is for whoever formats to say. */
export interface FormatWish {
  readonly keywordCase?: KeywordCase;
  /** As `INDENT` has it. */
  readonly indent?: string;
}
