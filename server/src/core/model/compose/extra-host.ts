/** Items of `extra_hosts` in list form (`host=address`, `host:address`), as compose-go's types/hostList.go reads them. */
import type { Span } from "../../text/edit.ts";
import { type Fault, type Piece, pieces, refused } from "./fault.ts";
import { ipVersion } from "./ip-address.ts";

export interface HostAddress extends Piece {
  /** Without the brackets IPv6 may have; `host-gateway` is the machine itself. */
  readonly address: string;
  /** Whether the engine knows it for an address. */
  readonly valid: boolean;
}

export interface ExtraHost {
  readonly host: string;
  readonly addresses: readonly HostAddress[];
  readonly separator: "=" | ":";
  readonly spans: { readonly host: Span; readonly addresses: Span };
}

export function parseExtraHost(text: string): ExtraHost | Fault {
  const whole = { start: 0, end: text.length };
  // An equals sign anywhere wins over a colon before it.
  const separator = text.includes("=") ? "=" : ":";
  const at = text.indexOf(separator);
  if (at === -1) return refused(`${JSON.stringify(text)} names no address`, whole);
  const host = text.slice(0, at);
  if (host === "") return refused("no host is named", { start: 0, end: at + 1 });
  if (host.includes(":"))
    return refused(`the name of a host cannot contain a colon, as ${JSON.stringify(host)} does`, { start: 0, end: at });
  return {
    host,
    addresses: pieces(text.slice(at + 1), ",", at + 1).map(addressOf),
    separator,
    spans: { host: { start: 0, end: at }, addresses: { start: at + 1, end: text.length } },
  };
}

/** An address that stands by itself, as in the mapping form. */
export const hostAddress = (text: string): HostAddress => addressOf({ text, start: 0, end: text.length });

function addressOf(piece: Piece): HostAddress {
  const { text } = piece;
  const address = text.length > 2 && text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
  return { ...piece, address, valid: address === "host-gateway" || ipVersion(address) !== undefined };
}
