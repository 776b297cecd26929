/** Heredoc markers on an instruction's line, as BuildKit finds them (parser.go: heredocsFromLine, ParseHeredoc). */
import type { Since } from "./frontend.ts";
import { isBlank } from "./logical.ts";
import { endOfQuotedWord, unquote } from "./words.ts";

export interface Marker {
  readonly name: string;
  readonly chomp: boolean;
  readonly expand: boolean;
  readonly descriptor: number;
  /** Offsets into the logical text. */
  readonly start: number;
  readonly end: number;
}

/** A whole word: optional descriptor, `<<`, optional `-`, then the name. A lone `<<` is a shift or a shell's own. */
const MARKER = /^(\d*)<<(-?)([^<]+)$/;

/** The frontend's releases that first had them. */
export const HEREDOCS: Since = { since: "1.4", labs: "1.3" };

/** Only RUN, COPY and ADD have heredocs, also below ONBUILD. */
export const TAKES_HEREDOCS: ReadonlySet<string> = new Set(["RUN", "COPY", "ADD"]);

export function heredocMarkers(text: string, start: number): Marker[] {
  if (!text.includes("<<", start)) return [];
  const markers: Marker[] = [];
  for (let at = start; at < text.length; ) {
    while (at < text.length && isBlank(text.charCodeAt(at))) at++;
    const end = endOfQuotedWord(text, at, "\\");
    const found = MARKER.exec(text.slice(at, end));
    if (found) {
      const written = found[3] ?? "";
      const name = unquote(written);
      markers.push({
        name,
        chomp: found[2] === "-",
        expand: !/["'\\]/.test(written),
        descriptor: Number(found[1] || 0),
        start: at,
        end,
      });
    }
    at = Math.max(end, at + 1);
  }
  return markers;
}
