/** yarn.lock of yarn 1 and of yarn 2 and later → what it locks. By lines: every entry begins in the first column. */
import type { NodeLock } from "./node-lock.ts";

/** Undefined where the text is neither. */
export function readYarnLock(text: string): NodeLock | undefined {
  const isClassic = /^# yarn lockfile v1\s*$/m.test(text.slice(0, 2000));
  const metadata = /^__metadata:\r?\n(?:[ \t][^\n]*\n)*?[ \t]+version:[ \t]*["']?(\d+)/m.exec(text.slice(0, 5000));
  if (!isClassic && !metadata) return undefined;
  /** `name@range` of every entry. */
  const descriptors = new Set<string>();
  const packages = new Set<string>();
  for (const line of text.split("\n")) {
    if (!/^["@\w]/.test(line)) continue;
    const key = line.trim().replace(/:$/, "");
    if (key === "__metadata") continue;
    for (const each of key.replaceAll('"', "").split(/, */)) {
      const at = each.indexOf("@", 1);
      if (at === -1) continue;
      packages.add(each.slice(0, at));
      descriptors.add(each);
    }
  }
  return {
    kind: isClassic ? "yarn classic" : "yarn",
    version: isClassic ? "1" : metadata?.[1],
    wanted: undefined,
    locks: (name, range) => isLocked(descriptors, name, range, isClassic),
    packages,
  };
}

function isLocked(
  descriptors: ReadonlySet<string>,
  name: string,
  range: string,
  isClassic: boolean,
): boolean | undefined {
  if (descriptors.has(`${name}@${range}`) || descriptors.has(`${name}@npm:${range}`)) return true;
  // Paths and patches get more into their names than what was asked for, and yarn 1 does not list links.
  return /^(?:file|link|portal|patch|workspace):|^\.|^\//.test(range) || (!isClassic && range.includes(":"))
    ? undefined
    : false;
}
