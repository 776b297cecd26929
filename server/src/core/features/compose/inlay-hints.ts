/** Small notes in the text: what variables come to, and how much a service takes over from elsewhere. */
import { hasVariables } from "../../model/compose/interpolation.ts";
import type { ComposeFile } from "../../model/compose/model.ts";
import { type Project, projectOf } from "../../model/compose/project.ts";
import { contains, type Span } from "../../text/edit.ts";
import type { YamlNode } from "../../text/yaml.ts";
import type { Look } from "./look.ts";
import { stepsBelow } from "./paths.ts";
import { effectiveText, originsOf } from "./shown.ts";

export interface InlayNote {
  readonly at: number;
  readonly label: string;
  readonly tooltip: string;
}

const LONGEST = 60;

export function inlayHintsIn(compose: ComposeFile, range: Span, look: Look): readonly InlayNote[] {
  const project = projectOf(compose, look);
  const notes: InlayNote[] = [];
  const visit = (node: YamlNode): void => {
    for (const { node: child, span } of stepsBelow(node)) {
      if (span.end < range.start || span.start > range.end) continue;
      const note = valueNote(child, project);
      if (note && contains(range, { start: note.at, end: note.at })) notes.push(note);
      visit(child);
    }
  };
  if (compose.root) visit(compose.root);
  notes.push(...serviceNotes(compose, project).filter(({ at }) => range.start <= at && at <= range.end));
  return notes.toSorted((a, b) => a.at - b.at);
}

function valueNote(node: YamlNode, project: Project): InlayNote | undefined {
  if (node.kind !== "scalar" || node.via || node.style === "literal" || node.style === "folded") return undefined;
  if (!hasVariables(node.text)) return undefined;
  const text = effectiveText(node, project);
  if (text === undefined || text === node.text || /[\r\n]/.test(text)) return undefined;
  const shown = text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
  return {
    at: node.span.end,
    label: shown === "" ? "= (empty)" : `= ${shown}`,
    tooltip: "By the defaults here and the variables of .env; those of the shell that runs compose come before",
  };
}

function serviceNotes({ services }: ComposeFile, project: Project): readonly InlayNote[] {
  return services.flatMap(({ name, nameSpan, via }): readonly InlayNote[] => {
    const service = via ? undefined : project.service(name);
    const origins = service ? originsOf(service) : [];
    const count = new Set(origins.flatMap(({ keys }) => keys)).size;
    if (count === 0) return [];
    const tooltip = origins.map(({ from, keys }) => `${keys.join(", ")} from ${from}`).join("; ");
    return [{ at: nameSpan.end, label: `+${count} inherited`, tooltip }];
  });
}
