/** Ports that a service publishes on every interface of the host, and what binds them to one. */
import { fieldOf, textOf } from "../model/compose/fields.ts";
import { knownImageOf } from "../model/compose/known-images.ts";
import type { Change, ComposeFile } from "../model/compose/model.ts";
import { addKey, setValue } from "../model/compose/patch.ts";
import { type Port, portsOf } from "../model/compose/ports.ts";
import type { PortRange } from "../model/compose/port.ts";
import type { ProjectService } from "../model/compose/project.ts";
import type { Remedy } from "../rule.ts";
import { plainText, remedyOf } from "./compose-services.ts";

export interface UnboundPort {
  readonly port: Port;
  /** It leads to the data of a known database. */
  readonly isData: boolean;
  /** A variable may bring an address. */
  readonly maybe: boolean;
}

/** With the host's network, `ports` has no effect. */
export function unboundPorts(service: ProjectService): readonly UnboundPort[] {
  const ports = portsOf(service).filter(
    (port) => port.hostIp === undefined && !isUnreadable(port) && !namesAddress(port),
  );
  if (ports.length === 0 || plainText(fieldOf(service.map, "network_mode")?.value) === "host") return [];
  const data = knownImageOf(service)?.dataPorts ?? [];
  return ports.map((port) => ({
    port,
    isData: data.some((each) => port.target !== undefined && isIn(each, port.target)),
    maybe: port.hidden,
  }));
}

const isIn = (port: number, { from, to }: PortRange): boolean => from <= port && port <= to;

/** What does not say a port is the matter of other rules. */
const isUnreadable = ({ node, written, published }: Port): boolean =>
  written === "long" && !published && textOf(fieldOf(node, "published")?.value) !== undefined;

/** Three parts: the first one is a variable then. In the long form it is `host_ip` that has it. */
function namesAddress({ node, written, hidden }: Port): boolean {
  if (!hidden) return false;
  if (written === "long") return fieldOf(node, "host_ip") !== undefined;
  const text = (textOf(node) ?? "").replaceAll(/\$\{[^}]*\}/g, "$");
  return text.split(":").length > 2 || text.includes(".");
}

/** `Port 8080`, `Ports 8000-8010`, or words for one that Docker picks, with what it does: `is`, or `are` for several. */
export function publishedName({ published, target }: Port, does: readonly [one: string, several: string]): string {
  if (published && published.from !== published.to) return `Ports ${rangeName(published)} ${does[1]}`;
  if (published) return `Port ${rangeName(published)} ${does[0]}`;
  return target ? `A free port for ${rangeName(target)} ${does[0]}` : `The port ${does[0]}`;
}

const rangeName = ({ from, to }: PortRange): string => (from === to ? String(from) : `${from}-${to}`);

export function bindRemedy(compose: ComposeFile, { port, maybe }: UnboundPort): Remedy {
  return maybe
    ? { refusal: "a variable decides a part of it" }
    : remedyOf("Publish it on 127.0.0.1 alone", bound(compose, port));
}

function bound(compose: ComposeFile, { node, written, published }: Port): Change {
  if (written === "long")
    return addKey(compose, node, "host_ip", "127.0.0.1", { after: ["mode", "target", "published", "host_ip"] });
  return setValue(compose, node, `127.0.0.1:${published ? "" : ":"}${textOf(node) ?? ""}`);
}
