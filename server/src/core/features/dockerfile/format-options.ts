/** How Dockerfiles are laid out: what the project says, what the editor says, and what is usual. */
import type { FormatWish, KeywordCase } from "../../model/format-wish.ts";

export interface FormatOptions {
  /** Columns of one step of indentation. */
  readonly tabSize: number;
  /** Blanks, not tabs. */
  readonly insertSpaces: boolean;
  readonly keywordCase: KeywordCase;
}

/** Where nobody says anything. */
const DEFAULT_TAB_SIZE = 4;
const MAX_TAB_SIZE = 16;

/** The project's wish first, then what the editor says of itself. */
export function formatOptions(
  wish: FormatWish,
  editor: { readonly tabSize?: number; readonly insertSpaces?: boolean } = {},
): FormatOptions {
  const { tabSize = DEFAULT_TAB_SIZE, insertSpaces = true } = editor;
  const { keywordCase = "preserve", indent } = wish;
  const width = Number.isInteger(tabSize) && tabSize >= 1 && tabSize <= MAX_TAB_SIZE ? tabSize : DEFAULT_TAB_SIZE;
  if (indent === "tab") return { tabSize: width, insertSpaces: false, keywordCase };
  return indent === undefined
    ? { tabSize: width, insertSpaces, keywordCase }
    : { tabSize: Number(indent), insertSpaces: true, keywordCase };
}
