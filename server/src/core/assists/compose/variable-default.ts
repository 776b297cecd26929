/** *Give a variable a default*: `${X}` → `${X:-}`, so that compose neither warns nor stops to wonder where it is not set. */
import { interpolationsIn } from "../../model/compose/interpolation.ts";
import { placesOf } from "../../model/compose/layout.ts";
import type { Change } from "../../model/compose/model.ts";
import { setValue } from "../../model/compose/patch.ts";
import { refusalFor } from "../../model/compose/editable.ts";
import { type Edit, replace, type Span } from "../../text/edit.ts";
import { isAt, isRefusal, type Offering, scalarAt } from "./assist.ts";

export const variableDefaultOffers: Offering = (compose, at) => {
  const scalar = scalarAt(compose, at);
  if (!scalar) return [];
  const { start, end } = scalar.span;
  // As written: escapes and line breaks move nothing then.
  const found = interpolationsIn(compose.text.slice(start, end)).variables.find(
    ({ form, start: from, end: to }) => form === "plain" && isAt({ start: start + from, end: start + to }, at),
  );
  if (!found) return [];
  const span: Span = { start: start + found.start, end: start + found.end };
  const { name } = found;
  const text = `\${${name}:-}`;
  const refusal = refusalFor(compose, scalar);
  // Braces cannot stand in a flow form without quotes.
  const needsQuotes = scalar.style === "plain" && (placesOf(compose).get(scalar)?.flow ?? false);
  const change: Change = needsQuotes
    ? setValue(
        compose,
        scalar,
        scalar.text.replace(compose.text.slice(span.start, span.end), () => text),
      )
    : { edits: [replace(span, text)] };
  return [
    {
      id: "variable-default",
      title: `Give ${name} an empty default: ${text}`,
      kind: "refactor.rewrite",
      safety: "safe",
      span,
      ...(refusal !== undefined && { refusal }),
      rewrite: () => (isRefusal(change) ? change : { edits: change.edits, snippet: withStop(change.edits, name) }),
    },
  ];
};

const withStop = (edits: readonly Edit[], name: string): readonly Edit[] =>
  edits.map(({ span, text }) => ({
    span,
    text: text.replaceAll(/[\\$}]/g, "\\$&").replace(`\\\${${name}:-\\}`, () => `\\\${${name}:-\${1}\\}`),
  }));
