/** What can be rewritten in a compose file: at a place, as an editor asks, and in all of it, as the command line does. */
import type { ComposeFile } from "../../model/compose/model.ts";
import type { Span } from "../../text/edit.ts";
import type { Assist, Offering, Request } from "./assist.ts";
import { extractCommonOffers } from "./extract-common.ts";
import { extractSecretOffers, extractSecrets } from "./extract-secret.ts";
import { hardenAll, hardenOffers } from "./harden.ts";
import { inlineAliasOffers } from "./inline-alias.ts";
import { quoteValueOffers } from "./quote-value.ts";
import { sortAll, sortOffers } from "./sort-keys.ts";
import { allLongSyntax, allShortSyntax, longSyntax, shortSyntax } from "./syntax.ts";
import { variableDefaultOffers } from "./variable-default.ts";

export type { Assist, AssistKind, Companion, Rewrite } from "./assist.ts";
export { isRefusal } from "./assist.ts";

/** In the order of the menu: what is about the place itself before what is about all around it. */
const OFFERINGS: readonly Offering[] = [
  extractSecretOffers,
  longSyntax,
  shortSyntax,
  variableDefaultOffers,
  quoteValueOffers,
  inlineAliasOffers,
  extractCommonOffers,
  hardenOffers,
  sortOffers,
];

/** A file that cannot be read as YAML has none: nothing is sure there. */
export const composeAssists = (compose: ComposeFile, at: Span): readonly Assist[] =>
  compose.root ? OFFERINGS.flatMap((offering) => offering(compose, at)) : [];

/** What the command line has, by name. */
export const REQUESTS: Readonly<
  Record<string, { readonly about: string; readonly request: (unsafe: boolean) => Request }>
> = {
  harden: {
    about: "add what is missing of limits, capabilities, a healthcheck and the like",
    request: () => hardenAll,
  },
  "extract-secret": { about: "turn secrets in environment values into secrets from files", request: extractSecrets },
  "long-syntax": { about: "write ports, volumes and the like in their long form", request: () => allLongSyntax },
  "short-syntax": { about: "write them in their short form, where that says the same", request: () => allShortSyntax },
  "sort-keys": {
    about: "bring keys into the agreed order, and services into that of their names",
    request: () => sortAll,
  },
};
