/**
 * What compose checks behind the schema, for each place where it does: compose-go's validation/, transform/, override/ and
 * normalisation, as far as they are about one value and no rule of its own is.
 */
import type { YamlMap, YamlNode, YamlScalar } from "../../text/yaml.ts";
import { parseDevice } from "./device.ts";
import { parseExtraHost } from "./extra-host.ts";
import { type Fault, isFault } from "./fault.ts";
import { hasVariables } from "./interpolation.ts";
import { ipVersion } from "./ip-address.ts";
import { keyValue } from "./key-value.ts";
import { partOf } from "./pairs.ts";
import { parseExpose, parsePort } from "./port.ts";
import { parseRestart } from "./restart.ts";
import type { Place, Report } from "./schema-fault.ts";
import { either, quoted } from "./schema-words.ts";
import { parseVolume } from "./volume.ts";

type Check = (node: YamlNode, place: Place, report: Report) => void;

/** Of texts: the grammar gives what is wrong, and where in the text. */
const grammar =
  (parse: (text: string) => object, by?: "engine"): Check =>
  (node, _, report) => {
    const text = textOf(node);
    if (text === undefined) return;
    const parsed = parse(text);
    if (!isFault(parsed) || !parsed.refused) return;
    const who = by === "engine" ? "The engine" : "Compose";
    report({
      span: partIn(node as YamlScalar, parsed),
      at: "value",
      message: `${who} refuses ${quoted(text)}, because ${parsed.problem}`,
      ...(by && { by }),
    });
  };

/** An empty span marks nothing: then it is all of the value. */
const partIn = (node: YamlScalar, { span }: Fault): { start: number; end: number } =>
  node.via || span.start === span.end ? node.span : partOf(node, span);

/** Undefined as well where a variable decides. */
const textOf = (node: YamlNode | undefined): string | undefined =>
  node?.kind === "scalar" && node.value !== null && !hasVariables(node.text) ? node.text : undefined;

const has = (map: YamlMap, key: string): boolean => map.entries.some((entry) => entry.key === key);

/** The key's own place in a mapping, for what is wrong with its being there. */
const keySpanIn = (map: YamlMap, key: string): { readonly span: Place["keySpan"]; readonly at: "key" } => ({
  span: map.entries.find((entry) => entry.key === key)?.keySpan ?? map.span,
  at: "key",
});

const HOW = ["CMD", "CMD-SHELL", "NONE"];

const healthTest: Check = (node, _, report) => {
  const first = node.kind === "list" ? node.items[0] : undefined;
  const text = textOf(first);
  if (first === undefined || text === undefined || HOW.includes(text)) return;
  const message = `A test in list form begins with ${either(HOW)}, not with ${quoted(text)}`;
  const near = HOW.find((word) => word === text.toUpperCase());
  if (near !== undefined) {
    const suggestion = { span: first.span, text: near, title: `Replace it with ${near}`, same: false };
    report({ span: first.span, at: "value", message, ...(!first.via && { suggestion }) });
    return;
  }
  // `[curl, -f, …]` is the exec form without its first word.
  const suggestion = {
    span: { start: first.span.start, end: first.span.start },
    text: "CMD, ",
    title: "Put CMD in front",
    same: false,
  };
  const isFlow = node.kind === "list" && node.flow && !node.via && !first.via;
  report({ span: first.span, at: "value", message, ...(isFlow && { suggestion }) });
};

const watchedPath: Check = (node, _, report) => {
  if (textOf(node) === "") report({ span: node.span, at: "value", message: "The path to watch is empty" });
};

/** That of `deploy` is judged by compose-exclusive-keys. */
const gpu: Check = (node, _, report) => {
  if (node.kind !== "map" || !has(node, "count") || !has(node, "device_ids")) return;
  report({ ...keySpanIn(node, "device_ids"), message: "Devices are asked for by count or by device_ids, not by both" });
};

const keyAndValue: Check = (node, { parent, path }, report) => {
  const text = typeof path.at(-1) === "number" ? textOf(node) : undefined;
  if (text === undefined || text.includes("=")) return;
  if (parent?.path.at(-1) === "ssh" && text === "default") return;
  report({
    span: node.span,
    at: "value",
    message: `An item of ${String(parent?.path.at(-1))} is a name, =, and a value, not ${quoted(text)}`,
  });
};

const variable: Check = (node, { path }, report) => {
  const text = typeof path.at(-1) === "number" ? textOf(node) : undefined;
  if (text === undefined || !keyValue(text).keyEndsInSpace) return;
  report({ span: node.span, at: "value", message: `The name of the variable ends in a blank: ${quoted(text)}` });
};

/** Compose takes anything of three parts at most, and leaves the rest to the engine. */
const device: Check = (node, place, report) => {
  const parts = textOf(node)?.split(":").length ?? 0;
  grammar(parseDevice, parts > 3 ? undefined : "engine")(node, place, report);
};

const hostIp: Check = (node, _, report) => {
  const text = textOf(node);
  if (text === undefined || ipVersion(text) !== undefined) return;
  report({ span: node.span, at: "value", message: `${quoted(text)} is no IP address` });
};

/** By place, as `Place.at` has it. */
export const CHECKS: Readonly<Record<string, Check>> = {
  "services.*.build.additional_contexts.*": keyAndValue,
  "services.*.build.extra_hosts.*": grammarOfItem(parseExtraHost),
  "services.*.build.ssh.*": keyAndValue,
  "services.*.develop.watch.*.path": watchedPath,
  "services.*.devices.*": device,
  "services.*.environment.*": variable,
  "services.*.expose.*": grammar(parseExpose, "engine"),
  "services.*.extra_hosts.*": grammarOfItem(parseExtraHost),
  "services.*.gpus.*": gpu,
  "services.*.healthcheck.test": healthTest,
  "services.*.ports.*": grammar(parsePort),
  "services.*.ports.*.host_ip": hostIp,
  "services.*.restart": grammar(parseRestart, "engine"),
  "services.*.volumes.*": grammar(parseVolume),
};

/** Only in the list form: in a mapping the name is the key. */
function grammarOfItem(parse: (text: string) => object): Check {
  const check = grammar(parse);
  return (node, place, report) => {
    if (typeof place.path.at(-1) === "number") check(node, place, report);
  };
}
