/**
 * The text of a POSIX shell as tokens: for what is about words rather than commands (`shell.ts`). Reads any text from front to back once;
 * what is not closed lasts to its end.
 */

export type ShellTokenKind =
  | "comment"
  | "string"
  | "operator"
  | "keyword"
  | "command"
  | "option"
  /** `$NAME`, `${NAME`, the brace that closes it, and names in arithmetic. */
  | "variable"
  /** The name in `NAME=value`, `for NAME`, `read NAME`. */
  | "assigned"
  /** The name alone, as an argument of what is about variables: `export NAME`, `unset NAME`. */
  | "named"
  /** Delimiters of heredocs. */
  | "marker";

export interface ShellToken {
  readonly kind: ShellTokenKind;
  /** Offsets into the text. */
  readonly start: number;
  readonly end: number;
  /** Of a variable; its span begins at `nameStart`. */
  readonly name?: string;
  readonly nameStart?: number;
  /** Of an assignment: where it holds. */
  readonly sets?: Sets;
  /** Behind its value, which is read before. */
  readonly until?: number;
  /** The subshells it stands in, the outermost first. */
  readonly within?: readonly number[];
}

/** How long an assignment lasts. `once`: for one command. `maybe`: it may not be run. `always`: from here on. */
export type Sets = "once" | "maybe" | "always";

