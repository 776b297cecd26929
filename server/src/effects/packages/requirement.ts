/** Whether a version of Python or Ruby is one that a package asks for: `>=3.9,!=3.10.*`, `>= 3.0, < 4`. */
import { compareNumbers } from "./order.ts";

/**
 * Of the image only `3.12` is known: that its patch release is a late one is taken for granted. What cannot be read asks for nothing,
 * as pip has it.
 */
const LATE = 99;

export function accepts(requirement: string | null | undefined, version: string): boolean {
  const parts = version.split(".");
  const whole =
    parts.length < 3 ? [...parts, ...Array.from({ length: 3 - parts.length }, () => LATE)].join(".") : version;
  return (requirement ?? "")
    .split(",")
    .map((clause) => /^\s*(~=|~>|===?|!=|>=|<=|>|<|=)?\s*v?(\d+(?:\.\d+)*)(\.\*)?\s*$/.exec(clause))
    .every((found) => !found || holds(found[1] ?? "=", found[2] ?? "", found[3] !== undefined, whole));
}

function holds(operator: string, wanted: string, prefix: boolean, version: string): boolean {
  const difference = compareNumbers(version, wanted);
  const within = `${version}.`.startsWith(`${wanted}.`);
  switch (operator) {
    case ">=":
      return difference >= 0;
    case "<=":
      return difference <= 0 || within;
    case ">":
      return difference > 0 && !(within && wanted.split(".").length < 3);
    case "<":
      return difference < 0;
    case "!=":
      return prefix ? !within : difference !== 0;
    case "~=":
    case "~>":
      return difference >= 0 && `${version}.`.startsWith(`${upTo(wanted)}.`);
    default:
      return within;
  }
}

/** All but the last part: what `~= 3.7` lets grow is the 7. */
const upTo = (version: string): string => version.split(".").slice(0, -1).join(".") || version;
