/** `KEY=value` in the list form of environment, labels, sysctls, args and the like (compose-go's types/mapping.go). */
import type { Span } from "../../text/edit.ts";

export interface KeyValue {
  readonly key: string;
  /** Behind the first equals sign. Absent for `KEY` alone: the environment's value for variables, empty for labels. */
  readonly value?: string;
  readonly keySpan: Span;
  readonly valueSpan?: Span;
  /** Compose refuses the name of a variable with a blank at its end; other keys keep it. */
  readonly keyEndsInSpace: boolean;
}

export function keyValue(text: string): KeyValue {
  const at = text.indexOf("=");
  const end = at === -1 ? text.length : at;
  const key = text.slice(0, end);
  return {
    key,
    keySpan: { start: 0, end },
    keyEndsInSpace: /\s$/.test(key.slice(-1)),
    ...(at !== -1 && { value: text.slice(at + 1), valueSpan: { start: at + 1, end: text.length } }),
  };
}
