/** A flag, what it is set to, and the keys of a mount. */
import { INSTRUCTIONS } from "../../model/dockerfile/instructions.ts";
import type { Dockerfile, Flag, FlagField, Instruction } from "../../model/dockerfile/model.ts";
import type { Span } from "../../text/edit.ts";
import { code } from "../compose/markdown.ts";
import { flagDoc, flagText, mountKeyText, mountOption, mountTypeText, mountValues } from "./documentation.ts";
import type { DockerfileHover } from "./hover-model.ts";

const on = ({ start, end }: Span, offset: number): boolean => start <= offset && offset <= end;

export function hoverFlag(
  dockerfile: Dockerfile,
  instruction: Instruction,
  offset: number,
): DockerfileHover | undefined {
  const flag = instruction.flags.find(({ span }) => on(span, offset));
  if (!flag) return undefined;
  const spec = INSTRUCTIONS.get(instruction.name)?.flags.find(({ name }) => name === flag.name);
  if (!spec) return undefined;
  const field =
    spec.value === "mount" && offset > flag.nameSpan.end ? flag.fields.find(({ span }) => on(span, offset)) : undefined;
  if (field) return hoverField(dockerfile, flag, field, offset);
  const value = flag.value && offset > flag.nameSpan.end ? valueHover(instruction.name, flag) : undefined;
  if (value) return value;
  const text = flagText(dockerfile, instruction.name, spec);
  return text === undefined
    ? undefined
    : { span: offset <= flag.nameSpan.end ? flag.nameSpan : flag.span, text: `**${flag.name}**\n\n${text}` };
}

function valueHover(instruction: string, { name, value }: Flag): DockerfileHover | undefined {
  if (!value) return undefined;
  const meaning = flagDoc(instruction, name)?.values?.[value.text];
  return meaning === undefined ? undefined : { span: value.span, text: `${code(value.text)}: ${meaning}` };
}

function hoverField(
  dockerfile: Dockerfile,
  { fields }: Flag,
  field: FlagField,
  offset: number,
): DockerfileHover | undefined {
  const type = fields.find(({ key }) => key === "type")?.value?.toLowerCase() ?? "bind";
  const { key, keySpan, value, valueSpan } = field;
  if (valueSpan && value !== undefined && offset > keySpan.end) {
    if (key === "type") {
      const text = mountTypeText(dockerfile, value.toLowerCase());
      return text === undefined ? undefined : { span: valueSpan, text: `**type=${value.toLowerCase()}**\n\n${text}` };
    }
    const meaning = mountMeaning(type, key, value);
    if (meaning !== undefined) return { span: valueSpan, text: `${code(value)}: ${meaning}` };
  }
  const text = mountKeyText(dockerfile, type, key);
  const name = mountOption(type, key)?.name ?? key;
  return text === undefined
    ? undefined
    : { span: offset <= keySpan.end ? keySpan : field.span, text: `**${name}** of ${code(`type=${type}`)}\n\n${text}` };
}

function mountMeaning(type: string, key: string, value: string): string | undefined {
  const name = mountOption(type, key)?.name;
  return name === undefined ? undefined : mountValues(type, name)?.[value];
}
