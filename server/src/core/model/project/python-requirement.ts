/** One requirement of a Python project: `name[extra]>=1; marker`, `name @ url`, a URL, a path (PEP 508 and pip's own forms). */

export interface PythonRequirement {
  /** Normalised as in PEP 503; undefined where only a URL or a path is written. */
  readonly name: string | undefined;
  readonly extras: readonly string[];
  /** `>=1.0,<2`; empty where any version does. */
  readonly specifier: string;
  /** `python_version < "3.11"`. */
  readonly marker: string | undefined;
  /** What is fetched, with its version control's prefix: `git+https://…`. */
  readonly url: string | undefined;
  /** Fetched with git or another version control, which the image needs for it. */
  readonly vcs: boolean;
  /** A folder or an archive of the build context, relative to the file it is written in. */
  readonly path: string | undefined;
}

const NAME = /^([A-Za-z\d](?:[\w.-]{0,200}[A-Za-z\d])?)\s*(?:\[([^\]]*)\])?/;
const VCS = /^(?:git|hg|svn|bzr)\+/;

/** Undefined where it is none of these forms. */
export function readPythonRequirement(written: string): PythonRequirement | undefined {
  const text = written.trim();
  if (text === "" || text.length > 5000) return undefined;
  if (/^[a-z][a-z\d+]{0,20}:/i.test(text) || text.startsWith("git@")) return located(text);
  if (/^(?:\.{1,2}(?:$|[/[])|\/|~\/)/.test(text) || /^[^\s;@=<>~!]*(?:\/|\.(?:whl|zip|tar\.gz|tgz)$)/.test(text))
    return located(text);
  const found = NAME.exec(text);
  if (!found) return undefined;
  const [whole, name = "", extras] = found;
  const rest = text.slice(whole.length).trim();
  const common = { name: normalised(name), extras: listOf(extras) };
  if (rest.startsWith("@")) {
    const [place, marker] = split(rest.slice(1).trim(), /\s;/);
    return { ...common, ...where(place), specifier: "", marker };
  }
  const [specifier, marker] = split(rest, /;/);
  const plain = specifier.replace(/^\(|\)$/g, "").replace(/\s+/g, "");
  if (plain !== "" && !/^(?:===?|[<>~!]=|[<>])/.test(plain)) return undefined;
  return { ...common, specifier: plain, marker, url: undefined, vcs: false, path: undefined };
}

function located(text: string): PythonRequirement {
  const [place, marker] = split(text, /\s;|;\s/);
  const name = /[#&]egg=([\w.-]+)/.exec(place)?.[1];
  const extras = /\[([^\]]*)\]$/.exec(place);
  return {
    name: name === undefined ? wheelName(place) : normalised(name),
    extras: listOf(extras?.[1]),
    specifier: "",
    marker,
    ...where(extras ? place.slice(0, extras.index) : place),
  };
}

function where(place: string): Pick<PythonRequirement, "url" | "vcs" | "path"> {
  const file = /^file:(?:\/\/)?(?:localhost)?(.*)$/.exec(place)?.[1];
  if (file !== undefined) return { url: undefined, vcs: false, path: file };
  if (/^[a-z][a-z\d+]{0,20}:/i.test(place) || place.startsWith("git@"))
    return { url: place, vcs: VCS.test(place) || place.startsWith("git@"), path: undefined };
  return { url: undefined, vcs: false, path: place };
}

const wheelName = (place: string): string | undefined => {
  const file = place.slice(place.lastIndexOf("/") + 1);
  const dash = file.indexOf("-");
  return file.endsWith(".whl") && dash > 0 ? normalised(file.slice(0, dash)) : undefined;
};

function split(text: string, at: RegExp): readonly [string, string | undefined] {
  const found = at.exec(text);
  if (!found) return [text, undefined];
  return [text.slice(0, found.index).trim(), text.slice(found.index + found[0].length).trim() || undefined];
}

const listOf = (extras: string | undefined): readonly string[] =>
  (extras ?? "")
    .split(",")
    .map((each) => each.trim())
    .filter(Boolean)
    .map(normalised);

/** PEP 503: case does not count, and `-`, `_` and `.` are one. */
export const normalised = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, "-");
