/** A directive at the top, its parts, and what comments that switch checks off name. */
import { suppressionsOf } from "../../model/comments.ts";
import { DIRECTIVE_DOCS } from "../../model/dockerfile/instruction-docs.ts";
import type { Dockerfile } from "../../model/dockerfile/model.ts";
import { escaped } from "../../text/markdown.ts";
import { code } from "../compose/markdown.ts";
import type { RuleName } from "./completion-model.ts";
import type { DockerfileHover } from "./hover-model.ts";
import { directiveText } from "./documentation.ts";

export function hoverComment(
  dockerfile: Dockerfile,
  offset: number,
  rules: readonly RuleName[],
): DockerfileHover | undefined {
  const ignored = ignoredHover(dockerfile, offset, rules);
  if (ignored) return ignored;
  const directive = dockerfile.directives.find(({ span }) => span.start <= offset && offset <= span.end);
  if (!directive) return undefined;
  const { name, nameSpan, value } = directive;
  const text = directiveText(dockerfile, name);
  if (text === undefined) return undefined;
  if (offset < nameSpan.start) return undefined;
  if (offset <= nameSpan.end) return { span: nameSpan, text: `**${name}**\n\n${text}` };
  const part = name === "check" ? partAt(value.text, value.span.start, offset) : undefined;
  const meaning = part && DIRECTIVE_DOCS["check"]?.values?.[part.key];
  if (part && meaning !== undefined)
    return { span: { start: part.start, end: part.start + part.key.length }, text: `**${part.key}**: ${meaning}` };
  return undefined;
}

/** A rule of ours, or a peer's code with what our rule says of the same. */
function ignoredHover(dockerfile: Dockerfile, offset: number, rules: readonly RuleName[]): DockerfileHover | undefined {
  for (const { span: whole, names } of suppressionsOf(dockerfile)) {
    if (offset < whole.start || whole.end < offset) continue;
    const name = names.find(({ span }) => span.start <= offset && offset <= span.end);
    const rule = name && rules.find(({ id, sameAs }) => id === name.id || sameAs.includes(name.id));
    if (!name || !rule) continue;
    const own = rule.id === name.id ? "" : `, ${code(rule.id)} here`;
    return { span: name.span, text: `**${escaped(name.text)}**${own}: ${rule.summary}` };
  }
  return undefined;
}

/** `skip=A,B;error=true`: the key the offset is on. */
function partAt(
  value: string,
  start: number,
  offset: number,
): { readonly key: string; readonly start: number } | undefined {
  for (const { 0: whole, 1: key = "", index } of value.matchAll(/([A-Za-z]+)[ \t]*=[^;]*/g)) {
    const at = start + index;
    if (at <= offset && offset <= at + key.length && whole !== "") return { key: key.toLowerCase(), start: at };
  }
  return undefined;
}
