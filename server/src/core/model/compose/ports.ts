/** The ports a service publishes, short and long form alike. */
import type { Span } from "../../text/edit.ts";
import type { Via, YamlMap, YamlNode, YamlScalar } from "../../text/yaml.ts";
import { isFault } from "./fault.ts";
import { fieldOf, itemsOf, perService, textOf } from "./fields.ts";
import { hasVariables, unescaped } from "./interpolation.ts";
import { parsePort, type PortRange, portRange } from "./port.ts";

export interface Port {
  /** The item of `ports`. */
  readonly node: YamlNode;
  readonly span: Span;
  readonly written: "short" | "long";
  /** Absent: every interface of the host. Without brackets. */
  readonly hostIp?: string;
  /** Absent: Docker picks a free port. */
  readonly published?: PortRange;
  /** Absent where a variable decides. */
  readonly target?: PortRange;
  readonly protocol: string;
  readonly mode?: string;
  /** A variable decides a part: what is absent may be there, and the protocol may be another. */
  readonly hidden: boolean;
  readonly via?: Via;
}

/** Without those that compose refuses. */
export const portsOf = perService(({ map }): readonly Port[] => {
  const field = fieldOf(map, "ports");
  return itemsOf(field?.value).flatMap((node) => {
    const found = node.kind === "map" ? fromLong(node) : node.kind === "scalar" ? fromShort(node) : undefined;
    const via = field?.via ?? node.via;
    return found ? [{ node, span: node.span, ...found, ...(via && { via }) }] : [];
  });
});

type Read = Omit<Port, "node" | "span" | "via">;

function fromShort({ text, value }: YamlScalar): Read | undefined {
  if (value === null) return undefined;
  if (hasVariables(text)) return visibleParts(text);
  const port = parsePort(unescaped(text));
  if (isFault(port)) return undefined;
  const { spans: _, ...rest } = port;
  return { written: "short", hidden: false, ...rest };
}

/** A variable can bring colons of its own: the parts around it are certain only where there are all three. */
function visibleParts(text: string): Read {
  const pieces = text.replaceAll(/\$\{[^}]*\}/g, (variable) => variable.replaceAll(":", "\0")).split(/:(?![^[]*\])/);
  const hidden: Read = { written: "short", protocol: "tcp", hidden: true };
  if (pieces.length !== 3) return hidden;
  const [hostIp = "", host = "", container = ""] = pieces;
  const [target = "", protocol = "tcp"] = container.split("/");
  const published = portRange(host);
  const inside = portRange(target);
  return {
    ...hidden,
    ...(!hasVariables(hostIp) && hostIp !== "" && { hostIp: hostIp.replaceAll(/[[\]]/g, "") }),
    ...(published && { published }),
    ...(inside && { target: inside }),
    protocol,
  };
}

function fromLong(map: YamlMap): Read | undefined {
  const part = (key: string): string | undefined => textOf(fieldOf(map, key)?.value);
  const rangeAt = (key: string): PortRange | undefined => portRange(part(key) ?? "");
  const [hostIp, published, target, mode] = [part("host_ip"), rangeAt("published"), rangeAt("target"), part("mode")];
  const hidden = ["host_ip", "published", "target", "protocol"].some((key) => hasVariables(part(key) ?? ""));
  if (!target && !hidden) return undefined;
  return {
    written: "long",
    ...(hostIp !== undefined && hostIp !== "" && !hasVariables(hostIp) && { hostIp }),
    ...(published && { published }),
    ...(target && { target }),
    protocol: part("protocol") ?? "tcp",
    ...(mode !== undefined && { mode }),
    hidden,
  };
}
