/** Paths that a compose file names: relative to a folder, with slashes. */

/** What leads elsewhere than to a file of this machine, or where only the machine knows: remote sources, absolute and home paths. */
const ELSEWHERE = /^(?:\/|~|\\|\$|[a-zA-Z]:[\\/]|[a-z][a-z\d+.-]*:|git@|github\.com\/)/;

/** A path in a folder, from where the folder is named from; undefined when it leads elsewhere. */
export function joined(folder: string, path: string): string | undefined {
  if (ELSEWHERE.test(path)) return undefined;
  const out: string[] = [];
  for (const part of `${folder}/${path}`.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && out.length > 0 && out.at(-1) !== "..") out.pop();
    else out.push(part);
  }
  return out.join("/") || ".";
}

/** The folder a path is in, empty for the one paths are relative to. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash === -1 ? "" : path.slice(0, slash);
}

/** The same path from the document's folder, without `./` and `..` in its middle; undefined when it leads elsewhere. */
export const localPath = (path: string): string | undefined => joined("", path);
