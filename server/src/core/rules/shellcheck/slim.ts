/**
 * What ShellCheck need not be told. Its time grows with the text, and most of the text of a RUN is literal words of programs it
 * has no check for: the packages of `apt-get install`, the options of `curl`. Those words are left out; a script in which nothing
 * else is left is not sent at all.
 *
 * This must not change what is found. So only programs are touched that ShellCheck does not know by name, or knows for other
 * reasons than their literal arguments; only words that are literal, or are made of variables that the build sets and the
 * script does not; and nothing at all where the script defines functions. Where the text is harder than what is read here
 * (heredocs, backticks, arithmetic, arrays), the rest of it stays as it is.
 */

export interface Slim {
  readonly text: string;
  /** What was left out, in order: offsets of the whole text. */
  readonly dropped: readonly { readonly start: number; readonly end: number }[];
  /** ShellCheck has nothing to say about it. */
  readonly silent: boolean;
}

/** ShellCheck has no check that names them. */
export const UNCHECKED: ReadonlySet<string> = new Set(
  `add-apt-repository addgroup adduser apk apr-1-config apt apt-get apt-key apt-mark autoconf automake a2enmod a2ensite a2dissite
  bazel bower bundle bundler bunx bzip2 c_rehash cabal cargo catalina.sh cmake composer conda configure corepack curl dart
  debconf-set-selections deno dnf docker-php-ext-configure docker-php-ext-enable docker-php-ext-install dotnet dpkg
  dpkg-architecture dpkg-reconfigure fc-cache flutter gem git-lfs gosu gpg gpgconf gradle gradlew groupadd groupmod gunicorn
  gunzip gzip helm install java javac keytool kubectl ldconfig locale-gen lsb_release mamba meson microdnf mix mktemp
  mvn mvnw nest next nginx ninja node npm npx nproc openssl pacman pecl php php-fpm phpize pip pip3 pipenv pipx pnpm poetry
  protoc pyenv pytest rails rake rpm rsync rustc rustup rustup-init scanelf service sha256sum sha512sum su-exec supervisord swift
  swupd sync systemctl tar tdnf terraform tini tsc turbo unzip update-alternatives update-ca-certificates update-rc.d upx useradd
  usermod vite wget xvfb-run xx-apk xx-apt-get xx-cargo xx-go xx-verify yarn yum zypper`.split(/\s+/),
);
/** No name in ShellCheck has such a form, but for one. */
const hasUncheckedForm = (name: string): boolean => /[a-zA-Z0-9][-._][a-zA-Z0-9]/.test(name) && name !== "dpkg-query";
/** It names them, but for what has nothing to do with literal arguments alone. */
export const HARMLESS: ReadonlySet<string> = new Set([
  "bash",
  "getconf",
  "go",
  "make",
  "patch",
  "python",
  "python3",
  "ruby",
  "sh",
  "tee",
  "uv",
]);

/** Words that end or begin something where they stand as a command, and are suspect as an argument. */
const BEFORE_COMMAND: ReadonlySet<string> = new Set(["if", "then", "else", "elif", "while", "until", "do", "!", "{"]);
const RESERVED: ReadonlySet<string> = new Set([
  ...BEFORE_COMMAND,
  ...["fi", "done", "esac", "}", "for", "in", "case", "select", "function", "time", "coproc", "[[", "]]", "]"],
]);

/** In front of a command. Other values may be the name of a program, which ShellCheck takes for a forgotten `$(…)`. */
const HARMLESS_PREFIX = /^[A-Za-z_]\w*=(?:noninteractive|[\d.]+|[A-Z]\w*|\/[\w./:-]*)$/;

/** Said to be a mistake where it is the first argument: `x =y`, `x done`. */
const isSuspect = (word: string): boolean => RESERVED.has(word) || /^\+?=/.test(word);

