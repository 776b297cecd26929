/** An item of `ports` in its short form and in its long one. Variables stay the texts they are. */
import { isFault } from "../../model/compose/fault.ts";
import { fieldsOf } from "../../model/compose/fields.ts";
import { hasVariables, interpolationsIn } from "../../model/compose/interpolation.ts";
import { parsePort } from "../../model/compose/port.ts";
import type { Plain } from "../../model/compose/written.ts";
import type { YamlMap, YamlScalar } from "../../text/yaml.ts";
import type { Refusal } from "./assist.ts";

export function longPort({ text }: YamlScalar): Plain | Refusal {
  const written = hasVariables(text) ? partsAround(text) : partsOf(text);
  if ("refusal" in written) return written;
  const { hostIp, published, target, protocol } = written;
  return {
    target: /^[1-9]\d*$/.test(target) ? Number(target) : target,
    ...(published !== undefined && { published }),
    ...(hostIp !== undefined && { host_ip: hostIp }),
    ...(protocol !== undefined && { protocol }),
  };
}

interface Parts {
  readonly hostIp?: string | undefined;
  readonly published?: string | undefined;
  readonly target: string;
  readonly protocol?: string | undefined;
}

const RANGE = "in the long form each port of a range is an entry of its own";

function partsOf(text: string): Parts | Refusal {
  const port = parsePort(text);
  if (isFault(port)) return { refusal: port.problem };
  const { hostIp, target, spans } = port;
  if (target.from !== target.to) return { refusal: RANGE };
  return {
    hostIp,
    published: spans.published && text.slice(spans.published.start, spans.published.end),
    target: String(target.from),
    protocol: spans.protocol && text.slice(spans.protocol.start, spans.protocol.end).toLowerCase(),
  };
}

function partsAround(text: string): Parts | Refusal {
  const { variables, problems } = interpolationsIn(text);
  const [problem] = problems;
  if (problem) return { refusal: problem.message };
  const isVariable = (at: number): boolean => variables.some(({ start, end }) => start <= at && at < end);
  const colons = [...text.matchAll(/:(?![^[]*\])/g)].map(({ index }) => index).filter((at) => !isVariable(at));
  const last = colons.at(-1);
  if (last === undefined) return { refusal: `what ${text} holds decides what its parts are` };
  const before = colons.at(-2);
  const behind = text.slice(last + 1);
  const slash = [...behind.matchAll(/\//g)].map(({ index }) => index).find((at) => !isVariable(last + 1 + at));
  const target = slash === undefined ? behind : behind.slice(0, slash);
  const published = text.slice(before === undefined ? 0 : before + 1, last);
  const hostIp = before === undefined ? undefined : text.slice(0, before).replaceAll(/^\[|\]$/g, "");
  if (!hasVariables(target) && /-/.test(target)) return { refusal: RANGE };
  if (target === "") return { refusal: "no port of the container is named" };
  return {
    ...(hostIp !== undefined && hostIp !== "" && { hostIp }),
    ...(published !== "" && { published }),
    target,
    ...(slash !== undefined && { protocol: behind.slice(slash + 1) }),
  };
}

const PORTS = /^[1-9]\d*(?:-[1-9]\d*)?$/;

export function shortPort(map: YamlMap): Plain | Refusal {
  const parts = new Map<string, string>();
  for (const { key, value } of fieldsOf(map)) {
    if (value.kind !== "scalar" || value.value === null) return { refusal: `its ${key} is no text` };
    parts.set(key, value.text);
  }
  const extra = [...parts.keys()].find((key) => !SHORT_KEYS.has(key));
  if (extra !== undefined) return { refusal: `the short form has no place for ${extra}` };
  const mode = parts.get("mode") ?? "ingress";
  if (mode !== "ingress") return { refusal: `the short form has no place for mode: ${mode}` };
  const { target, published, host_ip: hostIp, protocol } = Object.fromEntries(parts);
  if (target === undefined) return { refusal: "it has no target" };
  for (const port of [target, published]) {
    if (port !== undefined && !hasVariables(port) && !PORTS.test(port)) return { refusal: `${port} is no port` };
  }
  const address = hostIp !== undefined && /^[\da-f]*:[\da-f:.]*$/i.test(hostIp) ? `[${hostIp}]` : hostIp;
  const host = address === undefined ? (published ?? "") : `${address}:${published ?? ""}`;
  const text = `${host === "" ? "" : `${host}:`}${target}${protocol === undefined || protocol === "tcp" ? "" : `/${protocol}`}`;
  if (hasVariables(text)) {
    // Alone, a variable could bring all the parts itself.
    return host === "" && hasVariables(target) ? { refusal: `${text} alone could be more than a port` } : text;
  }
  const port = parsePort(text);
  return isFault(port) ? { refusal: port.problem } : text;
}

const SHORT_KEYS: ReadonlySet<string> = new Set(["target", "published", "host_ip", "protocol", "mode"]);
