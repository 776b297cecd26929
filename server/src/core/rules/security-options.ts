/** The items of `security_opt`: `name:value`, or the old `name=value`. */
import { fieldOf, itemsOf, textOf } from "../model/compose/fields.ts";
import type { ProjectService } from "../model/compose/project.ts";
import type { Via, YamlNode } from "../text/yaml.ts";

export interface SecurityOption {
  readonly name: string;
  /** Undefined for a name alone. */
  readonly value: string | undefined;
  readonly text: string;
  readonly node: YamlNode;
  readonly via?: Via;
}

export function securityOptionsOf({ map }: ProjectService): readonly SecurityOption[] {
  const field = fieldOf(map, "security_opt");
  return itemsOf(field?.value).flatMap((node) => {
    const text = textOf(node);
    if (text === undefined) return [];
    const [, name = text, value] = /^([^:=]*)[:=](.*)$/s.exec(text) ?? [];
    const via = field?.via ?? node.via;
    return [{ name: name.trim(), value: value?.trim(), text, node, ...(via && { via }) }];
  });
}

/** A name alone is the same as true. */
export const isNoNewPrivileges = ({ name, value }: SecurityOption): boolean =>
  name === "no-new-privileges" && (value === undefined || /^(?:1|t|true)$/i.test(value));
