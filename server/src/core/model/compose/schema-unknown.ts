/** Keys that a place does not have, and what was probably meant. */
import { didYouMean, nearest } from "../../text/nearest.ts";
import type { YamlEntry, YamlNode } from "../../text/yaml.ts";
import type { Place, Report, SchemaFault } from "./schema-fault.ts";
import { nameOf, quoted, subject } from "./schema-words.ts";

type Said = Pick<SchemaFault, "message" | "suggestion" | "isService">;

/** Keys that compose files of other times had, and what became of them. */
const GONE: ReadonlyMap<string, string> = new Map([
  ["net", "network_mode"],
  ["log_driver", "driver of logging"],
  ["log_opt", "options of logging"],
  ["volume_driver", "driver of a volume"],
]);

/** So many keys are listed when none is near. */
const FEW = 8;

export function unknownKey({ key, keySpan, value }: YamlEntry, place: Place): Said {
  const { shape, path, at } = place;
  if (shape.named && shape.names) {
    const kind = String(path.at(-1));
    return {
      message: `${quoted(key)} is no name for ${kind}: it has to be of letters, digits, dots, dashes and underscores`,
    };
  }
  if (at === "" && looksLikeService(value)) {
    const message = `${key} looks like a service, and those stand below services: instead of at the top of the file`;
    return { message, isService: true };
  }
  const name = subject(place);
  const elsewhere = homeOf(key, place) ?? (at === "services.*" ? nowadays(key) : undefined);
  if (elsewhere !== undefined) return { message: `${name} has no key ${key}; ${elsewhere}` };
  const all = [...shape.keys.keys()];
  const near = nearest(key, all);
  const few = near === undefined && all.length <= FEW ? `; there are ${all.join(", ")}` : "";
  const message = `${name} has no key ${key}${didYouMean(key, all)}${few}`;
  if (near === undefined) return { message };
  return { message, suggestion: { span: keySpan, text: near, title: `Rename ${key} to ${near}`, same: false } };
}

function nowadays(key: string): string | undefined {
  const now = GONE.get(key);
  return now === undefined ? undefined : `today that is ${now}`;
}

export const looksLikeService = (value: YamlNode): boolean =>
  value.kind === "map" && value.entries.some(({ key }) => key === "image" || key === "build");

/** The place around or below this one that has such a key, as the end of a sentence. */
function homeOf(key: string, { shape, parent }: Place): string | undefined {
  const holders = [...shape.keys].filter(([, each]) => each.keys.has(key)).map(([holder]) => holder);
  if (holders.length === 1) return `it belongs into ${holders[0]}`;
  for (let at = parent; at !== undefined; at = at.parent)
    if (at.shape.keys.has(key)) return `it is a key of ${nameOf(at)}: is it indented too far?`;
  return undefined;
}

/** An item that a colon and a blank have made a mapping of: `- KEY: value` among texts. One fault instead of one for each key. */
export function misplacedItem(node: YamlNode, { shape, path, parent }: Place, report: Report): boolean {
  if (node.kind !== "map" || typeof path.at(-1) !== "number" || !shape.is.includes("string")) return false;
  const [entry, ...more] = node.entries;
  if (!entry || more.length > 0 || shape.keys.has(entry.key) || entry.key.startsWith("x-")) return false;
  // In braces, or nearly a key: then a mapping is meant.
  if (node.span.start !== entry.keySpan.start || nearest(entry.key, shape.keys.keys()) !== undefined) return false;
  const { key, keySpan, value } = entry;
  const what = `The colon behind ${quoted(key)} makes a mapping of this item of ${String(parent?.path.at(-1))}`;
  const isPair = parent?.shape.named !== undefined && !parent.shape.named.is.includes("map");
  const isPlain = value.kind === "scalar" && value.style === "plain" && value.text !== "" && !node.via && !value.via;
  if (!isPlain || entry.via || !/^[\w./-]+$/.test(key)) {
    report({ span: keySpan, at: "value", message: `${what}; in quotes it is text` });
    return true;
  }
  const text = `${key}${isPair ? "=" : ":"}${value.text}`;
  const suggestion = {
    span: { start: keySpan.start, end: Math.max(keySpan.end, value.span.end) },
    text,
    title: `Write ${quoted(text)}`,
    same: isPair,
  };
  report({ span: keySpan, at: "value", message: `${what}; is ${quoted(text)} meant?`, suggestion });
  return true;
}
