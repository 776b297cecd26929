/** What BuildKit stops at, beyond what rules look for. */
import type { Directive, Dockerfile, Instruction, Logical, Problem } from "./model.ts";
import { scriptsOf } from "./shell.ts";
import { isArrayOfOthers, JSON_FORM } from "./words.ts";

/** Words of these are read by BuildKit's shell lexer, which stops the build at a quote that nothing closes. */
const QUOTED: ReadonlySet<string> = new Set([
  "ADD",
  "ARG",
  "COPY",
  "ENV",
  "EXPOSE",
  "LABEL",
  "STOPSIGNAL",
  "USER",
  "VOLUME",
  "WORKDIR",
]);

export function argumentProblems(
  { name, json, body }: Pick<Instruction, "name" | "json" | "body">,
  escape: string,
): Problem[] {
  if (json) return [];
  if (JSON_FORM.has(name) && isArrayOfOthers(body.text)) {
    const message = "only strings may stand in a JSON array: the build stops here";
    return [{ kind: "json-not-strings", span: body.span(0, body.text.length), message }];
  }
  const open = QUOTED.has(name) ? openQuote(body, escape) : undefined;
  return open ? [open] : [];
}

/** Quotes that nothing closes in what a shell runs. A text with an even number of each kind needs no second look. */
export function shellProblems(dockerfile: Dockerfile): Problem[] {
  return dockerfile.all.flatMap((instruction) => {
    if (instruction.name !== "RUN" || !mayBeOpen(dockerfile.text.slice(instruction.span.start, instruction.span.end)))
      return [];
    return scriptsOf(dockerfile, instruction).flatMap(({ openQuote: span }): Problem[] => {
      if (!span) return [];
      const quote = dockerfile.text.charAt(span.start);
      return [{ kind: "unterminated-quote", span, message: `${quote} has no closing ${quote}: the shell stops here` }];
    });
  });
}

const mayBeOpen = (text: string): boolean => isOdd(text, '"') || isOdd(text, "'");
const isOdd = (text: string, quote: string): boolean => text.split(quote).length % 2 === 0;

export function directiveProblems({ name, value, span }: Directive, earlier: readonly Directive[]): Problem[] {
  if (earlier.some((other) => other.name === name))
    return [{ kind: "directive-repeated", span, message: `${name} may be said once: the build stops here` }];
  if (name === "escape" && value.text !== "\\" && value.text !== "`")
    return [
      {
        kind: "escape-unknown",
        span: value.span,
        message: "escape is a backslash or a backtick: the build stops here",
      },
    ];
  return [];
}

function openQuote(body: Logical, escape: string): Problem | undefined {
  const { text } = body;
  if (!/["']/.test(text)) return undefined;
  let quote = "";
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === escape && quote !== "'") at++;
    else if (quote === character) quote = "";
    else if (quote === "" && (character === '"' || character === "'")) {
      quote = character;
      from = at;
    }
  }
  if (quote === "") return undefined;
  return {
    kind: "unterminated-quote",
    span: body.span(from, text.length),
    message: `${quote} has no closing ${quote}: the build stops here`,
  };
}
