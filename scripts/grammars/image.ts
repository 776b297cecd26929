/** The parts of an image reference: registry, path, tag and digest, each of which may hold variables. */
import { include, type Rule, scopes } from "./rule.ts";

/** Rules for the inside of one reference, which begins where the rule around them begins. */
export const imageRules = (language: string): readonly Rule[] => [
  {
    match: String.raw`\G((?:localhost|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+|[A-Za-z0-9.-]+(?=:\d+/))(?::\d+)?)(/)`,
    captures: scopes({
      1: `entity.name.namespace.registry.${language}`,
      2: `punctuation.separator.path.${language}`,
    }),
  },
  {
    match: "(@)([A-Za-z0-9+._-]+:[0-9A-Fa-f]+)",
    captures: scopes({
      1: `punctuation.separator.digest.${language}`,
      2: `constant.numeric.hex.digest.${language}`,
    }),
  },
  {
    match: "(:)([A-Za-z0-9_][A-Za-z0-9_.-]*)",
    captures: scopes({ 1: `punctuation.separator.tag.${language}`, 2: `constant.numeric.tag.${language}` }),
  },
  { match: "[:@/]", name: `punctuation.separator.image.${language}` },
  ...include("variable", "quoted"),
  { match: "[A-Za-z0-9._-]+", name: `entity.name.type.image.${language}` },
];
