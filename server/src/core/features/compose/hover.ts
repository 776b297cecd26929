/** What is said of the place under the mouse: a variable, a name, an image, a key or a value. */
import type { ComposeFile } from "../../model/compose/model.ts";
import { type Project, projectOf } from "../../model/compose/project.ts";
import type { Span } from "../../text/edit.ts";
import { hoverImage } from "./hover-image.ts";
import { hoverKey } from "./hover-key.ts";
import { hoverName } from "./hover-name.ts";
import { hoverShort } from "./hover-short.ts";
import { hoverVariable } from "./hover-variable.ts";
import type { Look } from "./look.ts";

export interface ComposeHover {
  readonly span: Span;
  /** Markdown. */
  readonly text: string;
}

export function hoverAt(compose: ComposeFile, offset: number, look: Look): ComposeHover | undefined {
  const project: Project = projectOf(compose, look);
  const found =
    hoverVariable(compose, offset, project) ??
    hoverName(compose, offset, project) ??
    hoverImage(compose, offset, project) ??
    hoverShort(compose, offset) ??
    hoverKey(compose, offset, project);
  // The blank between a key and its value belongs to neither.
  return found && found.span.start <= offset ? found : undefined;
}
