/** `cap_add` and `cap_drop` of a service, and what capabilities come to. */
import { fieldOf, itemsOf } from "../model/compose/fields.ts";
import { capabilityName } from "../model/compose/known-images.ts";
import type { Field } from "../model/compose/model.ts";
import type { ProjectService } from "../model/compose/project.ts";
import type { Via, YamlNode } from "../text/yaml.ts";
import { plainText } from "./compose-services.ts";

export interface Capability {
  /** `SYS_ADMIN` for `cap_sys_admin`. */
  readonly name: string;
  readonly field: Field;
  readonly node: YamlNode;
  readonly via?: Via;
}

export function capabilitiesIn(service: ProjectService, key: "cap_add" | "cap_drop"): readonly Capability[] {
  const field = fieldOf(service.map, key);
  return itemsOf(field?.value).flatMap((node) => {
    const text = plainText(node);
    const via = field?.via ?? node.via;
    return field && text !== undefined ? [{ name: capabilityName(text), field, node, ...(via && { via }) }] : [];
  });
}

/** With these the host is as good as open; what each allows goes on after "lets it". */
const GRAVE: ReadonlyMap<string, string> = new Map([
  ["ALL", "do everything root can on the host"],
  ["SYS_ADMIN", "mount file systems and leave the container by well-known ways"],
  ["SYS_MODULE", "load modules into the host's kernel"],
  ["SYS_RAWIO", "read and write the host's memory and disks directly"],
  ["SYS_BOOT", "restart the host and load another kernel"],
  ["DAC_READ_SEARCH", "open any file of the host by its number"],
  ["BPF", "load programs into the host's kernel"],
  ["MAC_ADMIN", "change the host's access control"],
  ["MAC_OVERRIDE", "pass over the host's access control"],
]);
/** Much, and often needed: VPNs, debuggers, clocks. */
const STRONG: ReadonlyMap<string, string> = new Map([
  ["NET_ADMIN", "change its interfaces, routes and firewall, and those of the host with network_mode: host"],
  ["SYS_PTRACE", "read the memory of other processes it can see"],
  ["SYS_TIME", "set the host's clock"],
  ["SYSLOG", "read the host's kernel log"],
  ["PERFMON", "watch the host's kernel"],
]);

export const graveEffectOf = (capability: string): string | undefined => GRAVE.get(capability);
export const strongEffectOf = (capability: string): string | undefined => STRONG.get(capability);
