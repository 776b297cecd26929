/** The forms of the instruction that is being written, and which part of them the cursor is at. */
import { INSTRUCTION_DOCS, MOUNT_DOCS, MOUNT_TYPE_DOC } from "../../model/dockerfile/instruction-docs.ts";
import { INSTRUCTIONS, MOUNT_TYPES } from "../../model/dockerfile/instructions.ts";
import type { Dockerfile } from "../../model/dockerfile/model.ts";
import { type GivenField, type Part, type Place, placeAt } from "./cursor.ts";
import { flagDoc, mountOption } from "./documentation.ts";
import { type Form, FORMS, type Parameter } from "./forms.ts";

export interface Signature {
  readonly label: string;
  /** Markdown. */
  readonly about: string | undefined;
  /** In the order of the label; offsets into it. */
  readonly parameters: readonly { readonly start: number; readonly end: number; readonly about: string | undefined }[];
}

export interface SignatureHelp {
  readonly signatures: readonly Signature[];
  readonly active: number;
  /** Undefined where the cursor is at none of them. */
  readonly parameter: number | undefined;
}

type Inside = Extract<Place, { readonly at: "instruction" }>;

export function signatureAt(dockerfile: Dockerfile, offset: number): SignatureHelp | undefined {
  const place = placeAt(dockerfile, offset);
  if (place?.at !== "instruction") return undefined;
  const { part } = place;
  if (part.in === "mount key" || part.in === "mount value") return mountSignature(part);
  if (part.in === "flag value") return flagSignature(place, part.flag);
  const forms = FORMS[place.name];
  if (!forms) return undefined;
  const active = activeForm(forms, place);
  const form = forms[active];
  if (!form) return undefined;
  return {
    signatures: forms.map((each) => signatureOf(place.name, each)),
    active,
    parameter: activeParameter(form, place),
  };
}

function signatureOf(name: string, { label, parameters }: Form): Signature {
  let from = 0;
  return {
    label,
    about: INSTRUCTION_DOCS[name]?.about,
    parameters: parameters.map(({ text, about }) => {
      const start = label.indexOf(text, from);
      from = start + text.length;
      return { start, end: from, about };
    }),
  };
}

function activeForm(forms: readonly Form[], { argumentsBefore, part }: Inside): number {
  const written = argumentsBefore.trimStart();
  const kind = written.startsWith("[")
    ? "json"
    : written.startsWith("<<")
      ? "heredoc"
      : /^none\b/i.test(written)
        ? "none"
        : undefined;
  const found = kind === undefined || part.in === "flag" ? -1 : forms.findIndex((form) => form.kind === kind);
  return Math.max(found, 0);
}

function activeParameter({ parameters }: Form, place: Inside): number | undefined {
  const { part } = place;
  const indexOf = (role: Parameter["role"]): number | undefined => {
    const found = parameters.findIndex((each) => each.role === role);
    return found === -1 ? undefined : found;
  };
  if (part.in === "flag") return indexOf("options");
  if (part.in !== "argument") return undefined;
  const { before, typed } = part;
  const last = indexOf("last");
  if (last !== undefined) {
    // Of several words the last one is the destination.
    const words = (place.instruction.trigger ?? place.instruction).words.length;
    const isLast = before.length > 0 && words <= before.length + 1;
    return isLast ? last : indexOf("each");
  }
  const value = indexOf("value");
  if (value !== undefined) return /[=/:]/.test(typed) ? value : indexOf("each");
  const positions = parameters.flatMap(({ role }, at) => (role === "options" ? [] : [at]));
  return positions[Math.min(before.length, positions.length - 1)];
}

function flagSignature({ name }: Inside, flag: string): SignatureHelp | undefined {
  const spec = INSTRUCTIONS.get(name)?.flags.find((each) => each.name === flag);
  if (!spec) return undefined;
  const value = VALUES[spec.name] ?? `<${spec.choices?.join("|") ?? spec.value}>`;
  const label = `${spec.name}=${value}`;
  const about = flagDoc(name, flag)?.about;
  const parameters = [{ start: spec.name.length + 1, end: label.length, about: undefined }];
  return { signatures: [{ label, about, parameters }], active: 0, parameter: 0 };
}

const VALUES: Readonly<Record<string, string>> = {
  "--chown": "<user>[:<group>]",
  "--platform": "<os>/<architecture>[/<variant>]",
  "--from": "<stage|context|image>",
  "--exclude": "<pattern>",
  "--checksum": "<sha256:…|commit>",
  "--device": "<device>",
};

/** The keys of the mount's type, those that are given too. */
function mountSignature(part: Extract<Part, { readonly in: "mount key" | "mount value" }>): SignatureHelp {
  const type = typeOf(part.fields, part);
  const known = MOUNT_TYPES.find(({ name }) => name === type)?.options ?? [];
  const begin = `--mount=type=${MOUNT_DOCS[type] ? type : "<type>"}`;
  const texts = known.map(({ name, bare }) => `[,${name}${bare ? "" : "=…"}]`);
  let from = begin.length;
  const places = [
    { start: "--mount=".length, end: begin.length, about: MOUNT_TYPE_DOC.about },
    ...known.map(({ name }, at) => {
      const start = from;
      from += texts[at]?.length ?? 0;
      return { start, end: from, about: MOUNT_DOCS[type]?.options[name]?.about };
    }),
  ];
  const key = part.in === "mount value" ? (mountOption(type, part.key)?.name ?? part.key) : part.typed;
  const at = known.findIndex(({ name }) =>
    part.in === "mount value" ? name === key : key !== "" && name.startsWith(key),
  );
  const isType = part.in === "mount value" ? key === "type" : part.fields.length === 0;
  const parameter = isType ? 0 : at === -1 ? undefined : at + 1;
  const signature = { label: `${begin}${texts.join("")}`, about: MOUNT_DOCS[type]?.about, parameters: places };
  return { signatures: [signature], active: 0, parameter };
}

function typeOf(fields: readonly GivenField[], part: Part): string {
  const given = fields.find(({ key }) => key === "type")?.value?.toLowerCase();
  if (given !== undefined) return given;
  return part.in === "mount value" && part.key === "type" && MOUNT_DOCS[part.typed] ? part.typed : "bind";
}
