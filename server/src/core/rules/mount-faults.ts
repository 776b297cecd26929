/** What BuildKit stops at in `RUN --mount=…` (parseMount of commands_runmount.go, dispatchRunMounts of convert_runmount.go). */
import { workdirAt } from "../model/dockerfile/before.ts";
import { BARE_MOUNT_KEYS, MOUNT_KEYS, MOUNT_TYPES } from "../model/dockerfile/instructions.ts";
import type { Dockerfile, Flag, FlagField, Instruction } from "../model/dockerfile/model.ts";
import { expandIn } from "../model/dockerfile/scope.ts";
import { stageNamed } from "../model/dockerfile/stages.ts";
import { hasVariable } from "../model/dockerfile/variables.ts";
import { parseImageRef } from "../model/image-ref.ts";
import { type Report, unsafeFix } from "../rule.ts";
import { replace, type Span } from "../text/edit.ts";
import { nearest } from "../text/nearest.ts";

export interface Fault extends Report {
  readonly span: Span;
}

/** The names of the options, and values that are wrong on their own. */
export function mountOptionFaults(dockerfile: Dockerfile, { nameSpan, value, fields }: Flag): readonly Fault[] {
  if (value?.text === "") return [{ span: nameSpan, message: "--mount= has no value" }];
  let type = "bind";
  return fields.flatMap((field): readonly Fault[] => {
    const fault = optionFault(dockerfile, field, type);
    if (field.key === "type" && field.value !== undefined) type = field.value.toLowerCase();
    return fault ? [fault] : [];
  });
}

function optionFault(dockerfile: Dockerfile, field: FlagField, type: string): Fault | undefined {
  const { key, keySpan, value, valueSpan, span } = field;
  if (!MOUNT_KEYS.has(key)) return unknownKey(key, key === "" ? span : keySpan);
  // They are looked at as they come: what stands before type= belongs to a bind.
  const owners = ONLY_WITH.get(key);
  if (owners && !owners.includes(type) && (value === undefined || !hasVariable(value)))
    return {
      span: keySpan,
      message: `${key} stands behind type=${owners.join(" or type=")}, not with a ${type} mount`,
    };
  if (value === undefined || !valueSpan)
    return BARE_MOUNT_KEYS.has(key) ? undefined : { span, message: `The mount option ${key} needs a value` };
  if (key === "from") return fromFault(dockerfile, value, valueSpan);
  if (hasVariable(value)) return undefined;
  const choices = CHOICES.get(key);
  if (choices && !choices.includes(value.toLowerCase()))
    return wrongChoice(CALLED.get(key) ?? key, choices, value, valueSpan);
  const shape = SHAPES.get(key);
  return shape && !shape.fits(value)
    ? { span: valueSpan, message: `${key} is ${shape.is}, not ${value || "empty"}` }
    : undefined;
}

/** Keys that are refused as soon as another type is known. */
const ONLY_WITH: ReadonlyMap<string, readonly string[]> = new Map([
  ["required", ["secret", "ssh"]],
  ["size", ["tmpfs"]],
]);

const CHOICES: ReadonlyMap<string, readonly string[]> = new Map([
  ["type", MOUNT_TYPES.map(({ name }) => name)],
  ["sharing", ["shared", "private", "locked"]],
]);
const CALLED: ReadonlyMap<string, string> = new Map([["type", "A mount's type"]]);

interface Shape {
  readonly is: string;
  readonly fits: (value: string) => boolean;
}

const truth: Shape = {
  is: "true or false",
  fits: (value) => /^(?:1|t|T|true|TRUE|True|0|f|F|false|FALSE|False)$/.test(value),
};
const number: Shape = { is: "a number", fits: (value) => /^\d+$/.test(value) && Number(value) < 2 ** 32 };
const SHAPES: ReadonlyMap<string, Shape> = new Map([
  ...["readonly", "ro", "readwrite", "rw", "required"].map((key) => [key, truth] as const),
  ["uid", number],
  ["gid", number],
  ["mode", { is: "octal, as 0755", fits: (value) => /^[0-7]+$/.test(value) && Number.parseInt(value, 8) < 2 ** 32 }],
  ["size", { is: "a number of bytes, as 64m", fits: (value) => /^\d+(?:\.\d+)* ?[kmgtp]?i?b?$/i.test(value) }],
]);

