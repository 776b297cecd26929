/** ENV, LABEL and ARG that follow each other → one of them, and one of several pairs → one of each. */
import type { Comment, Dockerfile, Instruction, Pair } from "../../model/dockerfile/model.ts";
import { referencesIn } from "../../model/dockerfile/variables.ts";
import { unquote } from "../../model/dockerfile/words.ts";
import { type Edit, replace, type Span } from "../../text/edit.ts";
import { isRefusal, type Offer, type Refactoring, type Refusal } from "./assist.ts";
import { commentsIn } from "./heredoc-lines.ts";
import { instructionsAt, isSuppression } from "./layout.ts";

const WITH_PAIRS: ReadonlySet<string> = new Set(["ENV", "LABEL"]);

export const mergePairs: Refactoring = {
  id: "merge-pairs",
  about: "join ENV, or LABEL, instructions that follow each other",
  safety: "safe",
  why: "The image has the same variables and labels; where a value is made from a variable of the instruction above, which it would not see any more, it is refused.",
  everywhere: true,
  offers(dockerfile, at) {
    const [first, ...others] = instructionsAt(dockerfile, at);
    if (!first || !WITH_PAIRS.has(first.name) || others.length > 1) return [];
    const next = dockerfile.instructions[first.index + 1];
    if (next?.name !== first.name || (others[0] && others[0] !== next)) return [];
    return [
      offer(
        `Merge with the ${first.name} below`,
        { start: first.span.start, end: next.span.end },
        merged(dockerfile, first, next),
      ),
    ];
  },
};

export const splitPairs: Refactoring = {
  id: "split-pairs",
  about: "make an instruction of each pair of an ENV, or a LABEL",
  safety: "safe",
  why: "The image has the same variables and labels; where a value is made from a variable that the same instruction sets, of which it sees the value before, it is refused.",
  everywhere: true,
  offers(dockerfile, at) {
    const [instruction, ...others] = instructionsAt(dockerfile, at);
    if (!instruction || others.length > 0 || !WITH_PAIRS.has(instruction.name) || instruction.pairs.length < 2)
      return [];
    return [
      offer(
        `Split into ${instruction.pairs.length} ${instruction.name} instructions`,
        instruction.span,
        split(dockerfile, instruction),
      ),
    ];
  },
};

const offer = (title: string, span: Span, made: readonly Edit[] | Refusal): Offer => ({
  title,
  kind: "refactor.rewrite",
  span,
  ...(isRefusal(made) && made),
  rewrite: () => (isRefusal(made) ? made : { edits: made }),
});

function merged(dockerfile: Dockerfile, first: Instruction, next: Instruction): readonly Edit[] | Refusal {
  const { text, eol, escape } = dockerfile;
  const [head] = next.pairs;
  const tail = first.pairs.at(-1);
  if (!head || !tail || first.open) return { refusal: "they cannot be read for certain" };
  if ([...first.pairs, ...next.pairs].some(({ legacy, value }) => legacy || !value))
    return { refusal: "one of them is written without =" };
  const keys = keysOf(first, escape);
  const twice = next.pairs.find(({ key }) => keys.has(unquote(key.text, escape)));
  if (twice) return { refusal: `both set ${twice.key.text}` };
  const seen = next.pairs.find((pair) => mentions(pair, keys, escape));
  if (seen && first.name === "ENV") return { refusal: `${seen.key.text} is made from what the one above sets` };
  const early = first.pairs.find((pair) => mentions(pair, keysOf(next, escape), escape));
  if (early && first.name === "ENV")
    return { refusal: `${early.key.text} is made from what was before the one below sets it` };
  const between = { start: tail.span.end, end: head.span.start };
  const comments = [...first.comments, ...dockerfile.comments, ...next.comments].filter(
    ({ span }) => span.start >= between.start && span.end <= between.end,
  );
  if (comments.some(isSuppression)) return { refusal: "a comment between them says what a linter has to ignore there" };
  return [replace(between, ` ${escape}${eol}${linesOf(text, comments, eol)}    `)];
}

function split(dockerfile: Dockerfile, { pairs, comments, keyword, name }: Instruction): readonly Edit[] | Refusal {
  const { text, eol, escape } = dockerfile;
  if (pairs.some(({ legacy, value }) => legacy || !value)) return { refusal: "one of them is written without =" };
  const entangled = pairs.find((pair) => mentions(pair, keysBesides(pairs, pair, escape), escape));
  if (entangled && name === "ENV")
    return { refusal: `${entangled.key.text} is made from what was before this instruction sets it` };
  return pairs.slice(1).map((pair, at) => {
    const between = { start: pairs[at]?.span.end ?? pair.span.start, end: pair.span.start };
    return replace(between, `${eol}${linesOf(text, commentsIn(comments, between), eol)}${keyword.text} `);
  });
}

const linesOf = (text: string, comments: readonly Comment[], eol: string): string =>
  comments.map(({ span }) => text.slice(span.start, span.end) + eol).join("");

const keysOf = ({ pairs }: Instruction, escape: string): ReadonlySet<string> =>
  new Set(pairs.map(({ key }) => unquote(key.text, escape)));

const keysBesides = (pairs: readonly Pair[], pair: Pair, escape: string): ReadonlySet<string> =>
  new Set(pairs.filter((each) => each !== pair).map(({ key }) => unquote(key.text, escape)));

const mentions = ({ value }: Pair, keys: ReadonlySet<string>, escape: string): boolean =>
  value !== undefined && referencesIn(value.text, escape).some(({ name }) => keys.has(name));
