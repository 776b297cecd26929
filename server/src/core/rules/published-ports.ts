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
  if (plainText(fieldOf(service.map, "network_mode")?.value) === "host") return [];
  const data = knownImageOf(service)?.dataPorts ?? [];
  return portsOf(service)
    .filter((port) => port.hostIp === undefined && !isUnreadable(port) && !namesAddress(port))
    .map((port) => ({
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

/** `8080`, `8000-8010`, or words for one that Docker picks. */
export function publishedName({ published, target }: Port): string {
  if (published) return `Port ${rangeName(published)}`;
  return target ? `A free port for ${rangeName(target)}` : "The port";
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
