/** A key's documentation as Markdown. */
import type { KeyDoc } from "../../model/compose/keys.ts";

/** More values than these are found in the reference. */
const MAX_VALUES = 12;

export function documentationOf(doc: KeyDoc | undefined, reference: string): string | undefined {
  if (!doc) return undefined;
  const { about, values = {}, since } = doc;
  const all = Object.entries(values);
  const list = all.slice(0, MAX_VALUES).map(([value, meaning]) => `- \`${value}\`: ${meaning}`);
  return [
    `${about}.`,
    ...(list.length > 0 ? [list.join("\n")] : []),
    ...(since === undefined ? [] : [`Docker Compose ${since} or later.`]),
    `[Reference](${reference})`,
  ].join("\n\n");
}
