/** A key or one of its known values: what it is for, and what is in effect where that is not what is written. */
import { fieldOf } from "../../model/compose/fields.ts";
import { docOf, referenceOf } from "../../model/compose/keys.ts";
import type { ComposeFile } from "../../model/compose/model.ts";
import type { Project } from "../../model/compose/project.ts";
import type { Span } from "../../text/edit.ts";
import type { Path } from "./cursor.ts";
import { documentationOf } from "./documentation.ts";
import { code, yamlBlock } from "./markdown.ts";
import { pathTo, type Step } from "./paths.ts";
import { placeOf } from "./schema-place.ts";
import { plainOf, yamlOf } from "./shown.ts";

export function hoverKey(
  compose: ComposeFile,
  offset: number,
  project: Project,
): { readonly span: Span; readonly text: string } | undefined {
  const steps = pathTo(compose, offset);
  const last = steps.at(-1);
  if (!last) return undefined;
  const path: Path = steps.map(({ entry }) => entry?.key ?? 0);
  const { at } = placeOf(path);
  if (!last.inKey) return hoverValue(last, at, path, project);
  const doc = docOf(at);
  const about = documentationOf(doc, referenceOf(at));
  const effect = effectOf(last, path, project);
  const key = String(path.at(-1));
  if (about === undefined && effect === undefined) return undefined;
  const span = last.entry?.keySpan ?? last.span;
  return { span, text: [`**${key}**`, about, effect].filter((text) => text !== undefined).join("\n\n") };
}

function hoverValue(
  step: Step,
  at: readonly string[],
  path: Path,
  project: Project,
): { readonly span: Span; readonly text: string } | undefined {
  if (step.node.kind !== "scalar" || step.node.value === null) return undefined;
  const { text, span } = step.node;
  const isItem = typeof path.at(-1) === "number";
  const values = docOf(isItem ? at.slice(0, -1) : at)?.values ?? {};
  const meaning = Object.hasOwn(values, text) ? values[text] : undefined;
  const effect = isItem ? undefined : effectOf(step, path, project);
  if (meaning === undefined) return effect === undefined ? undefined : { span, text: effect };
  return { span, text: [`${code(text)}: ${meaning}`, effect].filter((each) => each !== undefined).join("\n\n") };
}

/** What holds in the end, where merging, other files or variables make it differ from what is written. */
function effectOf({ node }: Step, path: Path, project: Project): string | undefined {
  const [section, name, ...keys] = path;
  if (section !== "services" || typeof name !== "string" || keys.length === 0) return undefined;
  const names = keys.filter((key) => typeof key === "string");
  if (names.length !== keys.length) return undefined;
  const field = fieldOf(project.service(name)?.map, ...names);
  if (!field) return undefined;
  const effect = yamlOf(plainOf(field.value, project));
  if (effect === yamlOf(plainOf(node)) || effect === "") return undefined;
  return `In effect:\n\n${yamlBlock(effect)}`;
}
