/** Where a service's name is written as a host: in addresses and in variables for one. A rename does not reach those, as they are texts. */
import type { ComposeFile } from "../../model/compose/model.ts";
import { pairsOf } from "../../model/compose/pairs.ts";
import { fieldOf } from "../../model/compose/fields.ts";
import type { YamlNode } from "../../text/yaml.ts";

/** A variable with such a name holds a host, or a list of them. */
const HOST_VARIABLE = /(?:HOST|HOSTNAME|SERVER|ADDR|ADDRESS|ENDPOINT|BROKER|BROKERS|SERVERS|HOSTS|NODES)$/i;

/** The services that mention it, without what they name by their keys. */
export function servicesWithHost(compose: ComposeFile, host: string): readonly string[] {
  const name = host.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  // `//db`, `user@db`, `db:5432`; not as a part of a longer name.
  const address = new RegExp(String.raw`(?:(?:\/\/|@)${name}(?![\w.-]))|(?:(?<![\w./-])${name}:\d)`);
  const alone = new RegExp(String.raw`(?:^|,)\s*${name}\s*(?:$|,)`);
  const isMentioned = (node: YamlNode): boolean => textsBelow(node).some((text) => address.test(text));
  return compose.services.flatMap(({ name: service, map }) => {
    const environment = fieldOf(map, "environment");
    const isHost = pairsOf(environment).some(({ key, text }) => HOST_VARIABLE.test(key) && alone.test(text ?? ""));
    const isThere = TEXTS.some((key) => {
      const value = fieldOf(map, key)?.value;
      return value !== undefined && isMentioned(value);
    });
    return isHost || isThere ? [service] : [];
  });
}

/** The keys whose values are texts for the program in the container. */
const TEXTS = ["environment", "command", "entrypoint", "healthcheck", "labels"];

function textsBelow(node: YamlNode): readonly string[] {
  if (node.kind === "scalar") return [node.text];
  const below = node.kind === "list" ? node.items : node.entries.map(({ value }) => value);
  return below.flatMap(textsBelow);
}
