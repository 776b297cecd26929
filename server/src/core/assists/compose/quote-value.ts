/** *Put quotes around a value*, so that no reader of YAML takes it for anything but a text. */
import { scalarKind } from "../../model/compose/go-yaml.ts";
import { prevailingQuotes, setQuotes } from "../../model/compose/patch.ts";
import { isRefusal, type Offering, scalarAt, stepsTo } from "./assist.ts";

/** Where a number or a truth value is a text to compose. */
const TEXTS =
  /(?:^|\.)(?:environment|labels|annotations|args|sysctls|driver_opts|options|extra_hosts|command|entrypoint|ports|expose)(?:\.|$)/;

export const quoteValueOffers: Offering = (compose, at) => {
  const scalar = scalarAt(compose, at);
  if (scalar?.style !== "plain" || scalar.value === null || scalar.tag !== undefined) return [];
  const kind = scalarKind(scalar);
  const path = stepsTo(compose, at).at(-1)?.path.join(".") ?? "";
  if (kind !== "string" && !TEXTS.test(path)) return [];
  const change = setQuotes(compose, scalar, prevailingQuotes(compose) ?? "double");
  if (isRefusal(change)) return [];
  return [
    {
      id: "quote-value",
      title: "Put quotes around this value",
      kind: "refactor.rewrite",
      // Without them compose writes a number in a way of its own: 1.10 as 1.1.
      safety: kind === "string" ? "safe" : "unsafe",
      span: scalar.span,
      rewrite: () => change,
    },
  ];
};
