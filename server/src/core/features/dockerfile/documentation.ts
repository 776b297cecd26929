/** Documentation of what is known of Dockerfiles, as Markdown: for completions, hovers and signatures alike. */
import { type Frontend, frontendOf, type Since } from "../../model/dockerfile/frontend.ts";
import {
  DIRECTIVE_DOCS,
  type Doc,
  FORM_RELEASES,
  INSTRUCTION_DOCS,
  MOUNT_DOCS,
  MOUNT_TYPE_DOC,
  referenceOf,
} from "../../model/dockerfile/instruction-docs.ts";
import {
  type FlagSpec,
  INSTRUCTIONS,
  type InstructionSpec,
  MOUNT_TYPES,
  type MountOption,
} from "../../model/dockerfile/instructions.ts";
import type { Dockerfile } from "../../model/dockerfile/model.ts";
import { missingText, sinceText } from "./since.ts";

/** Paragraphs that are there. */
export const paragraphs = (...parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== "").join("\n\n");

export const linkTo = (doc: Pick<Doc, "anchor">): string => `[Reference](${referenceOf(doc)})`;

const valueList = ({ values = {} }: Doc): string =>
  Object.entries(values)
    .map(([value, meaning]) => `- ${value.includes("`") ? `\`\` ${value} \`\`` : `\`${value}\``}: ${meaning}`)
    .join("\n");

/** The same with the release it came with, and what stands against it in this file. */
export const docText = (doc: Doc, has: Since, frontend: Frontend): string =>
  paragraphs(doc.about, valueList(doc), sinceText(has), missingText(frontend, has), linkTo(doc));

export function instructionText(name: string): string | undefined {
  const doc = INSTRUCTION_DOCS[name];
  const spec = INSTRUCTIONS.get(name);
  if (!doc || !spec) return undefined;
  return paragraphs(
    doc.about,
    usageBlock(spec),
    releases(name),
    spec.deprecated ? "Deprecated." : undefined,
    linkTo(doc),
  );
}

const releases = (name: string): string | undefined => {
  const text = FORM_RELEASES[name];
  return text === undefined ? undefined : `${text}.`;
};

export const usageBlock = ({ usage }: Pick<InstructionSpec, "usage">): string =>
  `\`\`\`dockerfile\n${usage.join("\n")}\n\`\`\``;

export function flagText(dockerfile: Dockerfile, instruction: string, flag: FlagSpec): string | undefined {
  const doc = INSTRUCTION_DOCS[instruction]?.flags[flag.name];
  return doc && docText(doc, flag, frontendOf(dockerfile));
}

export const flagDoc = (instruction: string, flag: string): Doc | undefined =>
  INSTRUCTION_DOCS[instruction]?.flags[flag];

/** By any of its spellings. */
export function mountOption(type: string, key: string): MountOption | undefined {
  return MOUNT_TYPES.find(({ name }) => name === type)?.options.find(
    ({ name, aliases }) => name === key || aliases.includes(key),
  );
}

/** A mount came with the flag, most of its keys too. */
export function mountKeyText(dockerfile: Dockerfile, type: string, key: string): string | undefined {
  const frontend = frontendOf(dockerfile);
  if (key === "type") return docText(MOUNT_TYPE_DOC, MOUNTS, frontend);
  const option = mountOption(type, key);
  const doc = option && MOUNT_DOCS[type]?.options[option.name];
  if (!doc) return undefined;
  const spellings = [option.name, ...option.aliases].map((name) => `\`${name}\``).join(", ");
  const has = option.since === undefined ? MOUNTS : option;
  return paragraphs(option.aliases.length > 0 ? spellings : undefined, docText(doc, has, frontend));
}

export function mountTypeText(dockerfile: Dockerfile, type: string): string | undefined {
  const doc = MOUNT_DOCS[type];
  return doc && docText(doc, MOUNTS, frontendOf(dockerfile));
}

export function directiveText(dockerfile: Dockerfile, name: string): string | undefined {
  const doc = DIRECTIVE_DOCS[name];
  return doc && docText(doc, { ...(doc.since !== undefined && { since: doc.since }) }, frontendOf(dockerfile));
}

const MOUNTS: Since = INSTRUCTIONS.get("RUN")?.flags.find(({ name }) => name === "--mount") ?? {};

/** What the known values of a mount's key mean. */
export const mountValues = (type: string, name: string): Doc["values"] => MOUNT_DOCS[type]?.options[name]?.values;
