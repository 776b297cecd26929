/** One call of a program, as the tables of commands read it. */
import type { ShellCommand, ShellWord } from "../shell.ts";
import { type OptionSyntax, readOptions } from "../options.ts";
import type { Does } from "./effect.ts";
import { type Around, expandedArgs, shellGlob, toolPath } from "./around.ts";
import { everythingBelow, files, pathFrom, type Place, type Places } from "./place.ts";

export interface Call {
  readonly command: ShellCommand;
  readonly program: string;
  readonly around: Around;
  /** Options with their values, joined short ones split. */
  readonly options: readonly { readonly name: string; readonly value: string | undefined }[];
  /** What is neither option nor the action: patterns. */
  readonly operands: readonly ShellWord[];
  /** All of them are known. */
  readonly known: boolean;
}

/** What a table says a call does. */
export interface Outcome {
  readonly does: Does;
  readonly reads: Places;
  readonly writes: Places;
  readonly usual?: boolean;
  readonly unknown?: string;
}

/**
 * What an action reads or writes. In a text, separated by blanks: paths from the call's folder, `/absolute`, `~/home`, `$TOOL/path`
 * (a tool's own folder, see around.ts); `@all`, `@first`, `@last`, `@rest` (all but the first), `@init` (all but the last) for operands
 * that are paths; `@-o,--output|default` for the value of an option; behind any of them `/**` for what is below; `pkg:name` for a
 * package of a language.
 */
export type Template = string | ((call: Call) => Places);

export interface Act {
  readonly does: Does;
  readonly reads?: Template;
  readonly writes?: Template;
  /** The project's own scripts decide what it really does. */
  readonly usual?: boolean;
}

export interface Row {
  /** Separated by blanks. */
  readonly programs: string;
  /** Which options take a value. */
  readonly syntax?: OptionSyntax;
  /** Options that say in which folder it works. */
  readonly folder?: string;
  /** It is started from the project's own folder as well: `./mvnw`, `bin/rails`. */
  readonly local?: boolean;
  /**
   * By the words behind the program: `mod download`, several with `|` between. The longest wins; the empty text is no such word, `*` is
   * any other: its words stay operands.
   */
  readonly acts: Readonly<Record<string, Act | ((call: Call) => Outcome | undefined)>>;
}

/** A table's options with a value: the short letters, then the long ones. */
export const takes = (short: string, long = ""): OptionSyntax => ({
  short,
  long: new Set(
    long
      .split(" ")
      .filter((name) => name !== "")
      .map((name) => `--${name}`),
  ),
});

const NO_VALUES = takes("");

export function callOf(command: ShellCommand, row: Row, around: Around): Call {
  const args = expandedArgs(command, around.get);
  const { options, operands } = readOptions({ ...command, args }, row.syntax ?? NO_VALUES);
  const read = options.map(({ name, value }) => ({ name, value }));
  const folder = row.folder === undefined ? undefined : valueOf({ options: read }, ...row.folder.split(" "));
  return {
    command,
    program: command.name ?? "",
    around: folder === undefined ? around : { ...around, folder: pathFrom(around.folder, folder) },
    options: read,
    operands: operands.filter(({ literal, text }) => literal || !MAY_BE_OPTIONS.test(text)),
    known: operands.every(({ literal }) => literal),
  };
}

/** A variable whose name says that it holds options, alone. */
const MAY_BE_OPTIONS = /^["']?\$\{?\w*(?:opt|flag|arg|param)\w*\}?["']?$/i;

export const valueOf = ({ options }: Pick<Call, "options">, ...names: readonly string[]): string | undefined =>
  options.findLast(({ name, value }) => value !== undefined && names.includes(name))?.value;

export const has = ({ options }: Pick<Call, "options">, ...names: readonly string[]): boolean =>
  options.some(({ name }) => names.includes(name));

/** A path as the call has it. */
export const pathOf = (call: Call, written: string): string => {
  const plain = written.startsWith("file://") ? written.slice("file://".length) : written;
  return plain === "~" || plain.startsWith("~/")
    ? toolPath(call.around, plain)
    : // What begins with something unknown may begin with a slash.
      pathFrom(plain.startsWith("**") ? "/" : call.around.folder, shellGlob(plain));
};

export const pathsOf = (call: Call, words: readonly ShellWord[]): readonly Place[] =>
  words.map(({ value }) => files(pathOf(call, value)));

export const below = (places: readonly Place[]): readonly Place[] =>
  places.map((place) => (place.kind === "files" ? files(everythingBelow(place.pattern), place.realm) : place));

/** What a template says of a call. */
export function placesOf(call: Call, template: Template | undefined): Places {
  if (template === undefined || template === "") return [];
  if (typeof template === "function") return template(call);
  if (template === "anything") return "anything";
  return template.split(" ").flatMap((token) => tokenPlaces(call, token));
}

function tokenPlaces(call: Call, token: string): readonly Place[] {
  if (token.startsWith("pkg:")) {
    const manager = token.slice("pkg:".length);
    return call.operands
      .filter(({ value }) => !/^(?:\.|\/|file:)/.test(value))
      .map(({ value }) => ({ kind: "package", manager, name: packageName(value) }));
  }
  const subtree = token.endsWith("/**");
  const core = subtree ? token.slice(0, -"/**".length) : token;
  const found = core.startsWith("@") ? selected(call, core.slice(1)) : [files(toolPath(call.around, core))];
  return subtree ? below(found) : found;
}

function selected(call: Call, selector: string): readonly Place[] {
  const { operands } = call;
  if (selector === "all") return pathsOf(call, operands);
  if (selector === "first") return pathsOf(call, operands.slice(0, 1));
  if (selector === "last") return pathsOf(call, operands.slice(-1));
  if (selector === "rest") return pathsOf(call, operands.slice(1));
  if (selector === "init") return pathsOf(call, operands.slice(0, -1));
  const bar = selector.indexOf("|");
  const names = (bar === -1 ? selector : selector.slice(0, bar)).split(",");
  const values = call.options.flatMap(({ name, value }) =>
    value !== undefined && names.includes(name) ? [value] : [],
  );
  if (values.length > 0) return values.map((value) => files(pathOf(call, value)));
  return bar === -1 ? [] : [files(toolPath(call.around, selector.slice(bar + 1)))];
}

/** `name==1.0`, `name[extra]>=2`, `@scope/name@1.2`, `name=1:2.3` without version and extras; `*` where a variable hides it. */
export function packageName(written: string): string {
  if (written.startsWith("**")) return "*";
  const name = /^@?[^@=<>!~[;:\s]+/.exec(written)?.[0] ?? written;
  return name.includes("**") ? "*" : name;
}