interface Pending {
  readonly delimiter: string;
  readonly quoted: boolean;
  readonly chomp: boolean;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const OPENERS: ReadonlySet<string> = new Set(["if", "while", "until", "then", "else", "elif", "do", "!", "{", "time"]);
const CLOSERS: ReadonlySet<string> = new Set(["fi", "done", "esac", "}"]);
/** What opens something that may not run, and what closes it. */
const MAYBE_BEGINS: ReadonlySet<string> = new Set(["if", "while", "until", "for", "select", "case"]);
const MAYBE_ENDS: ReadonlySet<string> = new Set(["fi", "done", "esac"]);
const KEYWORDS: ReadonlySet<string> = new Set([...OPENERS, ...CLOSERS, ...MAYBE_BEGINS, "function", "in", "[[", "]]"]);
const OPERATOR = /;;&|;;|;&|&&|&>>|&>|\|\||\|&|<<<|<<-|<<|<&|<>|>>|>&|>\||[;&|<>]/y;
const ASSIGNMENT = /([A-Za-z_]\w*)(?:\[[^\]\s]*\])?\+?=/y;
const NAME = /[A-Za-z_]\w*|\d|[@*#?$!-]/y;
const IDENTIFIER = /[A-Za-z_]\w*/y;
const PLAIN = /[^\s"'`$\\;&|<>(){}]+/y;
/** Programs that run what follows them. */
const WRAPPERS: ReadonlySet<string> = new Set(["sudo", "exec", "command", "time", "nohup", "env", "xargs"]);
/** Builtins whose arguments are names of variables, with or without a value. */
const DECLARES: ReadonlySet<string> = new Set(["export", "readonly", "local", "declare", "typeset"]);
const TESTS: ReadonlySet<string> = new Set(["[", "test", "[["]);
const MAX_DEPTH = 64;

/** Tokens in order; none overlaps another. */
export function shellTokens(text: string): readonly ShellToken[] {
  const tokens: Mutable<ShellToken>[] = [];
  const pending: Pending[] = [];
  let at = 0;
  let depth = 0;
  let maybe = 0;
  let subshells = 0;
  let within: readonly number[] = [];

  const put = (kind: ShellTokenKind, start: number, end: number): Mutable<ShellToken> | undefined => {
    if (end <= start) return undefined;
    const token: Mutable<ShellToken> = { kind, start, end };
    if (kind === "command") token.within = within;
    tokens.push(token);
    return token;
  };
  const putName = (kind: "assigned" | "named", start: number, name: string, sets?: Sets) => {
    const token = put(kind, start, start + name.length);
    if (token) Object.assign(token, { name, nameStart: start, within, ...(sets && { sets }) });
    return token;
  };
  const match = (expression: RegExp): RegExpExecArray | null => {
    expression.lastIndex = at;
    return expression.exec(text);
  };

  /** Inside of a subshell of its own. */
  const inside = (work: () => void): void => {
    const before = within;
    const maybes = maybe;
    within = [...before, ++subshells];
    depth++;
    if (depth > MAX_DEPTH) at = text.length;
    else work();
    depth--;
    maybe = maybes;
    within = before;
  };

  const substitution = (opener: number, close: ")" | "`"): void => {
    put("operator", at, at + opener);
    at += opener;
    inside(() => list(close));
    if (text.charAt(at) === close) {
      put("operator", at, at + 1);
      at++;
    }
  };

  /** `$((…))` and `((…))`: bare words are variables there. */
  const arithmetic = (opener: number): void => {
    put("operator", at, at + opener);
    at += opener;
    let open = 0;
    while (at < text.length) {
      const character = text.charAt(at);
      if (character === ")" && open === 0) break;
      if (character === "(") open++;
      if (character === ")") open--;
      if (character === "$") dollar();
      else {
        const name = match(IDENTIFIER)?.[0];
        if (name === undefined) at += /[0-9]/.test(character) ? (match(/\w+/y)?.[0].length ?? 1) : 1;
        else {
          const token = put("variable", at, at + name.length);
          if (token) Object.assign(token, { name, nameStart: at, within });
          at += name.length;
        }
      }
    }
    const end = text.startsWith("))", at) ? at + 2 : Math.min(at + 1, text.length);
    put("operator", at, end);
    at = end;
  };

  /** At a `$`: true when something is expanded there. */
  function dollar(quoted = false): boolean {
    const start = at;
    if (text.startsWith("$((", at)) {
      arithmetic(3);
      return true;
    }
    if (text.startsWith("$(", at)) {
      substitution(2, ")");
      return true;
    }
    if (text.startsWith("${", at)) {
      at += 2;
      const prefix = /[#!]/.test(text.charAt(at)) && text.charAt(at + 1) !== "}" ? 1 : 0;
      at += prefix;
      const name = match(NAME)?.[0];
      if (name === undefined) {
        at = start + 1;
        return false;
      }
      const token = put("variable", start, at + name.length);
      if (token) Object.assign(token, { name, nameStart: at, within });
      at += name.length;
      operand(quoted);
      return true;
    }
    at++;
    const name = match(NAME)?.[0];
    if (name === undefined) return false;
    const token = put("variable", start, at + name.length);
    if (token) Object.assign(token, { name, nameStart: at, within });
    at += name.length;
    return true;
  }

  /** From behind the name to the closing brace. */
  const operand = (quoted: boolean): void => {
    depth++;
    const operator = match(/:?[-=+?]|##?|%%?|\/[/#%]?|\^\^?|,,?|@|:/y)?.[0];
    if (operator !== undefined) {
      put("operator", at, at + operator.length);
      at += operator.length;
    }
    while (at < text.length && text.charAt(at) !== "}") {
      if (depth > MAX_DEPTH) at = text.length;
      else if (!piece(quoted)) at++;
    }
    if (text.charAt(at) === "}") {
      put("variable", at, at + 1);
      at++;
    }
    depth--;
  };

  const doubleQuoted = (opener: number): void => {
    let from = at;
    at += opener;
    while (at < text.length && text.charAt(at) !== '"') {
      const character = text.charAt(at);
      if (character === "\\") at = Math.min(at + 2, text.length);
      else if (character === "$" || character === "`") {
        const begin = at;
        const before = tokens.length;
        if (character === "`") substitution(1, "`");
        else dollar(true);
        if (tokens.length > before) {
          const added = tokens.splice(before);
          put("string", from, begin);
          tokens.push(...added);
          from = at;
        }
      } else at++;
    }
    at = Math.min(at + 1, text.length);
    put("string", from, at);
  };

  /** What is special in a word: true when something was read. */
  function piece(quoted: boolean): boolean {
    const character = text.charAt(at);
    if (character === "\\") at = Math.min(at + 2, text.length);
    else if (character === "'" && !quoted) {
      const close = text.indexOf("'", at + 1);
      const end = close === -1 ? text.length : close + 1;
      put("string", at, end);
      at = end;
    } else if (character === '"') doubleQuoted(1);
    else if (character === "`") {
      if (closes.at(-1) === "`") return false;
      substitution(1, "`");
    } else if (character === "$") {
      if (text.charAt(at + 1) === "'" && !quoted) {
        const start = at;
        at += 2;
        while (at < text.length && text.charAt(at) !== "'") at += text.charAt(at) === "\\" ? 2 : 1;
        at = Math.min(at + 1, text.length);
        put("string", start, at);
      } else if (text.charAt(at + 1) === '"' && !quoted) doubleQuoted(2);
      else dollar(quoted);
    } else return false;
    return true;
  }

  const closes: (string | undefined)[] = [];

  /** The rest of a word; its plain stretches are of a kind. */
  const restOfWord = (kind: ShellTokenKind | undefined): void => {
    while (at < text.length) {
      const start = at;
      const plain = match(PLAIN)?.[0];
      if (plain !== undefined) {
        at += plain.length;
        if (kind) put(kind, start, at);
      } else if (/[{}]/.test(text.charAt(at))) at++;
      else if (/[\s;&|<>()]/.test(text.charAt(at))) return;
      else if (!piece(false)) return;
    }
  };

  /** `(a b c)` behind `name=`. */
  const array = (): void => {
    put("operator", at, at + 1);
    at++;
    while (at < text.length && text.charAt(at) !== ")") {
      const start = at;
      restOfWord(undefined);
      if (at === start) at++;
    }
    put("operator", at, Math.min(at + 1, text.length));
    at = Math.min(at + 1, text.length);
  };

  const heredocBodies = (): void => {
    for (const { delimiter, quoted, chomp } of pending.splice(0)) {
      while (at < text.length) {
        const newline = text.indexOf("\n", at);
        const end = newline === -1 ? text.length : newline;
        const line = text.slice(at, end);
        if ((chomp ? line.replace(/^\t+/, "") : line) === delimiter) {
          put("marker", end - delimiter.length, end);
          at = Math.min(end + 1, text.length);
          break;
        }
        if (quoted || !/[$`]/.test(line)) at = end;
        while (at < end) {
          const character = text.charAt(at);
          if (character === "\\") at += 2;
          else if (character === "$") dollar(true);
          else at++;
        }
        at = Math.min(Math.max(at, end) + 1, text.length);
      }
    }
  };

  function list(close: string | undefined): void {
    closes.push(close);
    let commandNext = true;
    let fileNext = false;
    let wrapped = false;
    let inTest = false;
    let joined = "";
    let command = "";
    let before = "";
    /** Assignments in front of the command that is read. */
    let prefixes: Mutable<ShellToken>[] = [];
    /** Behind `for`, `case` and `function` a word of its own, then `in`. */
    let expects: "name" | "word" | "in" | "pattern" | "function" | undefined;
    const cases: boolean[] = [];
    /** Open `{`: whether it is a function's, whose commands run when it is called. */
    const braces: boolean[] = [];
    let isFunction = false;
    const setsNow = (): Sets =>
      maybe > 0 || joined === "||" || (joined === "&&" && TESTS.has(before)) ? "maybe" : "always";
    const next = (operator: string): void => {
      commandNext = true;
      wrapped = false;
      joined = operator;
      before = command;
      command = "";
      prefixes = [];
    };
    while (at < text.length) {
      const character = text.charAt(at);
      // The parenthesis behind a pattern of `case` closes nothing.
      if (character === close && !(close === ")" && expects === "pattern")) break;
      if (character === "\n") {
        at++;
        if (pending.length > 0) heredocBodies();
        if (!inTest && expects === undefined) next("");
      } else if (/\s/.test(character)) at++;
      else if (character === "#") {
        const newline = text.indexOf("\n", at);
        const end = newline === -1 ? text.length : newline;
        put("comment", at, end);
        at = end;
      } else if (expects === "pattern") {
        // `a|b)`: words up to the closing parenthesis; `esac` ends it all.
        if (match(/esac(?![^\s;&|()])/y)) {
          expects = undefined;
          continue;
        }
        if (character === ")") {
          put("operator", at, at + 1);
          at++;
          expects = undefined;
          next("");
        } else {
          const start = at;
          restOfWord(undefined);
          if (at === start) {
            put("operator", at, at + 1);
            at++;
          }
        }
      } else if (character === "(") {
        if (commandNext && text.startsWith("((", at)) {
          arithmetic(2);
          commandNext = false;
        } else if (commandNext) {
          substitution(1, ")");
          commandNext = false;
        } else {
          // `name ()` of a function, a group in `[[ … ]]`, or nothing a shell knows.
          put("operator", at, at + 1);
          at++;
        }
      } else if (character === ")") {
        put("operator", at, at + 1);
        at++;
        if (!inTest) next("");
      } else if (/[;&|<>]/.test(character)) {
        if (/[<>]/.test(character) && text.charAt(at + 1) === "(") {
          substitution(2, ")");
          continue;
        }
        const operator = match(OPERATOR)?.[0] ?? character;
        put("operator", at, at + operator.length);
        at += operator.length;
        if (operator === "<<" || operator === "<<-") heredocMarker(operator === "<<-");
        else if (/[<>]/.test(operator)) fileNext = true;
        else if (operator.startsWith(";;") || operator === ";&") {
          if (cases.length > 0) expects = "pattern";
          next(operator);
        } else if (!inTest) {
          next(operator);
          // The part behind a pipe is a shell of its own; what is set there may be lost.
          if (expects === "in") expects = undefined;
        }
      } else {
        const start = at;
        readWord();
        if (at === start) at++;
      }
    }
    closes.pop();

    function heredocMarker(chomp: boolean): void {
      while (/[ \t]/.test(text.charAt(at))) at++;
      const start = at;
      const written = match(/(?:\\.|'[^'\n]*'|"[^"\n]*"|[^\s;&|<>()'"\\])+/y)?.[0];
      if (written === undefined) return;
      at += written.length;
      put("marker", start, at);
      pending.push({
        delimiter: written.replace(/\\(.)|['"]/g, "$1"),
        quoted: /['"\\]/.test(written),
        chomp,
      });
    }

    function readWord(): void {
      if (fileNext) {
        fileNext = false;
        restOfWord(undefined);
        return;
      }
      if (expects === "name" || expects === "function") {
        const name = match(IDENTIFIER)?.[0];
        if (name !== undefined && expects === "name") putName("assigned", at, name, maybe > 1 ? "maybe" : "always");
        else if (name !== undefined) put("command", at, at + name.length);
        at += name?.length ?? 0;
        expects = expects === "name" ? "in" : undefined;
        restOfWord(undefined);
        return;
      }
      if (expects === "word") {
        restOfWord(undefined);
        expects = "in";
        return;
      }
      const plain = match(PLAIN)?.[0] ?? (/[{}]/.test(text.charAt(at)) ? text.charAt(at) : "");
      const whole =
        plain !== "" && (at + plain.length >= text.length || /[\s;&|<>()]/.test(text.charAt(at + plain.length)));
      if (expects === "in") {
        expects = undefined;
        if (whole && plain === "in") {
          put("keyword", at, at + 2);
          at += 2;
          if (cases.at(-1) === true) expects = "pattern";
          commandNext = false;
          return;
        }
      }
      if (inTest) {
        if (whole && plain === "]]") {
          put("keyword", at, at + 2);
          at += 2;
          inTest = false;
        } else restOfWord(plain.startsWith("-") ? "option" : undefined);
        return;
      }
      if (commandNext && whole && KEYWORDS.has(plain) && plain !== "in" && plain !== "]]") {
        put("keyword", at, at + plain.length);
        at += plain.length;
        if (MAYBE_BEGINS.has(plain)) maybe++;
        if (MAYBE_ENDS.has(plain)) maybe = Math.max(0, maybe - 1);
        if (plain === "for" || plain === "select") {
          cases.push(false);
          expects = "name";
        } else if (plain === "case") {
          cases.push(true);
          expects = "word";
        } else if (plain === "function") {
          expects = "function";
          isFunction = true;
        } else if (plain === "{") {
          braces.push(isFunction);
          if (isFunction) maybe++;
          isFunction = false;
        } else if (plain === "}" && braces.pop() === true) maybe = Math.max(0, maybe - 1);
        else if (plain === "[[") {
          inTest = true;
          command = plain;
        }
        if (plain === "esac" || plain === "done") cases.pop();
        commandNext = OPENERS.has(plain);
        return;
      }
      const assignment = commandNext || DECLARES.has(command) ? match(ASSIGNMENT) : null;
      if (assignment) {
        const name = assignment[1] ?? "";
        const isWrapped = wrapped;
        const token = isWrapped ? undefined : putName("assigned", at, name, setsNow());
        if (token && commandNext) prefixes.push(token);
        at += assignment[0].length;
        if (text.charAt(at) === "(") array();
        else restOfWord(undefined);
        if (token) token.until = at;
        return;
      }
      if (commandNext) {
        if (wrapped && plain.startsWith("-")) {
          restOfWord("option");
          commandNext = false;
          return;
        }
        for (const token of prefixes) token.sets = "once";
        if (whole && /^[ \t]*\([ \t]*\)/.test(text.slice(at + plain.length, at + plain.length + 16))) isFunction = true;
        restOfWord("command");
        command = whole ? plain : "";
        wrapped = WRAPPERS.has(command);
        commandNext = wrapped;
        return;
      }
      if (plain.startsWith("-") && plain !== "-") {
        const equals = plain.indexOf("=");
        const end = at + (equals === -1 ? plain.length : equals);
        put("option", at, end);
        at = end;
        restOfWord(undefined);
        return;
      }
      if (whole && /^[A-Za-z_]\w*$/.test(plain)) {
        if (DECLARES.has(command) || command === "unset") putName("named", at, plain);
        else if (command === "read") putName("assigned", at, plain, setsNow());
      }
      restOfWord(undefined);
    }
  }

  list(undefined);
  return tokens;
}
