/** The short form of `ports`, as docker/go-connections nat reads it (`[[ip:]host:]container[/protocol]`), and the items of `expose`. */
import type { Span } from "../../text/edit.ts";
import { type Fault, isFault, refused } from "./fault.ts";
import { ipVersion } from "./ip-address.ts";

export interface PortRange {
  readonly from: number;
  readonly to: number;
}

export type Protocol = "tcp" | "udp" | "sctp";

export interface ShortPort {
  /** Without brackets. */
  readonly hostIp?: string;
  /** Absent: Docker picks a free one. Longer than `target` when that is a single port: one of these is picked. */
  readonly published?: PortRange;
  readonly target: PortRange;
  readonly protocol: Protocol;
  readonly spans: {
    readonly hostIp?: Span;
    readonly published?: Span;
    readonly target: Span;
    readonly protocol?: Span;
  };
}

const PROTOCOLS: ReadonlyMap<string, Protocol> = new Map([
  ["tcp", "tcp"],
  ["udp", "udp"],
  ["sctp", "sctp"],
]);

export function parsePort(text: string): ShortPort | Fault {
  const last = text.lastIndexOf(":");
  const container = containerPart(text, last + 1);
  const before = last === -1 ? -1 : text.lastIndexOf(":", last - 1);
  const hostIp = last > 0 && before !== -1 ? hostIpOf(text, before) : undefined;
  if (hostIp && isFault(hostIp)) return hostIp;
  if (isFault(container)) return container;

  const hostSpan = { start: last > 0 ? before + 1 : 0, end: Math.max(last, 0) };
  const published = hostSpan.start < hostSpan.end ? hostPorts(text, hostSpan) : undefined;
  if (published && isFault(published)) return published;
  const { target, protocol, spans } = container;
  if (published && size(published) !== size(target) && size(target) > 1) {
    const problem = `${size(published)} ports of the host cannot lead to ${size(target)} of the container`;
    return refused(problem, { start: hostSpan.start, end: spans.target.end });
  }
  return {
    ...(hostIp !== undefined && hostIp.text !== "" && { hostIp: hostIp.text }),
    ...(published && { published }),
    target,
    protocol,
    spans: {
      ...(hostIp !== undefined && hostIp.text !== "" && { hostIp: hostIp.span }),
      ...(published && { published: hostSpan }),
      ...spans,
    },
  };
}

export type ExposedPort = Pick<ShortPort, "target" | "protocol" | "spans">;

/** Compose hands an item of `expose` to the engine as it is, which takes a port or a range of them and a protocol. */
export const parseExpose = (text: string): ExposedPort | Fault => containerPart(text, 0);

const size = ({ from, to }: PortRange): number => to - from + 1;

/** Behind the last colon; what follows a second slash is ignored. */
function containerPart(text: string, start: number): ExposedPort | Fault {
  const [ports = "", protocol = ""] = text.slice(start).split("/", 2);
  const span = { start, end: start + ports.length };
  const target = portRange(ports);
  if (ports === "") return refused("no port of the container is named", { start, end: text.length });
  if (target === undefined) return refused(rangeProblem(ports), span);
  if (target.from === 0) return refused("0 is no port of a container", span);
  const known = PROTOCOLS.get(protocol === "" ? "tcp" : protocol.toLowerCase());
  const protocolSpan = { start: span.end + 1, end: span.end + 1 + protocol.length };
  if (known === undefined) return refused(`${protocol} is no protocol: there are tcp, udp and sctp`, protocolSpan);
  return { target, protocol: known, spans: { target: span, ...(protocol !== "" && { protocol: protocolSpan }) } };
}

function hostPorts(text: string, span: Span): PortRange | Fault {
  const ports = text.slice(span.start, span.end);
  if (ipVersion(ports) !== undefined) return withoutHostPort(text, span);
  return portRange(ports) ?? refused(rangeProblem(ports), span);
}

function hostIpOf(text: string, end: number): { readonly text: string; readonly span: Span } | Fault {
  const span = { start: 0, end };
  const written = text.slice(0, end);
  const address = withoutBrackets(written);
  const version = ipVersion(address);
  if (address === "" || version === 4 || (version === 6 && address !== written)) return { text: address, span };
  const last = text.lastIndexOf(":");
  const before = text.slice(0, last);
  if (withoutBrackets(before) !== before && ipVersion(withoutBrackets(before)) !== undefined)
    return withoutHostPort(text, { start: 0, end: last });
  if (version === 6 || ipVersion(before) === 6)
    return refused(`the IPv6 address in ${text} needs brackets around it`, span);
  return refused(`${JSON.stringify(written)} is no IP address`, span);
}

const withoutBrackets = (text: string): string =>
  text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;

function withoutHostPort(text: string, address: Span): Fault {
  const written = text.slice(address.start, address.end);
  const behind = text.slice(address.end + 1);
  return refused(`a port of the host is missing behind the address ${written}: write ${written}::${behind}`, address);
}

/** strconv.ParseUint to 16 bits; of `1-2-3` only the first two count. Undefined for what is no range. */
export function portRange(text: string): PortRange | undefined {
  const [first = "", second] = text.split("-", 2);
  const from = portNumber(first);
  const to = second === undefined ? from : portNumber(second);
  return from === undefined || to === undefined || to < from ? undefined : { from, to };
}

const portNumber = (text: string): number | undefined =>
  /^\d+$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined;

function rangeProblem(text: string): string {
  const [first = "", second = ""] = text.split("-", 2);
  const tooHigh = [first, second].find((port) => /^\d+$/.test(port) && Number(port) > 65_535);
  if (tooHigh !== undefined) return `${tooHigh} is no port: the highest is 65535`;
  if (portNumber(first) !== undefined && portNumber(second) !== undefined)
    return `the range ${text} ends before it begins`;
  return `${JSON.stringify(text)} is no port and no range of ports`;
}
