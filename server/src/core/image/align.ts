/** Two lists in one order, some of which belong together: the pairs, in order, with the largest sum of likeness. */

/** Beyond this the quadratic table is not made, and nothing is paired. */
const MAX_CELLS = 4_000_000;

/** For each of the first list the position in the second that it belongs to. `likeness` of two positions: 0 for what never belongs together. */
export function align(
  first: number,
  second: number,
  likeness: (i: number, j: number) => number,
): readonly (number | undefined)[] {
  const pairs = Array.from({ length: first }, (): number | undefined => undefined);
  if (first * second > MAX_CELLS) return pairs;
  // best[i][j]: the sum of those from i on and those from j on.
  const width = second + 1;
  const best = new Float64Array((first + 1) * width);
  const cell = (i: number, j: number): number => best[i * width + j] ?? 0;
  for (let i = first - 1; i >= 0; i--)
    for (let j = second - 1; j >= 0; j--)
      best[i * width + j] = Math.max(cell(i + 1, j), cell(i, j + 1), cell(i + 1, j + 1) + likeness(i, j));
  for (let i = 0, j = 0; i < first && j < second; ) {
    const alike = likeness(i, j);
    if (alike > 0 && cell(i, j) === cell(i + 1, j + 1) + alike) pairs[i++] = j++;
    else if (cell(i, j) === cell(i + 1, j)) i++;
    else j++;
  }
  return pairs;
}