const SAFE = /^[\w./:@%+,=-]$/;
const SAFE_IN_QUOTES = /^[\w./:@%+,= ;|&()<>[\]{}*?#-]$/;
const SAFE_INSIDE = /^[\w./:@%+,= ;|&()<>[\]{}*?#-]*$/;

interface WordRead {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Literal, or made of variables that may be left out. */
  readonly plain: boolean;
  readonly literal: boolean;
}

interface Call {
  readonly words: readonly WordRead[];
  /** Redirections, assignments in front but those that change nothing. */
  readonly more: boolean;
  /** What stands behind it. */
  readonly next: string;
  /** It reads a pipe, or its output is taken. */
  readonly piped: boolean;
  /** It feeds a pipe. */
  readonly feeds: boolean;
}

/** `known`: variables the build sets. */
export function slim(text: string, known: ReadonlySet<string>): Slim {
  const whole: Slim = { text, dropped: [], silent: false };
  if (/\(\s*\)|\bfunction\b/.test(text)) return whole;
  const free = freeVariables(text, known);
  const dropped: { start: number; end: number }[] = [];
  let silent = true;
  let appended = 0;
  /** Set where the text is too hard to read on. */
  let lost = false;

  const readList = (from: number, closer: "" | ")"): number => {
    let at = from;
    let cases = 0;
    let piped = false;
    while (at < text.length && !lost) {
      const character = text.charAt(at);
      if (character === " " || character === "\t") at++;
      else if (character === "\n" || character === ";" || character === "&" || character === "|") {
        const operator = /^(?:\n|;;&?|;&?|&&|&|\|\||\|&?)/.exec(text.slice(at, at + 3))?.[0] ?? character;
        if (!["\n", ";", "&&", "|"].includes(operator)) silent = false;
        piped = operator === "|" || operator === "|&";
        at += operator.length;
      } else if (character === "#") {
        silent = false; // it may be a directive
        at = text.indexOf("\n", at);
        if (at === -1) return text.length;
      } else if (character === ")") {
        if (cases === 0) {
          if (closer === "") lost = true;
          return at + 1;
        }
        at++;
      } else if (character === "(") {
        silent = false;
        if (text.charAt(at + 1) === "(") lost = true;
        else at = readList(at + 1, ")");
      } else {
        const call = readCall(at, piped || closer !== "");
        if (lost) return text.length;
        const [first] = call.words;
        const end = call.end;
        if (first && BEFORE_COMMAND.has(first.text)) {
          silent = false;
          at = first.end;
          continue;
        }
        if (first?.text === "case") cases++;
        if (first?.text === "esac") cases--;
        // An open test goes on behind the end of its line.
        if (first?.text === "[[" || (first?.text === "[" && call.words.at(-1)?.text !== "]")) lost = true;
        if (!leaveOut(call) || closer !== "") silent = false;
        at = end;
        piped = false;
      }
    }
    if (closer !== "") lost = true;
    return text.length;
  };

  /** The words up to what ends a simple command; of a word that a command follows, that one alone. */
  const readCall = (from: number, piped: boolean): Call & { readonly end: number } => {
    const words: WordRead[] = [];
    let more = false;
    let redirections = 0;
    let at = from;
    while (at < text.length && !lost) {
      const character = text.charAt(at);
      if (character === " " || character === "\t") at++;
      else if (/[\n;&|)]/.test(character)) {
        if (text.startsWith("&>", at)) lost = true;
        break;
      } else if (character === "#") break;
      else if (character === "<" || character === ">") {
        const operator = /^(?:>>|>&|<&|>\||<>|>|<)/.exec(text.slice(at, at + 2))?.[0] ?? "";
        const behind = text.charAt(at + operator.length);
        if (text.startsWith("<<", at) || behind === "(") lost = true;
        at += operator.length;
        while (text.charAt(at) === " " || text.charAt(at) === "\t") at++;
        if (lost) break;
        const target = readWord(at);
        at = target.end;
        redirections++;
        // Three times the same file in a row is said to be better done at once.
        if (operator === ">>" && ++appended === 3) silent = false;
        more ||= !/^>>?$/.test(operator) || !/^\/[\w./-]+$/.test(target.text);
      } else {
        const word = readWord(at);
        if (word.end === at) lost = true;
        at = word.end;
        const next = text.charAt(at);
        if (next === "(") lost = true;
        if ((next === "<" || next === ">") && /^\d+$/.test(word.text)) continue; // of which descriptor
        words.push(word);
        if (words.length === 1 && BEFORE_COMMAND.has(word.text)) break;
        if (words.length === 1 && /^\w+\+?=/.test(word.text)) {
          words.pop();
          more ||= !HARMLESS_PREFIX.test(word.text);
          shorten(word);
        }
      }
    }
    const next = text.slice(at, at + 200);
    return { words, more: more || redirections > 1, piped, feeds: /^\|(?!\|)/.test(next), next, end: at };
  };

  const readWord = (from: number): WordRead => {
    let at = from;
    let plain = true;
    let literal = true;
    let quoted = 0;
    while (at < text.length && !lost) {
      const character = text.charAt(at);
      if (/[\s;&|()<>]/.test(character)) break;
      if (quoted > 0) plain = false; // text behind a closed quote
      if (character === "\\") {
        plain = false;
        at += 2;
      } else if (character === "'") {
        const close = text.indexOf("'", at + 1);
        if (close === -1) lost = true;
        else if (close === at + 1 || !isSafe(text.slice(at + 1, close))) plain = false;
        quoted++;
        at = close + 1;
      } else if (character === '"') {
        const inside = readQuoted(at + 1);
        if (inside.end === at + 2 || !inside.plain) plain = false;
        literal &&= inside.literal;
        quoted++;
        at = inside.end;
      } else if (character === "$") {
        const expansion = readExpansion(at);
        plain &&= expansion.plain;
        literal = false;
        at = expansion.end;
      } else if (character === "`") lost = true;
      else {
        if (!SAFE.test(character)) plain = false;
        at++;
      }
    }
    const word = text.slice(from, at);
    return { start: from, end: at, text: word, plain: plain && !isSuspect(word), literal };
  };

  const readQuoted = (from: number): { readonly end: number; readonly plain: boolean; readonly literal: boolean } => {
    let at = from;
    let plain = true;
    let literal = true;
    while (at < text.length && !lost) {
      const character = text.charAt(at);
      if (character === '"') return { end: at + 1, plain, literal };
      if (character === "`") lost = true;
      else if (character === "\\") {
        plain = false;
        at += 2;
      } else if (character === "$") {
        const expansion = readExpansion(at);
        plain &&= expansion.plain;
        literal = false;
        at = expansion.end;
      } else {
        if (!SAFE_IN_QUOTES.test(character)) plain = false;
        at++;
      }
    }
    lost = true;
    return { end: text.length, plain: false, literal: false };
  };

  const readExpansion = (at: number): { readonly end: number; readonly plain: boolean } => {
    const simple = /^\$(?:\{(\w+)\}|([A-Za-z_]\w*))/.exec(text.slice(at, at + 200));
    if (simple) return { end: at + simple[0].length, plain: free.has(simple[1] ?? simple[2] ?? "") };
    const next = text.charAt(at + 1);
    if (next === "(") {
      if (text.charAt(at + 2) === "(") lost = true;
      return { end: lost ? text.length : readList(at + 2, ")"), plain: false };
    }
    if (next === "{") {
      const braced = /^\$\{[^}{$`"'\\]*\}/.exec(text.slice(at, at + 400));
      if (!braced) lost = true;
      return { end: at + (braced?.[0].length ?? 1), plain: false };
    }
    if (next === "'" || next === '"') lost = true;
    return { end: at + 1, plain: false };
  };

  /** Leaves out what can be; true when nothing about the command is worth saying. */
  const leaveOut = (call: Call): boolean => {
    const [first, ...args] = call.words;
    if (!first?.literal || !/^[\w./+-]+$/.test(first.text)) return false;
    const name = first.text.slice(first.text.lastIndexOf("/") + 1);
    const allPlain = args.every(({ plain }) => plain);
    if (UNCHECKED.has(name) || hasUncheckedForm(name)) {
      leave(first, args);
      return allPlain && !call.more;
    }
    if (!allPlain && name !== "rm") return false;
    if (HARMLESS.has(name)) {
      leave(first, args);
      return !call.more;
    }
    const alone = !call.more && !call.piped && !call.feeds;
    if (SILENT_AND_SHORT[name]?.(args, call, text)) {
      leave(
        first,
        args.map((arg) => ({ ...arg, plain: true })),
      );
      return alone || (name === "echo" && !call.more);
    }
    return alone && SILENT[name]?.(args, call, text) === true;
  };

  const leave = (first: WordRead, args: readonly WordRead[]): void => {
    let before = first.end;
    if (args.some(({ text: word }) => isSuspect(word))) return;
    for (const arg of args) {
      // What stands between two words of one call may be a redirection, which stays.
      const between = text.slice(before, arg.start);
      if (arg.plain && /^[ \t]*$/.test(between)) dropped.push({ start: before, end: arg.end });
      else if (arg.plain) dropped.push({ start: arg.start, end: arg.end });
      before = arg.end;
    }
  };

  /** Of a quoted literal that is assigned only its kind counts: no number, no blank in it. */
  const shorten = ({ end, text: word }: WordRead): void => {
    const value = /^\w+=(["'])([\w./:@%+,=-]*?[A-Za-z])([\w./:@%+,=-]+)\1$/.exec(word);
    if (value) dropped.push({ start: end - 1 - (value[3]?.length ?? 0), end: end - 1 });
  };

  const isSafe = (inside: string): boolean => SAFE_INSIDE.test(inside);

  readList(0, "");
  dropped.sort((a, b) => a.start - b.start);
  if (lost) silent = false;
  return { text: without(text, dropped), dropped, silent };
}

/** Other scripts may set variables; and of commands that are never reached ShellCheck does not know what was set before. */
const CHANGES_WHAT_IS_KNOWN = /(?:^|[\s;&|(])(?:\.|source|eval)\s|\b(?:exit|return|exec|break|continue)\b/;

/** Variables of the build that the script only reads, by `$NAME` or `${NAME}`. */
function freeVariables(text: string, known: ReadonlySet<string>): ReadonlySet<string> {
  if (known.size === 0 || CHANGES_WHAT_IS_KNOWN.test(text)) return new Set();
  const written = new Set<string>();
  for (const match of text.matchAll(/(\$\{?)?\b([A-Za-z_]\w*)(\}?)/g)) {
    const [, dollar = "", name = "", brace = ""] = match;
    if (dollar !== "$" && !(dollar === "${" && brace === "}")) written.add(name);
  }
  return new Set([...known].filter((name) => !written.has(name)));
}

const isFlag = ({ text }: WordRead): boolean => text.startsWith("-");
const operands = (args: readonly WordRead[]): readonly WordRead[] => args.filter((arg) => !isFlag(arg));

const SED = /^\|\s*(?:\S*\/)?sed\b/;

type Passes = (args: readonly WordRead[], call: Call, text: string) => boolean;

/** Programs with a check of their literal arguments, and where these pass it whatever else the script has. */
const SILENT_AND_SHORT: Readonly<Record<string, Passes>> = {
  // an echo of one command's output, two blanks between words, options
  echo: (args, { piped, feeds, next }, text) =>
    !piped &&
    !(feeds && SED.test(next)) &&
    args.every((arg, at) => !isFlag(arg) && (at === 0 || text.slice(args[at - 1]?.end, arg.start) === " ")),
  // git filter-branch takes commands
  git: ([first]) => first?.literal === true && first.text !== "filter-branch" && !/["']/.test(first.text),
  // -m with -p
  mkdir: (args) => args.filter(isFlag).every(({ text }) => /^-[pv]+$/.test(text)),
  // -r, which is not -R
  chmod: (args) => args.filter(isFlag).every(({ text }) => /^-[Rvcf]+$/.test(text)),
  // no destination
  cp: (args) => operands(args).length >= 2,
  ln: (args) => operands(args).length >= 2,
  mv: (args) => operands(args).length >= 2,
  // they read no pipe, which is said of their names
  chgrp: () => true,
  chown: () => true,
  rmdir: () => true,
  touch: () => true,
  // folders of the system
  rm: (args) =>
    args.every(
      ({ text, plain, literal }) =>
        /^-[rRfv]+$/.test(text) ||
        (literal && (plain || /^[\w./][\w./-]*\*[\w./*-]*$/.test(text)) && !isOfTheSystem(text)),
    ),
};

/** The folders ShellCheck warns of, with what it leaves out of a path: repeated slashes, a last one, stars below. */
const isOfTheSystem = (path: string): boolean =>
  /^["']?(?:\/(?:bin|boot|dev|etc|home|lib|lib64|media|mnt|usr|usr\/bin|usr\/local|usr\/share|var))?(?:\/\*){0,2}["']?$/.test(
    path.replace(/\/+/g, "/").replace(/\*+/g, "*").replace(/\/$/, ""),
  );

/** The same, where it depends on what stands around the command. */
const SILENT: Readonly<Record<string, Passes>> = {
  cd: (args, { next }) => next.startsWith("&&") && args.length === 1 && /^[\w/][\w./-]*$/.test(args[0]?.text ?? ""),
  set: (args) => args.length > 0 && args.every(({ text }) => /^-[eux]+$/.test(text)),
  true: (args) => args.length === 0,
};

function without(text: string, dropped: readonly { readonly start: number; readonly end: number }[]): string {
  if (dropped.length === 0) return text;
  let out = "";
  let at = 0;
  for (const { start, end } of dropped) {
    out += text.slice(at, start);
    at = end;
  }
  return out + text.slice(at);
}
