/** A Dockerfile read line by line, as simply as can be: a second opinion on whether two texts say the same. */

interface Plain {
  readonly keyword: string;
  /** Behind the keyword: continued lines joined, comments dropped. */
  readonly rest: string;
  readonly heredocs: string;
}

export interface ShellTexts {
  readonly before: string;
  readonly after: string;
}

interface Read {
  readonly comments: readonly string[];
  readonly instructions: readonly Plain[];
}

function readPlainly(text: string): Read {
  const lines = text
    .replace(/^\uFEFF/, "")
    .split("\n")
    .map((line) => line.replace(/\r+$/, ""));
  const escape = /^(?:#[ \t]*\w+[ \t]*=.*\n)*#[ \t]*escape[ \t]*=[ \t]*`/i.test(
    text.replace(/^\uFEFF/, "").replaceAll("\r", ""),
  )
    ? "`"
    : "\\";
  const comments: string[] = [];
  const instructions: Plain[] = [];
  const isContinued = (line: string): boolean => {
    const end = line.replace(/[ \t]+$/, "");
    return end.endsWith(escape) && !end.endsWith(escape + escape);
  };
  for (let at = 0; at < lines.length; at++) {
    let joined = "";
    let continues = true;
    for (; at < lines.length && continues; at++) {
      const line = lines[at] ?? "";
      if (line.trim().startsWith("#")) comments.push(line.trim());
      if (line.trim().startsWith("#") || line.trim() === "") {
        if (joined === "") break;
        continue;
      }
      continues = isContinued(line);
      joined += continues ? line.replace(/[ \t]+$/, "").slice(0, -1) : line;
    }
    if (joined === "") continue;
    at--;
    const [, keyword = "", rest = ""] = /^\s*(\S+)\s*([^]*?)\s*$/.exec(joined) ?? [];
    let heredocs = "";
    if (/^(?:RUN|COPY|ADD)$/i.test(keyword))
      for (const [, dash = "", quote = "", name = ""] of rest.matchAll(
        /(?<![<\w)])\d*<<(-?)(["']?)([A-Za-z_]\w*)\2(?=\s|$|[;|&)])/g,
      )) {
        heredocs += `${dash}${quote}${name}\n`;
        do heredocs += `${lines[++at] ?? ""}\n`;
        while (at < lines.length && (dash === "" ? lines[at] : lines[at]?.replace(/^\t+/, "")) !== name);
      }
    instructions.push({ keyword, rest, heredocs });
  }
  return { comments, instructions };
}

const WORDS = /^(?:FROM|COPY|ADD|EXPOSE|VOLUME|ENV|LABEL|ARG)$/i;

/** What is another thing in the second text, and the shell texts that are not the same letter by letter. */
export function differences(
  before: string,
  after: string,
): { readonly faults: readonly string[]; readonly scripts: readonly ShellTexts[] } {
  const [one, other] = [readPlainly(before), readPlainly(after)];
  if (one.comments.join("\n") !== other.comments.join("\n")) return { faults: ["other comments"], scripts: [] };
  if (one.instructions.length !== other.instructions.length) return { faults: ["other instructions"], scripts: [] };
  const faults: string[] = [];
  const scripts: ShellTexts[] = [];
  for (const [at, was] of one.instructions.entries()) {
    const is = other.instructions[at] ?? was;
    if (was.keyword !== is.keyword || was.heredocs !== is.heredocs)
      faults.push(`${was.keyword} ${was.rest} is ${is.keyword} ${is.rest}`);
    else if (said(was) !== said(is)) {
      const [a, b] = [said(was), said(is)];
      const isScript = /^RUN$/i.test(was.keyword) && flagsOf(a) === flagsOf(b);
      if (isScript)
        scripts.push({
          before: a.slice(flagsOf(a).length) + heredocsOf(was),
          after: b.slice(flagsOf(b).length) + heredocsOf(is),
        });
      else faults.push(`${was.keyword} ${a} is ${b}`);
    }
  }
  return { faults, scripts };
}

const heredocsOf = ({ heredocs }: Plain): string =>
  heredocs === "" ? "" : `\n${heredocs.slice(heredocs.indexOf("\n") + 1)}`;

const flagsOf = (text: string): string => /^(?:--\S+ )*/.exec(text)?.[0] ?? "";

/** The arguments with blanks that mean nothing taken to one. */
function said({ keyword, rest }: Plain): string {
  const [flags = ""] = /^(?:--\S+\s+)*/.exec(rest) ?? [];
  const behind = rest.slice(flags.length);
  const front = flags.replace(/\s+/g, " ");
  const check = /^HEALTHCHECK$/i.test(keyword) ? (/^\S+\s*/.exec(behind)?.[0] ?? "") : "";
  const list = listIn(behind.slice(check.length));
  if (list !== undefined && !/^(?:ENV|LABEL|ARG|FROM|EXPOSE|ONBUILD)$/i.test(keyword))
    return front + check.trim() + list;
  if (WORDS.test(keyword) && !/^ENV$|^LABEL$/i.test(keyword)) return front + withoutBlanks(behind);
  if (/^(?:ENV|LABEL)$/i.test(keyword))
    return /^[^\s=]+\s/.test(behind) ? behind.replace(/\s+/, " ") : withoutBlanks(behind);
  return front + (check === "" ? behind : `${check.trim()} ${behind.slice(check.length)}`);
}

/** Outside quotes. */
export const withoutBlanks = (text: string): string =>
  text
    .replace(/"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[ \t]+/g, (piece) =>
      piece.trim() === "" && !piece.startsWith("\\") ? " " : piece,
    )
    .trim();

function listIn(text: string): string | undefined {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? JSON.stringify(list) : undefined;
  } catch {
    return undefined;
  }
}