function fromFault(dockerfile: Dockerfile, value: string, span: Span): Fault | undefined {
  // A variable there is copy-from-unknown-stage's.
  if (value === "" || hasVariable(value) || stageNamed(dockerfile, value) || parseImageRef(value).ok) return undefined;
  return { span, message: `${value} can be neither a stage nor an image` };
}

function unknownKey(key: string, span: Span): Fault {
  const near = nearest(key, MOUNT_KEYS);
  if (near === undefined) return { span, message: `A mount has no option ${key === "" ? "without a name" : key}` };
  return {
    span,
    message: `A mount has no option ${key}; did you mean ${near}?`,
    fixes: [unsafeFix(`Replace with ${near}`, replace(span, near))],
  };
}

export function wrongChoice(what: string, choices: readonly string[], value: string, span: Span): Fault {
  const near = nearest(value, choices);
  return {
    span,
    message: `${what} is ${choices.slice(0, -1).join(", ")} or ${choices.at(-1) ?? ""}, not ${value === "" ? "empty" : value}`,
    ...(near !== undefined && value !== "" && { fixes: [unsafeFix(`Replace with ${near}`, replace(span, near))] }),
  };
}

/** Options that are right on their own and cannot stand together, or a target that is missing. */
export function mountFault(dockerfile: Dockerfile, instruction: Instruction, flag: Flag): Fault | undefined {
  const { fields } = flag;
  const last = (...keys: string[]): FlagField | undefined => fields.findLast(({ key }) => keys.includes(key));
  const written = last("type")?.value;
  if (written !== undefined && hasVariable(written)) return undefined;
  const type = written?.toLowerCase() ?? "bind";
  const refused = (REFUSED.get(type) ?? []).flatMap((key) => fields.filter((field) => field.key === key))[0];
  if (refused)
    return {
      span: refused.keySpan,
      message: `${type === "ssh" ? "An" : "A"} ${type} mount cannot have ${refused.key}`,
    };
  if (type === "secret") return secretFault(flag);
  if (type !== "bind" && type !== "cache" && type !== "tmpfs") return undefined;
  const target = last("target", "dst", "destination");
  if (!isRoot(dockerfile, instruction, target?.value ?? "")) return undefined;
  if (target?.valueSpan && target.value !== "")
    return { span: target.valueSpan, message: "Nothing can be mounted on /, the root of the file system" };
  return { span: flag.nameSpan, message: `A ${type} mount needs a target` };
}

const REFUSED: ReadonlyMap<string, readonly string[]> = new Map([
  ["bind", ["mode", "uid", "gid", "sharing"]],
  ["tmpfs", ["mode", "uid", "gid", "sharing"]],
  ["secret", ["from", "sharing"]],
  ["ssh", ["sharing", "source", "src"]],
]);

function secretFault({ nameSpan, fields }: Flag): Fault | undefined {
  const given = (...keys: string[]): FlagField | undefined =>
    fields.find(({ key, value }) => keys.includes(key) && value !== "" && value !== undefined);
  const id = given("id");
  const source = given("source", "src");
  if (id && source)
    return { span: source.keySpan, message: `${source.key} is another word for id, and both are given` };
  if (id || source || given("target", "dst", "destination")) return undefined;
  return { span: nameSpan, message: "A secret mount needs an id" };
}

function isRoot(dockerfile: Dockerfile, instruction: Instruction, written: string): boolean {
  const { text, known } = expandIn(dockerfile, instruction, written);
  if (!known) return false;
  if (text.startsWith("/")) return text === "/";
  return /^(?:\.?|\.\/)$/.test(text) && workdirAt(dockerfile, instruction) === "/";
}
