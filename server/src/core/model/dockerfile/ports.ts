/** The arguments of EXPOSE, taken apart as BuildKit does (dockerfile2llb/convert_expose.go): `[[ip:]host:]container[/protocol]`. */
import type { Dockerfile, Instruction, Word } from "./model.ts";
import { perInstruction } from "./memo.ts";
import { expandIn } from "./scope.ts";
import { hasVariable } from "./variables.ts";
import { unquote } from "./words.ts";
import { allNamed } from "./named.ts";

export interface PortSpec {
  readonly word: Word;
  /** Variables put in, quotes removed. */
  readonly text: string;
  /** A variable hides a part of it: only the parts without `$` mean anything. */
  readonly hidden: boolean;
  /** What stands before the last colon: an address, a port of the host, or both. */
  readonly host: string | undefined;
  /** A number or a range of them. */
  readonly container: string;
  /** Behind the first slash, as written. */
  readonly protocol: string | undefined;
}

export const portSpecs = perInstruction((dockerfile, expose): readonly PortSpec[] =>
  expose.words.flatMap((word) => {
    const { text, known } = expandIn(dockerfile, expose, word.text);
    const value = unquote(text, dockerfile.escape);
    // In a fragment without FROM, what is not set may be set above.
    const hidden = !known || (expose.stage === -1 && hasVariable(word.text));
    // A variable may hold several, which BuildKit splits at blanks.
    return value
      .split(/\s+/)
      .filter((each) => each !== "")
      .map((each) => specOf(word, each, hidden));
  }),
);

function specOf(word: Word, text: string, hidden: boolean): PortSpec {
  const colon = text.lastIndexOf(":");
  // The colon of `${PORT:-80}` is none of ours.
  const splits = colon !== -1 && !(hidden && text.includes("${"));
  const rest = splits ? text.slice(colon + 1) : text;
  const slash = rest.indexOf("/");
  return {
    word,
    text,
    hidden,
    host: splits ? text.slice(0, colon) : undefined,
    container: slash === -1 ? rest : rest.slice(0, slash),
    protocol: slash === -1 ? undefined : rest.slice(slash + 1),
  };
}

interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** Undefined when it is no port, no range, or out of 0 to 65535. */
export function portRange(container: string): PortRange | undefined {
  const dash = container.indexOf("-");
  const first = portNumber(dash === -1 ? container : container.slice(0, dash));
  const last = dash === -1 ? first : portNumber(container.slice(dash + 1));
  return first === undefined || last === undefined || last < first ? undefined : { first, last };
}

/** strconv.ParseInt takes a plus in front. */
const portNumber = (text: string): number | undefined =>
  /^\+?\d+$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined;

/** The EXPOSE instructions, those of triggers included. */
export const exposesOf = (dockerfile: Dockerfile): readonly Instruction[] => allNamed(dockerfile, "EXPOSE");
