/** An image: where it comes from, and how firmly it is named. */
import type { ComposeFile } from "../../model/compose/model.ts";
import type { Project } from "../../model/compose/project.ts";
import { parseImageRef } from "../../model/image-ref.ts";
import type { Span } from "../../text/edit.ts";
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
  const { domain, path, tag, digest } = parsed.ref;
  const page =
    domain === "docker.io"
      ? `https://hub.docker.com/${path.startsWith("library/") ? `_/${path.slice(8)}` : `r/${path}`}`
      : undefined;
  const lines = [
    ...(text === last.node.text ? [] : [`With its variables: ${code(text)}`]),
    `- Registry: ${code(domain)}`,
    `- Repository: ${code(path)}`,
    `- Tag: ${tag === undefined ? (digest === undefined ? "none, so `latest`" : "none") : code(tag)}`,
    `- Digest: ${digest === undefined ? "none, so the tag decides each time it is pulled" : code(digest)}`,
  ];
  const body = `${lines[0]?.startsWith("With") ? `${lines[0]}\n\n${lines.slice(1).join("\n")}` : lines.join("\n")}`;
  return { span: last.node.span, text: page === undefined ? body : `${body}\n\n[Docker Hub](${page})` };
}
