/** A conversion as text: the stages with what was decided as comments below; or the reason why there are none. */
import type { Conversion } from "../../server/src/core/assists/multi-stage/convert.ts";

export function told(made: Conversion): string {
  if (made.outcome !== "converted") {
    const instead = made.outcome === "no benefit" ? made.instead.map((each) => `#   instead: ${each}\n`) : [];
    return `# ${made.outcome}: ${made.reason}\n${instead.join("")}`;
  }
  const decided = made.decisions.map(
    ({ id, what, why, doubtful, alternatives }) =>
      `# ${doubtful ? "?" : "-"} ${id}: ${what}: ${why}${alternatives.map((each) => `; or ${each.label}`).join("")}\n`,
  );
  const dropped = made.dropped.map(({ text, why }) => `# dropped ${JSON.stringify(text)}: ${why}\n`);
  return `${made.text.trimEnd()}\n\n# ${made.ecosystem}\n${decided.join("")}${dropped.join("")}`;
}
