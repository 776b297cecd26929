/** Paths a person gives and reads. */
import { isAbsolute, normalize, relative, resolve, sep } from "node:path";

/** Relative to `cwd` for what is below it, as given otherwise; with forward slashes. */
export function shownPath(cwd: string, path: string): string {
  const inside = relative(cwd, resolve(cwd, path));
  const outside = inside === "" || inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside);
  return (outside ? normalize(path) : inside).split(sep).join("/");
}
