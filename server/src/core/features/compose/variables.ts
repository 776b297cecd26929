/** Where variables stand in a compose file. */
import { interpolationsIn, withNested } from "../../model/compose/interpolation.ts";
import type { ComposeFile } from "../../model/compose/model.ts";
import { sourceOfPart } from "../../model/compose/scalar-part.ts";
import type { Span } from "../../text/edit.ts";
import type { YamlScalar } from "../../text/yaml.ts";
import { pathTo } from "./paths.ts";

export interface VariablePlace {
  readonly name: string;
  /** Of the name. */
  readonly span: Span;
  /** With its dollar sign and braces. */
  readonly whole: Span;
}

/** The innermost of those at an offset. */
export function variableAt(compose: ComposeFile, offset: number): VariablePlace | undefined {
  const step = pathTo(compose, offset).at(-1);
  if (!step || step.inKey || step.node.kind !== "scalar" || step.node.via) return undefined;
  const here = variablesIn(compose, step.node).filter(({ whole }) => whole.start <= offset && offset <= whole.end);
  return here.toSorted((a, b) => a.whole.end - a.whole.start - (b.whole.end - b.whole.start))[0];
}

/** Those of a text folded from several lines are left out where they cannot be found in the source. */
export function variablesIn(compose: ComposeFile, scalar: YamlScalar): readonly VariablePlace[] {
  return withNested(interpolationsIn(scalar.text).variables).flatMap(({ name, start, end, nameStart, nameEnd }) => {
    const whole = sourceOfPart(compose.text, scalar, { start, end });
    const inside = whole && compose.text.slice(whole.start, whole.end).indexOf(name);
    if (!whole || inside === undefined || inside === -1) return [];
    const span = sourceOfPart(compose.text, scalar, { start: nameStart, end: nameEnd }) ?? {
      start: whole.start + inside,
      end: whole.start + inside + name.length,
    };
    return [{ name, span, whole }];
  });
}
