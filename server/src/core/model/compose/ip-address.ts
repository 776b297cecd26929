/** IP addresses as Go's net.ParseIP takes them: no leading zeros in IPv4, no zone in IPv6. */

const OCTET = /^(?:0|[1-9]\d{0,2})$/;
const GROUP = /^[0-9a-fA-F]{1,4}$/;

/** The longest: eight groups, the last two written as IPv4. */
const MAX_LENGTH = 45;

/** 4 or 6; undefined for what is no address. */
export function ipVersion(text: string): 4 | 6 | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  if (isIpv4(text)) return 4;
  return isIpv6(text) ? 6 : undefined;
}

function isIpv4(text: string): boolean {
  const parts = text.split(".");
  return parts.length === 4 && parts.every((part) => OCTET.test(part) && Number(part) <= 255);
}

function isIpv6(text: string): boolean {
  if (!text.includes(":")) return false;
  const [head = "", tail, ...more] = text.split("::");
  if (more.length > 0) return false;
  const groups = [...groupsOf(head), ...groupsOf(tail ?? "")];
  const v4 = (tail ?? head) !== "" && isIpv4(groups.at(-1) ?? "");
  const hex = v4 ? groups.slice(0, -1) : groups;
  const count = hex.length + (v4 ? 2 : 0);
  // `::` stands for one group at least.
  return hex.every((group) => GROUP.test(group)) && (tail === undefined ? count === 8 : count <= 7);
}

const groupsOf = (text: string): readonly string[] => (text === "" ? [] : text.split(":"));
