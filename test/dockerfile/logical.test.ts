/** The way back from a joined text to the source, whatever was asked for before. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { logicalText, type Piece } from "../../server/src/core/model/dockerfile/logical.ts";

const TEXTS = ["", "a", "abc", "abcdefghij"];
const CUTS: readonly (readonly number[])[] = [[], [1], [2, 3], [1, 4, 9]];

/** Pieces that begin at 0 and at each cut, each five characters further on in the source than in the text. */
const piecesOf = (cuts: readonly number[]): readonly Piece[] =>
  [0, ...cuts].map((logical, at) => ({ logical, source: 100 + logical + 5 * at }));

/** Where the character at the offset stands, found by looking through all pieces. */
const placeOf = (pieces: readonly Piece[], offset: number): number => {
  const piece = pieces.findLast(({ logical }) => logical <= offset) ?? { logical: 0, source: 100 };
  return piece.source + offset - piece.logical;
};

for (const text of TEXTS)
  for (const cuts of CUTS.filter((cuts) => cuts.every((cut) => cut < text.length)))
    test(`${JSON.stringify(text)} cut at ${cuts.join(", ") || "nothing"}`, () => {
      const pieces = piecesOf(cuts);
      const last = text.length;
      const expectedAt = (offset: number): number => {
        const at = Math.max(0, Math.min(offset, last));
        return at === last && at > 0 ? placeOf(pieces, at - 1) + 1 : placeOf(pieces, at);
      };
      const offsets = Array.from({ length: last + 4 }, (_, at) => at - 2);
      for (const before of offsets)
        for (const start of offsets)
          for (const end of offsets) {
            const logical = logicalText(text, pieces);
            logical.sourceAt(before);
            assert.equal(logical.sourceAt(start), expectedAt(start));
            const stop = Math.max(0, Math.min(end, last));
            assert.deepEqual(logical.span(start, end), {
              start: expectedAt(start),
              end: end > start ? placeOf(pieces, stop - 1) + 1 : expectedAt(start),
            });
          }
    });
