/** What compose files that build a Dockerfile say of its names: `build.target` and `build.args` change with them. */
import { buildOf } from "../../model/compose/build.ts";
import { dockerfileOf } from "../../model/compose/file-mentions.ts";
import { type Edit, replace, type Span } from "../../text/edit.ts";
import { type Files, nameOf, pathFrom } from "../compose/files.ts";
import type { Refusal, Renaming } from "./rename.ts";

export interface ComposeRenaming {
  /** By path. */
  readonly edits: ReadonlyMap<string, readonly Edit[]>;
  readonly consequence?: string;
}

/** `path` is the Dockerfile's. */
export function renameInCompose(
  path: string,
  { subject, name }: Pick<Renaming, "subject" | "name">,
  to: string,
  files: Files,
): ComposeRenaming | Refusal {
  const edits = new Map<string, Edit[]>();
  const fromEnvironment = new Set<string>();
  if (subject.kind === "heredoc" || (subject.kind === "variable" && !isArgument(subject.variable.declarations)))
    return { edits };
  for (const file of files.around) {
    const text = files.text(file);
    const compose = files.compose(file);
    if (text === undefined || !compose) continue;
    const places = new Map<number, Span>();
    for (const service of compose.services) {
      const build = buildOf(service);
      const built = dockerfileOf(service);
      if (!build || built === undefined || pathFrom(file, built) !== path) continue;
      const target = build.target;
      if (subject.kind === "stage") {
        if (target?.text.toLowerCase() !== name.toLowerCase()) continue;
        const span = plainSpan(text, target.span, target.text);
        if (!span) return { refusal: `${nameOf(file)} names the stage ${name} in a way that cannot be changed here` };
        places.set(span.start, span);
        continue;
      }
      if (build.args.some(({ key }) => key === to))
        return { refusal: `${nameOf(file)} gives the build an argument ${to} already` };
      for (const { key, keySpan, text: value } of build.args) {
        if (key !== name) continue;
        const span = plainSpan(text, keySpan, key);
        if (!span)
          return { refusal: `${nameOf(file)} names the argument ${name} in a way that cannot be changed here` };
        places.set(span.start, span);
        if (value === undefined) fromEnvironment.add(nameOf(file));
      }
    }
    if (places.size > 0)
      edits.set(
        file,
        [...places.values()].map((span) => replace(span, to)),
      );
  }
  const taken = [...fromEnvironment].join(", ");
  const consequences = [
    ...(taken === "" ? [] : [`${taken} takes ${to} from the environment of compose instead of ${name}`]),
    ...(files.unseen === undefined
      ? []
      : [`Compose files that may name ${name} could not be looked for: ${files.unseen}`]),
  ];
  return { edits, ...(consequences.length > 0 && { consequence: consequences.join(". ") }) };
}

const isArgument = (declarations: readonly { readonly keyword: string }[]): boolean =>
  declarations.some(({ keyword }) => keyword === "ARG");

/** The text itself, without quotes; undefined where it is spelled otherwise. */
function plainSpan(source: string, { start, end }: Span, text: string): Span | undefined {
  const written = source.slice(start, end);
  if (written === text) return { start, end };
  return written === `"${text}"` || written === `'${text}'` ? { start: start + 1, end: end - 1 } : undefined;
}
