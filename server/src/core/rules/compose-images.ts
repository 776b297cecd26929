/** The images that services name, as several rules ask for them. */
import { refusalFor } from "../model/compose/editable.ts";
import { fieldOf, isSet, textOf } from "../model/compose/fields.ts";
import { hasVariables } from "../model/compose/interpolation.ts";
import type { Change, ComposeFile } from "../model/compose/model.ts";
import type { Project, ProjectService } from "../model/compose/project.ts";
import { sourceOfPart } from "../model/compose/scalar-part.ts";
import { type ImageRef, parseImageRef } from "../model/image-ref.ts";
import type { Edit, Span } from "../text/edit.ts";
import type { YamlScalar } from "../text/yaml.ts";
import { placeOf, servicesHere } from "./compose-services.ts";

export interface ImageUse {
  readonly service: ProjectService;
  /** As written, without quotes. */
  readonly text: string;
  /** Undefined where it is no reference, or a variable decides. */
  readonly ref: ImageRef | undefined;
  readonly span: Span;
  /** It is built here, by this service or another, or never pulled: this is only what it is called. */
  readonly isBuilt: boolean;
  readonly node: YamlScalar;
}

export function imagesOf(project: Project): readonly ImageUse[] {
  const built = new Set(project.services.filter(builds).map(({ map }) => textOf(fieldOf(map, "image")?.value)));
  return servicesHere(project).flatMap((service) => {
    const field = fieldOf(service.map, "image");
    const text = textOf(field?.value);
    if (!field || field.value.kind !== "scalar" || text === undefined || text === "") return [];
    const parsed = hasVariables(text) ? undefined : parseImageRef(text);
    const { value } = field;
    return [
      {
        service,
        text,
        ref: parsed?.ok ? parsed.ref : undefined,
        span: placeOf(service, field, value.span),
        isBuilt: built.has(text) || isNeverPulled(service),
        node: value,
      },
    ];
  });
}

const builds = ({ map }: ProjectService): boolean => isSet(fieldOf(map, "build")?.value);

const isNeverPulled = ({ map }: ProjectService): boolean =>
  /^(?:never|build)$/.test(textOf(fieldOf(map, "pull_policy")?.value) ?? "");

/** What a fix does to the reference, which begins at `at`; or why nothing can be done to it here. */
export function editOf(
  compose: ComposeFile,
  { service, node }: Pick<ImageUse, "service" | "node">,
  make: (at: number) => Edit,
): Change {
  const refusal = service.via ? "it is written for another service" : refusalFor(compose, node);
  if (refusal !== undefined) return { refusal };
  const span = sourceOfPart(compose.text, node, { start: 0, end: node.text.length });
  return span && span.end - span.start === node.text.length
    ? { edits: [make(span.start)] }
    : { refusal: "it is written in a form that is left alone" };
}
