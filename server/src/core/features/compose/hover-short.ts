/** The short forms of ports and volumes, in words. */
import type { ComposeFile } from "../../model/compose/model.ts";
import { type Mount, mountsOf } from "../../model/compose/mounts.ts";
import type { PortRange } from "../../model/compose/port.ts";
import { type Port, portsOf } from "../../model/compose/ports.ts";
import type { Span } from "../../text/edit.ts";
import { code } from "./markdown.ts";

export function hoverShort(
  compose: ComposeFile,
  offset: number,
): { readonly span: Span; readonly text: string } | undefined {
  const isHere = ({ span, written, hidden, via }: Port | Mount): boolean =>
    written === "short" && !hidden && via === undefined && span.start <= offset && offset <= span.end;
  const around = compose.services.filter(
    ({ entry, via }) => !via && entry.keySpan.start <= offset && offset <= entry.value.span.end,
  );
  for (const service of around) {
    const port = portsOf(service).find(isHere);
    const text = port && portText(port);
    if (port && text !== undefined) return { span: port.span, text };
    const mount = mountsOf(service).find(isHere);
    if (mount) return { span: mount.span, text: mountText(mount) };
  }
  return undefined;
}

const shown = ({ from, to }: PortRange): string => code(from === to ? String(from) : `${from}-${to}`);
const isOne = ({ from, to }: PortRange): boolean => from === to;

function portText({ hostIp, published, target, protocol }: Port): string | undefined {
  if (!target) return undefined;
  const inside = `port${isOne(target) ? "" : "s"} ${shown(target)} of the container (${protocol.toUpperCase()})`;
  const where = hostIp === undefined ? "on every address" : `on ${code(hostIp)} alone`;
  if (!published) return `A free port of the host, ${where}, leads to ${inside}.`;
  const lead = isOne(published)
    ? `Port ${shown(published)} of the host, ${where}, leads`
    : `Ports ${shown(published)} of the host, ${where}, lead`;
  return `${lead} to ${inside}.`;
}

function mountText({ type, source, target, readOnly }: Mount): string {
  const what =
    source === undefined
      ? "A volume without a name"
      : type === "bind"
        ? `${code(source)} of the host`
        : `The volume ${code(source)}`;
  return `${what} at ${code(target)} in the container${readOnly ? ", read only" : ""}.`;
}
