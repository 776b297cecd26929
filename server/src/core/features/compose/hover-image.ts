/** An image: where it comes from, and how firmly it is named. */
import type { ComposeFile } from "../../model/compose/model.ts";
import type { Project } from "../../model/compose/project.ts";
import { parseImageRef } from "../../model/image-ref.ts";
import type { Span } from "../../text/edit.ts";
import { referenceText } from "../images/reference-text.ts";
import { code } from "./markdown.ts";
import { pathTo } from "./paths.ts";
import { effectiveText } from "./shown.ts";

export function hoverImage(
  compose: ComposeFile,
  offset: number,
  project: Project,
): { readonly span: Span; readonly text: string } | undefined {
  const steps = pathTo(compose, offset);
  const [section, , key] = steps;
  const last = steps.at(-1);
  if (steps.length !== 3 || section?.entry?.key !== "services" || key?.entry?.key !== "image") return undefined;
  if (!last || last.inKey || last.node.kind !== "scalar" || last.node.value === null) return undefined;
  const text = effectiveText(last.node, project);
  const parsed = text === undefined ? undefined : parseImageRef(text);
  if (text === undefined || !parsed) return undefined;
  if (!parsed.ok) return { span: last.node.span, text: `${code(text)} is no image reference: ${parsed.error}` };
  return { span: last.node.span, text: referenceText(parsed.ref, text !== last.node.text) };
}
