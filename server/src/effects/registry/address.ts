/** Which hosts are this machine, its network or the Internet: a server must not send us to where only we can reach. */
import { lookup } from "node:dns";
import { BlockList, isIP, type LookupFunction } from "node:net";
import { RegistryError } from "./errors.ts";

export type Reach = "loopback" | "link-local" | "private" | "public";

const RANGES: readonly (readonly [Reach, string, number, "ipv4" | "ipv6"])[] = [
  ["loopback", "127.0.0.0", 8, "ipv4"],
  ["loopback", "::1", 128, "ipv6"],
  ["link-local", "169.254.0.0", 16, "ipv4"],
  ["link-local", "fe80::", 10, "ipv6"],
  ["private", "0.0.0.0", 8, "ipv4"],
  ["private", "10.0.0.0", 8, "ipv4"],
  ["private", "100.64.0.0", 10, "ipv4"],
  ["private", "172.16.0.0", 12, "ipv4"],
  ["private", "192.168.0.0", 16, "ipv4"],
  ["private", "::", 128, "ipv6"],
  ["private", "fc00::", 7, "ipv6"],
];

const lists = RANGES.map(([reach, net, prefix, family]) => {
  const list = new BlockList();
  list.addSubnet(net, prefix, family);
  return { reach, list };
});

export function reachOfAddress(address: string): Reach {
  const family = isIP(address) === 6 ? "ipv6" : "ipv4";
  return lists.find(({ list }) => list.check(address, family))?.reach ?? "public";
}

/** By the text alone: a name counts as public, except those that mean this machine everywhere. */
export function reachOfHost(hostname: string): Reach {
  const bare = hostname.replace(/^\[|\]$/g, "").toLowerCase();
  if (isIP(bare)) return reachOfAddress(bare);
  return bare === "localhost" || bare.endsWith(".localhost") ? "loopback" : "public";
}

/** `host` or `host:port`, as in an image reference. */
export const isLoopback = (host: string): boolean => reachOfHost(host.replace(/:\d+$/, "")) === "loopback";

/** Whether a registry within `from` may send us on to `to`. Link-local addresses serve cloud credentials: never. */
export function mayLead(from: Reach, to: Reach): boolean {
  if (to === "public") return true;
  if (to === "link-local") return false;
  return from === "loopback" || (from === "private" && to === "private");
}

/**
 * Name resolution for where a public registry sends us on to. A name of a private network is let through, for a company's
 * registry and its token server are such names; one that is this machine or a metadata service is not.
 */
export const guardedLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, "", 0);
    const bad = addresses.find(({ address }) => ["loopback", "link-local"].includes(reachOfAddress(address)));
    if (bad) {
      const message = `refused to go on to ${hostname}: its address ${bad.address} is not a public one`;
      return callback(new RegistryError("protocol", message), "", 0);
    }
    const [first] = addresses;
    if (options.all) return callback(null, addresses);
    return callback(null, first?.address ?? "", first?.family ?? 0);
  });
};
