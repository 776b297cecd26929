/** An item of a service's `volumes` in its short form and in its long one. */
import { isFault } from "../../model/compose/fault.ts";
import { fieldsOf, textOf } from "../../model/compose/fields.ts";
import { hasVariables, interpolationsIn } from "../../model/compose/interpolation.ts";
import { parseVolume, volumeOptionKind } from "../../model/compose/volume.ts";
import type { Plain } from "../../model/compose/written.ts";
import type { YamlMap, YamlScalar } from "../../text/yaml.ts";
import type { Refusal } from "./assist.ts";

export function longVolume({ text }: YamlScalar): Plain | Refusal {
  const volume = parseVolume(text);
  if (isFault(volume)) return { refusal: volume.problem };
  const { source, target, options, readOnly, noCopy, propagation, selinux } = volume;
  const idle = options.find((option) => volumeOptionKind(option.text) !== "honoured");
  if (idle) return { refusal: `compose passes over ${idle.text} here, and the long form would not` };
  if (source === undefined) {
    if (startsWithVariable(text)) return { refusal: `what ${text} holds decides whether there is a source in it` };
    return { type: "volume", target };
  }
  const isBind = volume.type === "bind" || isPathBehindVariable(source);
  if (!isBind && startsWithVariable(source))
    return { refusal: `what ${source} holds decides whether it is a path or a volume` };
  if (isBind ? noCopy : propagation !== undefined || selinux !== undefined)
    return {
      refusal: `compose makes nothing of ${options.map((option) => option.text).join(",")} for a ${isBind ? "path" : "volume"}`,
    };
  return {
    type: isBind ? "bind" : "volume",
    source,
    target,
    ...(readOnly && { read_only: true }),
    ...(isBind && {
      bind: {
        create_host_path: true,
        ...(propagation !== undefined && { propagation }),
        ...(selinux !== undefined && { selinux }),
      },
    }),
    ...(noCopy && { volume: { nocopy: true } }),
  };
}

const startsWithVariable = (source: string): boolean => source.startsWith("$") && hasVariables(source);

/** A volume's name has no slash: with one behind the variable only a path remains. */
function isPathBehindVariable(source: string): boolean {
  if (!startsWithVariable(source)) return false;
  const { variables } = interpolationsIn(source);
  return [...source.matchAll(/\//g)].some(
    ({ index }) => !variables.some(({ start, end }) => start <= index && index < end),
  );
}

const PATH = /^(?:[./~]|\\\\|[A-Za-z]:[\\/])/;

export function shortVolume(map: YamlMap): Plain | Refusal {
  const known = new Map<string, string>();
  for (const { key, value } of fieldsOf(map)) {
    if (key === "bind" || key === "volume") {
      if (value.kind !== "map") return { refusal: `its ${key} is no mapping` };
      for (const inner of fieldsOf(value)) known.set(`${key}.${inner.key}`, textOf(inner.value) ?? "");
    } else known.set(key, textOf(value) ?? "");
  }
  const extra = [...known.keys()].find((key) => !KEYS.has(key));
  if (extra !== undefined) return { refusal: `the short form has no place for ${extra}` };
  const { type, source, target, read_only: readOnly = "false" } = Object.fromEntries(known);
  if (type !== "bind" && type !== "volume")
    return { refusal: `the short form has no place for type: ${type ?? "none"}` };
  if (target === undefined || target === "") return { refusal: "it has no target" };
  for (const [key, text] of known) {
    const isSwitch = /create_host_path|nocopy|read_only/.test(key);
    if (isSwitch && text !== "true" && text !== "false") return { refusal: `${key} is neither true nor false` };
    if (!isSwitch && key !== "source" && key !== "target" && hasVariables(text))
      return { refusal: `the short form has no place for a variable in ${key}` };
  }
  const from = sourceOf(type, source, known);
  if (typeof from === "object") return from;
  const options = [
    ...(readOnly === "true" ? ["ro"] : []),
    ...(known.get("volume.nocopy") === "true" ? ["nocopy"] : []),
    ...[known.get("bind.propagation"), known.get("bind.selinux")].filter((option) => option !== undefined),
  ];
  if (from === undefined && options.length > 0) return { refusal: "a volume without a name takes no options" };
  if (colonOutside(`${from ?? ""}`) || colonOutside(target)) return { refusal: "there is a colon in it" };
  const text = [from, target, options.join(",")].filter((part) => part !== undefined && part !== "").join(":");
  const again = parseVolume(text);
  return isFault(again) ? { refusal: again.problem } : text;
}

const KEYS: ReadonlySet<string> = new Set([
  "type",
  "source",
  "target",
  "read_only",
  "bind.create_host_path",
  "bind.propagation",
  "bind.selinux",
  "volume.nocopy",
]);

function sourceOf(
  type: "bind" | "volume",
  source: string | undefined,
  known: ReadonlyMap<string, string>,
): string | undefined | Refusal {
  if (type === "volume") {
    if ([...known.keys()].some((key) => key.startsWith("bind.")))
      return { refusal: "it is no bind and has options of one" };
    if (source === undefined || source === "") return undefined;
    if (hasVariables(source)) return { refusal: `in the short form what ${source} holds would decide what it is` };
    return PATH.test(source) || source.length === 1
      ? { refusal: `the short form would take ${source} for a path` }
      : source;
  }
  if (source === undefined || source === "") return { refusal: "it has no source" };
  if (known.has("volume.nocopy")) return { refusal: "it is no volume and has options of one" };
  if (known.get("bind.create_host_path") !== "true")
    return {
      refusal: "the short form makes the path on the host where it is missing: create_host_path: true is not set",
    };
  if (PATH.test(source) || isPathBehindVariable(source)) return source;
  return hasVariables(source)
    ? { refusal: `in the short form what ${source} holds would decide what it is` }
    : `./${source}`;
}

function colonOutside(text: string): boolean {
  const { variables } = interpolationsIn(text);
  return [...text.matchAll(/:/g)].some(
    ({ index }) => !variables.some(({ start, end }) => start <= index && index < end),
  );
}
