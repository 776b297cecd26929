/** The short form of a service's `volumes` (`[source:]target[:options]`), as compose-go's format/volume.go reads it. */
import { cleanPath } from "../ignore.ts";
import type { Span } from "../../text/edit.ts";
import { type Fault, type Piece, pieces, refused } from "./fault.ts";

export interface ShortVolume {
  /** `volume`: one that has a name. */
  readonly type: "bind" | "volume" | "anonymous";
  /** A path of the host, or the name of a volume. */
  readonly source?: string;
  /** As written; `mountTarget` is what compose makes of it. */
  readonly target: string;
  readonly options: readonly Piece[];
  readonly readOnly: boolean;
  readonly noCopy: boolean;
  readonly propagation?: string;
  readonly selinux?: "z" | "Z";
  readonly spans: { readonly source?: Span; readonly target: Span; readonly options?: Span };
}

const PROPAGATIONS: ReadonlySet<string> = new Set(["private", "rprivate", "shared", "rshared", "slave", "rslave"]);
const HONOURED: ReadonlySet<string> = new Set(["ro", "rw", "nocopy", "z", "Z", ...PROPAGATIONS]);
const WITHOUT_EFFECT: ReadonlySet<string> = new Set(["cached", "delegated", "consistent"]);

/** Compose passes over options it does not know; undefined for those. */
export function volumeOptionKind(option: string): "honoured" | "without effect" | undefined {
  if (HONOURED.has(option)) return "honoured";
  return WITHOUT_EFFECT.has(option) ? "without effect" : undefined;
}

/** Colons within `${…}` separate nothing, so that a text with variables in it can be taken apart as well. */
export function parseVolume(text: string): ShortVolume | Fault {
  if (text === "") return refused("nothing says what to mount", { start: 0, end: 0 });
  const sections = isTiny(text) ? [{ text, start: 0, end: text.length }] : sectionsOf(text);
  const empty = sections.slice(0, 3).findIndex((section) => section.text === "");
  if (empty !== -1) return emptySection(sections, empty);
  if (sections.length > 3) {
    const behind = sections[3]?.start ?? text.length;
    return refused("a volume has at most a source, a target and options", { start: behind - 1, end: text.length });
  }
  const [first, second, third] = sections;
  const target = second ?? first;
  const lone = second === undefined && first !== undefined && first.end < text.length;
  if (!first || !target || lone) return refused("no target is named", { start: 0, end: text.length });
  const source = second ? first : undefined;
  const options = third ? pieces(third.text, ",", third.start) : [];
  const names = options.map((option) => option.text);
  const propagation = names.findLast((name) => PROPAGATIONS.has(name));
  const selinux = names.findLast((name) => name === "z" || name === "Z");
  return {
    type: source === undefined ? "anonymous" : isPath(source.text) ? "bind" : "volume",
    ...(source && { source: source.text }),
    target: target.text,
    options,
    readOnly: names.findLast((name) => name === "ro" || name === "rw") === "ro",
    noCopy: names.includes("nocopy"),
    ...(propagation !== undefined && { propagation }),
    ...(selinux !== undefined && { selinux }),
    spans: { ...(source && { source: span(source) }), target: span(target), ...(third && { options: span(third) }) },
  };
}

/** The target as compose takes it: without a slash at the end, `.` and `..`. */
export const mountTarget = (target: string): string => (target === "" ? "" : cleanPath(target));

const span = ({ start, end }: Span): Span => ({ start, end });

/** Of one or two bytes compose makes a target, whatever they are. */
function isTiny(text: string): boolean {
  if (text.length > 2) return false;
  return text.length === 1 ? text < "\u0800" : text[0]! < "\u0080" && text[1]! < "\u0080";
}

/** Compose leaves a colon in a section when a single letter stands before it: the drive of a Windows path. */
function sectionsOf(text: string): readonly Piece[] {
  const sections: Piece[] = [];
  let start = 0;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === "$" && text[at + 1] === "{") depth++;
    else if (char === "}" && depth > 0) depth--;
    else if (char === ":" && depth === 0 && !isLetter(text.slice(start, at))) {
      sections.push({ text: text.slice(start, at), start, end: at });
      start = at + 1;
    }
  }
  // A ${ without its brace swallows the end of the text, and with it the section.
  if (depth === 0) sections.push({ text: text.slice(start), start, end: text.length });
  return sections;
}

const isLetter = (text: string): boolean => text.length <= 2 && /^\p{L}$/u.test(text);

/** Paths of the host begin with `.`, `/`, `~`, `\\` or the letter of a drive; anything else names a volume. */
function isPath(source: string): boolean {
  if (/^(?:[./~]|\\\\)/.test(source)) return true;
  return /^\p{L}:/u.test(source);
}

function emptySection(sections: readonly Piece[], index: number): Fault {
  const at = sections[index]?.start ?? 0;
  const where =
    index === 0
      ? "before the first colon"
      : index === sections.length - 1
        ? "behind the last colon"
        : "between two colons";
  return refused(`nothing stands ${where}`, { start: at, end: at });
}
