/**
 * Ways to write the same file that must not change what is found: keywords in lower case, CRLF line endings, a byte order mark.
 */
import { inspectDocument } from "../../server/src/core/findings/inspect.ts";
import type { Settings } from "../../server/src/core/findings/settings.ts";
import type { Dockerfile } from "../../server/src/core/model/dockerfile/model.ts";
import { type Document, type Language, parseDocument } from "../../server/src/core/model/document.ts";
import type { Answers, Rule } from "../../server/src/core/rule.ts";
import { applyEdits, replace } from "../../server/src/core/text/edit.ts";
import { linesOf } from "../../server/src/core/text/lines.ts";

interface Variant {
  readonly name: string;
  /** Undefined where there is no such way. */
  of(document: Document): string | undefined;
  /** Rules that are about this very thing. */
  readonly but: ReadonlySet<string>;
}

const BOM = "\uFEFF";

const VARIANTS: readonly Variant[] = [
  {
    name: "lower-case keywords",
    of: (document) => (document.language === "dockerfile" ? lowerCase(document) : undefined),
    but: new Set(["instruction-case", "from-as-case"]),
  },
  { name: "CRLF", of: ({ text }) => text.replace(/\r?\n/g, "\r\n"), but: new Set() },
  { name: "byte order mark", of: ({ text }) => (text.startsWith(BOM) ? text : BOM + text), but: new Set() },
];

/** What differs, one line each; empty when the variants of a text have its findings. */
export function variantFaults(
  text: string,
  rules: readonly Rule[],
  settings: Settings,
  answers: Answers,
  language: Language = "dockerfile",
): string[] {
  const original = parseDocument(text, language);
  const before = found(original, rules, settings, answers);
  return VARIANTS.flatMap(({ name, of, but }) => {
    const variant = of(original);
    if (variant === undefined) return [];
    const after = found(parseDocument(variant, language), rules, settings, answers);
    const lost = [...before].filter((key) => !after.has(key));
    const added = [...after].filter((key) => !before.has(key));
    return [...lost.map((key) => `lost ${key}`), ...added.map((key) => `added ${key}`)]
      .filter((line) => !but.has(line.split(" ")[1] ?? ""))
      .map((line) => `${name}: ${line}`);
  });
}

/** `rule line:column severity` of each finding; a byte order mark is no column. */
function found(document: Document, rules: readonly Rule[], settings: Settings, answers: Answers): Set<string> {
  const lines = linesOf(document.text);
  const shift = document.text.startsWith(BOM) ? 1 : 0;
  return new Set(
    inspectDocument(document, rules, settings, answers).findings.map(({ rule, span, severity, fixes }) => {
      const { line, column } = lines.position(span.start);
      return `${rule} ${line + 1}:${line === 0 ? Math.max(0, column - shift) : column} ${severity} ${fixes.map(({ title }) => title.toLowerCase()).join("|")}`;
    }),
  );
}

function lowerCase(dockerfile: Dockerfile): string {
  const words = dockerfile.all.flatMap(({ keyword, name, words: [, as] }) =>
    name === "FROM" && as && /^as$/i.test(as.text) ? [keyword, as] : [keyword],
  );
  return applyEdits(
    dockerfile.text,
    words.map(({ span }) => replace(span, dockerfile.text.slice(span.start, span.end).toLowerCase())),
  );
}
