/** requirements*.txt as pip reads it: requirements, the files it includes, options. */
import { type PythonRequirement, readPythonRequirement } from "./python-requirement.ts";

export interface RequirementLine extends PythonRequirement {
  /** `-e`: what is at its path is used where it stands, and has to be there at run time. */
  readonly editable: boolean;
  readonly hashes: number;
}

export interface Requirements {
  readonly requirements: readonly RequirementLine[];
  /** Files of `-r`, relative to this one. */
  readonly includes: readonly string[];
  /** Files of `-c`. */
  readonly constraints: readonly string[];
  /** `--index-url`, `--extra-index-url` and `--find-links`, in order. */
  readonly sources: readonly string[];
  /** pip checks hashes: one is given, or asked for by `--require-hashes`. */
  readonly hashed: boolean;
  /** Requirements that name one version exactly, of all that come from an index. */
  readonly pinned: { readonly exact: number; readonly of: number };
  /** Environment variables it is filled in with. */
  readonly variables: readonly string[];
  /** Lines that are none of pip's forms. */
  readonly unread: readonly string[];
}

export function readRequirements(text: string): Requirements {
  const requirements: RequirementLine[] = [];
  const includes: string[] = [];
  const constraints: string[] = [];
  const sources: string[] = [];
  const unread: string[] = [];
  let hashed = false;
  for (const line of logicalLines(text)) {
    const [, option, value = ""] = OPTION.exec(line) ?? [];
    if (option === undefined) {
      const requirement = readLine(line, false);
      if (requirement) requirements.push(requirement);
      else unread.push(line);
    } else if (/^(?:-r|--requirement)$/.test(option)) includes.push(value);
    else if (/^(?:-c|--constraint)$/.test(option)) constraints.push(value);
    else if (/^(?:-e|--editable)$/.test(option)) {
      const requirement = readLine(value, true);
      if (requirement) requirements.push(requirement);
      else unread.push(line);
    } else if (/^(?:-i|--index-url|--pypi-url|--extra-index-url|-f|--find-links)$/.test(option)) sources.push(value);
    else if (option === "--require-hashes") hashed = true;
    else if (!OTHER_OPTIONS.has(option)) unread.push(line);
  }
  const fromIndex = requirements.filter(({ url, path }) => url === undefined && path === undefined);
  return {
    requirements,
    includes,
    constraints,
    sources,
    hashed: hashed || requirements.some(({ hashes }) => hashes > 0),
    pinned: { exact: fromIndex.filter(({ specifier }) => /^===?[^*,]+$/.test(specifier)).length, of: fromIndex.length },
    variables: [...new Set([...text.matchAll(/\$\{([A-Z\d_]{1,100})\}/g)].map(([, name]) => name ?? ""))],
    unread,
  };
}

/** `-r file`, `-rfile`, `--requirement=file` */
const OPTION = /^(--[a-z-]+|-[a-zA-Z])[ \t]*(?:=[ \t]*)?([^]*)$/;
const OTHER_OPTIONS: ReadonlySet<string> = new Set([
  "--no-index",
  "--no-binary",
  "--only-binary",
  "--prefer-binary",
  "--pre",
  "--trusted-host",
  "--use-feature",
]);

/** A backslash at its end goes on with the next line; a comment begins with `#` at the start or behind a blank. */
function logicalLines(text: string): readonly string[] {
  const lines: string[] = [];
  let parts: string[] = [];
  const finish = (): void => {
    const line = withoutComment(parts.join("")).trim();
    if (line !== "") lines.push(line);
    parts = [];
  };
  for (const each of text.replace(/^\uFEFF/, "").split(/\r\n|\r|\n/)) {
    // A comment is not continued.
    const goesOn = each.endsWith("\\") && !/^\s*#/.test(each);
    parts.push(goesOn ? `${each.slice(0, -1)} ` : each);
    if (!goesOn) finish();
  }
  finish();
  return lines;
}

function withoutComment(line: string): string {
  for (let at = line.indexOf("#"); at !== -1; at = line.indexOf("#", at + 1))
    if (at === 0 || /\s/.test(line[at - 1] ?? "")) return line.slice(0, at);
  return line;
}

function readLine(line: string, editable: boolean): RequirementLine | undefined {
  const options = / --[a-z]/.exec(line)?.index ?? line.length;
  const requirement = readPythonRequirement(line.slice(0, options));
  return requirement && { ...requirement, editable, hashes: line.slice(options).split("--hash").length - 1 };
}
