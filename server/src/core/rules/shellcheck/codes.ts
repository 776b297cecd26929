/**
 * Which of ShellCheck's codes are shown in which profile, where that is not decided by its level: errors and warnings are
 * `recommended`, infos and style `strict`. Each exception has its reason.
 */
import type { Profile, Severity } from "../../rule.ts";

/** About a script file on a disk: its name, its `#!` line, files beside it. The script of a RUN has none of that. */
export const MEANINGLESS: ReadonlySet<number> = new Set([
  1008, // the #! line names an unknown shell: we name the shell
  1090, // cannot follow a file that is sourced
  1091, // the same, for a name that is known
  2148, // no #! line
  2187, // what ash and dash are: decided by the image
]);

/** The construct and the command a parse error is in: said along with the error itself, SC1072. */
export const PARSE_CONTEXT: ReadonlySet<number> = new Set([1009, 1073]);
export const PARSE_ERROR = 1072;

const STRICTER: Readonly<Record<number, string>> = {
  2010: "names in an image are known, and so is what ls prints",
  2038: "file names with blanks do not come up in an image by themselves",
  2043: "a list of one is often a list that was longer, or will be",
  2044: "as 2038",
  2045: "as 2010",
  2046: "in a RUN the splitting is mostly wanted: apt-get purge $(…), gcc $(pkg-config …)",
  2155: "mostly export GNUPGHOME=$(mktemp -d), which does not fail",
  2166: "not well defined by POSIX, yet well by every shell an image has",
  2174: "the folders above with their usual mode are mostly what is wanted",
  2188: "> file alone empties the file in every shell but zsh",
  2206: "as 2046, for arrays",
  2207: "as 2046, for arrays",
};

/** Codes from 3000 on: what sh does not have. */
const PORTABILITY = 3000;

const SEVERITIES: Readonly<Record<string, Severity>> = {
  error: "error",
  warning: "warning",
  info: "info",
  style: "hint",
};

export const severityOf = (level: string): Severity => SEVERITIES[level] ?? "warning";

/** `anySh`: nothing is known of the shell but that it calls itself sh. `open`: variables may be set elsewhere too. */
export function profileOf(
  code: number,
  level: string,
  { anySh, open }: { readonly anySh: boolean; readonly open: boolean },
): Profile {
  if (level !== "error" && level !== "warning") return "strict";
  if (code in STRICTER) return "strict";
  if (code >= PORTABILITY && anySh) return "strict"; // it may be a shell that has it, under that name
  if (code === 2154 && open) return "strict"; // the variable may come from there
  return "recommended";
}
